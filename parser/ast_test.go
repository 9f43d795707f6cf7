package parser_test

import (
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// What is half typed is read as far as it goes, and nothing is made up for the
// rest.
func TestHalfTyped(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a call to be closed", "x = f(a=1, b=", "Assign([Name('x')] Call(Name('f') [] [Keyword('a' Constant(3 '1')) Keyword('b' BadExpr())]))"},
		{"an argument to come", "f(a=1, b=)\n", "ExprStmt(Call(Name('f') [] [Keyword('a' Constant(3 '1')) Keyword('b' BadExpr())]))"},
		{"a comma too many", "f(a,, b)\n", "ExprStmt(Call(Name('f') [Name('a') Name('b')] []))"},
		{"an attribute to come", "x = 1\ny = a.\nz = 2\n", "Assign([Name('x')] Constant(3 '1'))\nAssign([Name('y')] Attribute(Name('a') ''))\nAssign([Name('z')] Constant(3 '2'))"},
		{"a value to come", "def f():\n    x =\n    y = a +  # more\n    return not\n    z = 2\n",
			"FunctionDef(Name('f') [] Params([]) nil '' false [Assign([Name('x')] BadExpr()) Assign([Name('y')] BinOp(Name('a') '+' BadExpr())) " +
				"Return(UnaryOp('not' BadExpr())) Assign([Name('z')] Constant(3 '2'))])"},
		{"a function to come", "@task\ndef f\n\n\n@task\ndef g(): pass\n",
			"FunctionDef(Name('f') [Name('task')] Params([]) nil '' false [])\nFunctionDef(Name('g') [Name('task')] Params([]) nil '' false [Pass()])"},
		{"parameters to come", "@task(retries=1)\ndef f(a: int, b: str\n",
			"FunctionDef(Name('f') [Call(Name('task') [] [Keyword('retries' Constant(3 '1'))])] Params([Param(Name('a') 0 Name('int') nil) Param(Name('b') 0 Name('str') nil)]) nil '' false [])"},
		{"a broken body", "@task\ndef f(a: int) -> int:\n    x = = 1\n    return x\n",
			"FunctionDef(Name('f') [Name('task')] Params([Param(Name('a') 0 Name('int') nil)]) Name('int') '' false [Assign([Name('x')] BadExpr()) Return(Name('x'))])"},
		{"print of Python 2", "print 'a'\nx = 1\n", "BadStmt()\nAssign([Name('x')] Constant(3 '1'))"},
		{"numbers of Python 2", "x = 010, 10L\n", "Assign([Name('x')] Tuple([BadExpr() BadExpr()]))"},
		{"an import to come", "from typing import\nx = 1\n", "BadStmt()\nAssign([Name('x')] Constant(3 '1'))"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, statement := range parsed(t, parser.Python, test.text).AST.Body {
				got = append(got, dumpPlain(statement))
			}
			if joined := strings.Join(got, "\n"); joined != test.want {
				t.Errorf("got\n%s\nwant\n%s", joined, test.want)
			}
		})
	}
}

// Quoted annotations are read with the places that they have in the module.
func TestExpression(t *testing.T) {
	for text, want := range map[string]string{
		"List[int]": "Subscript(Name('List') Name('int'))", "a | None": "BinOp(Name('a') '|' Constant(0 ''))",
		"int ": "Name('int')", " int": "", "": "", "int int": "", "x = 1": "", "x := 1": "", "a; b": "", "a\nb": "", "yield": "",
		"a.": "", "010": "", "print a": "", "'a": "", "a)": "", "\x00": "",
	} {
		e, ok := parser.Expression(text, 100)
		switch {
		case ok != (want != ""):
			t.Errorf("%q: %v", text, ok)
		case ok && dumpPlain(e) != want:
			t.Errorf("%q is %s, want %s", text, dumpPlain(e), want)
		case ok && e.Span().Start != 100:
			t.Errorf("%q starts at %d", text, e.Span().Start)
		}
	}
	module := parsed(t, parser.Python, "x: 'List[int]' = 1\n")
	annotation := module.AST.Body[0].(*ast.AnnAssign).Annotation.(*ast.Constant)
	if text := module.Source.Slice(annotation.Inner); text != "List[int]" {
		t.Errorf("the quoted annotation is %q", text)
	}
}

