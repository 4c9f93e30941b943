package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var strict = serializer.NewCodecFactory(scheme).DecoderToVersion(
	kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, scheme, scheme, kjson.SerializerOptions{Strict: true}),
	runtime.InternalGroupVersioner,
)

// validate says what the server would refuse of one object, as it is created or as it replaces another.
func validate(asked request) (answer, error) {
	var kind metav1.TypeMeta
	if err := json.Unmarshal(asked.Object, &kind); err != nil {
		return answer{}, err
	}
	gvk := kind.GroupVersionKind()
	if asked.Definition != nil {
		return validateCustom(asked, gvk)
	}
	rules, known := kinds[gvk.GroupKind().String()]
	switch {
	case !scheme.IsGroupRegistered(gvk.Group):
		return answer{Unknown: true}, nil
	case !scheme.Recognizes(gvk) || !served.MatchString(gvk.Version):
		message := fmt.Sprintf("no matches for kind %q in version %q", gvk.Kind, kind.APIVersion)
		return answer{Findings: []finding{{"apiVersion", message}}}, nil
	case !known:
		return answer{Unknown: true}, nil
	}
	object, findings := decode(asked.Object)
	if object == nil {
		return answer{Findings: findings}, nil
	}
	var old runtime.Object
	if asked.Old != nil {
		var unreadable []finding
		if old, unreadable = decode(asked.Old); old == nil {
			return answer{}, fmt.Errorf("the old object cannot be read: %v", unreadable)
		}
	}
	findings = append(findings, violations(rules, gvk, object, old)...)
	return answer{Findings: append(findings, podSecurity(gvk.Kind, object, asked.NamespaceLabels)...)}, nil
}

// decode reads an object as the server does under strict field validation. There is no object where it cannot be read.
func decode(raw []byte) (runtime.Object, []finding) {
	object, _, err := strict.Decode(raw, nil, nil)
	if err == nil {
		return object, nil
	}
	if decoding, ok := runtime.AsStrictDecodingError(err); ok {
		return object, strictFindings(decoding.Errors())
	}
	if located := locate(raw); len(located) > 0 {
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
func locate(raw []byte) []finding {
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
			_, _, err = strict.Decode(text, nil, nil)
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
			value, _ := json.Marshal(each.value) // It was read from JSON.
			findings = append(findings, finding{each.path, fmt.Sprintf("Invalid value: %s: %s", value, unreadable(err))})
			each.set(nil)
		}
	}
	return findings
}

// collect finds the values below a map or a list.
func collect(value any, path string, leaves *[]leaf) {
	add := func(place string, inner any, set func(any)) {
		count := len(*leaves)
		if collect(inner, place, leaves); len(*leaves) == count && place != "apiVersion" && place != "kind" {
			*leaves = append(*leaves, leaf{place, inner, set})
		}
	}
	switch typed := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(typed)) {
			add(strings.TrimPrefix(path+"."+key, "."), typed[key], func(other any) { typed[key] = other })
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

// violations are the server's findings in a new object, or in one that replaces another.
func violations(rules []any, gvk schema.GroupVersionKind, object, old runtime.Object) []finding {
	namespaced := !clusterWide.Has(gvk.Kind)
	for _, each := range []runtime.Object{old, object} {
		if each == nil {
			continue
		}
		accessor, err := meta.Accessor(each)
		if err != nil {
			return []finding{{"metadata", err.Error()}}
		}
		if namespaced && accessor.GetNamespace() == "" {
			accessor.SetNamespace(metav1.NamespaceDefault)
		}
		if accessor.GetName() == "" && accessor.GetGenerateName() != "" {
			accessor.SetName(accessor.GetGenerateName() + "aaaaa")
		}
		accessor.SetUID("00000000-0000-0000-0000-000000000000")
		if old != nil {
			accessor.SetResourceVersion("1")
		}
		prepare(each, old)
	}
	var errs field.ErrorList
	for i, rule := range rules {
		if i == 0 || old != nil {
			errs = append(errs, apply(rule, gvk.GroupVersion(), object, old)...)
		}
	}
	accessor, _ := meta.Accessor(object)
	if len(errs) == 0 {
		errs = validation.ValidateObjectMetaAccessor(
			accessor, namespaced, path.ValidatePathSegmentName, field.NewPath("metadata"))
	}
	return findingsOf(errs)
}

func findingsOf(errs field.ErrorList) (findings []finding) {
	for _, err := range errs {
		if found := (finding{strings.TrimPrefix(err.Field, "<nil>"), err.ErrorBody()}); !slices.Contains(findings, found) {
			findings = append(findings, found)
		}
	}
	return findings
}
