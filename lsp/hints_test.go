package lsp_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

// values are the texts of the inline values of a file.
func (s *session) values(path string) []string {
	s.t.Helper()
	var answer []struct {
		Range protocol.Range
		Text  string
	}
	s.must(s.Call(s.ctx, "textDocument/inlineValue", map[string]any{
		"textDocument": map[string]any{"uri": lspclient.URI(path)}, "range": wholeText(strings.Repeat("\n", 100)),
		"context": map[string]any{"frameId": 1, "stoppedLocation": protocol.Range{}},
	}, &answer))
	texts := []string{}
	for _, value := range answer {
		texts = append(texts, value.Text)
	}
	return texts
}

// What the calls in a workflow gave in its last run stands behind them, of a local
// run and of one on a backend, until the workflow is edited.
func TestValuesOfTheLastRun(t *testing.T) {
	t.Parallel()
	const flow = `from typing import NamedTuple

from flytekit import task, workflow


@task
def double(n: int) -> int:
    return 2 * n


@task
def pair(n: int) -> NamedTuple("Pair", less=int, text=str):
    return n - 1, str(n)


@workflow
def flow(n: int = 3) -> int:
    a = double(n=double(n=n))
    b = pair(
        n=a,
    )
    return double(n=b.less)
`
	root := t.TempDir()
	path := write(t, root, filepath.Join("flow.py"), flow)
	s := openWith(t, root, t.TempDir(), testenv.Binary(t), map[string]any{"python": testenv.Python(t), "config": "sandbox"})
	s.must(s.Open(s.ctx, path, "python"))
	if got := s.values(path); len(got) != 0 {
		t.Fatalf("before a run there are the values %q", got)
	}
	want := []string{" = 6", " = 12", ` = less=11, text="12"`, " = 22"}
	for _, target := range []runs.Target{runs.Local, runs.Remote} {
		run, mark := s.pressOn(target, path, "flow")
		if last := s.ended(run, mark); !strings.HasSuffix(last, "22") {
			t.Fatalf("the %s run ended with %q", target, last)
		}
		if got := s.values(path); !slices.Equal(got, want) {
			t.Errorf("after the %s run the values are %q, want %q", target, got, want)
		}
	}
	end := protocol.Position{Line: 17, Character: 5}
	s.must(s.Replace(s.ctx, path, 2, protocol.Range{Start: end, End: end}, " "))
	if got := s.values(path); len(got) != 0 {
		t.Errorf("the workflow was edited, and there are still the values %q", got)
	}
}
