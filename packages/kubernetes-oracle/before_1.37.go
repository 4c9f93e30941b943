//go:build kubernetes1.35 || kubernetes1.36

package main

import (
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	batchrules "k8s.io/kubernetes/pkg/apis/batch/validation"
)

// What later versions have under other names.
var (
	validateJob  = batchrules.ValidateJob
	validateMeta = objectmeta.Validate
)
