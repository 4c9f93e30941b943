package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// customKind is one version of a custom resource, as its definition has it.
type customKind struct {
	structural *structuralschema.Structural
	schema     validation.SchemaValidator
	cel        *cel.Validator
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
		message := fmt.Sprintf("its CustomResourceDefinition serves no kind %q in version %q", gvk.Kind, gvk.Version)
		return answer{Findings: []finding{{"apiVersion", message}}}, nil
	}
	object, findings, err := kind.decode(asked.Object)
	if err != nil {
		return answer{}, err
	}
	var old runtime.Object
	if asked.Old != nil {
		if old, _, err = kind.decode(asked.Old); err != nil {
			return answer{}, err
		}
	}
	findings = append(findings, metadataFindings(asked.Object)...)
	return answer{Findings: append(findings, violations([]any{kind.rules}, gvk, object, old)...)}, nil
}

// rules of the kind, by its schema.
func (kind *customKind) rules(object, old *unstructured.Unstructured) field.ErrorList {
	content := object.Object
	var errs field.ErrorList
	var before any
	if old == nil {
		errs = validation.ValidateCustomResource(nil, content, kind.schema)
	} else {
		before = old.Object
		errs = validation.ValidateCustomResourceUpdate(nil, content, before, kind.schema)
	}
	errs = append(errs, validateMeta(nil, content, kind.structural, false)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, kind.structural, content)...)
	// The server applies no rules of CEL to what has not the form of its schema.
	if len(errs) > 0 || kind.cel == nil {
		return errs
	}
	errs, _ = kind.cel.Validate(context.Background(), nil, kind.structural, content, before, celconfig.RuntimeCELCostBudget)
	return errs
}

// newCustomKind makes what serves a version of a custom resource; nil when the definition does not serve it.
func newCustomKind(raw []byte, gvk schema.GroupVersionKind) (*customKind, error) {
	decoded, findings := decode(raw)
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
		return &customKind{structural, validator, cel.NewValidator(structural, true, celconfig.PerCallLimit)}, nil
	}
	return nil, nil
}

func ptr[T any](value T) *T { return &value }

// decode reads an object of the kind: fields that its schema lacks are findings, defaults are filled in.
func (kind *customKind) decode(raw []byte) (runtime.Object, []finding, error) {
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
