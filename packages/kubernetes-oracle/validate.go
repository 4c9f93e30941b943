package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/component-base/version"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	apiservice "k8s.io/kubernetes/pkg/api/service"
	core "k8s.io/kubernetes/pkg/apis/core"
)

var strict = legacyscheme.Codecs.DecoderToVersion(
	kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, legacyscheme.Scheme, legacyscheme.Scheme, kjson.SerializerOptions{Strict: true}),
	runtime.InternalGroupVersioner,
)

// validate says what the server would refuse of one object, as it is created or as it replaces another.
func validate(asked request) (answer, error) {
	var kind metav1.TypeMeta
	if err := json.Unmarshal(asked.Object, &kind); err != nil {
		return answer{}, err
	}
	gvk := kind.GroupVersionKind()
	if gvk.GroupKind() == definitionKind {
		return answer{Findings: validateDefinition(asked)}, nil
	}
	if asked.Definition != nil {
		return validateCustom(asked, gvk)
	}
	if !legacyscheme.Scheme.Recognizes(gvk) {
		if !legacyscheme.Scheme.IsGroupRegistered(gvk.Group) {
			return answer{Unknown: true}, nil
		}
		return refused("", fmt.Sprintf("no matches for kind %q in version %q", gvk.Kind, kind.APIVersion)), nil
	}
	if because := notServed(gvk); because != "" {
		return refused("apiVersion", because), nil
	}
	strategy, known := strategies[gvk.GroupKind().String()]
	if !known {
		return answer{Unknown: true}, nil
	}
	object, findings := decodeWith(strict, asked.Object)
	if object == nil {
		return answer{Findings: findings}, nil
	}
	if asked.Old == nil {
		findings = append(findings, onCreate(strategy, gvk, object)...)
	} else if old, unreadable := decodeWith(strict, asked.Old); old == nil {
		return answer{}, fmt.Errorf("the old object cannot be read: %v", unreadable)
	} else {
		findings = append(findings, onUpdate(strategy, gvk, object, old)...)
	}
	return answer{Findings: append(findings, podSecurity(gvk, object, asked.NamespaceLabels)...)}, nil
}

func refused(field, message string) answer {
	return answer{Findings: []finding{{field, message}}}
}

// notServed says why the server has no such version of a kind that its code still knows.
func notServed(gvk schema.GroupVersionKind) string {
	typed, err := legacyscheme.Scheme.New(gvk)
	if err != nil {
		return ""
	}
	minor, _ := strconv.Atoi(version.Get().Minor)
	if removal, ok := typed.(interface{ APILifecycleRemoved() (int, int) }); ok {
		if major, removed := removal.APILifecycleRemoved(); major == 1 && removed <= minor {
			return fmt.Sprintf("%s of %s is not served since Kubernetes %d.%d", gvk.Kind, gvk.GroupVersion(), major, removed)
		}
	}
	if strings.Contains(gvk.Version, "alpha") || strings.Contains(gvk.Version, "beta") {
		return fmt.Sprintf("%s is not served by default", gvk.GroupVersion())
	}
	return ""
}

// decodeWith reads an object as the server does under strict field validation. There is no object where it cannot be read.
func decodeWith(decoder runtime.Decoder, raw []byte) (runtime.Object, []finding) {
	object, _, err := decoder.Decode(raw, nil, nil)
	if err == nil {
		return object, nil
	}
	if decoding, ok := runtime.AsStrictDecodingError(err); ok {
		return object, strictFindings(decoding.Errors())
	}
	if located := locate(decoder, raw); len(located) > 0 {
		return nil, located
	}
	return nil, []finding{{"", unreadable(err)}}
}

// leaf is one value of an object, with what puts another in its place.
type leaf struct {
	path  string
	value any
	set   func(any)
}

// locate finds the values for which an object cannot be read, since the server says it without the field: the values of an
// object without any come back one by one.
func locate(decoder runtime.Decoder, raw []byte) []finding {
	var object map[string]any
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	var leaves []leaf
	collect(object, "", &leaves)
	for _, each := range leaves {
		each.set(nil)
	}
	read := func() error {
		text, err := json.Marshal(object)
		if err == nil {
			_, _, err = decoder.Decode(text, nil, nil)
		}
		if runtime.IsStrictDecodingError(err) {
			return nil
		}
		return err
	}
	if read() != nil {
		return nil
	}
	var findings []finding
	for _, each := range leaves {
		each.set(each.value)
		if err := read(); err != nil {
			findings = append(findings, finding{each.path, fmt.Sprintf("Invalid value: %#v: %s", each.value, unreadable(err))})
			each.set(nil)
		}
	}
	return findings
}

