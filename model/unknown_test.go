package model_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/model"
)

// What the source doesn't tell is unknown, with a reason, and nothing is
// guessed.
func TestEntitiesThatAreNotKnown(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{
			"a decorator of a library that isn't there, below",
			`from flytekit import task
from nosuch import deco

@task(retries=2)
@deco
def f(a: int) -> str:
    return ""
`,
			`task f = main.f (a: int) -> o0: str
  opaque: nosuch isn't installed
`,
		},
		{
			"a decorator of a library that isn't there, above",
			`from flytekit import task
from nosuch import deco

@deco
@task
def f(a: int) -> str:
    return ""
`,
			`task f = main.f (a: int) -> o0: str
  opaque: nosuch isn't installed
`,
		},
		{
			"settings that aren't written",
			`from flytekit import task
from nosuch import settings

@task(**settings)
def f(a: int) -> str:
    return ""
`,
			`task f = main.f (a: int) -> o0: str
  opaque: not all of its settings can be told from the source
`,
		},
		{
			"a condition that only a run decides",
			`import os
from flytekit import task

if os.environ.get("FAST"):
    @task
    def f(a: int) -> int:
        return a
else:
    @task
    def f(a: str) -> str:
        return a
`,
			`task f = main.f (a: int) -> o0: int
  opaque: a condition that the source doesn't tell decides over what f is
  conditional
task f = main.f (a: str) -> o0: str
  opaque: a condition that the source doesn't tell decides over what f is
  conditional
`,
		},
		{
			"types of a module that isn't there",
			`from flytekit import task
from nosuch import Config, Result

@task
def f(a: Config, b: int = 3) -> Result:
    return Result()
`,
			`task f = main.f (a: Config, b: int = 3) -> o0: Result
  outputs: nosuch isn't installed
  type of a: nosuch isn't installed
  type of o0: nosuch isn't installed
`,
		},
		{
			"a launch plan of what isn't known",
			`from flytekit import LaunchPlan
from nosuch import wf

LaunchPlan.get_or_create(wf, name="p", fixed_inputs={"a": 1})
lp = LaunchPlan.get_or_create(wf)
`,
			`launchplan  = p () -> 
  inputs: nosuch isn't installed
  outputs: nosuch isn't installed
launchplan lp = ? () -> 
  name: nosuch isn't installed
  inputs: nosuch isn't installed
  outputs: nosuch isn't installed
`,
		},
		{
			"a name that only a run tells",
			`import os
from flytekit import ContainerTask, LaunchPlan, kwtypes, map_task, task, workflow
from nosuch import columns

@task
def one(a: int) -> int:
    return a

@workflow
def wf(a: int) -> int:
    return one(a=a)

lp = LaunchPlan.create(os.environ["NAME"], wf)
c = ContainerTask(name="c", image="i", command=[], inputs=kwtypes(**columns))
m = map_task(one, concurrency=int(os.environ["N"]))
`,
			`task one = main.one (a: int) -> o0: int
workflow wf = main.wf (a: int) -> o0: int
launchplan lp = ? (a: int) -> o0: int
  name: what os.environ[...] gives isn't known
instance_task c = c () -> 
  inputs: the source doesn't tell all the types that the dict has
map_task m = ? (a: List[int]) -> o0: List[int]
  name: the source doesn't tell its concurrency, which is a part of its name
`,
		},
		{
			"no annotations",
			`from flytekit import task

@task
def f(a, b=1):
    return a
`,
			`task f = main.f (a: , b:  = 1) -> 
  type of a: the parameter a has no type annotation, which flytekit asks for
  type of b: the parameter b has no type annotation, which flytekit asks for
`,
		},
		{
			"half typed",
			`from flytekit import task, workflow

@task
def f(a: int, b: str) -> int:
    return a

@workflow
def wf(x: int, y
    return f(a=x,

@task
def g(a: int) -> str:
    return ""
`,
			`task f = main.f (a: int, b: str) -> o0: int
workflow wf = main.wf (x: int, y: ) -> 
  type of y: the parameter y has no type annotation, which flytekit asks for
task g = main.g (a: int) -> o0: str
`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t, &txtar.Archive{Files: []txtar.File{{Name: "main.py", Data: []byte(test.source)}}})
			if got := written(model.Of(p.program, &p.engine, p.sources["main"])); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// written is a module's entities as text.
func written(m *model.Module) string {
	var text strings.Builder
	for _, e := range m.Entities {
		full := e.FullName
		if full == "" {
			full = "?"
		}
		fmt.Fprintf(&text, "%s %s = %s (%s) -> %s\n", e.Kind, e.Name, full, variables(e.Inputs), variables(e.Outputs))
		for _, reason := range []struct{ what, why string }{
			{"name", e.NameUnknown}, {"inputs", e.InputsUnknown}, {"outputs", e.OutputsUnknown}, {"opaque", e.Opaque},
		} {
			if reason.why != "" {
				fmt.Fprintf(&text, "  %s: %s\n", reason.what, reason.why)
			}
		}
		if e.Conditional {
			text.WriteString("  conditional\n")
		}
		if e.Shadowed {
			text.WriteString("  shadowed\n")
		}
		for _, list := range [][]*model.Variable{e.Inputs, e.Outputs} {
			for _, v := range list {
				if _, err := m.LiteralType(v); err != nil {
					fmt.Fprintf(&text, "  type of %s: %v\n", v.Name, err)
				}
			}
		}
	}
	return text.String()
}

func variables(list []*model.Variable) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = v.Name + ": " + v.Type
		if v.Default != "" {
			texts[i] += " = " + v.Default
		}
	}
	return strings.Join(texts, ", ")
}
