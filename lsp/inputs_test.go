package lsp_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/flyte-lsp/flyte-lsp/internal/lspclient"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/runs"
)

const manyInputs = `from dataclasses import dataclass
from typing import Dict, List, Optional

from flytekit import task, workflow


@dataclass
class Point:
    x: int
    y: float


@task
def show(
    name: str, count: int, ratio: float, flag: bool, words: List[str],
    table: Dict[str, int], point: Point, maybe: Optional[int] = None, greeting: str = "hello",
) -> str:
    return f"{greeting} {name} {count} {ratio} {flag} {words} {table} {point} {maybe}"


@workflow
def show_all(
    name: str, count: int, ratio: float, flag: bool, words: List[str],
    table: Dict[str, int], point: Point, maybe: Optional[int] = None, greeting: str = "hello",
) -> str:
    """Show every input.

    Args:
        name: whom to greet
    """
    return show(
        name=name, count=count, ratio=ratio, flag=flag, words=words, table=table, point=point, maybe=maybe, greeting=greeting
    )
`

// One file fills the run of a lens and `pyflyte run --inputs-file` alike.
func TestInputsDocumentIsPyflytes(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "many.py", manyInputs)
	s := open(t, root, python(t))
	s.must(s.Open(s.ctx, path, "python"))
	mark := s.Mark()
	var answer struct{ Run, Inputs string }
	s.must(s.command("flyte.run", map[string]any{"uri": lspclient.URI(path), "entity": "show_all", "target": "local"}, &answer))
	document := filepath.Join(root, ".flyte", "inputs", "many.show_all.yaml")
	if answer.Run != "" || answer.Inputs != document {
		t.Fatalf("the press answered %+v, want the inputs document", answer)
	}
	s.wait(mark, "window/showDocument", lspclient.URI(document))
	s.wait(mark, protocol.MethodWindowShowMessage, "Fill in name, count, ratio, flag, words, table and point, then run show_all from there.")
	text, err := os.ReadFile(document)
	s.must(err)
	if !strings.Contains(string(text), "# str, required: whom to greet\nname:\n") || !strings.Contains(string(text), `# greeting: "hello"`) {
		t.Errorf("the document is\n%s", text)
	}
	filled := string(text)
	for name, value := range map[string]string{
		"name": "Ada", "count": "3", "ratio": "0.5", "flag": "true", "words": "[a, b]",
		"table": "{a: 1}", "point": "{x: 1, y: 2.5}",
	} {
		filled = strings.Replace(filled, "\n"+name+":\n", "\n"+name+": "+value+"\n", 1)
	}
	s.must(os.WriteFile(document, []byte(filled), 0o600))
	id, mark := s.press(path, "show_all")
	s.ended(id, mark)
	run := s.recorded(id)
	if run.State != runs.Succeeded || run.InputsFrom != document {
		t.Fatalf("the run: %+v %+v", run, run.Failure)
	}
	const want = "hello Ada 3 0.5 True ['a', 'b'] {'a': 1} Point(x=1, y=2.5) None"
	if got := string(run.Outputs[0].Value); got != fmt.Sprintf("%q", want) {
		t.Errorf("the run gave %s, want %q", got, want)
	}
	cmd := exec.CommandContext(s.ctx, testenv.Pyflyte(t), "run", path, "show_all", "--inputs-file", document)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), want) {
		t.Errorf("pyflyte run --inputs-file: %v\n%s", err, out)
	}
}

// Mistakes in an inputs document are told with what and where.
func TestInputsMistakes(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := write(t, root, "flow.py", failing)
	s := open(t, root, python(t))
	s.must(s.Open(s.ctx, path, "python"))
	document := write(t, root, ".flyte/inputs/flow.named.yaml", "")
	header := "# Inputs of named in ../../flow.py\n"
	version := 1
	s.must(s.OpenText(s.ctx, document, "yaml", header))
	fill := func(text string) {
		version++
		s.must(s.Replace(s.ctx, document, version, wholeText(strings.Repeat("\n", 20)), header+text))
	}
	for _, test := range []struct{ text, told string }{
		{"name: [a\nother: {", "line 3"},
		{"just a sentence\n", "line 2"},
		{"- name\n", "line 2"},
		{"name: a\nname: b\n", `"name" already defined`},
	} {
		fill(test.text)
		mark := s.Mark()
		err := s.command("flyte.run", map[string]any{"uri": lspclient.URI(path), "entity": "named", "target": "local"}, nil)
		if err == nil || !strings.Contains(err.Error(), test.told) || !strings.Contains(err.Error(), document) {
			t.Errorf("%q: %v, want it to name the document and %q", test.text, err, test.told)
		}
		s.wait(mark, "window/showDocument", lspclient.URI(document))
		// The lenses stand there still.
		s.wantTitles(document, "▶ Run locally", "▶ Run remote")
	}
	for _, test := range []struct{ text, told string }{
		{"name: Ada\nsize: 3\n", "size"},
	} {
		fill(test.text)
		id, mark := s.press(path, "named")
		if last := s.ended(id, mark); !strings.Contains(last, test.told) {
			t.Errorf("%q: the run ended with %q", test.text, last)
		}
		if run := s.recorded(id); run.Failure == nil || run.Failure.Kind != runs.FailureInput || !strings.Contains(run.Failure.Message, test.told) {
			t.Errorf("%q: %+v, want a mistake in an input", test.text, run.Failure)
		}
	}
	// Closed unsaved, the document is again what is on disk: empty.
	s.must(s.Notify(s.ctx, "textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": lspclient.URI(document)}}))
	if run, _ := s.press(path, "named"); run != "" {
		t.Error("a run took inputs from a document that was closed without saving")
	}
	s.wantTitles(document)
}
