//go:build !wasip1

package main

import (
	extensionrules "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	rules "k8s.io/kubernetes/pkg/apis/admissionregistration/validation"
)

// Kinds whose validation links clients of the server: 25 MB, which are not in the WebAssembly.
func init() {
	const group = ".admissionregistration.k8s.io"
	kinds["MutatingWebhookConfiguration"+group] = []any{rules.ValidateMutatingWebhookConfiguration, rules.ValidateMutatingWebhookConfigurationUpdate}
	kinds["ValidatingWebhookConfiguration"+group] = []any{rules.ValidateValidatingWebhookConfiguration, rules.ValidateValidatingWebhookConfigurationUpdate}
	kinds["ValidatingAdmissionPolicy"+group] = []any{rules.ValidateValidatingAdmissionPolicy, rules.ValidateValidatingAdmissionPolicyUpdate}
	kinds["ValidatingAdmissionPolicyBinding"+group] = []any{rules.ValidateValidatingAdmissionPolicyBinding, rules.ValidateValidatingAdmissionPolicyBindingUpdate}
	kinds["CustomResourceDefinition.apiextensions.k8s.io"] = []any{
		extensionrules.ValidateCustomResourceDefinition, extensionrules.ValidateCustomResourceDefinitionUpdate,
	}
}
