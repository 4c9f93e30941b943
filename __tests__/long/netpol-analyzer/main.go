// Command netpol-analyzer lists the connections that netpol-analyzer of np-guard finds. It reads a list of objects a line, and writes
// for each a map from "source>destination" to the ports by protocol; "all" is every port of every protocol.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/np-guard/netpol-analyzer/pkg/netpol/connlist"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/resource"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		found, err := connections(in.Bytes())
		if err == nil {
			err = out.Encode(found)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}

func connections(line []byte) (map[string]any, error) {
	var objects []map[string]any
	if err := json.Unmarshal(line, &objects); err != nil {
		return nil, err
	}
	var infos []*resource.Info
	for _, each := range objects {
		infos = append(infos, &resource.Info{Object: &unstructured.Unstructured{Object: each}})
	}
	analyzer := connlist.NewConnlistAnalyzer(connlist.WithMuteErrsAndWarns(), connlist.WithStopOnError())
	listed, _, err := analyzer.ConnlistFromResourceInfos(infos)
	if err != nil {
		return nil, err
	}
	found := map[string]any{}
	for _, each := range listed {
		key := each.Src().String() + ">" + each.Dst().String()
		if each.AllProtocolsAndPorts() {
			found[key] = "all"
			continue
		}
		ports := map[string][][2]int64{}
		for protocol, ranges := range each.ProtocolsAndPorts() {
			for _, one := range ranges {
				if data, known := one.(interface{ InSet() bool }); known && !data.InSet() {
					continue // Shown in explanations only.
				}
				ports[string(protocol)] = append(ports[string(protocol)], [2]int64{one.Start(), one.End()})
			}
		}
		found[key] = ports
	}
	return found, nil
}
