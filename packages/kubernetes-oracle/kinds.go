package main

import (
	"context"
	"reflect"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/api/service"
	"k8s.io/kubernetes/pkg/apis/apps"
	appsv1 "k8s.io/kubernetes/pkg/apis/apps/v1"
	appsrules "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	autoscalingv1 "k8s.io/kubernetes/pkg/apis/autoscaling/v1"
	autoscalingv2 "k8s.io/kubernetes/pkg/apis/autoscaling/v2"
	autoscalingrules "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	batchv1 "k8s.io/kubernetes/pkg/apis/batch/v1"
	batchrules "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/certificates"
	certificatesv1 "k8s.io/kubernetes/pkg/apis/certificates/v1"
	certificatesrules "k8s.io/kubernetes/pkg/apis/certificates/validation"
	"k8s.io/kubernetes/pkg/apis/coordination"
	coordinationv1 "k8s.io/kubernetes/pkg/apis/coordination/v1"
	coordinationrules "k8s.io/kubernetes/pkg/apis/coordination/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	corev1 "k8s.io/kubernetes/pkg/apis/core/v1"
	corerules "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/discovery"
	discoveryv1 "k8s.io/kubernetes/pkg/apis/discovery/v1"
	discoveryrules "k8s.io/kubernetes/pkg/apis/discovery/validation"
	"k8s.io/kubernetes/pkg/apis/flowcontrol"
	flowcontrolv1 "k8s.io/kubernetes/pkg/apis/flowcontrol/v1"
	flowcontrolrules "k8s.io/kubernetes/pkg/apis/flowcontrol/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	networkingv1 "k8s.io/kubernetes/pkg/apis/networking/v1"
	networkingrules "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/node"
	nodev1 "k8s.io/kubernetes/pkg/apis/node/v1"
	noderules "k8s.io/kubernetes/pkg/apis/node/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	policyv1 "k8s.io/kubernetes/pkg/apis/policy/v1"
	policyrules "k8s.io/kubernetes/pkg/apis/policy/validation"
	"k8s.io/kubernetes/pkg/apis/rbac"
	rbacv1 "k8s.io/kubernetes/pkg/apis/rbac/v1"
	rbacrules "k8s.io/kubernetes/pkg/apis/rbac/validation"
	"k8s.io/kubernetes/pkg/apis/scheduling"
	schedulingv1 "k8s.io/kubernetes/pkg/apis/scheduling/v1"
	schedulingrules "k8s.io/kubernetes/pkg/apis/scheduling/validation"
	"k8s.io/kubernetes/pkg/apis/storage"
	storagev1 "k8s.io/kubernetes/pkg/apis/storage/v1"
	storagerules "k8s.io/kubernetes/pkg/apis/storage/validation"
	"k8s.io/kubernetes/pkg/capabilities"
	volumerules "k8s.io/kubernetes/pkg/volume/validation"
)

// The control plane of EKS runs with --allow-privileged. Pod Security decides which Pods are admitted.
func init() {
	capabilities.Setup(true, 0)
}

// scheme has what the server serves by default: no version of a kind that is alpha or beta, or that is gone.
var scheme = func() *runtime.Scheme {
	made := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		apps.AddToScheme, appsv1.AddToScheme, autoscaling.AddToScheme, autoscalingv1.AddToScheme, autoscalingv2.AddToScheme,
		batch.AddToScheme, batchv1.AddToScheme, certificates.AddToScheme, certificatesv1.AddToScheme, coordination.AddToScheme,
		coordinationv1.AddToScheme, core.AddToScheme, corev1.AddToScheme, discovery.AddToScheme, discoveryv1.AddToScheme,
		flowcontrol.AddToScheme, flowcontrolv1.AddToScheme, networking.AddToScheme, networkingv1.AddToScheme, node.AddToScheme,
		nodev1.AddToScheme, policy.AddToScheme, policyv1.AddToScheme, rbac.AddToScheme, rbacv1.AddToScheme, scheduling.AddToScheme,
		schedulingv1.AddToScheme, storage.AddToScheme, storagev1.AddToScheme, apiextensions.AddToScheme, extensionsv1.AddToScheme,
	} {
		utilruntime.Must(add(made))
	}
	return made
}()

