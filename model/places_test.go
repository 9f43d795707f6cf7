package model_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Every place that an entity tells has in the source what it is said to have.
func TestPlaces(t *testing.T) {
	archives, err := filepath.Glob("testdata/entities/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := newProject(t, archive)
		for _, source := range p.sources {
			m := model.Of(p.program, &p.engine, source)
			for _, e := range m.Entities {
				checkPlaces(t, source.Text, e)
			}
		}
	}
}

func checkPlaces(t *testing.T, text *parser.Source, e *model.Entity) {
	t.Helper()
	slice := func(span ast.Span) string { return text.Slice(parser.Span(span)) }
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s of %s is %q, want %q", e.Path, what, e.Name, got, want)
		}
	}
	whole := slice(e.Span)
	rest := slice(ast.Span{Start: e.Definition, End: e.Span.End})
	if e.Definition < e.Span.Start || e.Anchor < e.Span.Start || e.Anchor > e.Definition {
		t.Errorf("%s: %s is defined at %d, and its lenses stand at %d, in %v", e.Path, e.Name, e.Definition, e.Anchor, e.Span)
	}
	if strings.HasPrefix(whole, "@") {
		if !strings.HasPrefix(rest, "def ") && !strings.HasPrefix(rest, "async def ") && !strings.HasPrefix(rest, "class ") {
			t.Errorf("%s: the definition of %s starts with %.20q", e.Path, e.Name, rest)
		}
		_, rest, _ = strings.Cut(rest, "def ")
		name, _, _ := strings.Cut(rest, "(")
		expect("the name", slice(e.NameSpan), strings.TrimLeft(name, "\\\n "))
	}
	for _, list := range [][]*model.Variable{e.Inputs, e.Outputs} {
		for _, v := range list {
			if v.NameSpan != (ast.Span{}) {
				expect("a variable's name", slice(v.NameSpan), v.Name)
			}
			if v.TypeSpan != (ast.Span{}) {
				expect("the type of "+v.Name, slice(v.TypeSpan), v.Type)
			}
			if v.DefaultSpan != (ast.Span{}) {
				expect("the default of "+v.Name, slice(v.DefaultSpan), v.Default)
			}
		}
	}
}

// Lenses stand above the decorator that is Flyte's, and the settings are those
// of its call.
func TestDecorated(t *testing.T) {
	p := newProject(t, &txtar.Archive{Files: []txtar.File{{Name: "main.py", Data: []byte(`import functools
from flytekit import LaunchPlan, task, workflow


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        return fn(*args, **kwargs)

    return wrapper


@task(retries=2)  # here
@logged
def one(a: int) -> int:
    """Doc.

    Args:
        a: What is given.
    """
    return a


@workflow
def two(a: int = 3) -> int:
    return one(a=a)


plan = LaunchPlan.get_or_create(two, name="plan", default_inputs={"a": 4})
`)}}})
	source := p.sources["main"]
	m := model.Of(p.program, &p.engine, source)
	line := func(offset int) int { return source.Text.Position(offset).Line + 1 }
	one, two, plan := m.Entity("one"), m.Entity("two"), m.Entity("plan")
	if got := line(one.Anchor); got != 13 {
		t.Errorf("the lenses of one stand above line %d", got)
	}
	if len(one.Settings) != 1 || one.Settings[0].Name != "retries" || one.Maker == nil {
		t.Errorf("one has the settings %v", one.Settings)
	}
	if one.Input("a").Doc != "What is given." || !strings.HasPrefix(one.Doc, "Doc.") {
		t.Errorf("one says %q, and of its input %q", one.Doc, one.Input("a").Doc)
	}
	if got := line(two.Anchor); got != 24 || two.Maker != nil {
		t.Errorf("the lenses of two stand above line %d, its maker is %v", got, two.Maker)
	}
	if plan.Of != two || plan.OfName != "two" || plan.Input("a").Default != "4" || line(plan.Anchor) != 29 {
		t.Errorf("plan is one of %s, a is %q", plan.OfName, plan.Input("a").Default)
	}
}
