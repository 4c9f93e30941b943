//go:build !wasip1

package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	corev1 "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/names"
	"k8s.io/kubernetes/pkg/scheduler/util"
)

// class are alike Pods of a run.
type class struct {
	template int
	pod      *v1.Pod
	count    int
	// fits says of each node of the run, while it is empty, whether it takes the Pod.
	fits []bool
	// asks is what one Pod asks of each resource.
	asks []int64
	// serial numbers the Pods that were placed.
	serial int
	// kind is the set of nodes that take it, by its number in the room.
	kind int
	// pinned is the only node that takes it, or -1.
	pinned int
	ports  []string
}

// room is a run while it is looked at.
type room struct {
	*scheduler
	classes []*class
	alike   []*class  // With the classes that no proof tells apart as one.
	has     [][]int64 // Of each node, by resource.
	// extended resources that Pods request.
	extended []v1.ResourceName
	// sets are the sets of nodes that take Pods, with those that share no node, and those that are part of another.
	sets          [][]bool
	apart, within [][]bool
	// groups of each node: nodes of one group differ in their names only.
	groups []int
	states int
	// takes says whether a node with a content takes a Pod of a class: see local.
	takes map[[2]int]bool
	// contents are the numbers of what was seen on nodes.
	contents map[string]int
}

const (
	always    = "always"
	can       = "can"
	never     = "never"
	undecided = "undecided"
	shuffles  = 4
	// tries are the nodes that are asked for a Pod, over all orders of a run: a second for some hundred Pods on some ten nodes.
	tries = 40_000
	// rounding is more than the error of a sum of shares.
	rounding = 1e-6
)

// capacity says whether the Pods of a run find room whatever the order in which they are created.
func (s *scheduler) capacity(ctx context.Context, pods []*v1.Pod, run scheduleRun, states int) (runAnswer, error) {
	s.nodes = nil
	for _, node := range s.all {
		if slices.Contains(run.Nodes, node.Node().Name) {
			fresh := framework.NewNodeInfo()
			fresh.SetNode(node.Node())
			s.nodes = append(s.nodes, fresh)
		}
	}
	r := &room{scheduler: s, states: states}
	for i, count := range run.Counts {
		if count != 0 {
			r.add(i, pods[i], count)
		}
	}
	r.measure()
	if i, why := r.tooMuch(); why != "" {
		return runAnswer{Verdict: never, Pod: i, Why: why}, nil
	}
	r.merge()
	unsafe := slices.IndexFunc(r.alike, func(each *class) bool { return !r.safe(each) })
	if unsafe < 0 {
		return runAnswer{Verdict: always}, nil
	}
	found, err := r.search(ctx)
	if found.Verdict == undecided {
		found.Why += fmt.Sprintf(", first for %s/%s", r.alike[unsafe].pod.Namespace, r.alike[unsafe].pod.Name)
	}
	return found, err
}

// merge makes one class of those between which no proof sees a difference.
func (r *room) merge() {
	repelling := slices.ContainsFunc(r.classes, func(each *class) bool { return len(repelled(each.pod)) > 0 })
	byKey := map[string]*class{}
	for _, each := range r.classes {
		key := fmt.Sprint(each.kind, each.asks, each.ports, corev1.PodPriority(each.pod), each.pod.Spec.PreemptionPolicy != nil && *each.pod.Spec.PreemptionPolicy == v1.PreemptNever, depends(each.pod))
		if repelling {
			key += fmt.Sprint(each.pod.Namespace, each.pod.Labels, repelled(each.pod))
		}
		if byKey[key] == nil {
			first := *each
			first.count = 0
			byKey[key] = &first
			r.alike = append(r.alike, &first)
		}
		byKey[key].count += each.count
	}
}

// depends says whether where a Pod may run depends on where others are.
func depends(pod *v1.Pod) bool {
	affinity := pod.Spec.Affinity
	return affinity != nil && affinity.PodAffinity != nil && len(affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution) > 0 ||
		slices.ContainsFunc(pod.Spec.TopologySpreadConstraints, func(each v1.TopologySpreadConstraint) bool { return each.WhenUnsatisfiable == v1.DoNotSchedule })
}