func collect(value any, path string, leaves *[]leaf) {
	add := func(place string, inner any, set func(any)) {
		switch inner.(type) {
		case map[string]any, []any:
			collect(inner, place, leaves)
		default:
			if place != "apiVersion" && place != "kind" {
				*leaves = append(*leaves, leaf{place, inner, set})
			}
		}
	}
	switch typed := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(typed)) {
			inner, place := typed[key], key
			if path != "" {
				place = path + "." + key
			}
			add(place, inner, func(other any) { typed[key] = other })
		}
	case []any:
		for i, inner := range typed {
			add(fmt.Sprintf("%s[%d]", path, i), inner, func(other any) { typed[i] = other })
		}
	}
}

var quotedField = regexp.MustCompile(`^(?:unknown|duplicate) field "(.+)"$`)

func strictFindings(errs []error) []finding {
	var findings []finding
	for _, err := range errs {
		field := ""
		if parts := quotedField.FindStringSubmatch(err.Error()); parts != nil {
			field = parts[1]
		}
		findings = append(findings, finding{field, err.Error()})
	}
	return findings
}

// unreadable is what went wrong, without the names of Go's types around it.
func unreadable(err error) string {
	var syntax *json.UnmarshalTypeError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("a %s cannot be a %s", syntax.Value, syntax.Type)
	}
	return err.Error()
}

func requestContext(gvk schema.GroupVersionKind, namespace string) context.Context {
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	return genericapirequest.WithRequestInfo(
		genericapirequest.WithNamespace(context.Background(), namespace),
		&genericapirequest.RequestInfo{
			IsResourceRequest: true, Verb: "create", Namespace: namespace,
			APIGroup: gvk.Group, APIVersion: gvk.Version, Resource: plural.Resource,
		},
	)
}

// onCreate runs the server's steps of a creation up to the storing.
func onCreate(strategy strategy, gvk schema.GroupVersionKind, object runtime.Object) []finding {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return []finding{{"metadata", err.Error()}}
	}
	if strategy.NamespaceScoped() && accessor.GetNamespace() == "" {
		accessor.SetNamespace(metav1.NamespaceDefault)
	}
	if accessor.GetName() == "" && accessor.GetGenerateName() != "" {
		accessor.SetName(strategy.GenerateName(accessor.GetGenerateName()))
	}
	rest.FillObjectMetaSystemFields(accessor)
	allocate(object)
	return statusFindings(rest.BeforeCreate(strategy, requestContext(gvk, expectedNamespace(strategy, accessor)), object))
}

// onUpdate runs the server's steps of a replacement up to the storing.
func onUpdate(strategy strategy, gvk schema.GroupVersionKind, object, old runtime.Object) []finding {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return []finding{{"metadata", err.Error()}}
	}
	before, err := meta.Accessor(old)
	if err != nil {
		return []finding{{"metadata", err.Error()}}
	}
	rest.FillObjectMetaSystemFields(before)
	before.SetResourceVersion("1")
	accessor.SetResourceVersion("1")
	for _, each := range []metav1.Object{accessor, before} {
		if strategy.NamespaceScoped() && each.GetNamespace() == "" {
			each.SetNamespace(metav1.NamespaceDefault)
		}
	}
	allocate(object)
	allocate(old)
	return statusFindings(rest.BeforeUpdate(strategy, requestContext(gvk, expectedNamespace(strategy, accessor)), object, old))
}

func expectedNamespace(strategy strategy, accessor metav1.Object) string {
	if strategy.NamespaceScoped() {
		return accessor.GetNamespace()
	}
	return metav1.NamespaceNone
}

// allocate does what the server's allocator does with a Service before its validation: the two fields of addresses agree, and
// where health checks need a port, there is one.
func allocate(object runtime.Object) {
	service, ok := object.(*core.Service)
	if !ok {
		return
	}
	if service.Spec.ClusterIP != "" && len(service.Spec.ClusterIPs) == 0 {
		service.Spec.ClusterIPs = []string{service.Spec.ClusterIP}
	}
	if apiservice.NeedsHealthCheck(service) && service.Spec.HealthCheckNodePort == 0 {
		service.Spec.HealthCheckNodePort = 32767
	}
}

// statusFindings are the causes of a refusal, or the refusal itself.
func statusFindings(err error) []finding {
	if err == nil {
		return nil
	}
	var status apierrors.APIStatus
	if errors.As(err, &status) && status.Status().Details != nil && len(status.Status().Details.Causes) > 0 {
		var findings []finding
		for _, cause := range status.Status().Details.Causes {
			// The server says so, of no field, where rules of a schema were not applied because of what else is wrong.
			if cause.Field != "<nil>" || len(status.Status().Details.Causes) == 1 {
				findings = append(findings, finding{cause.Field, cause.Message})
			}
		}
		return findings
	}
	return []finding{{"", err.Error()}}
}
