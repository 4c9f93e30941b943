//go:build !wasip1

package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	corev1 "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework"
)

// search puts the Pods on nodes as the scheduler does in some orders. Then it looks for any placement of all, and for any order and choice
// of nodes that strands a Pod.
func (r *room) search(ctx context.Context) (runAnswer, error) {
	var good bool
	var bad *runAnswer
	total := 0
	for _, each := range r.classes {
		total += each.count
	}
	most := tries / max(total*len(r.nodes), 1)
	if most == 0 {
		return runAnswer{Verdict: undecided, Why: fmt.Sprintf("%d Pods on %d nodes are too many to try their orders, and no bound proves it", total, len(r.nodes))}, nil
	}
	orders := r.orders()
	orders = orders[:min(most, len(orders))]
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
	if !good {
		one := &exhaustion{isOneOrder: true}
		whole, err := r.follow(ctx, one)
		if err != nil {
			return runAnswer{}, err
		}
		// Whether a Pod that depends on others finds room is a question of the order.
		if whole && !one.good && !slices.ContainsFunc(r.classes, func(each *class) bool { return depends(each.pod) }) {
			bad.Verdict = never
			return *bad, nil
		}
		good = one.good
	}
	all := &exhaustion{good: good}
	whole, err := r.follow(ctx, all)
	if err != nil {
		return runAnswer{}, err
	}
	// The scheduler may remove Pods of a lower priority, which is not followed.
	followed := !r.preempts()
	switch {
	case whole && all.bad == nil && followed:
		return runAnswer{Verdict: always}, nil
	case good && bad != nil:
		bad.Verdict = can
		return *bad, nil
	case good && all.bad != nil && followed:
		all.bad.Verdict = can
		all.bad.ByChoice = true
		return *all.bad, nil
	case bad != nil:
		why := fmt.Sprintf("%s That is so in all orders that were tried (%d), and not proved for the others", bad.Why, len(orders))
		return runAnswer{Verdict: undecided, Pod: bad.Pod, Why: why, Order: bad.Order}, nil
	}
	return runAnswer{Verdict: undecided, Why: fmt.Sprintf("all Pods fit in all orders that were tried (%d); it is not proved for the others", len(orders))}, nil
}

// preempts says whether the scheduler may remove Pods, which is not followed.
func (r *room) preempts() bool {
	return slices.ContainsFunc(r.classes, func(each *class) bool { return corev1.PodPriority(each.pod) != corev1.PodPriority(r.classes[0].pod) })
}

// orders are those of the templates, the reverse, by size both ways, and some at random, which are the same in each run.
// Of Pods of different priority the higher ones come first, since they remove the others.
func (r *room) orders() [][]int {
	var given, sorted []int
	for i, each := range r.classes {
		given = append(given, slices.Repeat([]int{i}, each.count)...)
	}
	for _, i := range r.bySize() {
		sorted = append(sorted, slices.Repeat([]int{i}, r.classes[i].count)...)
	}
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
		slices.SortStableFunc(order, func(a, b int) int {
			return cmp.Compare(corev1.PodPriority(r.classes[b].pod), corev1.PodPriority(r.classes[a].pod))
		})
	}
	return found
}

