package parser_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// What is written is kept as it is written, and found where it stands.
func TestAsWritten(t *testing.T) {
	const text = `from typing import Optional, Tuple

from flytekit import task


@task(cache=True, cache_version="1")
def f(a: "int", b: int = 3, *, c: Optional[str] = None) -> Tuple[int, "str"]:
    return b, c
`
	module := parsed(t, parser.Python, text)
	entity := module.Entity("f")
	if entity == nil {
		t.Fatal("no entity")
	}
	if got := module.Source.Slice(entity.Span); !strings.HasPrefix(got, "@task(") || !strings.HasSuffix(got, "b, c") {
		t.Errorf("the entity is %q", got)
	}
	if got := module.Source.Position(entity.Anchor); got != (parser.Position{Line: 5}) {
		t.Errorf("the lenses are at %v", got)
	}
	if version, ok := entity.Decorator.Arg("cache_version"); !ok || version.Value != `"1"` {
		t.Errorf("cache_version is %+v", version)
	}
	type variable struct {
		name, kind, value string
		required          bool
	}
	var got []variable
	for _, v := range append(entity.Inputs, entity.Outputs...) {
		got = append(got, variable{v.Name, v.Type, v.Default, v.Required})
		if module.Source.Slice(v.TypeSpan) != v.Type || v.NameSpan.End > 0 && module.Source.Slice(v.NameSpan) != v.Name ||
			v.HasDefault && module.Source.Slice(v.DefaultSpan) != v.Default {
			t.Errorf("%s isn't where it says: %+v", v.Name, v)
		}
	}
	want := []variable{
		{"a", `"int"`, "", true}, {"b", "int", "3", false}, {"c", "Optional[str]", "None", false},
		{"o0", "int", "", false}, {"o1", `"str"`, "", false},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// What the module doesn't tell is said to be unknown, not guessed.
func TestUnknownInterfaces(t *testing.T) {
	const text = `from flytekit import LaunchPlan, task, workflow

from .types import Pair
from .flows import other


@task
def pair() -> Pair:
    return Pair()


@task
def undefined() -> Nowhere:
    return 1


@task
@other
def wrapped(a: int) -> int:
    return a


@workflow
def wf(a: int, b: int = 1) -> int:
    return a


plan = LaunchPlan.get_or_create(wf, name="x", default_inputs=DEFAULTS)
foreign = LaunchPlan.get_or_create(other, name="y", default_inputs={"z": 1})
`
	module := parsed(t, parser.Python, text)
	for _, name := range []string{"pair", "undefined", "foreign"} {
		if entity := module.Entity(name); entity == nil || entity.OutputsKnown {
			t.Errorf("the outputs of %s are said to be known", name)
		}
	}
	for _, name := range []string{"wrapped", "plan"} {
		if entity := module.Entity(name); entity == nil || !entity.Opaque {
			t.Errorf("%s isn't opaque", name)
		}
	}
	workflow := &parser.Entity{Kind: parser.Workflow, OutputsKnown: true, Inputs: []parser.Variable{
		{Name: "z", Required: true}, {Name: "y", Required: true},
	}}
	foreign := module.Entity("foreign").WithWorkflow(workflow)
	if len(foreign.Inputs) != 2 || foreign.Inputs[0].Default != "1" || foreign.Inputs[0].Required || !foreign.Inputs[1].Required {
		t.Errorf("with its workflow the launch plan has %+v", foreign.Inputs)
	}
}

// Of a name that is defined twice, the last counts.
func TestShadowed(t *testing.T) {
	module := parsed(t, parser.Python,
		"from flytekit import task\n@task\ndef f(a: int): ...\n@task\ndef f(b: int): ...\n")
	if len(module.Entities) != 2 || !module.Entities[0].Shadowed || module.Entities[1].Shadowed {
		t.Fatalf("got %+v", module.Entities)
	}
	if got := module.Entity("f").Inputs[0].Name; got != "b" {
		t.Errorf("f has the input %s", got)
	}
}

// The calls in workflows that may be calls of entities are found, with their
// arguments.
func TestCalls(t *testing.T) {
	const text = `import flows
from flytekit import dynamic, task, workflow
from other import *
from package.tasks import imported as local


@workflow
def wf(a: int, local_name: int) -> int:
    x = later(a=a, b=len([1]))
    y = local(x, *rest, **more).with_overrides(cpu="1")
    for i in range(3):
        flows.deep.call(i)
    local_name()
    return from_star(y)


@task
def later(a: int, b: int) -> int:
    return wf(a=a)
`
	module := parsed(t, parser.Python, text)
	var got []string
	for _, call := range module.Calls {
		var line strings.Builder
		line.WriteString(call.Enclosing.Name + ": " + call.Callee)
		for _, arg := range call.Args {
			line.WriteString(" " + arg.Name + "=" + arg.Value)
		}
		if call.HasStar && call.HasDoubleStar {
			line.WriteString(" and more")
		}
		got = append(got, line.String())
	}
	want := []string{
		"wf: later a=a b=len([1])", "wf: local =x and more", "wf: flows.deep.call =i", "wf: from_star =y",
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%q isn't among %q", w, got)
		}
	}
	for _, g := range got {
		if strings.Contains(g, "local_name") || strings.HasPrefix(g, "later") {
			t.Errorf("%q is no call of an entity in a workflow", g)
		}
	}
}

// Imports tell what each name comes from.
func TestImports(t *testing.T) {
	module := parsed(t, parser.Python, `import a.b, c as d
from . import e
from ..f.g import (h as i, j)
from k import *
if True:
    import m
def f():
    import hidden
`)
	var got []parser.Import
	for _, imported := range module.Imports {
		imported.Span = parser.Span{}
		got = append(got, imported)
	}
	want := []parser.Import{
		{Local: "a", Module: "a.b"}, {Local: "d", Module: "c"},
		{Local: "e", Attribute: "e", Level: 1},
		{Local: "i", Module: "f.g", Attribute: "h", Level: 2}, {Local: "j", Module: "f.g", Attribute: "j", Level: 2},
		{Local: "*", Module: "k"}, {Local: "m", Module: "m"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
