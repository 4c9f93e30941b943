//go:build !wasip1

package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand"
	"slices"
	"strings"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins/names"
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
}

// room is a run while it is looked at.
type room struct {
	*scheduler
	classes []*class
	has     [][]int64 // Of each node, by resource.
	states  int
}

const (
	always    = "always"
	can       = "can"
	never     = "never"
	undecided = "undecided"
	shuffles  = 4
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
			r.add(ctx, i, pods[i], count)
		}
	}
	r.measure()
	if i, why := r.tooMuch(); why != "" {
		return runAnswer{Verdict: never, Pod: i, Why: why}, nil
	}
	if !slices.ContainsFunc(r.classes, func(each *class) bool { return !r.safe(each) }) {
		return runAnswer{Verdict: always}, nil
	}
	return r.search(ctx)
}

// add adds the Pods of a template: so many, or one for each node as the DaemonSet controller does.
func (r *room) add(ctx context.Context, template int, pod *v1.Pod, count int) {
	_, fit, refused := r.filter(ctx, withoutPodAffinity(pod))
	fits, daemon := make([]bool, len(r.nodes)), make([]bool, len(r.nodes))
	for i, node := range r.nodes {
		fits[i] = slices.Contains(fit, fwk.NodeInfo(node))
		daemon[i] = fits[i] || refused.Diagnosis.NodeToStatus.Get(node.Node().Name).Plugin() == names.NodeResourcesFit
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
	var resources []v1.ResourceName
	asked := make([]*framework.Resource, len(r.classes))
	for i, each := range r.classes {
		info := framework.NewNodeInfo(each.pod)
		asked[i] = info.Requested
		for name := range info.Requested.ScalarResources {
			if !slices.Contains(resources, name) {
				resources = append(resources, name)
			}
		}
	}
	numbers := func(of *framework.Resource, pods int64) []int64 {
		found := []int64{of.MilliCPU, of.Memory, of.EphemeralStorage, pods}
		for _, name := range resources {
			found = append(found, of.ScalarResources[name])
		}
		return found
	}
	for i, each := range r.classes {
		each.asks = numbers(asked[i], 1)
	}
	for _, node := range r.nodes {
		r.has = append(r.has, numbers(node.Allocatable, int64(node.Allocatable.AllowedPodNumber)))
	}
}

// tooMuch proves that there is no room for all: on a set of nodes, Pods that fit nowhere else ask for more than there is, or there are
// more big ones than the nodes take one by one.
func (r *room) tooMuch() (int, string) {
	for _, each := range r.classes {
		if !slices.Contains(each.fits, true) {
			_, _, refused := r.filter(context.Background(), withoutPodAffinity(each.pod))
			return each.template, refused.Error()
		}
	}
	for _, each := range r.classes {
		open := 0
		for _, fits := range each.fits {
			if fits {
				open++
			}
		}
		if each.count > open && repels(each.pod, each.pod) {
			return each.template, fmt.Sprintf("0/%d nodes: %d Pods that never share a node, and %d nodes that take one", len(r.nodes), each.count, open)
		}
	}
	names := []string{"cpu", "memory", "ephemeral-storage", "pods"}
	seen := map[string]bool{}
	for _, of := range r.classes {
		key := fmt.Sprint(of.fits)
		if seen[key] {
			continue
		}
		seen[key] = true
		var bound []*class
		for _, each := range r.classes {
			if within(each.fits, of.fits) {
				bound = append(bound, each)
			}
		}
		for resource := range of.asks {
			name := "extended resource"
			if resource < len(names) {
				name = names[resource]
			}
			var asked, there, nodes int64
			for _, each := range bound {
				asked += each.asks[resource] * int64(each.count)
			}
			for n, has := range r.has {
				if of.fits[n] {
					there += has[resource]
					nodes++
				}
			}
			if asked > there {
				most := slices.MaxFunc(bound, func(a, b *class) int {
					return cmp.Compare(a.asks[resource]*int64(a.count), b.asks[resource]*int64(b.count))
				})
				return most.template, fmt.Sprintf("0/%d nodes: insufficient %s: their Pods request %s, and the nodes have %s", nodes, name, amount(name, asked), amount(name, there))
			}
			for _, size := range bound {
				var many, slots int64
				for _, each := range bound {
					if each.asks[resource] >= size.asks[resource] {
						many += int64(each.count)
					}
				}
				for n, has := range r.has {
					if of.fits[n] && size.asks[resource] > 0 {
						slots += has[resource] / size.asks[resource]
					}
				}
				if size.asks[resource] > 0 && many > slots {
					return size.template, fmt.Sprintf("0/%d nodes: insufficient %s: %d Pods request %s or more each, and the nodes take %d of that size", nodes, name, many, amount(name, size.asks[resource]), slots)
				}
			}
		}
	}
	return 0, ""
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

func within(a, b []bool) bool {
	for i := range a {
		if a[i] && !b[i] {
			return false
		}
	}
	return true
}

// safe proves that a Pod finds a node whatever the others do. To take a node from it, they have to fill the node beyond what it leaves
// them of one resource; what they have in all closes so many nodes, counted for each resource by itself, the smallest rooms first.
// A Pod with a lower priority takes no room, since the scheduler removes it.
func (r *room) safe(of *class) bool {
	spec := of.pod.Spec
	if spec.Affinity != nil && spec.Affinity.PodAffinity != nil && len(spec.Affinity.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution) > 0 {
		return false
	}
	for _, each := range spec.TopologySpreadConstraints {
		if each.WhenUnsatisfiable == v1.DoNotSchedule {
			return false
		}
	}
	open, closed := 0, 0
	for _, fits := range of.fits {
		if fits {
			open++
		}
	}
	var others []*class
	for _, each := range r.classes {
		beside := *each
		if each == of {
			beside.count--
		}
		stays := spec.PreemptionPolicy != nil && *spec.PreemptionPolicy == v1.PreemptNever
		if beside.count == 0 || apart(each.fits, of.fits) || !stays && priority(each.pod) < priority(of.pod) {
			continue
		}
		if repels(of.pod, each.pod) || repels(each.pod, of.pod) {
			if !byHost(of.pod) || !byHost(each.pod) {
				return false
			}
			closed += beside.count
		} else if sharesPort(of.pod, each.pod) {
			closed += beside.count
		}
		others = append(others, &beside)
	}
	for resource, asks := range of.asks {
		if asks == 0 {
			continue
		}
		var total, step int64
		pinned := make([]int64, len(r.nodes))
		for _, each := range others {
			on, nodes := -1, 0
			for n, fits := range each.fits {
				if fits {
					on, nodes = n, nodes+1
				}
			}
			each := each.asks[resource] * int64(each.count)
			if nodes == 1 {
				pinned[on] += each
			} else {
				total += each
			}
		}
		for _, each := range others {
			if step = gcd(step, each.asks[resource]); step == 1 {
				break
			}
		}
		var needed []int64
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
			needed = append(needed, max(fill, 0))
		}
		slices.Sort(needed)
		for _, fill := range needed {
			if total -= fill; total < 0 {
				break
			}
			closed++
		}
	}
	return closed < open
}

func apart(a, b []bool) bool {
	for i := range a {
		if a[i] && b[i] {
			return false
		}
	}
	return true
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func priority(pod *v1.Pod) int32 {
	if pod.Spec.Priority == nil {
		return 0
	}
	return *pod.Spec.Priority
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

func repelled(pod *v1.Pod) []v1.PodAffinityTerm {
	if pod.Spec.Affinity == nil || pod.Spec.Affinity.PodAntiAffinity == nil {
		return nil
	}
	return pod.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution
}

func byHost(pod *v1.Pod) bool {
	return !slices.ContainsFunc(repelled(pod), func(term v1.PodAffinityTerm) bool { return term.TopologyKey != v1.LabelHostname })
}

func sharesPort(a, b *v1.Pod) bool {
	taken := map[string]bool{}
	ports := func(pod *v1.Pod, each func(string) bool) bool {
		for _, container := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
			for _, port := range container.Ports {
				if port.HostPort > 0 && each(fmt.Sprint(port.HostPort, port.Protocol)) {
					return true
				}
			}
		}
		return false
	}
	ports(a, func(port string) bool { taken[port] = true; return false })
	return ports(b, func(port string) bool { return taken[port] })
}

// search puts the Pods on nodes as the scheduler does: in some orders, and where it can be done, in all of them.
func (r *room) search(ctx context.Context) (runAnswer, error) {
	var good bool
	var bad *runAnswer
	orders := r.orders()
	for _, order := range orders {
		stranded, err := r.place(ctx, order)
		if err != nil {
			return runAnswer{}, err
		}
		if stranded == nil {
			good = true
		} else if bad == nil {
			bad = stranded
		}
		if good && bad != nil {
			bad.Verdict = can
			return *bad, nil
		}
	}
	left, least := make([]int, len(r.classes)), 1
	for i, each := range r.classes {
		left[i] = each.count
		// Each choice of Pods that are there already is a state at least.
		least = min(least*(each.count+1), r.states+1)
	}
	if least > r.states {
		r.states = 0
	}
	found := &exhaustion{good: good, bad: bad, seen: map[string]bool{}, left: r.states}
	whole, err := r.exhaust(ctx, left, nil, found)
	switch {
	case err != nil:
		return runAnswer{}, err
	case found.good && found.bad != nil:
		found.bad.Verdict = can
		return *found.bad, nil
	case whole && r.preempts():
		whole = false
	}
	if !whole {
		if found.bad != nil {
			why := fmt.Sprintf("%s That is so in the %d orders that were tried, and not proved for the others", found.bad.Why, len(orders))
			return runAnswer{Verdict: undecided, Pod: found.bad.Pod, Why: why, Order: found.bad.Order}, nil
		}
		return runAnswer{Verdict: undecided, Why: fmt.Sprintf("all Pods fit in the %d orders that were tried; it is not proved for the others", len(orders))}, nil
	}
	if found.bad != nil {
		found.bad.Verdict = never
		return *found.bad, nil
	}
	return runAnswer{Verdict: always}, nil
}

// preempts says whether the scheduler may remove Pods, which is not followed.
func (r *room) preempts() bool {
	return slices.ContainsFunc(r.classes, func(each *class) bool { return priority(each.pod) != priority(r.classes[0].pod) })
}

// orders are those of the templates, the reverse, by size both ways, and some at random, which are the same in each run.
// Of Pods of different priority the higher ones come first, since they remove the others.
func (r *room) orders() [][]int {
	var given []int
	for i, each := range r.classes {
		for range each.count {
			given = append(given, i)
		}
	}
	share := func(class int) (most float64) {
		for resource, asks := range r.classes[class].asks {
			for n := range r.has {
				if r.has[n][resource] > 0 {
					most = max(most, float64(asks)/float64(r.has[n][resource]))
				}
			}
		}
		return most
	}
	sorted := slices.Clone(given)
	slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(share(b), share(a)) })
	found := [][]int{given, sorted}
	for _, each := range [][]int{given, sorted} {
		turned := slices.Clone(each)
		slices.Reverse(turned)
		found = append(found, turned)
	}
	chance := rand.New(rand.NewSource(1))
	for range shuffles {
		shuffled := slices.Clone(given)
		chance.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		found = append(found, shuffled)
	}
	for _, order := range found {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(priority(r.classes[b].pod), priority(r.classes[a].pod)) })
	}
	return found
}