// A module's fingerprint changes with what other modules see of it, and with
// nothing else.
func TestFingerprint(t *testing.T) {
	const text = `"""Doc."""
from flytekit import task
LIMIT = 4

def factory():
    return int

@task(retries=1)
def f(a: int = LIMIT) -> factory():
    """Doc of f."""
    return a
`
	fingerprint := func(text string) uint64 { return parsed(t, parser.Python, text).AST.Fingerprint }
	whole := fingerprint(text)
	for _, test := range []struct {
		name, old, new string
		same           bool
	}{
		{"a comment", "LIMIT = 4", "LIMIT = 4  # at most", true},
		{"layout", "a: int = LIMIT", "a : int=\\\n  LIMIT", true},
		{"an empty line", "def factory", "\n\ndef factory", true},
		{"a task's body", "    return a\n", "    b = a\n    return b\n", true},
		{"a task's docstring", "Doc of f", "Docs of f", false},
		{"a function's body", "return int", "return str", false},
		{"a default", "LIMIT = 4", "LIMIT = 5", false},
		{"a decorator", "retries=1", "retries=2", false},
		{"a parameter", "a: int", "a: str", false},
		{"a name", "def f(", "def g(", false},
		{"a statement", "LIMIT = 4", "LIMIT = 4\nLIMIT = 4", false},
		{"an indentation", "LIMIT = 4\n", "if LIMIT:\n    LIMIT = 4\n", false},
	} {
		changed := strings.Replace(text, test.old, test.new, 1)
		if changed == text {
			t.Fatalf("%s isn't in the text", test.old)
		}
		if got := fingerprint(changed) == whole; got != test.same {
			t.Errorf("%s: the fingerprint is the same: %v", test.name, got)
		}
		if file := parser.ParseFile(parser.Python, []byte(changed)); file.AST.Fingerprint != fingerprint(changed) {
			t.Errorf("%s: on disk the fingerprint is another", test.name)
		}
	}
}

// Nodes never nest deeper than those who walk through them can bear.
func TestNestingIsLimited(t *testing.T) {
	const deep = 100_000
	for name, text := range map[string]string{
		"sum":        "x = 1" + strings.Repeat(" + 1", deep),
		"sums":       "x = " + strings.Repeat("(1 + ", 10_000) + "1" + strings.Repeat(")", 10_000),
		"chain":      "x = a" + strings.Repeat(".b(1)", 20_000),
		"bits":       "x = a" + strings.Repeat(" & a ^ a", 20_000),
		"elif":       "if a: pass\n" + strings.Repeat("elif b: pass\n", 10_000),
		"brackets":   "x = " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		"conditions": "x = " + strings.Repeat("a if b else ", 10_000) + "c",
		"lambdas":    "x = " + strings.Repeat("lambda: ", 10_000) + "c",
		"blocks":     nestedBlocks(300) + strings.Repeat(" ", 300) + "pass\n",
		"nots":       "x = " + strings.Repeat("not ", 10_000) + "a",
		"fields":     "x = " + strings.Repeat("f'{", 500) + "a" + strings.Repeat("}'", 500),
	} {
		t.Run(name, func(t *testing.T) {
			depth, deepest := 0, 0
			var visit func(n ast.Node) bool
			visit = func(n ast.Node) bool {
				if bad, ok := n.(*ast.BadExpr); ok && bad.Start > bad.End {
					t.Errorf("a bad expression at %v", bad.Span())
				}
				depth++
				deepest = max(deepest, depth)
				for _, child := range children(n) {
					visit(child)
				}
				depth--
				return false
			}
			for _, statement := range parsed(t, parser.Python, text).AST.Body {
				visit(statement)
			}
			if deepest > 8000 {
				t.Errorf("the nodes are %d deep", deepest)
			}
		})
	}
}

// children are the nodes right below a node.
func children(n ast.Node) []ast.Node {
	var found []ast.Node
	ast.InspectNode(n, func(child ast.Node) bool {
		if child == n {
			return true
		}
		found = append(found, child)
		return false
	})
	return found
}
