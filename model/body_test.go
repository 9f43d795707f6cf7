package model_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"golang.org/x/tools/txtar"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

func readArchives(t *testing.T, pattern string) (names []string, archives []*txtar.Archive) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		archives = append(archives, archive)
	}
	return names, archives
}

// TestBodiesAreFlytekits compiles workflows with flytekit, and compares the
// nodes with those that the model reads from the source.
func TestBodiesAreFlytekits(t *testing.T) {
	names, archives := readArchives(t, "bodies/*.txtar")
	modules := make([]pythonModule, len(archives))
	for i, archive := range archives {
		modules[i] = unpack(t, archive)
	}
	answers := askFlytekit(t, modules)
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			compareBodies(t, moduleOf(t, modules[i]), answers[i], true)
		})
	}
}

// compareBodies compares the bodies of a module's workflows with flytekit's. Not
// strict, values may be unknown with a reason.
func compareBodies(t *testing.T, module *model.Module, answer compiledByFlytekit, strict bool) {
	t.Helper()
	if answer.Error != "" {
		t.Fatal(answer.Error)
	}
	for workflow, want := range answer.Workflows {
		entity := module.Entity(workflow)
		if entity == nil {
			t.Errorf("%s: the model doesn't have it", workflow)
			continue
		}
		body := module.Body(entity)
		if strings.HasPrefix(want, "error ") {
			if !rejects(module, body) {
				t.Errorf("%s: flytekit rejects it with %q", workflow, want)
			}
			continue
		}
		got := bodyText(module, body)
		if entity.Kind == model.Dynamic || !strict {
			want = withoutConstants(want, got)
		}
		if got != want {
			t.Errorf("%s:\n got:\n%s\n flytekit has:\n%s", workflow, indented(got), indented(want))
		}
		if rejects(module, body) {
			t.Errorf("%s: flytekit compiles it, and the model says %v", workflow, body.Rejected)
		}
		compareBindings(t, module, body, answer.Bindings[workflow], strict)
	}
}

// TestBodiesOfExamplesAreFlytekits compares the examples' workflows.
func TestBodiesOfExamplesAreFlytekits(t *testing.T) {
	modules := pythonModules(t, filepath.Join(testenv.Root(t), "examples"))
	answers := askFlytekit(t, modules)
	compiled := 0
	for i, module := range modules {
		t.Run(module.Module, func(t *testing.T) { compareBodies(t, moduleOf(t, module), answers[i], false) })
		compiled += len(answers[i].Workflows)
	}
	if compiled == 0 {
		t.Error("flytekit found no workflow in the examples")
	}
}

// compareBindings compares what bindings serialize to.
func compareBindings(t *testing.T, module *model.Module, body *model.Body, want map[string]json.RawMessage, strict bool) {
	t.Helper()
	got := map[string]model.Binding{}
	collectBindings(got, "", body.Nodes)
	if body.Failure != nil {
		collectBindings(got, "", []*model.Node{body.Failure})
	}
	for _, output := range body.Outputs {
		got["/"+output.Name] = output
	}
	for place, text := range want {
		binding, ok := got[place]
		if !ok {
			continue // the texts of the bodies differ
		}
		wanted := &core.BindingData{}
		if err := protojson.Unmarshal(text, wanted); err != nil {
			t.Fatal(err)
		}
		data, err := module.BindingData(binding)
		if unknown := (*typeengine.UnknownError)(nil); errors.As(err, &unknown) && !strict {
			continue
		}
		if err != nil {
			t.Errorf("%s%s: %v, and flytekit has %v", body.Entity.Name, place, err, wanted)
		} else if !proto.Equal(data, wanted) {
			t.Errorf("%s%s is %v, and flytekit has %v", body.Entity.Name, place, data, wanted)
		}
	}
}

func collectBindings(into map[string]model.Binding, place string, nodes []*model.Node) {
	for _, node := range nodes {
		for _, input := range node.Inputs {
			into[place+"/"+node.ID+"/"+input.Name] = input
		}
		if node.Branch != nil {
			collectBindings(into, place+"/"+node.ID, node.Branch.Nodes)
		}
	}
}

// TestBodiesThatAreNotKnown states what is left of a body where the source is
// half typed, or doesn't tell what happens.
func TestBodiesThatAreNotKnown(t *testing.T) {
	names, archives := readArchives(t, "bodies_unknown/*.txtar")
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			module := moduleOf(t, unpack(t, archives[i]))
			for _, file := range archives[i].Files {
				name, isWant := strings.CutPrefix(file.Name, "want/")
				if !isWant {
					continue
				}
				entity := module.Entity(name)
				if entity == nil {
					t.Errorf("%s: the model doesn't have it", name)
					continue
				}
				body := module.Body(entity)
				if got, want := bodyText(module, body)+remarksText(body), string(file.Data); got != want {
					t.Errorf("%s:\n got:\n%s\n want:\n%s", name, indented(got), indented(want))
				}
			}
		})
	}
}

