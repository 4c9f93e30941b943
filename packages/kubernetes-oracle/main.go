// Command kubernetes-oracle says what an API server of one minor version would say of objects. It links the server's own
// code: strict decoding, defaulting, validation, Pod Security, and the schemas of custom resources.
//
// It reads a request a line from standard input and writes an answer a line, in the same order, to standard output.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	_ "time/tzdata" // Time zones are those of the server, not of this machine.

	"k8s.io/klog/v2"
)

// request asks about one object.
type request struct {
	// Object as it would be sent.
	Object json.RawMessage `json:"object"`
	// Old is the object that it replaces. Left out, the object is created.
	Old json.RawMessage `json:"old,omitempty"`
	// NamespaceLabels of the object's namespace, for Pod Security.
	NamespaceLabels map[string]string `json:"namespaceLabels,omitempty"`
	// Definition is the CustomResourceDefinition of the object's kind.
	Definition json.RawMessage `json:"definition,omitempty"`
	// Cluster is what is asked of a whole cluster instead of an object: "rights" or "schedule". About is the question.
	Cluster string          `json:"cluster,omitempty"`
	About   json.RawMessage `json:"about,omitempty"`
}

// ofCluster answers what is asked of a whole cluster. The WebAssembly links none of it: 18 MB for rights, and more for schedule.
var ofCluster = map[string]func(json.RawMessage) (any, error){}

// finding is one reason for which the server would refuse an object.
type finding struct {
	// Field in the object, as the server writes it: spec.template.spec.containers[0].image. Empty for the whole object.
	Field string `json:"field"`
	// Message in the server's words.
	Message string `json:"message"`
}

// answer says all that is wrong with one object.
type answer struct {
	Findings []finding `json:"findings"`
	// Unknown is true when no code here knows the object's kind: a custom resource without its definition.
	Unknown bool `json:"unknown,omitempty"`
}

func main() {
	// The server's code logs what it finds odd about itself, which is no answer.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run() error {
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	lines := bytes.Split(bytes.TrimSpace(in), []byte("\n"))
	answers, failures := make([][]byte, len(lines)), make([]error, len(lines))
	running := make(chan struct{}, runtime.GOMAXPROCS(0))
	var done sync.WaitGroup
	for i, line := range lines {
		running <- struct{}{}
		done.Go(func() {
			answers[i], failures[i] = reply(line)
			<-running
		})
	}
	done.Wait()
	for i, failure := range failures {
		if failure != nil {
			return fmt.Errorf("request %d: %w", i+1, failure)
		}
	}
	_, err = os.Stdout.Write(append(bytes.Join(answers, []byte("\n")), '\n'))
	return err
}

func reply(line []byte) ([]byte, error) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	if asked.Cluster != "" {
		answer, known := ofCluster[asked.Cluster]
		if !known {
			return nil, fmt.Errorf("this build does not answer %q", asked.Cluster)
		}
		given, err := answer(asked.About)
		if err != nil {
			return nil, err
		}
		return json.Marshal(given)
	}
	given, err := validate(asked)
	if err != nil {
		return nil, err
	}
	given.Findings = append([]finding{}, given.Findings...)
	return json.Marshal(given)
}

// answering makes an answer to a question of one form.
func answering[Q, A any](answer func(Q) (A, error)) func(json.RawMessage) (any, error) {
	return func(raw json.RawMessage) (any, error) {
		var asked Q
		if err := json.Unmarshal(raw, &asked); err != nil {
			return nil, err
		}
		return answer(asked)
	}
}
