//go:build !wasip1

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	v1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
	fwk "k8s.io/kube-scheduler/framework"
	coredefaults "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/apis/core/v1/helper"
	"k8s.io/kubernetes/pkg/scheduler/apis/config"
	"k8s.io/kubernetes/pkg/scheduler/apis/config/latest"
	"k8s.io/kubernetes/pkg/scheduler/framework"
	"k8s.io/kubernetes/pkg/scheduler/framework/plugins"
	schedruntime "k8s.io/kubernetes/pkg/scheduler/framework/runtime"
	"k8s.io/kubernetes/pkg/scheduler/metrics"
)

func init() {
	ofCluster["schedule"] = answering(schedule)
}

// scheduleRequest asks where Pods may run, and whether nodes have room for them.
type scheduleRequest struct {
	// Objects are Nodes, and what the scheduler looks up: claims, volumes, their classes, Namespaces.
	Objects []json.RawMessage `json:"objects"`
	// Pods, one for each template.
	Pods []json.RawMessage `json:"pods"`
	Runs []scheduleRun     `json:"runs"`
	// States that may be looked at for each run.
	States int `json:"states"`
}

// scheduleRun puts numbers of Pods on some nodes.
type scheduleRun struct {
	// Nodes by name.
	Nodes []string `json:"nodes"`
	// Counts of Pods of each template; -1 is one on each node that the template allows, as of a DaemonSet.
	Counts []int `json:"counts"`
}

// scheduleAnswer is for a whole request.
type scheduleAnswer struct {
	// Placements are, for each template, the reasons of the empty nodes that do not take its Pod, by node.
	Placements []map[string]string `json:"placements"`
	Runs       []runAnswer         `json:"runs"`
}

// runAnswer says whether all Pods of a run find room.
type runAnswer struct {
	// Verdict is always, can, never or undecided.
	Verdict string `json:"verdict"`
	// Pod that finds no room, by its template.
	Pod int `json:"pod"`
	// Why it finds none, in the scheduler's words, or what is not decided.
	Why string `json:"why"`
	// Order of creation in which it finds none, by templates.
	Order []int `json:"order,omitempty"`
	// ByChoice says that it finds none only where the scheduler's choice of nodes is not that of its scores for their Pods.
	ByChoice bool `json:"byChoice,omitempty"`
}

// unused plugins look up what no platform declares, such as how many disks a node takes, or act on a cluster.
var unused = []string{"DynamicResources", "NodeVolumeLimits", "DefaultPreemption", "GangScheduling", "NodeDeclaredFeatures", "TopologyPlacementGenerator", "PodGroupPodsCount"}

// looked are the kinds that plugins look up.
var looked = []runtime.Object{
	&v1.Node{}, &v1.Pod{}, &v1.Namespace{}, &v1.Service{}, &v1.PersistentVolume{}, &v1.PersistentVolumeClaim{}, &v1.ReplicationController{},
	&appsv1.ReplicaSet{}, &appsv1.StatefulSet{}, &storagev1.StorageClass{}, &storagev1.CSINode{}, &storagev1.CSIDriver{}, &storagev1.CSIStorageCapacity{}, &storagev1.VolumeAttachment{},
}

// scheduler is the real one's framework over nodes that are filled here.
type scheduler struct {
	framework.Framework
	fwk.SharedLister
	all, nodes []*framework.NodeInfo
	// empty says of each template why an empty node does not take its Pod, by node; nil of one that does.
	empty []map[string]*fwk.Status
	// likeness of each node, by its name.
	likeness map[string]string
}

func (s *scheduler) NodeInfos() fwk.NodeInfoLister       { return s }
func (s *scheduler) StorageInfos() fwk.StorageInfoLister { return s }
func (s *scheduler) IsPVCUsedByPods(string) bool         { return false }
func (s *scheduler) List() ([]fwk.NodeInfo, error) {
	return s.having(func(*framework.NodeInfo) bool { return true }), nil
}
func (s *scheduler) HavePodsWithAffinityList() ([]fwk.NodeInfo, error) {
	return s.having(func(node *framework.NodeInfo) bool { return len(node.PodsWithAffinity) > 0 }), nil
}
func (s *scheduler) HavePodsWithRequiredAntiAffinityList() ([]fwk.NodeInfo, error) {
	return s.having(func(node *framework.NodeInfo) bool { return len(node.PodsWithRequiredAntiAffinity) > 0 }), nil
}

// HavePodsWithRequiredNonHostScopedAntiAffinityList is asked for by later versions.
func (s *scheduler) HavePodsWithRequiredNonHostScopedAntiAffinityList() ([]fwk.NodeInfo, error) {
	return s.HavePodsWithRequiredAntiAffinityList()
}