// bySize are the classes, those first that ask for the largest share of a node.
func (r *room) bySize() (found []int) {
	share := make([]float64, len(r.classes))
	for i, each := range r.classes {
		found = append(found, i)
		for resource, asks := range each.asks {
			for n := range r.has {
				if r.has[n][resource] > 0 {
					share[i] = max(share[i], float64(asks)/float64(r.has[n][resource]))
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(share[b], share[a]) })
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

// exhaustion is what has been found while orders are followed, each with every node that takes a Pod.
type exhaustion struct {
	// isOneOrder follows one order: whether all fit together does not depend on it.
	isOneOrder bool
	good       bool
	bad        *runAnswer
	seen       map[string]bool
	left       int
	order      []int
}

// follow follows the orders of all Pods. It returns false where there are too many.
func (r *room) follow(ctx context.Context, found *exhaustion) (bool, error) {
	found.seen, found.left, found.order = map[string]bool{}, r.states, r.bySize()
	if !found.isOneOrder {
		slices.Reverse(found.order) // Small Pods take the room of large ones.
	}
	left, least := make([]int, len(r.classes)), 1
	for i, each := range r.classes {
		left[i] = each.count
		// Each choice of Pods that are there already is a state at least.
		least = min(least*(each.count+1), r.states+1)
	}
	if least > r.states && !found.isOneOrder {
		return false, nil
	}
	return r.exhaust(ctx, left, nil, found)
}

// exhaust follows the orders until both ends are found. Nodes hold what matters of the past, so that no state is followed twice.
func (r *room) exhaust(ctx context.Context, left []int, before []int, found *exhaustion) (bool, error) {
	contents := r.content()
	key := fmt.Sprint(slices.Sorted(slices.Values(contents)))
	if found.seen[key] || found.good && (found.isOneOrder || found.bad != nil) {
		return true, nil
	}
	if found.left--; found.left < 0 {
		return false, nil
	}
	found.seen[key] = true
	fits := make([][]fwk.NodeInfo, len(r.classes))
	for i, of := range r.classes {
		if left[i] == 0 {
			continue
		}
		var known bool
		if fits[i], known = r.known(i, contents); known && (len(fits[i]) > 0 || found.bad != nil) {
			continue
		}
		var refused *framework.FitError
		if _, fits[i], refused = r.filter(ctx, of.pod); len(fits[i]) == 0 && found.bad == nil {
			found.bad = r.stranded(of, refused, before)
		}
		r.learn(i, contents, fits[i])
	}
	if r.isSafeFrom(left, fits) {
		found.good = true
		return true, nil
	}
	for _, i := range found.order {
		if left[i] == 0 {
			continue
		}
		for _, node := range fits[i] {
			undo := r.put(r.classes[i], node.(*framework.NodeInfo))
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
		if found.isOneOrder {
			break
		}
	}
	return true, nil
}

// isSafeFrom proves that each Pod that is left finds a node, whatever the order from here. It is so where none is left.
func (r *room) isSafeFrom(left []int, fits [][]fwk.NodeInfo) bool {
	now := &room{scheduler: r.scheduler, apart: r.apart}
	for _, node := range r.nodes {
		free := r.numbers(node.Allocatable, int64(node.Allocatable.AllowedPodNumber))
		for resource, used := range r.numbers(node.Requested, int64(len(node.Pods))) {
			free[resource] -= used
		}
		now.has = append(now.has, free)
	}
	for i, each := range r.classes {
		if left[i] == 0 {
			continue
		}
		rest := *each
		rest.count, rest.fits = left[i], make([]bool, len(r.nodes))
		for n, node := range r.nodes {
			rest.fits[n] = slices.Contains(fits[i], fwk.NodeInfo(node))
		}
		now.alike = append(now.alike, &rest)
	}
	return !slices.ContainsFunc(now.alike, func(each *class) bool { return !now.safe(each) })
}

// content numbers what is on each node. Nodes of one group with Pods of the same classes have the same number: the scheduler sees no
// difference.
func (r *room) content() (found []int) {
	if r.contents == nil {
		r.contents = map[string]int{}
	}
	for i, node := range r.nodes {
		var pods []string
		for _, each := range node.Pods {
			pods = append(pods, string(each.GetPod().UID[:strings.LastIndex(string(each.GetPod().UID), "/")]))
		}
		slices.Sort(pods)
		key := fmt.Sprint(r.groups[i], pods)
		if _, known := r.contents[key]; !known {
			r.contents[key] = len(r.contents)
		}
		found = append(found, r.contents[key])
	}
	return found
}

// local says whether a node's own Pods alone decide if it takes a Pod of a class.
func (r *room) local(of *class) bool {
	return !depends(of.pod) && !slices.ContainsFunc(r.classes, func(each *class) bool {
		return (repels(of.pod, each.pod) || repels(each.pod, of.pod)) && !(byHost(of.pod) && byHost(each.pod))
	})
}

// known are the nodes that take a Pod of a class, where each was asked with the same content before.
func (r *room) known(of int, contents []int) (fit []fwk.NodeInfo, known bool) {
	for i, node := range r.nodes {
		takes, known := r.takes[[2]int{of, contents[i]}]
		if !known {
			return nil, false
		}
		if takes {
			fit = append(fit, node)
		}
	}
	return fit, true
}

// learn keeps which nodes took a Pod of a class.
func (r *room) learn(of int, contents []int, fit []fwk.NodeInfo) {
	if r.takes == nil {
		r.takes = map[[2]int]bool{}
	}
	if r.local(r.classes[of]) {
		for i, node := range r.nodes {
			r.takes[[2]int{of, contents[i]}] = slices.Contains(fit, fwk.NodeInfo(node))
		}
	}
}
