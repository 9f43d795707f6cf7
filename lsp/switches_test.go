package lsp_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/lsp"
)

// switched are the methods that a switch turns off.
var switched = map[string][]string{
	"completion.enabled":    {"textDocument/completion"},
	"signatureHelp.enabled": {"textDocument/signatureHelp"},
	"hover.enabled":         {"textDocument/hover"},
	"inlineValues.enabled":  {"textDocument/inlineValue"},
	"navigation.enabled": {
		"textDocument/declaration", "textDocument/definition", "textDocument/typeDefinition",
		"textDocument/implementation", "textDocument/references", "textDocument/documentHighlight",
	},
	"callHierarchy.enabled": {"textDocument/prepareCallHierarchy"},
	"symbols.enabled":       {"textDocument/documentSymbol", "workspace/symbol"},
	"documentLinks.enabled": {"textDocument/documentLink"},
	"rename.enabled":        {"textDocument/prepareRename", "textDocument/rename"},
}

// Each feature answers somewhere in a workflow file, and nowhere when its switch
// is off.
func TestFeatureSwitches(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	text := `from dataclasses import dataclass

from flytekit import reference_task, task, workflow


@dataclass
class Sales:
    amount: int


@task(container_image="ghcr.io/flyteorg/flytekit:py3.11-1.16.0")
def load(week: int) -> Sales:
    return Sales(amount=week)


@workflow
def forecast(week: int) -> int:
    sales = load(week=week)
    return sales.amount
`
	path := write(t, root, "flow.py", text)
	for name, methods := range switched {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, on := range []bool{true, false} {
				feature, field, _ := strings.Cut(name, ".")
				s := open(t, root, map[string]any{feature: map[string]any{field: on}})
				s.must(s.Open(s.ctx, path, "python"))
				answered := false
				for _, method := range methods {
					answered = s.answersSomewhere(method, path, text) || answered
				}
				// What calls gave is known after a run only.
				if answered != on && feature != "inlineValues" {
					t.Errorf("with %s = %t it answers: %t", name, on, answered)
				}
			}
		})
	}
}

// answersSomewhere asks at each place of a text until there is an answer that
// says something.
func (s *session) answersSomewhere(method, path, text string) bool {
	s.t.Helper()
	for line, of := range strings.Split(text, "\n") {
		for character := range len(of) + 1 {
			at := protocol.Position{Line: uint32(line), Character: uint32(character)}
			var answer json.RawMessage
			// Where nothing can be renamed the answer may be an error.
			_ = s.Call(s.ctx, method, paramsAt(lspclient.URI(path), at, at), &answer)
			if says(answer) {
				return true
			}
		}
	}
	return false
}

// says tells whether an answer isn't null and not empty.
func says(answer json.RawMessage) bool {
	var list []any
	var object map[string]any
	switch {
	case json.Unmarshal(answer, &list) == nil:
		return len(list) > 0
	case json.Unmarshal(answer, &object) == nil:
		items, isList := object["items"].([]any)
		return len(object) > 0 && (!isList || len(items) > 0)
	}
	return false
}

// All switches with the name "enabled" are tested here, but the one that turns no
// feature off, and that of notebooks, which needs one.
func TestSwitchesAreTested(t *testing.T) {
	encoded, err := json.Marshal(lsp.DefaultSettings())
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]any
	if err := json.Unmarshal(encoded, &settings); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		feature, _ := settings[name].(map[string]any)
		if _, has := feature["enabled"]; has && !slices.Contains([]string{"generalPython", "notebooks"}, name) && switched[name+".enabled"] == nil {
			t.Errorf("no test turns %s off", name)
		}
	}
}