func (s *scheduler) having(holds func(*framework.NodeInfo) bool) (found []fwk.NodeInfo) {
	for _, node := range s.nodes {
		if holds(node) {
			found = append(found, node)
		}
	}
	return found
}

func (s *scheduler) Get(name string) (fwk.NodeInfo, error) {
	for _, node := range s.nodes {
		if node.Node().Name == name {
			return node, nil
		}
	}
	return nil, fmt.Errorf("no node %q", name)
}

// listed are objects that never change, as an informer reads them.
type listed struct{ list *metav1.List }

func (l listed) List(metav1.ListOptions) (runtime.Object, error)   { return l.list, nil }
func (l listed) Watch(metav1.ListOptions) (watch.Interface, error) { return watch.NewFake(), nil }
func (l listed) IsWatchListSemanticsUnSupported() bool             { return true }

func newScheduler(ctx context.Context, objects []json.RawMessage) (*scheduler, error) {
	metrics.Register()
	made := &scheduler{likeness: map[string]string{}}
	byKind := map[string]*metav1.List{}
	for _, raw := range objects {
		object, kind, err := clientscheme.Codecs.UniversalDeserializer().Decode(raw, nil, nil)
		if err != nil {
			return nil, err
		}
		if byKind[kind.Kind] == nil {
			byKind[kind.Kind] = &metav1.List{}
		}
		byKind[kind.Kind].Items = append(byKind[kind.Kind].Items, runtime.RawExtension{Object: object})
		if node, ok := object.(*v1.Node); ok {
			info := framework.NewNodeInfo()
			info.SetNode(node)
			made.all = append(made.all, info)
			if made.likeness[node.Name], err = likeness(node); err != nil {
				return nil, err
			}
		}
	}
	factory := informers.NewSharedInformerFactory(nil, 0)
	for _, each := range looked {
		kinds, _, err := clientscheme.Scheme.ObjectKinds(each)
		if err != nil {
			return nil, err
		}
		list := byKind[kinds[0].Kind]
		if list == nil {
			list = &metav1.List{}
		}
		factory.InformerFor(each, func(kubernetes.Interface, time.Duration) cache.SharedIndexInformer {
			return cache.NewSharedIndexInformer(listed{list}, each, 0, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
		})
	}
	defaults, err := latest.Default()
	if err != nil {
		return nil, err
	}
	profile := &defaults.Profiles[0]
	profile.Plugins.MultiPoint.Enabled = slices.DeleteFunc(profile.Plugins.MultiPoint.Enabled, func(each config.Plugin) bool {
		return slices.Contains(unused, each.Name)
	})
	made.Framework, err = schedruntime.NewFramework(ctx, plugins.NewInTreeRegistry(), profile,
		schedruntime.WithInformerFactory(factory), schedruntime.WithSnapshotSharedLister(made), schedruntime.WithParallelism(1))
	if err != nil {
		return nil, err
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return made, nil
}

// filter says which nodes take a Pod, and what each other one answers.
func (s *scheduler) filter(ctx context.Context, pod *v1.Pod) (fwk.CycleState, []fwk.NodeInfo, *framework.FitError) {
	state := framework.NewCycleState()
	diagnosis := framework.Diagnosis{NodeToStatus: framework.NewDefaultNodeToStatus()}
	result, status, _ := s.RunPreFilterPlugins(ctx, state, pod)
	var fit []fwk.NodeInfo
	if !status.IsSuccess() {
		diagnosis.PreFilterMsg = status.Message()
		diagnosis.NodeToStatus.SetAbsentNodesStatus(status)
	} else {
		if !result.AllNodes() {
			diagnosis.NodeToStatus.SetAbsentNodesStatus(fwk.NewStatus(fwk.UnschedulableAndUnresolvable, "node(s) didn't match Pod's node affinity/selector"))
		}
		for _, node := range s.nodes {
			if !result.AllNodes() && !result.NodeNames.Has(node.Node().Name) {
				continue
			}
			if status := s.RunFilterPlugins(ctx, state, pod, node); status.IsSuccess() {
				fit = append(fit, node)
			} else {
				diagnosis.NodeToStatus.Set(node.Node().Name, status)
			}
		}
	}
	return state, fit, &framework.FitError{Pod: pod, NumAllNodes: len(s.nodes), Diagnosis: diagnosis}
}

// best are the nodes of which the scheduler takes one at random.
func (s *scheduler) best(ctx context.Context, state fwk.CycleState, pod *v1.Pod, fit []fwk.NodeInfo) ([]*framework.NodeInfo, error) {
	if status := s.RunPreScorePlugins(ctx, state, pod, fit); !status.IsSuccess() {
		return nil, status.AsError()
	}
	scores, status := s.RunScorePlugins(ctx, state, pod, fit)
	if !status.IsSuccess() {
		return nil, status.AsError()
	}
	var found []*framework.NodeInfo
	most := slices.MaxFunc(scores, func(a, b fwk.NodePluginScores) int { return int(a.TotalScore - b.TotalScore) }).TotalScore
	for i, each := range scores {
		if each.TotalScore == most {
			found = append(found, fit[i].(*framework.NodeInfo))
		}
	}
	return found, nil
}

func readPod(raw []byte) (*v1.Pod, error) {
	pod := &v1.Pod{}
	if err := json.Unmarshal(raw, pod); err != nil {
		return nil, err
	}
	coredefaults.SetObjectDefaults_Pod(pod)
	// EKS runs the admission plugin ExtendedResourceToleration.
	for _, container := range append(slices.Clone(pod.Spec.InitContainers), pod.Spec.Containers...) {
		for name := range container.Resources.Requests {
			if helper.IsExtendedResourceName(name) {
				helper.AddOrUpdateTolerationInPodSpec(&pod.Spec, &v1.Toleration{
					Key: string(name), Operator: v1.TolerationOpExists, Effect: v1.TaintEffectNoSchedule,
				})
			}
		}
	}
	pod.UID = types.UID(pod.Namespace + "/" + pod.Name)
	return pod, nil
}

func schedule(asked scheduleRequest) (*scheduleAnswer, error) {
	ctx, cancel := context.WithCancel(klog.NewContext(context.Background(), klog.TODO()))
	defer cancel()
	s, err := newScheduler(ctx, asked.Objects)
	if err != nil {
		return nil, err
	}
	given := &scheduleAnswer{Placements: []map[string]string{}, Runs: []runAnswer{}}
	var pods []*v1.Pod
	s.nodes = s.all
	for _, raw := range asked.Pods {
		pod, err := readPod(raw)
		if err != nil {
			return nil, err
		}
		pods = append(pods, pod)
		s.empty = append(s.empty, s.look(ctx, pod))
		found := map[string]string{}
		for name, status := range s.empty[len(pods)-1] {
			if status != nil {
				found[name] = strings.Join(status.Reasons(), ", ")
			}
		}
		given.Placements = append(given.Placements, found)
	}
	for _, each := range asked.Runs {
		found, err := s.capacity(ctx, pods, each, asked.States)
		if err != nil {
			return nil, err
		}
		given.Runs = append(given.Runs, found)
	}
	return given, nil
}

// look says of each empty node why it takes no Pod of a template. Nodes that differ in their names only are asked once.
func (s *scheduler) look(ctx context.Context, pod *v1.Pod) map[string]*fwk.Status {
	alike, asked := map[string][]*framework.NodeInfo{}, []*framework.NodeInfo{}
	apart := namesNodes(pod)
	for _, node := range s.all {
		key := node.Node().Name
		if !apart {
			key = s.likeness[key]
		}
		if len(alike[key]) == 0 {
			asked = append(asked, node)
		}
		alike[key] = append(alike[key], node)
	}
	s.nodes = asked
	_, fit, refused := s.filter(ctx, withoutPodAffinity(pod))
	found := map[string]*fwk.Status{}
	for _, nodes := range alike {
		var status *fwk.Status
		if !slices.Contains(fit, fwk.NodeInfo(nodes[0])) {
			status = refused.Diagnosis.NodeToStatus.Get(nodes[0].Node().Name)
		}
		for _, node := range nodes {
			found[node.Node().Name] = status
		}
	}
	s.nodes = s.all
	return found
}

// namesNodes says whether a Pod may select a node by its name: itself, or by the volume of a claim.
func namesNodes(pod *v1.Pod) bool {
	for _, volume := range pod.Spec.Volumes {
		if volume.PersistentVolumeClaim != nil {
			return true
		}
	}
	selected, err := json.Marshal([]any{pod.Spec.NodeName, pod.Spec.NodeSelector, pod.Spec.Affinity})
	return err != nil || pod.Spec.NodeName != "" || strings.Contains(string(selected), v1.LabelHostname) || strings.Contains(string(selected), "matchFields")
}

// likeness is the same for nodes that differ in their names only.
func likeness(node *v1.Node) (string, error) {
	labels := maps.Clone(node.Labels)
	delete(labels, v1.LabelHostname)
	key, err := json.Marshal([]any{labels, node.Spec.Taints, node.Status.Allocatable})
	return string(key), err
}