// kinds are the server's own rules: of a new object, and further ones of an object that replaces another.
var kinds = map[string][]any{
	"ConfigMap":                           {corerules.ValidateConfigMap, corerules.ValidateConfigMapUpdate},
	"Endpoints":                           {corerules.ValidateEndpointsCreate, corerules.ValidateEndpointsUpdate},
	"Event":                               {corerules.ValidateEventCreate, corerules.ValidateEventUpdate},
	"LimitRange":                          {corerules.ValidateLimitRange},
	"Namespace":                           {corerules.ValidateNamespace, corerules.ValidateNamespaceUpdate},
	"PersistentVolume":                    {newVolume, corerules.ValidatePersistentVolumeUpdate},
	"PersistentVolumeClaim":               {corerules.ValidatePersistentVolumeClaim, corerules.ValidatePersistentVolumeClaimUpdate},
	"Pod":                                 {corerules.ValidatePodCreate, corerules.ValidatePodUpdate},
	"PodTemplate":                         {corerules.ValidatePodTemplate, corerules.ValidatePodTemplateUpdate},
	"ReplicationController":               {corerules.ValidateReplicationController, corerules.ValidateReplicationControllerUpdate},
	"ResourceQuota":                       {corerules.ValidateResourceQuota, corerules.ValidateResourceQuotaUpdate},
	"Secret":                              {corerules.ValidateSecret, corerules.ValidateSecretUpdate},
	"Service":                             {corerules.ValidateServiceCreate, corerules.ValidateServiceUpdate},
	"ServiceAccount":                      {corerules.ValidateServiceAccount, corerules.ValidateServiceAccountUpdate},
	"ControllerRevision.apps":             {appsrules.ValidateControllerRevisionCreate, appsrules.ValidateControllerRevisionUpdate},
	"DaemonSet.apps":                      {appsrules.ValidateDaemonSet, appsrules.ValidateDaemonSetUpdate},
	"Deployment.apps":                     {appsrules.ValidateDeployment, appsrules.ValidateDeploymentUpdate},
	"ReplicaSet.apps":                     {appsrules.ValidateReplicaSet, appsrules.ValidateReplicaSetUpdate},
	"StatefulSet.apps":                    {appsrules.ValidateStatefulSet, appsrules.ValidateStatefulSetUpdate},
	"HorizontalPodAutoscaler.autoscaling": {autoscalingrules.ValidateHorizontalPodAutoscaler, autoscalingrules.ValidateHorizontalPodAutoscalerUpdate},
	"CronJob.batch":                       {batchrules.ValidateCronJobCreate, batchrules.ValidateCronJobUpdate},
	"Job.batch":                           {validateJob, batchrules.ValidateJobUpdate},
	"CertificateSigningRequest.certificates.k8s.io":           {certificatesrules.ValidateCertificateSigningRequestCreate, certificatesrules.ValidateCertificateSigningRequestUpdate},
	"Lease.coordination.k8s.io":                               {coordinationrules.ValidateLease, coordinationrules.ValidateLeaseUpdate},
	"EndpointSlice.discovery.k8s.io":                          {discoveryrules.ValidateEndpointSliceCreate, discoveryrules.ValidateEndpointSliceUpdate},
	"FlowSchema.flowcontrol.apiserver.k8s.io":                 {flowcontrolrules.ValidateFlowSchema},
	"PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io": {flowcontrolrules.ValidatePriorityLevelConfiguration},
	"Ingress.networking.k8s.io":                               {networkingrules.ValidateIngressCreate, networkingrules.ValidateIngressUpdate},
	"IngressClass.networking.k8s.io":                          {networkingrules.ValidateIngressClass, networkingrules.ValidateIngressClassUpdate},
	"NetworkPolicy.networking.k8s.io":                         {networkingrules.ValidateNetworkPolicy, networkingrules.ValidateNetworkPolicyUpdate},
	"RuntimeClass.node.k8s.io":                                {noderules.ValidateRuntimeClass, noderules.ValidateRuntimeClassUpdate},
	"PodDisruptionBudget.policy":                              {policyrules.ValidatePodDisruptionBudget},
	"ClusterRole.rbac.authorization.k8s.io":                   {rbacrules.ValidateClusterRole, rbacrules.ValidateClusterRoleUpdate},
	"ClusterRoleBinding.rbac.authorization.k8s.io":            {rbacrules.ValidateClusterRoleBinding, rbacrules.ValidateClusterRoleBindingUpdate},
	"Role.rbac.authorization.k8s.io":                          {rbacrules.ValidateRole, rbacrules.ValidateRoleUpdate},
	"RoleBinding.rbac.authorization.k8s.io":                   {rbacrules.ValidateRoleBinding, rbacrules.ValidateRoleBindingUpdate},
	"PriorityClass.scheduling.k8s.io":                         {schedulingrules.ValidatePriorityClass, schedulingrules.ValidatePriorityClassUpdate},
	"CSIDriver.storage.k8s.io":                                {storagerules.ValidateCSIDriver, storagerules.ValidateCSIDriverUpdate},
	"StorageClass.storage.k8s.io":                             {storagerules.ValidateStorageClass, storagerules.ValidateStorageClassUpdate},
	"VolumeAttributesClass.storage.k8s.io":                    {storagerules.ValidateVolumeAttributesClass, storagerules.ValidateVolumeAttributesClassUpdate},
}

