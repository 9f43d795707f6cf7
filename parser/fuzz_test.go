package parser_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// FuzzParse parses any text, and the text that an edit makes of it: nothing
// panics, all places are in the text and in those of what is around them, the
// edited module is that of a fresh parse, and bodies that are read later are
// those that are read at once.
func FuzzParse(f *testing.F) {
	for _, text := range oddTexts {
		f.Add(text, uint(len(text)/2), uint(1), "x")
	}
	quickstart := samples(f)[parser.Python]
	for i, piece := range typedPieces {
		f.Add(quickstart, uint(i*len(quickstart)/len(typedPieces)), uint(i%5), piece)
	}
	f.Fuzz(func(t *testing.T, text string, at, removed uint, added string) {
		if len(text) > 10_000 || len(added) > 1000 {
			return
		}
		start := min(at, uint(len(text)))
		end := min(start+removed%100, uint(len(text)))
		edited := text[:start] + added + text[end:]
		tree := parser.Parse(parser.Python, []byte(text))
		defer tree.Close()
		next := tree.Edit([]byte(edited))
		defer next.Close()
		fresh := parser.Parse(parser.Python, []byte(edited))
		defer fresh.Close()
		checkPlaces(t, tree.Module())
		checkPlaces(t, fresh.Module())
		want := dumpModule(fresh.Module())
		if got := dumpModule(next.Module()); got != want {
			t.Errorf("the edited module differs:\n--- edited\n%s\n--- fresh\n%s", got, want)
		}
		if got := dumpModule(parser.ParseFile(parser.Python, []byte(edited))); got != want {
			t.Errorf("the module of the file differs:\n--- file\n%s\n--- open\n%s", got, want)
		}
		parser.Expression(added, 0)
		if decoded, _, err := parser.Decode([]byte(text)); err == nil && !bytes.HasSuffix([]byte(text), decoded) &&
			!strings.Contains(text, "coding") {
			t.Errorf("decoded %q as %q", text, decoded)
		}
	})
}

// dumpModule is all that a module says of a Python file.
func dumpModule(module *parser.Module) string {
	lines := append([]string{"Doc " + dumpText(module.AST.Doc), fmt.Sprint(module.AST.Fingerprint)},
		dumpStatements(module.AST.Body)...)
	for _, problem := range module.Errors {
		lines = append(lines, fmt.Sprintf("error %v %s", problem.Span, problem.Message))
	}
	return strings.Join(lines, "\n")
}

// checkPlaces checks that each node is in the text, and in what is around it.
func checkPlaces(t *testing.T, module *parser.Module) {
	text := module.Source.Text()
	for _, problem := range module.Errors {
		if problem.Span.Start < 0 || problem.Span.Start > problem.Span.End || problem.Span.End > len(text) {
			t.Errorf("%q: the error %+v isn't in the text", text, problem)
		}
	}
	whole := ast.Span{End: len(text)}
	for _, statement := range module.AST.Body {
		checkPlace(t, text, whole, reflect.ValueOf(statement))
	}
}

func checkPlace(t *testing.T, text []byte, around ast.Span, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return
		}
		if f, ok := v.Interface().(*ast.FunctionDef); ok {
			for _, statement := range f.Body() {
				checkPlace(t, text, f.Span(), reflect.ValueOf(statement))
			}
		}
		checkPlace(t, text, around, v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			checkPlace(t, text, around, v.Index(i))
		}
	case reflect.Struct:
		inner := around
		if place := v.FieldByName("Range"); place.IsValid() {
			inner = ast.Span{Start: int(place.Field(0).Int()), End: int(place.Field(1).Int())}
			if inner.Start < around.Start || inner.End > around.End || inner.Start > inner.End {
				t.Errorf("%q: the %s at %v isn't in %v", text, v.Type().Name(), inner, around)
			}
		}
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "Range" && field.Type != reflect.TypeFor[ast.Span]() {
				checkPlace(t, text, inner, v.Field(i))
			}
		}
	}
}

// oddTexts are texts that broke something once, or that have all that Python
// has.
var oddTexts = []string{
	"", "\ufeffx = 1\n", "x = 1\r\ny = 2\r\n", "x = 1\ry = 2\r", "\x00", "def f(:\n", "@task\n", "@task\ndef f(a: int = 1, *b, c, **d) -> None: pass\n",
	"if x:\n\ty = 1\n        z = 2\n", "x = f\"{a!r:>{b}} {{c}} {d = }\" 'e' r'\\\\'\n", "task(a=1, b=", "task(a=1, b=)\n", "x = (\n", "class A(B, c=D):\n    \"\"\"Doc.\"\"\"\n    x: int = 1\n",
	"match x:\n    case A(b, c=d) | [1, *e] if f: pass\n    case {\"k\": v, **r}: pass\n", "type X[T: int, *Ts, **P] = list[T]\n", "async def f():\n    async with a as b, c: await d ** 2\n    async for x in y: yield x\n",
	"with (a as b, c as d): pass\n", "try:\n    pass\nexcept* (A, B) as e:\n    pass\nelse:\n    pass\nfinally:\n    pass\n", "x = a & b ^ c | d\n", "lambda *a, b=1, **c: (yield)\n", "print 'x'\n", "exec 'x'\n",
	"def f():\n  x = 1\n y = 2\n", "from . import (a as b, c,)\nfrom ..d import *\nimport e.f as g\n", "x[1:2, ::3, *y]\n", "[*a.b(c), *d]\n", "x = '\\N{BULLET}\\ud800\\x41'\n", "é = b'\\xff'\n",
}
