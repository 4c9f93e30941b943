package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
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
		return answer{Unknown: true, Findings: metadataFindings(asked.Object)}, nil
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

// metadataFindings are those of decoding the metadata of a custom resource, which has the fields of every kind.
func metadataFindings(raw []byte) []finding {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(raw, &object) // It was read before.
	plain, _ := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": object["metadata"]})
	_, findings := decode(plain)
	return findings
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

// part is one value of an object, with what puts another in its place.
type part struct {
	path  string
	value any
	set   func(any)
}

// locate finds the values for which an object cannot be read, since the server says it without the field, and the fields that the
// object would have unknown without them.
func locate(raw []byte) []finding {
	var object map[string]any
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	read := func() ([]finding, error) {
		text, err := json.Marshal(object)
		if err == nil {
			_, _, err = strict.Decode(text, nil, nil)
		}
		if decoding, ok := runtime.AsStrictDecodingError(err); ok {
			return strictFindings(decoding.Errors()), nil
		}
		return nil, err
	}
	var findings []finding
	// search finds what is wrong within a value that cannot be read: with what it holds taken out, and put back one by one.
	var search func(part)
	search = func(whole part) {
		inner := partsOf(whole)
		for _, each := range inner {
			each.set(nil)
		}
		if _, err := read(); err != nil {
			message := unreadable(err)
			if len(inner) == 0 {
				value, _ := json.Marshal(whole.value) // It was read from JSON.
				message = fmt.Sprintf("Invalid value: %s: %s", value, message)
			}
			findings = append(findings, finding{whole.path, message})
			whole.set(nil)
			return
		}
		for _, each := range inner {
			each.set(each.value)
			if _, err := read(); err != nil {
				search(each)
			}
		}
	}
	search(part{"", object, func(any) {}})
	unknown, _ := read()
	return append(findings, unknown...)
}

// partsOf are the values in a map or a list.
func partsOf(whole part) (parts []part) {
	switch typed := whole.value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(typed)) {
			path := strings.TrimPrefix(whole.path+"."+key, ".")
			if strings.Contains(key, ".") {
				path = fmt.Sprintf("%s[%s]", whole.path, key)
			}
			if path != "apiVersion" && path != "kind" {
				parts = append(parts, part{path, typed[key], func(other any) { typed[key] = other }})
			}
		}
	case []any:
		for i, inner := range typed {
			parts = append(parts, part{fmt.Sprintf("%s[%d]", whole.path, i), inner, func(other any) { typed[i] = other }})
		}
	}
	return parts
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
		return fmt.Sprintf("%s cannot be %s", withArticle(syntax.Value), withArticle(nameOf(syntax.Type)))
	}
	return err.Error()
}

// nameOf a Go type is that of its form in JSON.
func nameOf(of reflect.Type) string {
	switch {
	case of.Kind() == reflect.Struct, of.Kind() == reflect.Map:
		return "object"
	case of == reflect.TypeFor[[]byte]():
		return "string"
	case of.Kind() == reflect.Slice:
		return "array"
	}
	return of.Kind().String()
}

func withArticle(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
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