// makers make the options of a rule. Those of other types are empty, as for the server.
var makers = []any{
	corerules.ValidationOptionsForPersistentVolume, corerules.ValidationOptionsForPersistentVolumeClaim,
	networkingrules.ValidationOptionsForNetworking, autoscalerOptions, jobOptions, podOptions,
}

// apply calls a rule with what its parameters are of: the object, then the one that it replaces, its API version, options.
func apply(rule any, version schema.GroupVersion, object, old runtime.Object) field.ErrorList {
	kind := reflect.TypeOf(object)
	before := reflect.Zero(kind)
	if old != nil {
		before = reflect.ValueOf(old)
	}
	given := []reflect.Value{reflect.ValueOf(object), before}
	var args []reflect.Value
	for in := range reflect.TypeOf(rule).Ins() {
		arg := reflect.Zero(in)
		switch in {
		case kind:
			arg, given = given[0], given[1:]
		case reflect.TypeOf(version):
			arg = reflect.ValueOf(version)
		case reflect.TypeFor[context.Context]():
			arg = reflect.ValueOf(context.Background())
		case reflect.TypeFor[corerules.PodValidationOptions]():
			arg = reflect.ValueOf(templateOptions(object, old))
		}
		for _, maker := range makers {
			if of := reflect.TypeOf(maker); of.Out(0) == in && of.In(0) == kind {
				arg = reflect.ValueOf(maker).Call([]reflect.Value{reflect.ValueOf(object), before})[0]
			}
		}
		args = append(args, arg)
	}
	return reflect.ValueOf(rule).Call(args)[0].Interface().(field.ErrorList)
}

func newVolume(object *core.PersistentVolume, options corerules.PersistentVolumeSpecValidationOptions) field.ErrorList {
	return append(corerules.ValidatePersistentVolume(object, options), volumerules.ValidatePersistentVolume(object)...)
}

func autoscalerOptions(object, old *autoscaling.HorizontalPodAutoscaler) (options autoscalingrules.HorizontalPodAutoscalerSpecValidationOptions) {
	target := object.Spec.ScaleTargetRef
	options.MinReplicasLowerBound = 1
	options.ObjectMetricsValidationOptions.AllowEmptyAPIGroup = true
	options.ScaleTargetRefValidationOptions.AllowEmptyAPIGroup = target.Kind == "ReplicationController"
	return options
}

func jobOptions(object, old *batch.Job) batchrules.JobValidationOptions {
	var before runtime.Object
	if old != nil {
		before = old
	}
	return batchrules.JobValidationOptions{PodValidationOptions: templateOptions(object, before), RequirePrefixedLabels: true}
}

