package main

import (
	"cmp"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

var evaluator, _ = policy.NewEvaluator(policy.DefaultChecks(), nil)

var privileged = api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()}

// podFields are where the kinds have their Pods that have them elsewhere than in spec.template.
var podFields = map[string]string{"Pod": "spec", "PodTemplate": "template.spec", "CronJob": "spec.jobTemplate.spec.template.spec"}

// podSecurity says what admission refuses of an object's Pods. The server says it of the Pods, when their workload is
// stored already.
func podSecurity(kind string, object runtime.Object, namespaceLabels map[string]string) []finding {
	namespace, isNamespace := object.(*core.Namespace)
	if isNamespace {
		namespaceLabels = namespace.Labels
	}
	level, errs := api.PolicyToEvaluate(namespaceLabels, api.Policy{Enforce: privileged, Audit: privileged, Warn: privileged})
	if isNamespace {
		return findingsOf(errs)
	}
	template := templateOf(object)
	if template == nil || len(errs) > 0 || level.Enforce.Level == api.LevelPrivileged {
		return nil
	}
	var pod corev1.PodTemplateSpec
	if err := scheme.Convert(template, &pod, nil); err != nil {
		return []finding{{"", err.Error()}}
	}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(level.Enforce, &pod.ObjectMeta, &pod.Spec))
	if result.Allowed {
		return nil
	}
	message := "violates PodSecurity \"" + level.Enforce.String() + "\": " + result.ForbiddenDetail()
	return []finding{{cmp.Or(podFields[kind], "spec.template.spec"), message}}
}
