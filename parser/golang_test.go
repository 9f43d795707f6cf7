package parser_test

import (
	"reflect"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Directives make entities of functions, whose inputs are the parameters after
// ctx, and their outputs the results before error.
func TestGoEntities(t *testing.T) {
	module := parsed(t, parser.Go, goSample)
	if module.Package != "reviews" || len(module.Errors) > 0 {
		t.Errorf("package %q, errors %v", module.Package, module.Errors)
	}
	type entity struct {
		kind            parser.Kind
		name, doc       string
		line            int
		inputs, outputs []string
	}
	var got []entity
	for _, e := range module.Entities {
		got = append(got, entity{
			e.Kind, e.Name, e.Doc, module.Source.Position(e.Anchor).Line,
			signature(e.Inputs), signature(e.Outputs),
		})
	}
	want := []entity{
		{parser.Task, "Fetch", "Fetch gets the newest reviews.", 11,
			[]string{"url string", "limit int"}, []string{"rows []string"}},
		{parser.Task, "Count", "", 16, []string{"rows []string", "weights ...float64"}, []string{"o0 int"}},
		{parser.Workflow, "Pipeline", "Pipeline fetches and counts.", 20,
			[]string{"url string", "page *int, optional"}, []string{"total int"}},
		{parser.LaunchPlan, "nightly", "", 30,
			[]string{"url string = \"https://example.org/a b\"", "page *int, optional"}, []string{"total int"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A directive counts above a function only, at the start of a line, written
// without a space.
func TestNoGoEntities(t *testing.T) {
	module := parsed(t, parser.Go, `package p

// flyte:task
func A() {}

//flyte:task

func B() {}

//flyte:tasks
func C() {}

//flyte:task
type D struct{}

func E() {
	//flyte:task
	f := func() {}
}
`)
	if len(module.Entities) != 0 {
		t.Errorf("%s is an entity", module.Entities[0].Name)
	}
}

func signature(variables []parser.Variable) []string {
	var out []string
	for _, v := range variables {
		text := v.Name + " " + v.Type
		if v.HasDefault {
			text += " = " + v.Default
		} else if !v.Required && v.Type[0] == '*' {
			text += ", optional"
		}
		out = append(out, text)
	}
	return out
}
