//go:build !kubernetes1.35 && !kubernetes1.36

package main

import (
	"context"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apimachinery/pkg/util/validation/field"
	batchrules "k8s.io/kubernetes/pkg/apis/batch/validation"
)

var validateJob = batchrules.ValidateJobCreate

func validateMeta(path *field.Path, object any, schema *structuralschema.Structural, root bool) field.ErrorList {
	return objectmeta.Validate(context.Background(), path, object, schema, root)
}