// add adds the Pods of a template: so many, or one for each node as the DaemonSet controller does.
func (r *room) add(template int, pod *v1.Pod, count int) {
	fits, daemon := make([]bool, len(r.nodes)), make([]bool, len(r.nodes))
	for i, node := range r.nodes {
		status := r.empty[template][node.Node().Name]
		fits[i] = status == nil
		daemon[i] = fits[i] || status.Plugin() == names.NodeResourcesFit
	}
	if count > 0 {
		r.classes = append(r.classes, &class{template: template, pod: pod, count: count, fits: fits})
		return
	}
	for i, node := range r.nodes {
		if !daemon[i] {
			continue
		}
		pinned := pod.DeepCopy()
		pinned.Name = fmt.Sprintf("%s-%d", pod.Name, i)
		pinned.UID = types.UID(pinned.Namespace + "/" + pinned.Name)
		if pinned.Spec.Affinity == nil {
			pinned.Spec.Affinity = &v1.Affinity{}
		}
		pinned.Spec.Affinity.NodeAffinity = &v1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &v1.NodeSelector{
			NodeSelectorTerms: []v1.NodeSelectorTerm{{MatchFields: []v1.NodeSelectorRequirement{
				{Key: metav1.ObjectNameField, Operator: v1.NodeSelectorOpIn, Values: []string{node.Node().Name}},
			}}},
		}}
		only := make([]bool, len(r.nodes))
		only[i] = fits[i]
		r.classes = append(r.classes, &class{template: template, pod: pinned, count: 1, fits: only})
	}
}

func withoutPodAffinity(pod *v1.Pod) *v1.Pod {
	if pod.Spec.Affinity == nil {
		return pod
	}
	alone := pod.DeepCopy()
	alone.Spec.Affinity.PodAffinity = nil // Those it wants to be beside are not there yet.
	return alone
}

// measure brings requests and nodes to numbers by resource.
func (r *room) measure() {
	asked := make([]*framework.Resource, len(r.classes))
	for i, each := range r.classes {
		info := framework.NewNodeInfo(each.pod)
		asked[i] = info.Requested
		for name := range info.Requested.ScalarResources {
			if !slices.Contains(r.extended, name) {
				r.extended = append(r.extended, name)
			}
		}
	}
	kinds := map[string]int{}
	for i, each := range r.classes {
		each.asks, each.ports, each.pinned = r.numbers(asked[i], 1), hostPorts(each.pod), -1
		if opened(each.fits) == 1 {
			each.pinned = slices.Index(each.fits, true)
		}
		bits := make([]byte, len(each.fits))
		for n, fits := range each.fits {
			if fits {
				bits[n] = 1
			}
		}
		key := string(bits)
		if _, known := kinds[key]; !known {
			kinds[key] = len(r.sets)
			r.sets = append(r.sets, each.fits)
		}
		each.kind = kinds[key]
	}
	sizes := make([]int, len(r.sets))
	for i, set := range r.sets {
		sizes[i] = opened(set)
	}
	for i, a := range r.sets {
		isApart, isWithin := make([]bool, len(r.sets)), make([]bool, len(r.sets))
		for j, b := range r.sets {
			shared := 0
			switch {
			case sizes[i] == 1 && b[slices.Index(a, true)], sizes[j] == 1 && a[slices.Index(b, true)]:
				shared = 1
			case sizes[i] > 1 && sizes[j] > 1:
				for n := range a {
					if a[n] && b[n] {
						shared++
					}
				}
			}
			isApart[j], isWithin[j] = shared == 0, shared == sizes[i]
		}
		r.apart, r.within = append(r.apart, isApart), append(r.within, isWithin)
	}
	groups := map[string]int{}
	for n, node := range r.nodes {
		r.has = append(r.has, r.numbers(node.Allocatable, int64(node.Allocatable.AllowedPodNumber)))
		key := r.likeness[node.Node().Name]
		for _, set := range r.sets {
			key += fmt.Sprint(set[n])
		}
		if _, known := groups[key]; !known {
			groups[key] = len(groups)
		}
		r.groups = append(r.groups, groups[key])
	}
}

