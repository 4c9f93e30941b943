package main

import (
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/apps/controllerrevision"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/certificates/certificates"
	"k8s.io/kubernetes/pkg/registry/coordination/lease"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/endpoint"
	"k8s.io/kubernetes/pkg/registry/core/event"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/podtemplate"
	"k8s.io/kubernetes/pkg/registry/core/replicationcontroller"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/discovery/endpointslice"
	"k8s.io/kubernetes/pkg/registry/flowcontrol/flowschema"
	"k8s.io/kubernetes/pkg/registry/flowcontrol/prioritylevelconfiguration"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/node/runtimeclass"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	"k8s.io/kubernetes/pkg/registry/storage/csidriver"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
	"k8s.io/kubernetes/pkg/registry/storage/volumeattributesclass"

	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
)

// strategy is what the API server does with an object before it stores it.
type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
}

// strategies are the server's own, by group and kind.
var strategies = map[string]strategy{
	"ConfigMap":                           configmap.Strategy,
	"Endpoints":                           endpoint.Strategy,
	"Event":                               event.Strategy,
	"LimitRange":                          limitrange.Strategy,
	"Namespace":                           namespace.Strategy,
	"PersistentVolume":                    persistentvolume.Strategy,
	"PersistentVolumeClaim":               persistentvolumeclaim.Strategy,
	"Pod":                                 pod.Strategy,
	"PodTemplate":                         podtemplate.Strategy,
	"ReplicationController":               replicationcontroller.Strategy,
	"ResourceQuota":                       resourcequota.Strategy,
	"Secret":                              secret.Strategy,
	"Service":                             service.Strategy,
	"ServiceAccount":                      serviceaccount.Strategy,
	"ControllerRevision.apps":             controllerrevision.Strategy,
	"DaemonSet.apps":                      daemonset.Strategy,
	"Deployment.apps":                     deployment.Strategy,
	"ReplicaSet.apps":                     replicaset.Strategy,
	"StatefulSet.apps":                    statefulset.Strategy,
	"HorizontalPodAutoscaler.autoscaling": horizontalpodautoscaler.Strategy,
	"CronJob.batch":                       cronjob.Strategy,
	"Job.batch":                           job.Strategy,
	"CertificateSigningRequest.certificates.k8s.io":                 certificates.Strategy,
	"Lease.coordination.k8s.io":                                     lease.Strategy,
	"EndpointSlice.discovery.k8s.io":                                endpointslice.Strategy,
	"FlowSchema.flowcontrol.apiserver.k8s.io":                       flowschema.Strategy,
	"Ingress.networking.k8s.io":                                     ingress.Strategy,
	"IngressClass.networking.k8s.io":                                ingressclass.Strategy,
	"NetworkPolicy.networking.k8s.io":                               networkpolicy.Strategy,
	"RuntimeClass.node.k8s.io":                                      runtimeclass.Strategy,
	"PodDisruptionBudget.policy":                                    poddisruptionbudget.Strategy,
	"ClusterRole.rbac.authorization.k8s.io":                         clusterrole.Strategy,
	"ClusterRoleBinding.rbac.authorization.k8s.io":                  clusterrolebinding.Strategy,
	"Role.rbac.authorization.k8s.io":                                role.Strategy,
	"RoleBinding.rbac.authorization.k8s.io":                         rolebinding.Strategy,
	"PriorityClass.scheduling.k8s.io":                               priorityclass.Strategy,
	"CSIDriver.storage.k8s.io":                                      csidriver.Strategy,
	"StorageClass.storage.k8s.io":                                   storageclass.Strategy,
	"VolumeAttributesClass.storage.k8s.io":                          volumeattributesclass.Strategy,
	"PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io":       prioritylevelconfiguration.Strategy,
	"MutatingWebhookConfiguration.admissionregistration.k8s.io":     mutatingwebhookconfiguration.Strategy,
	"ValidatingWebhookConfiguration.admissionregistration.k8s.io":   validatingwebhookconfiguration.Strategy,
	"ValidatingAdmissionPolicy.admissionregistration.k8s.io":        validatingadmissionpolicy.NewStrategy(nil, nil),
	"ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io": validatingadmissionpolicybinding.NewStrategy(nil, nil, nil),
}