// put adds a Pod of a class to a node, and returns what takes it away.
func (r *room) put(of *class, node *framework.NodeInfo) func() error {
	of.serial++
	pod := of.pod.DeepCopy()
	pod.Name = fmt.Sprintf("%s-%d", pod.Name, of.serial)
	pod.UID = types.UID(fmt.Sprintf("%s/%d", of.pod.UID, of.serial))
	pod.Spec.NodeName = node.Node().Name
	node.AddPod(pod)
	return func() error { return node.RemovePod(klog.TODO(), pod) }
}

// place creates the Pods in an order, and says which one finds no room.
func (r *room) place(ctx context.Context, order []int) (*runAnswer, error) {
	var undo []func() error
	stranded, err := func() (*runAnswer, error) {
		for at, i := range order {
			of := r.classes[i]
			state, fit, refused := r.filter(ctx, of.pod)
			if len(fit) == 0 {
				return r.stranded(of, refused, order[:at]), nil
			}
			best, err := r.best(ctx, state, of.pod, fit)
			if err != nil {
				return nil, err
			}
			undo = append(undo, r.put(of, best[0]))
		}
		return nil, nil
	}()
	for _, each := range undo {
		if gone := each(); gone != nil {
			return nil, gone
		}
	}
	return stranded, err
}