// numbers are amounts by resource.
func (r *room) numbers(of *framework.Resource, pods int64) []int64 {
	found := []int64{of.MilliCPU, of.Memory, of.EphemeralStorage, pods}
	for _, name := range r.extended {
		found = append(found, of.ScalarResources[name])
	}
	return found
}

// tooMuch proves that there is no room for all: on a set of nodes, Pods that fit nowhere else ask for more than there is, or there are
// more big ones than the nodes take one by one.
func (r *room) tooMuch() (int, string) {
	for _, each := range r.classes {
		open := opened(each.fits)
		if open == 0 {
			_, _, refused := r.filter(context.Background(), withoutPodAffinity(each.pod))
			return each.template, refused.Error()
		}
		if each.count > open && keepsApart(each.pod) {
			return each.template, fmt.Sprintf("0/%d nodes: %d Pods that never share a node, and %d nodes that take one", len(r.nodes), each.count, open)
		}
	}
	names := []string{"cpu", "memory", "ephemeral-storage", "pods"}
	for kind, nodes := range r.sets {
		var bound []*class
		for _, each := range r.classes {
			if r.within[each.kind][kind] {
				bound = append(bound, each)
			}
		}
		for resource := range bound[0].asks {
			name := "extended resource"
			if resource < len(names) {
				name = names[resource]
			}
			var asked, there int64
			bySize := map[int64]*class{}
			for _, each := range bound {
				asked += each.asks[resource] * int64(each.count)
				bySize[each.asks[resource]] = each
			}
			for n, has := range r.has {
				if nodes[n] {
					there += has[resource]
				}
			}
			if asked > there {
				most := slices.MaxFunc(bound, func(a, b *class) int {
					return cmp.Compare(a.asks[resource]*int64(a.count), b.asks[resource]*int64(b.count))
				})
				return most.template, fmt.Sprintf("0/%d nodes: insufficient %s: their Pods request %s, and the nodes have %s", opened(nodes), name, amount(name, asked), amount(name, there))
			}
			for size, of := range bySize {
				var many, slots int64
				for _, each := range bound {
					if each.asks[resource] >= size {
						many += int64(each.count)
					}
				}
				for n, has := range r.has {
					if nodes[n] && size > 0 {
						slots += has[resource] / size
					}
				}
				if size > 0 && many > slots {
					return of.template, fmt.Sprintf("0/%d nodes: insufficient %s: %d Pods request %s or more each, and the nodes take %d of that size", opened(nodes), name, many, amount(name, size), slots)
				}
			}
		}
	}
	return 0, ""
}

func opened(fits []bool) (open int) {
	for _, each := range fits {
		if each {
			open++
		}
	}
	return open
}

func amount(resource string, number int64) string {
	switch resource {
	case "cpu":
		return fmt.Sprintf("%dm", number)
	case "memory", "ephemeral-storage":
		return fmt.Sprintf("%dMi", number>>20)
	}
	return fmt.Sprint(number)
}

// safe proves that a Pod finds a node whatever the others do. To take a node from it, they have to fill the node beyond what it leaves
// them of one resource. A Pod with a lower priority takes no room, since the scheduler removes it.
func (r *room) safe(of *class) bool {
	if depends(of.pod) {
		return false
	}
	spec, closed := of.pod.Spec, 0
	var others []*class
	for _, each := range r.alike {
		count := each.count
		if each == of {
			count--
		}
		// A term by zone reaches nodes that the Pod does not go to, where the scheduler removes none.
		repelling := count > 0 && (repels(of.pod, each.pod) || repels(each.pod, of.pod))
		if repelling && (!byHost(of.pod) || !byHost(each.pod)) {
			return false
		}
		stays := spec.PreemptionPolicy != nil && *spec.PreemptionPolicy == v1.PreemptNever
		if count == 0 || r.apart[each.kind][of.kind] || !stays && corev1.PodPriority(each.pod) < corev1.PodPriority(of.pod) {
			continue
		}
		if repelling {
			closed += count
		} else if sharesPort(of, each) {
			closed += count
		}
		if each == of {
			beside := *each
			beside.count = count
			each = &beside
		}
		others = append(others, each)
	}
	open := opened(of.fits)
	return closed < open && closed+r.filled(of, others) < open
}

