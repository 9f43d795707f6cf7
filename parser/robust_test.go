package parser_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// Odd bytes and layouts that Python accepts change nothing of what is read.
func TestOddTexts(t *testing.T) {
	quickstart := samples(t)[parser.Python]
	names, _ := definitions(parsed(t, parser.Python, quickstart))
	tests := map[string]string{
		"CRLF":                       strings.ReplaceAll(quickstart, "\n", "\r\n"),
		"CR":                         strings.ReplaceAll(quickstart, "\n", "\r"),
		"byte order mark":            "\ufeff" + quickstart,
		"Latin-1":                    strings.ReplaceAll("# -*- coding: latin-1 -*-\n"+quickstart, "great", "gr\xe4\xdft"),
		"tabs":                       strings.ReplaceAll(quickstart, "    ", "\t"),
		"form feeds":                 strings.ReplaceAll(quickstart, "\n\n\n", "\n\f\n"),
		"no line end at the end":     strings.TrimRight(quickstart, "\n"),
		"line below bracket is left": quickstart + "\nif True:\n    x = (quickstart.\nname)\n    y = 1\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			module := parsed(t, parser.Python, text)
			if got, _ := definitions(module); !slices.Equal(got[:min(len(got), len(names))], names) {
				t.Errorf("it defines %s, want %s", got, names)
			}
			for _, problem := range module.Errors {
				t.Errorf("%q: %s", module.Source.Slice(problem.Span), problem.Message)
			}
		})
	}
}

// A text that is cut off anywhere is read as far as it goes: what stands in
// whole before the cut is found.
func TestCutOff(t *testing.T) {
	for language, text := range samples(t) {
		names, ends := definitions(parsed(t, language, text))
		for cut := range len(text) {
			module := parsed(t, language, text[:cut])
			left, _ := definitions(module)
			for i, name := range names {
				if ends[i] < cut && !slices.Contains(left, name) {
					t.Fatalf("%s cut at %d: %s is lost", language, cut, name)
				}
			}
			for _, problem := range module.Errors {
				if problem.Span.Start < 0 || problem.Span.End > cut || problem.Span.Start > problem.Span.End {
					t.Fatalf("%s cut at %d: an error at %v", language, cut, problem.Span)
				}
			}
		}
	}
}

// Texts that no one would write end neither the parser nor its patience.
func TestExtremeTexts(t *testing.T) {
	const deep = 20_000
	parsed(t, parser.Go, "package p\n"+strings.Repeat("//flyte:task\nfunc F(a int) int {\n\treturn a\n}\n\n", 10_000))
	lines := strings.Repeat("@task\ndef f(a: int) -> int:\n    return a\n\n\n", 10_000)
	tests := map[string]string{
		"50,000 lines":             "from flytekit import task\n" + lines,
		"50,000 lines, open quote": "from flytekit import task\nx = \"\"\"\n" + lines,
		"50,000 lines, open brace": "from flytekit import task\nx = {\n" + lines,
		"open brackets":            strings.Repeat("(", deep),
		"closed brackets":          strings.Repeat(")", deep),
		"nested brackets":          "x = " + strings.Repeat("[", deep) + strings.Repeat("]", deep),
		"nested blocks":            nestedBlocks(300),
		"a long chain":             "x = a" + strings.Repeat(".b(1)", deep),
		"a long sum":               "x = 1" + strings.Repeat(" + 1", deep),
		"10,000 elements":          "x = [" + strings.Repeat("1,\n", 10_000) + "]",
		"NUL bytes":                strings.Repeat("\x00", deep),
		"no UTF-8":                 strings.Repeat("\xff\xfe", deep),
		"quotes":                   strings.Repeat(`"""'`, deep),
		"unclosed fields":          strings.Repeat("f\"{a\n", 2000),
		"500 KB of no list":        "def f(): pass\nx = [" + strings.Repeat("1 2,\n", 100_000) + "def g(): pass\n",
		"1,000 choices of types":   strings.Repeat("a: A[b] if c else D[e] = 1\n", 1000),
		"decorators":               strings.Repeat("@task\n", deep),
		"quoted types":             "from flytekit import task\n@task\ndef f(a: " + strings.Repeat(`"`, 999) + "): pass",
		"empty":                    "",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			module := parsed(t, parser.Python, text)
			if left, _ := definitions(module); strings.HasPrefix(name, "50,000") && len(left) < 10_000 {
				t.Errorf("%d definitions are left", len(left))
			}
			if name == "1,000 choices of types" && len(module.Errors) > 0 {
				t.Errorf("there are errors: %+v", module.Errors)
			}
			if name == "500 KB of no list" {
				expectDefined(t, module, "f", "g")
				if len(module.Errors) == 0 {
					t.Error("there is no error")
				}
			}
			parsed(t, parser.Go, text[:min(len(text), 4000)])
		})
	}
}

func nestedBlocks(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "if x:\n")
	}
	return b.String()
}

// Trees of one text are parsed on by several goroutines at once, as snapshots
// are.
func TestConcurrentEdits(t *testing.T) {
	text := samples(t)[parser.Python]
	tree := parser.Parse(parser.Python, []byte(text))
	want := describe(tree.Module())
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for cut := range 40 {
				broken := tree.Edit([]byte(text[:len(text)-cut]))
				again := broken.Edit([]byte(text))
				broken.Close()
				if got := describe(again.Module()); got != want {
					t.Errorf("the module changed: %s", got)
				}
				again.Close()
			}
		})
	}
	wait.Wait()
	tree.Close()
	tree.Close()
	if got := describe(tree.Edit([]byte(text)).Module()); got != want {
		t.Errorf("an edit of a closed tree gives %s", got)
	}
}

// definitions are the names that a module defines, with the places where each
// definition ends.
func definitions(module *parser.Module) (names []string, ends []int) {
	add := func(name string, end int) {
		names, ends = append(names, name), append(ends, end)
	}
	for _, entity := range module.Entities {
		add(entity.Name, entity.Span.End)
	}
	if module.AST == nil {
		return names, ends
	}
	for _, statement := range module.AST.Body {
		switch s := statement.(type) {
		case *ast.FunctionDef:
			add(s.Name.ID, s.End)
		case *ast.ClassDef:
			add(s.Name.ID, s.End)
		case *ast.Assign:
			if name, ok := s.Targets[0].(*ast.Name); ok {
				add(name.ID, s.End)
			}
		}
	}
	return names, ends
}

// expectDefined checks that a module defines the names.
func expectDefined(t *testing.T, module *parser.Module, names ...string) {
	t.Helper()
	defined, _ := definitions(module)
	for _, name := range names {
		if !slices.Contains(defined, name) {
			t.Errorf("%s is lost", name)
		}
	}
}
