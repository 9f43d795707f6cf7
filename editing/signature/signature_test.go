package signature_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/signature"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const head = `from functools import partial
from typing import Dict
from flytekit import LaunchPlan, Resources, map_task, task, workflow

@task
def t1(a: int, b: Dict[str, int], flag: bool = False) -> int:
    """Does it.

    Args:
        b: the numbers
    """
    return a

@workflow
def sub(a: int, text: str = "a: int") -> int:
    return a

lp = LaunchPlan.get_or_create(sub, "plan")

`

// TestSignature: the input that is being typed stands in brackets.
func TestSignature(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{"t1(|", "task t1([a: int], b: Dict[str, int], flag: bool = False) -> int"},
		{"t1(|)", "task t1([a: int], b: Dict[str, int], flag: bool = False) -> int"},
		{"t1(b=|", "task t1(a: int, [b: Dict[str, int]], flag: bool = False) -> int"},
		{"t1(b={}, |", "task t1([a: int], b: Dict[str, int], flag: bool = False) -> int"},
		{"t1(n, |)", "task t1(a: int, [b: Dict[str, int]], flag: bool = False) -> int"},
		{"t1(n, b={}, |)", "task t1(a: int, b: Dict[str, int], [flag: bool = False]) -> int"},
		{"t1(a=1, b={}, flag=True, |)", "task t1(a: int, b: Dict[str, int], flag: bool = False) -> int"},
		{"t1(other=|)", "task t1(a: int, b: Dict[str, int], flag: bool = False) -> int"},
		{"t1(a=1|, b={})", "task t1([a: int], b: Dict[str, int], flag: bool = False) -> int"},
		{"t1(n, | flag=True)", "task t1(a: int, [b: Dict[str, int]], flag: bool = False) -> int"},
		{"t1(a=sub(|), b={})", "workflow sub([a: int], text: str = \"a: int\") -> int"},
		{"t1(a=sub(a=1, |), b={})", "workflow sub(a: int, [text: str = \"a: int\"]) -> int"},
		{"t1(a=sub(a=1), |)", "task t1(a: int, [b: Dict[str, int]], flag: bool = False) -> int"},
		{"lp(|)", "launchplan lp [\"plan\"]([a: int], text: str = \"a: int\") -> int"},
		{"map_task(partial(t1, b=|))(a=[1])", "task t1(a: int, [b: Dict[str, int]], flag: bool = False) -> int"},
		{"Resources(|)", ""},
		{"print(|)", ""},
		{"t1|(a=1)", ""},
		{"t1(a=1) # t1(|", ""},
	} {
		t.Run(test.body, func(t *testing.T) {
			before, after, _ := strings.Cut(head+"@workflow\ndef w(n: int) -> int:\n    "+test.body+"\n", "|")
			w := workspace.New()
			path := filepath.Join(t.TempDir(), "flow.py")
			w.Open(path, 1, []byte(before+after))
			help, err := signature.At(t.Context(), w.Snapshot(), path, len(before))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if help != nil {
				got = help.Label
				if help.Active < len(help.Inputs) {
					span := help.Inputs[help.Active].Span
					got = got[:span.Start] + "[" + got[span.Start:span.End] + "]" + got[span.End:]
				}
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