// filled says how many of the nodes of a Pod the others can fill at most. Both bounds hold: what they have in all of each resource, the
// smallest rooms first, and their shares of the smallest room, each Pod by the resource of which it has the largest.
func (r *room) filled(of *class, others []*class) int {
	shares, byResource := make([]float64, len(others)), 0
	full := make([]bool, len(r.nodes))
	for resource, asks := range of.asks {
		if asks == 0 {
			continue
		}
		var total, step int64
		pinned := make([]int64, len(r.nodes))
		for _, each := range others {
			sum := each.asks[resource] * int64(each.count)
			if each.pinned < 0 {
				total += sum
			} else {
				pinned[each.pinned] += sum
			}
			step = gcd(step, each.asks[resource])
		}
		var needed []int64
		least := int64(math.MaxInt64)
		for n, fits := range of.fits {
			if !fits {
				continue
			}
			left := r.has[n][resource] - asks
			// Pods come whole: they fill a node by their greatest common divisor.
			fill := int64(0)
			if step > 0 {
				fill = (left/step+1)*step - pinned[n]
			} else if left >= 0 {
				fill = total + 1
			}
			if fill <= 0 {
				full[n] = true
			} else {
				least = min(least, fill)
			}
			needed = append(needed, max(fill, 0))
		}
		slices.Sort(needed)
		for _, fill := range needed {
			if total -= fill; total < 0 {
				break
			}
			byResource++
		}
		for i, each := range others {
			shares[i] = max(shares[i], float64(each.asks[resource])/float64(least))
		}
	}
	sum := rounding
	for i, each := range others {
		if each.pinned < 0 {
			sum += shares[i] * float64(each.count)
		}
	}
	return min(byResource, opened(full)+int(sum))
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// repels says whether a Pod is never beside another.
func repels(a, b *v1.Pod) bool {
	return slices.ContainsFunc(repelled(a), func(term v1.PodAffinityTerm) bool {
		selector, err := metav1.LabelSelectorAsSelector(term.LabelSelector)
		here := len(term.Namespaces) == 0 && term.NamespaceSelector == nil && a.Namespace == b.Namespace
		elsewhere := slices.Contains(term.Namespaces, b.Namespace) || term.NamespaceSelector != nil
		return err != nil || (here || elsewhere) && selector.Matches(labels.Set(b.Labels))
	})
}

// keepsApart says whether Pods of a template never share a node, for certain.
func keepsApart(pod *v1.Pod) bool {
	return slices.ContainsFunc(repelled(pod), func(term v1.PodAffinityTerm) bool {
		selector, err := metav1.LabelSelectorAsSelector(term.LabelSelector)
		here := len(term.Namespaces) == 0 && term.NamespaceSelector == nil || slices.Contains(term.Namespaces, pod.Namespace)
		plain := len(term.MatchLabelKeys) == 0 && len(term.MismatchLabelKeys) == 0
		return err == nil && here && plain && term.TopologyKey == v1.LabelHostname && selector.Matches(labels.Set(pod.Labels))
	})
}

func repelled(pod *v1.Pod) []v1.PodAffinityTerm {
	if pod.Spec.Affinity == nil || pod.Spec.Affinity.PodAntiAffinity == nil {
		return nil
	}
	return pod.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution
}

func byHost(pod *v1.Pod) bool {
	return !slices.ContainsFunc(repelled(pod), func(term v1.PodAffinityTerm) bool { return term.TopologyKey != v1.LabelHostname })
}

// hostPorts are those that a Pod takes of its node.
func hostPorts(pod *v1.Pod) (found []string) {
	for _, port := range util.GetHostPorts(pod) {
		found = append(found, fmt.Sprint(port.HostPort, port.Protocol))
	}
	return found
}

func sharesPort(a, b *class) bool {
	return slices.ContainsFunc(a.ports, func(port string) bool { return slices.Contains(b.ports, port) })
}