func podOptions(object, old *core.Pod) corerules.PodValidationOptions {
	var spec *core.PodSpec
	var meta *metav1.ObjectMeta
	if old != nil {
		spec, meta = &old.Spec, &old.ObjectMeta
	}
	pod.DropDisabledPodFields(object, old)
	options := pod.GetValidationOptionsFromPodSpecAndMeta(&object.Spec, spec, &object.ObjectMeta, meta)
	options.ResourceIsPod = true
	return options
}

func templateOptions(object, old runtime.Object) corerules.PodValidationOptions {
	pod.DropDisabledTemplateFields(templateOf(object), templateOf(old))
	return pod.GetValidationOptionsFromPodTemplate(templateOf(object), templateOf(old))
}

// templateOf is what an object makes its Pods from.
func templateOf(object runtime.Object) *core.PodTemplateSpec {
	switch each := object.(type) {
	case *core.Pod:
		return &core.PodTemplateSpec{ObjectMeta: each.ObjectMeta, Spec: each.Spec}
	case *core.PodTemplate:
		return &each.Template
	case *core.ReplicationController:
		return each.Spec.Template
	case *apps.DaemonSet:
		return &each.Spec.Template
	case *apps.Deployment:
		return &each.Spec.Template
	case *apps.ReplicaSet:
		return &each.Spec.Template
	case *apps.StatefulSet:
		return &each.Spec.Template
	case *batch.CronJob:
		return &each.Spec.JobTemplate.Spec.Template
	case *batch.Job:
		return &each.Spec.Template
	}
	return nil
}

// clusterWide are the kinds whose objects are in no namespace.
var clusterWide = sets.New(
	"CSIDriver", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "FlowSchema", "IngressClass",
	"MutatingWebhookConfiguration", "Namespace", "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass",
	"StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttributesClass",
)

// prepare does to an object what the server does to it before its validation.
func prepare(object, old runtime.Object) {
	switch each := object.(type) {
	case *apiextensions.CustomResourceDefinition:
		for _, version := range each.Spec.Versions {
			if version.Storage {
				each.Status.StoredVersions = []string{version.Name}
			}
		}
	case *apps.DaemonSet:
		if before, ok := old.(*apps.DaemonSet); ok && !equality.Semantic.DeepEqual(each.Spec.Template, before.Spec.Template) {
			each.Spec.TemplateGeneration = before.Spec.TemplateGeneration + 1
		}
	case *core.LimitRange:
		if each.Name == "" {
			each.Name = "generated"
		}
	case *core.PersistentVolumeClaim:
		persistentvolumeclaim.DropDisabledFields(&each.Spec, nil)
		persistentvolumeclaim.EnforceDataSourceBackwardsCompatibility(&each.Spec, nil)
		persistentvolumeclaim.NormalizeDataSources(&each.Spec)
	case *core.Service:
		// Of what its allocator fills in, the two fields of addresses agree, and where health checks need a port, there is one.
		if each.Spec.ClusterIP != "" && len(each.Spec.ClusterIPs) == 0 {
			each.Spec.ClusterIPs = []string{each.Spec.ClusterIP}
		}
		if service.NeedsHealthCheck(each) && each.Spec.HealthCheckNodePort == 0 {
			each.Spec.HealthCheckNodePort = 32767
		}
	case *batch.Job:
		if *each.Spec.ManualSelector {
			return
		}
		uid := string(each.UID)
		keepOr(&each.Spec.Template.Labels, batch.LegacyJobNameLabel, each.Name)
		keepOr(&each.Spec.Template.Labels, batch.JobNameLabel, each.Name)
		keepOr(&each.Spec.Template.Labels, batch.LegacyControllerUidLabel, uid)
		keepOr(&each.Spec.Template.Labels, batch.ControllerUidLabel, uid)
		if each.Spec.Selector == nil {
			each.Spec.Selector = &metav1.LabelSelector{}
		}
		keepOr(&each.Spec.Selector.MatchLabels, batch.ControllerUidLabel, uid)
	}
}

func keepOr(labels *map[string]string, key, value string) {
	if *labels == nil {
		*labels = map[string]string{}
	}
	if _, ok := (*labels)[key]; !ok {
		(*labels)[key] = value
	}
}