// TestBodiesOfCutOffFiles cuts files off in each third line: what stands above
// the cut stays as it is.
func TestBodiesOfCutOffFiles(t *testing.T) {
	names, archives := readArchives(t, "bodies/*.txtar")
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			at := unpack(t, archives[i])
			whole := moduleOf(t, at)
			path := filepath.Join(at.Root, "main.py")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			start, lines := 0, 0
			for line := range bytes.Lines(text) {
				cut := start + len(line)*2/3
				start += len(line)
				if lines++; lines%3 != 0 {
					continue
				}
				if err := os.WriteFile(path, text[:cut], 0o644); err != nil {
					t.Fatal(err)
				}
				module := moduleOf(t, at)
				for _, entity := range module.Entities {
					module.Body(entity)
				}
				for _, entity := range whole.Entities {
					before := module.Entity(entity.Name)
					// What a workflow uses that is defined below is missing.
					if entity.Span.End >= cut-1 || entity.Name == "forward" || entity.Kind == model.ImperativeWorkflow {
						continue
					}
					if before == nil {
						t.Fatalf("%s isn't there when the file ends at %q", entity.Name, line)
					}
					if got, want := bodyText(module, module.Body(before)), bodyText(whole, whole.Body(entity)); got != want {
						t.Fatalf("%s, when the file ends at %q:\n%s\n instead of:\n%s", entity.Name, line, indented(got), indented(want))
					}
				}
			}
		})
	}
}

// A list that has itself as an element ends neither the search for promises nor
// the binding of its elements.
func TestBodyWithListInItself(t *testing.T) {
	module := moduleOf(t, unpack(t, txtar.Parse([]byte(`
-- main.py --
from typing import Any, List
from flytekit import task, workflow

@task
def step(n: int) -> int:
    return n

@task
def collect(values: List[List[List[Any]]]) -> int:
    return 1

@workflow
def of_itself(x: int) -> int:
    values = [step(n=x)]
    values.append(values)
    return collect(values=values)
`))))
	nodes := module.Body(module.Entity("of_itself")).Nodes
	if len(nodes) != 2 || len(nodes[1].Upstream) != 1 || nodes[1].Upstream[0] != nodes[0] {
		t.Fatalf("nodes: %+v", nodes)
	}
	if data, err := module.BindingData(nodes[1].Inputs[0]); err == nil {
		t.Errorf("it is bound to %v", data)
	}
}

// TestCallsOfAModule states where the calls of entities stand, with their
// arguments.
func TestCallsOfAModule(t *testing.T) {
	const text = `
from functools import partial
from flytekit import task, workflow

@task
def add(a: int, b: int = 1) -> int:
    return a + b

one = partial(add, b=4)

@task
def uses(n: int) -> int:
    if n > 3:
        return add(n, b=2)
    return n

@workflow
def main(x: int) -> int:
    first = add(a=x)
    return one(a=first)
`
	module := moduleOf(t, unpack(t, txtar.Parse([]byte("-- main.py --"+text))))
	var got []string
	for enclosing, call := range module.Calls() {
		var arguments strings.Builder
		for _, argument := range call.Arguments {
			arguments.WriteString(fmt.Sprintf(" %s:%s", slice(module, argument.NameSpan), slice(module, argument.Span)))
		}
		got = append(got, fmt.Sprintf("%s in %s%s conditional=%v", slice(module, call.Call.Func.Span()), enclosing.Name, arguments.String(), call.Conditional))
	}
	want := []string{
		"add in uses :n b:2 conditional=true",
		"add in main a:x conditional=false",
		"one in main a:first : conditional=false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("calls:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func slice(module *model.Module, at ast.Span) string {
	return module.Text.Slice(parser.Span(at))
}

// rejects tells whether the model says that flytekit rejects the body.
func rejects(module *model.Module, body *model.Body) bool {
	cannot := func(binding model.Binding) bool {
		rejected := (*typeengine.RejectedError)(nil)
		_, err := module.BindingData(binding)
		return errors.As(err, &rejected)
	}
	for node := range body.All() {
		if len(node.Missing)+len(node.Surplus)+len(node.Unexpected)+len(node.Twice) > 0 || slices.ContainsFunc(node.Inputs, cannot) {
			return true
		}
	}
	return len(body.Rejected) > 0 || slices.ContainsFunc(body.Outputs, cannot)
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// withoutConstants takes for each line of what flytekit has the line that the
// model has, where the model says that it isn't known: an input of a dynamic
// workflow.
func withoutConstants(want, got string) string {
	lines, known := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(lines), len(known)) {
		if name, value, ok := strings.Cut(known[i], " = "); ok && value == "?" && strings.HasPrefix(lines[i], name+" = ") {
			lines[i] = known[i]
		}
	}
	return strings.Join(lines, "\n")
}
