package main

import (
	"encoding/json"
	"fmt"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured/unstructuredscheme"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	kjson "k8s.io/apimachinery/pkg/runtime/serializer/json"
)

var definitionKind = schema.GroupKind{Group: apiextensions.GroupName, Kind: "CustomResourceDefinition"}

var extensions = func() *runtime.Scheme {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	return scheme
}()

var strictExtensions = serializer.NewCodecFactory(extensions).DecoderToVersion(
	kjson.NewSerializerWithOptions(kjson.DefaultMetaFactory, extensions, extensions, kjson.SerializerOptions{Strict: true}),
	runtime.InternalGroupVersioner,
)

// validateDefinition says what the server would refuse of a CustomResourceDefinition.
func validateDefinition(asked request) []finding {
	object, findings := decodeWith(strictExtensions, asked.Object)
	if object == nil {
		return findings
	}
	strategy := customresourcedefinition.NewStrategy(extensions)
	kind := definitionKind.WithVersion("v1")
	if asked.Old != nil {
		if old, _ := decodeWith(strictExtensions, asked.Old); old != nil {
			return append(findings, onUpdate(strategy, kind, object, old)...)
		}
	}
	return append(findings, onCreate(strategy, kind, object)...)
}

// customKind is one version of a custom resource, as its definition has it.
type customKind struct {
	structural *structuralschema.Structural
	strategy   strategy
}

// Compiling the rules of a schema takes longer than all that is done with them.
var customKinds sync.Map

// validateCustom says what the server would refuse of an object of a kind that the definition makes.
func validateCustom(asked request, gvk schema.GroupVersionKind) (answer, error) {
	key := gvk.String() + string(asked.Definition)
	known, ok := customKinds.Load(key)
	if !ok {
		made, err := newCustomKind(asked.Definition, gvk)
		if err != nil {
			return answer{}, err
		}
		known, _ = customKinds.LoadOrStore(key, made)
	}
	kind := known.(*customKind)
	if kind == nil {
		return refused("apiVersion", fmt.Sprintf("its CustomResourceDefinition serves no kind %q in version %q", gvk.Kind, gvk.Version)), nil
	}
	object, findings, err := kind.decode(asked.Object)
	if err != nil {
		return answer{}, err
	}
	if asked.Old == nil {
		return answer{Findings: append(findings, onCreate(kind.strategy, gvk, object)...)}, nil
	}
	old, _, err := kind.decode(asked.Old)
	if err != nil {
		return answer{}, err
	}
	return answer{Findings: append(findings, onUpdate(kind.strategy, gvk, object, old)...)}, nil
}

// newCustomKind makes what serves a version of a custom resource; nil when the definition does not serve it.
func newCustomKind(raw []byte, gvk schema.GroupVersionKind) (*customKind, error) {
	decoded, findings := decodeWith(strictExtensions, raw)
	definition, ok := decoded.(*apiextensions.CustomResourceDefinition)
	if !ok {
		return nil, fmt.Errorf("the CustomResourceDefinition of %s cannot be read: %v", gvk.Kind, findings)
	}
	for _, version := range definition.Spec.Versions {
		if version.Name != gvk.Version || !version.Served || definition.Spec.Names.Kind != gvk.Kind {
			continue
		}
		properties := &apiextensions.JSONSchemaProps{Type: "object", XPreserveUnknownFields: ptr(true)}
		if shared := definition.Spec.Validation; shared != nil && shared.OpenAPIV3Schema != nil {
			properties = shared.OpenAPIV3Schema
		}
		if version.Schema != nil && version.Schema.OpenAPIV3Schema != nil {
			properties = version.Schema.OpenAPIV3Schema
		}
		structural, err := structuralschema.NewStructural(properties)
		if err != nil {
			return nil, err
		}
		structural = structural.DeepCopy()
		if err := defaulting.PruneDefaults(structural); err != nil {
			return nil, err
		}
		validator, _, err := validation.NewSchemaValidator(properties)
		if err != nil {
			return nil, err
		}
		made := customresource.NewStrategy(
			unstructuredscheme.NewUnstructuredObjectTyper(), definition.Spec.Scope == apiextensions.NamespaceScoped, gvk,
			validator, nil, structural, nil, nil, nil,
		)
		return &customKind{structural, made}, nil
	}
	return nil, nil
}

func ptr[T any](value T) *T { return &value }

// decode reads an object of the kind: fields that its schema lacks are findings, defaults are filled in.
func (kind *customKind) decode(raw []byte) (*unstructured.Unstructured, []finding, error) {
	object := &unstructured.Unstructured{}
	if err := json.Unmarshal(raw, object); err != nil {
		return nil, nil, err
	}
	var findings []finding
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range pruning.PruneWithOptions(object.Object, kind.structural, true, options) {
		findings = append(findings, finding{path, fmt.Sprintf("unknown field %q", path)})
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object.Object, kind.structural)
	defaulting.Default(object.Object, kind.structural)
	return object, findings, nil
}
