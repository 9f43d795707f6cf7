package cursor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

const head = `from flytekit import task, workflow, dynamic, LaunchPlan, Resources
from typing import NamedTuple

Out = NamedTuple("Out", count=int, text=str)

@task
def t1(a: int, b: str = "x") -> int:
    return a

@task
def t2(a: int) -> Out:
    return Out(a, "")

`

// typing is the cursor where "|" stands in a text.
func typing(t *testing.T, text string) *cursor.Cursor {
	t.Helper()
	before, after, found := strings.Cut(text, "|")
	if !found {
		t.Fatal("no | in", text)
	}
	w := workspace.New()
	path := t.TempDir() + "/flow.py"
	w.Open(path, 1, []byte(before+after))
	c, err := cursor.Typing(t.Context(), w.Snapshot(), path, len(before))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCallsWhileTyping: the call that an argument is typed for is known,
// whatever is missing of it yet.
func TestCallsWhileTyping(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{"x = t1(|", "task t1 arg 0"},
		{"x = t1(|)", "task t1 arg 0"},
		{"x = t1(a|)", "task t1 arg 0"},
		{"x = t1(a=|", "task t1 arg 0 value of a"},
		{"x = t1(a=|)", "task t1 arg 0 value of a"},
		{"x = t1(a=1, |", "task t1 arg 1"},
		{"x = t1(a=1, |\n    y = t2(a=x)\n    return y.count", "task t1 arg 1"},
		{"x = t1(a=1,\n        |\n    y = t2(a=x)\n    return y.count", "task t1 arg 1"},
		{"x = t1(a=1, |\n\n@task\ndef later(a: int) -> int:\n    return a", "task t1 arg 1"},
		{"x = t1(a=1,| b=2)", "task t1 arg 1"},
		{"x = t1(| b=2)", "task t1 arg 0"},
		{"x = t1(1, |)", "task t1 arg 1"},
		{"x = t1(1, b|)", "task t1 arg 1"},
		{"x = t1(1, b|=2)", "task t1 arg 1 name"},
		{"return t1(a=t2(a=|).count)", "task t2 arg 0 value of a"},
		{"return t1(a=t2(a=1).|)", "task t1 arg 0 value of a"},
		{"return t1(a=t2(a=1).|", "task t1 arg 0 value of a"},
		{"return t1(a=[1, |", "task t1 arg 0 value of a"},
		{"t1|(a=1)", "none"},
		{"t1(a=1)|", "none"},
		{"x = t1(a=1, b=\"|", "task t1 arg 1 value of b"},
		{"x = t1(a=1, b=\"|\")", "task t1 arg 1 value of b"},
		{"x = Resources(cpu=\"1|\")", "flytekit.core.resources.Resources arg 0 value of cpu"},
		{"x = t1(a=1) # t1(|", "nothing"},
	} {
		t.Run(test.body, func(t *testing.T) {
			c := typing(t, head+"@workflow\ndef w(n: int) -> int:\n    "+test.body+"\n")
			if got := describe(c); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func describe(c *cursor.Cursor) string {
	if c == nil {
		return "nothing"
	}
	call := c.Call()
	if call == nil {
		return "none"
	}
	text := "?"
	if call.Callee != nil {
		text = call.Callee.Describe()
	}
	text += fmt.Sprintf(" arg %d", call.Argument)
	switch {
	case call.InKeyword:
		text += " name"
	case call.Keyword != "":
		text += " value of " + call.Keyword
	}
	return text
}

// TestNamesAndValuesWhileTyping: what stands before a dot, and what can be used,
// is known at half-typed code.
func TestNamesAndValuesWhileTyping(t *testing.T) {
	for _, test := range []struct{ body, value string }{
		{"x = t2(a=n)\n    x.|", "outputs"},
		{"x = t2(a=n)\n    return t1(a=x.|)", "outputs"},
		{"x = t2(a=n)\n    return t1(a=x.|", "outputs"},
		{"x = t2(a=n)\n    if True:\n        x.|\n    return x.count", "outputs"},
		{"x = t2(a=n)\n    x.co|\n    y = t1(a=1)\n    return y", "outputs"},
	} {
		t.Run(test.body, func(t *testing.T) {
			c := typing(t, head+"@workflow\ndef w(n: int) -> int:\n    "+test.body+"\n")
			attribute, ok := c.Node().(*ast.Attribute)
			if !ok {
				t.Fatalf("%T at the cursor", c.Node())
			}
			value := c.Value(attribute.Value)
			if value == nil || !strings.Contains(value.Describe(), test.value) {
				t.Errorf("x is %v", value)
			}
			names := c.Names()
			for _, want := range []string{"n", "x", "t1", "Out"} {
				if names[want] == nil {
					t.Errorf("%s can't be used; names are %v", want, names)
				}
			}
		})
	}
}

// TestNamesOfOtherPlaces: helpers, decorators, the module's own statements.
func TestNamesOfOtherPlaces(t *testing.T) {
	for _, test := range []struct {
		name, text string
		names      []string
		call       string
	}{
		{"decorator", "@task(|)\ndef f(a: int) -> int:\n    return a\n", []string{"t1"}, "flytekit.core.task.task arg 0"},
		{"open decorator", "@task(|\ndef f(a: int) -> int:\n    return a\n", []string{"t1"}, "flytekit.core.task.task arg 0"},
		{"nested in decorator", "@task(limits=Resources(|))\ndef f(a: int) -> int:\n    return a\n", []string{"t1"}, "flytekit.core.resources.Resources arg 0"},
		{"statement", "lp = LaunchPlan.get_or_create(t1, |)\n", []string{"t1"}, "flytekit.core.launch_plan.LaunchPlan.get_or_create arg 1"},
		{"helper", "def helper(p: int):\n    q = 1\n    t1(|)\n", []string{"p", "q", "t1"}, "task t1 arg 0"},
		{"task", "@task\ndef f(p: int) -> int:\n    q = p\n    Resources(|)\n    return q\n", []string{"p", "q"}, "flytekit.core.resources.Resources arg 0"},
		{"in a condition", "@workflow\ndef f(p: int) -> int:\n    for i in range(3):\n        t1(|)\n    return 1\n", []string{"p", "i"}, "task t1 arg 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := typing(t, head+test.text)
			names := c.Names()
			for _, want := range test.names {
				if names[want] == nil {
					t.Errorf("%s can't be used; there are %d names", want, len(names))
				}
			}
			if got := describe(c); got != test.call {
				t.Errorf("got %q, want %q", got, test.call)
			}
		})
	}
}

// TestWord: the word at the cursor, without the marker.
func TestWord(t *testing.T) {
	for text, want := range map[string]string{"a = fo|o\n": "foo fo", "a = |foo\n": "foo ", "a = |\n": " ", "a = größe|\n": "größe größe"} {
		c := typing(t, text)
		word := c.Word()
		plain := strings.ReplaceAll(text, "|", "")
		if got := plain[word.Start:word.End] + " " + c.Prefix(); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestAnywhere: no offset of a text makes it fail.
func TestAnywhere(t *testing.T) {
	text := head + "@workflow\ndef w(n: int) -> int:\n    x = t2(a=n)\n    return t1(a=x.count, b=f\"{n}\")\n\nclass A:\n    def m(self): return [t1(a=i) for i in range(3)]\n"
	w := workspace.New()
	path := t.TempDir() + "/flow.py"
	w.Open(path, 1, []byte(text))
	for offset := range len(text) + 1 {
		for _, look := range []func() (*cursor.Cursor, error){
			func() (*cursor.Cursor, error) { return cursor.At(t.Context(), w.Snapshot(), path, offset) },
			func() (*cursor.Cursor, error) { return cursor.Typing(t.Context(), w.Snapshot(), path, offset) },
		} {
			c, err := look()
			if err != nil {
				t.Fatal(err)
			}
			if c == nil {
				continue
			}
			c.Call()
			c.Names()
			if !slices.ContainsFunc(c.Nodes, func(n ast.Node) bool { return !n.Span().Contains(offset) }) {
				continue
			}
			t.Fatalf("a node isn't around offset %d", offset)
		}
	}
	if c, err := cursor.At(t.Context(), w.Snapshot(), path, len(text)+1); c != nil || err != nil {
		t.Errorf("behind the text there is %v, %v", c, err)
	}
}
