package main

import (
	"context"
	"reflect"
	"regexp"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/api/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/api/service"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	appsrules "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/autoscaling"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	autoscalingrules "k8s.io/kubernetes/pkg/apis/autoscaling/validation"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	batchrules "k8s.io/kubernetes/pkg/apis/batch/validation"
	_ "k8s.io/kubernetes/pkg/apis/certificates/install"
	certificatesrules "k8s.io/kubernetes/pkg/apis/certificates/validation"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	coordinationrules "k8s.io/kubernetes/pkg/apis/coordination/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corerules "k8s.io/kubernetes/pkg/apis/core/validation"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	discoveryrules "k8s.io/kubernetes/pkg/apis/discovery/validation"
	_ "k8s.io/kubernetes/pkg/apis/flowcontrol/install"
	flowcontrolrules "k8s.io/kubernetes/pkg/apis/flowcontrol/validation"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingrules "k8s.io/kubernetes/pkg/apis/networking/validation"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	noderules "k8s.io/kubernetes/pkg/apis/node/validation"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyrules "k8s.io/kubernetes/pkg/apis/policy/validation"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	rbacrules "k8s.io/kubernetes/pkg/apis/rbac/validation"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	schedulingrules "k8s.io/kubernetes/pkg/apis/scheduling/validation"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	storagerules "k8s.io/kubernetes/pkg/apis/storage/validation"
	"k8s.io/kubernetes/pkg/capabilities"
	volumerules "k8s.io/kubernetes/pkg/volume/validation"
)

var scheme = legacyscheme.Scheme

func init() {
	extensions.Install(scheme)
	// The control plane of EKS runs with --allow-privileged. Pod Security decides which Pods are admitted.
	capabilities.Setup(true, 0)
}

// served are the versions of a kind that the server has by default: none that is alpha or beta.
var served = regexp.MustCompile(`^v\d+$`)

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
	if each, ok := object.(*core.Pod); ok {
		return &core.PodTemplateSpec{ObjectMeta: each.ObjectMeta, Spec: each.Spec}
	}
	at := reflect.ValueOf(object)
	for at.IsValid() {
		if template, ok := at.Interface().(*core.PodTemplateSpec); ok {
			return template
		}
		// One of these is the way to the template of a kind that has one.
		at = reflect.Indirect(at)
		next := reflect.Value{}
		for _, name := range []string{"Template", "JobTemplate", "Spec"} {
			if at.Kind() == reflect.Struct && !next.IsValid() {
				next = at.FieldByName(name)
			}
		}
		if at = next; at.Kind() == reflect.Struct {
			at = at.Addr()
		}
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
