package main

import (
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	internal "k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/pod-security-admission/admission"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

var evaluator = func() policy.Evaluator {
	made, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		panic(err)
	}
	return made
}()

var permissive = api.Policy{
	Enforce: api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()},
	Audit:   api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()},
	Warn:    api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()},
}

// podSecurity says what admission refuses of an object's Pods. The server says it of the Pods, when their workload is
// stored already.
func podSecurity(gvk schema.GroupVersionKind, object runtime.Object, namespaceLabels map[string]string) []finding {
	if namespace, ok := object.(*internal.Namespace); ok {
		var findings []finding
		_, errs := api.PolicyToEvaluate(namespace.Labels, permissive)
		for _, err := range errs {
			findings = append(findings, finding{err.Field, err.ErrorBody()})
		}
		return findings
	}
	level, errs := api.PolicyToEvaluate(namespaceLabels, permissive)
	if len(errs) > 0 || level.Enforce.Level == api.LevelPrivileged {
		return nil
	}
	versioned, err := legacyscheme.Scheme.ConvertToVersion(object, gvk.GroupVersion())
	if err != nil {
		return []finding{{"", err.Error()}}
	}
	meta, spec, err := admission.DefaultPodSpecExtractor{}.ExtractPodSpec(versioned)
	if err != nil || spec == nil {
		return nil // It has no Pods.
	}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(level.Enforce, meta, spec))
	if result.Allowed {
		return nil
	}
	message := "violates PodSecurity \"" + level.Enforce.String() + "\": " + result.ForbiddenDetail()
	return []finding{{podSpecField(versioned, gvk.Kind), message}}
}

func podSpecField(object runtime.Object, kind string) string {
	if _, ok := object.(*core.Pod); ok {
		return "spec"
	}
	if kind == "CronJob" {
		return "spec.jobTemplate.spec.template.spec"
	}
	if kind == "PodTemplate" {
		return "template.spec"
	}
	return "spec.template.spec"
}
