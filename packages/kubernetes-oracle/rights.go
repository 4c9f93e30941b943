//go:build !wasip1

package main

import (
	"context"
	"encoding/json"
	"fmt"

	v1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/authentication/serviceaccount"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	rbac "k8s.io/kubernetes/pkg/registry/rbac/validation"
	rbacauthorizer "k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

func init() {
	ofCluster["rights"] = answering(rights)
}

// rightsRequest asks what a subject may do by the roles and bindings of a cluster.
type rightsRequest struct {
	// Objects are the cluster's own roles and bindings. Those that every API server makes are known.
	Objects []json.RawMessage `json:"objects"`
	// Subjects by name, as a binding names them.
	Subjects []v1.Subject `json:"subjects"`
	// Asked are single requests, put for every subject. An empty namespace asks for all of them.
	Asked []authorizer.AttributesRecord `json:"asked"`
	// Namespaces whose rules are listed.
	Namespaces []string `json:"namespaces"`
}

// rightsAnswer is for one subject.
type rightsAnswer struct {
	// Allowed says of each asked right by which binding it is allowed; empty where it is not.
	Allowed []string `json:"allowed"`
	// Rules of each namespace.
	Rules [][]v1.PolicyRule `json:"rules"`
}

func rights(asked rightsRequest) ([]rightsAnswer, error) {
	var roles []*v1.Role
	var roleBindings []*v1.RoleBinding
	var clusterRoles []*v1.ClusterRole
	var clusterBindings []*v1.ClusterRoleBinding
	for _, raw := range asked.Objects {
		object, _, err := clientscheme.Codecs.UniversalDeserializer().Decode(raw, nil, nil)
		if runtime.IsNotRegisteredError(err) {
			continue // A custom kind with the name of one of RBAC.
		} else if err != nil {
			return nil, err
		}
		switch each := object.(type) {
		case *v1.Role:
			roles = append(roles, each)
		case *v1.RoleBinding:
			roleBindings = append(roleBindings, each)
		case *v1.ClusterRole:
			clusterRoles = append(clusterRoles, each)
		case *v1.ClusterRoleBinding:
			clusterBindings = append(clusterBindings, each)
		}
	}
	for _, each := range append(bootstrappolicy.ClusterRoles(), bootstrappolicy.ControllerRoles()...) {
		clusterRoles = append(clusterRoles, &each)
	}
	for _, each := range append(bootstrappolicy.ClusterRoleBindings(), bootstrappolicy.ControllerRoleBindings()...) {
		clusterBindings = append(clusterBindings, &each)
	}
	for namespace, each := range bootstrappolicy.NamespaceRoles() {
		for i := range each {
			each[i].Namespace = namespace
			roles = append(roles, &each[i])
		}
	}
	for namespace, each := range bootstrappolicy.NamespaceRoleBindings() {
		for i := range each {
			each[i].Namespace = namespace
			roleBindings = append(roleBindings, &each[i])
		}
	}
	if err := aggregate(clusterRoles); err != nil {
		return nil, err
	}
	resolver, known := rbac.NewTestRuleResolver(roles, roleBindings, clusterRoles, clusterBindings)
	decider := rbacauthorizer.New(known, known, known, known)
	answers := []rightsAnswer{}
	for _, subject := range asked.Subjects {
		who := identity(subject)
		given := rightsAnswer{Allowed: []string{}, Rules: [][]v1.PolicyRule{}}
		for _, each := range asked.Asked {
			each.User, each.ResourceRequest = who, each.Path == ""
			decision, reason, err := decider.Authorize(context.Background(), each)
			if decision != authorizer.DecisionAllow {
				reason = ""
			} else if reason == "" {
				return nil, fmt.Errorf("a right was given without a reason: %w", err)
			}
			given.Allowed = append(given.Allowed, reason)
		}
		for _, namespace := range asked.Namespaces {
			// A binding to a role that is not there gives nothing, as in the API server.
			rules, _ := resolver.RulesFor(context.Background(), who, namespace)
			given.Rules = append(given.Rules, append([]v1.PolicyRule{}, rules...))
		}
		answers = append(answers, given)
	}
	return answers, nil
}

// identity is a subject as it signs in, with the groups that it is in by that.
func identity(subject v1.Subject) user.Info {
	switch subject.Kind {
	case "ServiceAccount":
		known := serviceaccount.UserInfo(subject.Namespace, subject.Name, "")
		return &user.DefaultInfo{Name: known.GetName(), Groups: append(known.GetGroups(), user.AllAuthenticated)}
	case "Group":
		return &user.DefaultInfo{Name: "(member of " + subject.Name + ")", Groups: []string{subject.Name, user.AllAuthenticated}}
	}
	return &user.DefaultInfo{Name: subject.Name, Groups: []string{user.AllAuthenticated}}
}

// aggregate fills in the rules of the roles that are made of others, as the controller manager does. A part may be made of others itself,
// so that each round fills in one more level.
func aggregate(roles []*v1.ClusterRole) error {
	for range levels {
		for _, role := range roles {
			if role.AggregationRule == nil {
				continue
			}
			rules := []v1.PolicyRule{}
			for _, chosen := range role.AggregationRule.ClusterRoleSelectors {
				selector, err := metav1.LabelSelectorAsSelector(&chosen)
				if err != nil {
					return err
				}
				for _, part := range roles {
					if part != role && selector.Matches(labels.Set(part.Labels)) {
						rules = append(rules, part.Rules...)
					}
				}
			}
			role.Rules = rules
		}
	}
	return nil
}

// levels of roles that are made of others: admin is made of edit, which is made of view, and a cluster's own may be made of them.
const levels = 5
