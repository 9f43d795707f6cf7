package model_test

import (
	"testing"

	"github.com/flyte-lsp/flyte-lsp/literal"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// The entities of a Go file have the types that its convention gives them.
func TestGoFile(t *testing.T) {
	file := parser.Parse(parser.Go, []byte(`package etl

import "context"

//flyte:task cache-version=1
func Fetch(ctx context.Context, url string, limits []int, weights map[string]float64, note *string, row Row) (rows []string, err error) {
	return nil, nil
}

//flyte:workflow
func Pipeline(ctx context.Context, url string) (rows []string, err error) {
	return nil, nil
}

//flyte:launchplan workflow=Pipeline name=nightly url="https://example.org"
`)).Module()
	m := model.OfGo(file, "etl.go")
	if len(m.Entities) != 3 {
		t.Fatalf("%d entities", len(m.Entities))
	}
	fetch, pipeline, plan := m.Entities[0], m.Entities[1], m.Entities[2]
	for name, want := range map[string]string{
		"url": "str", "limits": "List[int]", "weights": "Dict[str, float]", "note": "Optional[str]",
	} {
		literalType, err := m.LiteralType(fetch.Input(name))
		if err != nil || literal.TypeText(literalType) != want {
			t.Errorf("%s is %s (%v), want %s", name, literal.TypeText(literalType), err, want)
		}
	}
	if _, err := m.LiteralType(fetch.Input("row")); err == nil {
		t.Error("the type of a struct in another file is told")
	}
	if fetch.FullName != "etl.Fetch" || plan.FullName != "nightly" || plan.Of != pipeline {
		t.Errorf("the names are %s and %s, the plan is of %v", fetch.FullName, plan.FullName, plan.Of)
	}
}