func (r *room) stranded(of *class, refused *framework.FitError, before []int) *runAnswer {
	found := &runAnswer{Pod: of.template, Why: refused.Error()}
	for _, each := range before {
		found.Order = append(found.Order, r.classes[each].template)
	}
	return found
}

// exhaustion is what has been found while all orders are followed.
type exhaustion struct {
	good bool
	bad  *runAnswer
	seen map[string]bool
	left int
}

// exhaust follows every order and every node that the scheduler may choose, until both ends are found. Nodes hold what matters of the
// past, so that no state is followed twice. It returns false where there are too many.
func (r *room) exhaust(ctx context.Context, left []int, before []int, found *exhaustion) (bool, error) {
	key := r.key()
	if found.seen[key] || found.good && found.bad != nil {
		return true, nil
	}
	if found.left--; found.left < 0 {
		return false, nil
	}
	found.seen[key] = true
	done := true
	for i, of := range r.classes {
		if left[i] == 0 {
			continue
		}
		done = false
		state, fit, refused := r.filter(ctx, of.pod)
		if len(fit) == 0 {
			if found.bad == nil {
				found.bad = r.stranded(of, refused, before)
			}
			continue
		}
		best, err := r.best(ctx, state, of.pod, fit)
		if err != nil {
			return false, err
		}
		for _, node := range best {
			undo := r.put(of, node)
			left[i]--
			whole, err := r.exhaust(ctx, left, append(slices.Clone(before), i), found)
			left[i]++
			if gone := undo(); gone != nil {
				return false, gone
			}
			if err != nil || !whole {
				return false, err
			}
		}
	}
	found.good = found.good || done
	return true, nil
}

// key is the same for states between which the scheduler sees no difference.
func (r *room) key() string {
	var nodes []string
	for _, node := range r.nodes {
		var pods []string
		for _, each := range node.Pods {
			pods = append(pods, string(each.GetPod().UID[:strings.LastIndex(string(each.GetPod().UID), "/")]))
		}
		slices.Sort(pods)
		nodes = append(nodes, node.Node().Name+strings.Join(pods, ","))
	}
	return strings.Join(nodes, ";")
}
