// Command kubernetes-oracle says what an API server of one minor version would say of objects. It links the server's own
// code: strict decoding, defaulting, validation, Pod Security, and the schemas of custom resources.
//
// It reads a request a line from standard input and writes an answer a line, in the same order, to standard output.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
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
}

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
	klog.SetOutput(discard{})
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func run() error {
	var lines [][]byte
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			lines = append(lines, line)
		}
		if err != nil {
			break
		}
	}
	answers := make([][]byte, len(lines))
	failures := make([]error, len(lines))
	var next = make(chan int)
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for i := range next {
				answers[i], failures[i] = reply(lines[i])
			}
		})
	}
	for i := range lines {
		next <- i
	}
	close(next)
	done.Wait()
	out := bufio.NewWriter(os.Stdout)
	for i, line := range answers {
		if failures[i] != nil {
			return fmt.Errorf("request %d: %w", i+1, failures[i])
		}
		out.Write(append(line, '\n'))
	}
	return out.Flush()
}

func reply(line []byte) ([]byte, error) {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	given, err := validate(asked)
	if err != nil {
		return nil, err
	}
	if given.Findings == nil {
		given.Findings = []finding{}
	}
	return json.Marshal(given)
}
