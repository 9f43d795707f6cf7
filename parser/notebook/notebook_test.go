package notebook

import (
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// What only IPython understands becomes a comment, and all else stays where it
// is.
func TestPython(t *testing.T) {
	for _, test := range []struct{ name, cell, want string }{
		{"magic", "%matplotlib inline\nx = 1", "#matplotlib inline\nx = 1"},
		{"shell", "!pip install flytekit\n", "#pip install flytekit\n"},
		{"continued", "!echo a \\\n  b\nx = 1", "#echo a \\\n# b\nx = 1"},
		{"command without a mark", "pip install 'flytekit<2'\nls\ncd ..\n", "#ip install 'flytekit<2'\n#s\n#d ..\n"},
		{"a variable of a command's name", "ls = 1\npip in x\ncat.meow()\nrm[0]\n", "ls = 1\npip in x\ncat.meow()\nrm[0]\n"},
		{"question", "task?\n?task\ntask.name??  \n", "#ask?\n#task\n#ask.name??  \n"},
		{"no question", "x = 'why?'\n# why?\na.b? # c\na()?\nx = f(1) ?\n", "x = 'why?'\n# why?\na.b? # c\na()?\nx = f(1) ?\n"},
		{"assigned", "files = !ls\ntook = %timeit f()\nx['a'], y = !ls\n", "files = _#s\ntook = _#imeit f()\nx['a'], y = _#s\n"},
		{"not assigned", "a = b = !ls\nx == !ls\nx += !ls\n", "a = b = !ls\nx == !ls\nx += !ls\n"},
		{"modulo and comparison", "x = (a\n% b)\nx %= 2\nx != 3\ny = 'a' \\\n  % b\n", "x = (a\n% b)\nx %= 2\nx != 3\ny = 'a' \\\n  % b\n"},
		{"keyword argument", "f(a= \n!b)\n", "f(a= \n!b)\n"},
		{"strings", "x = '''\n%no\n!no\n'''\n%yes\n", "x = '''\n%no\n!no\n'''\n#yes\n"},
		{"a string that isn't closed", "x = 'a\n%yes\n", "x = 'a\n#yes\n"},
		{"block", "if x:\n    !ls\n", "if x:\n    0#s\n"},
		{"lone mark", "if x:\n    !\n%\n", "if x:\n    0\n#\n"},
		{"cell of another program", "\n%%bash -e\nfor é in x\n\n  echo\n", "\n#%bash -e\n#or é in x\n\n# echo\n"},
		{"cell of Python", "%%time\nx = 1\n%ls\n", "#%time\nx = 1\n#ls\n"},
		{"two percent signs further down", "x = 1\n%%bash\n", "x = 1\n#%bash\n"},
		{"letters of several bytes", "%%sql\né\n", "#%sql\n# \n"},
		{"line ends", "%a\r\n%b\r%c", "#a\r\n#b\r#c"},
	} {
		t.Run(test.name, func(t *testing.T) {
			python, _ := Python([]byte(test.cell))
			got := string(python)
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			if len(got) != len(test.cell) {
				t.Errorf("%d bytes became %d", len(test.cell), len(got))
			}
		})
	}
}

// Magics that may define what the notebook's Python doesn't are told.
func TestBinds(t *testing.T) {
	for cell, want := range map[string]string{
		"%run other.py":               "%run",
		"x = 1\n%store -r\n%run a.py": "%store",
		"%%bigquery frame\nselect 1":  "%%bigquery",
		"%%capture out\nx = 1":        "%%capture",
		"%time x = f()":               "%time",
		"%%time\nx = 1":               "",
		"%%bash\n%run":                "",
		"%pip install x\n!run\nrun?":  "",
		"files = %run":                "",
		"y = (x\n%run)":               "",
	} {
		if _, got := Python([]byte(cell)); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

// Each line of the text is one of a cell's, whatever line ends the cells have.
func TestCells(t *testing.T) {
	texts := []string{"a = 1", "", "b = 2\r", "%c\nd = 3\n", "é = '😀'\r\ne = 4"}
	var sources []Source
	for i, text := range texts {
		sources = append(sources, Source{ID: strings.Repeat("x", i+1), Number: 2 * i, Text: []byte(text)})
	}
	joined := Join(sources)
	want := []string{"a = 1", "", "b = 2", "", "#c", "d = 3", "", "é = '😀'", "e = 4", ""}
	source := parser.NewSource(joined.Python)
	for line, text := range want {
		start := parser.UTF16.Offset(source, parser.Position{Line: line})
		if got := strings.TrimRight(string(joined.Python[start:start+len(text)]), "\r\n"); got != text {
			t.Errorf("line %d is %q, want %q", line, got, text)
		}
	}
	for line, want := range map[int]string{0: "x", 1: "xx", 2: "xxx", 3: "xxx", 4: "xxxx", 6: "xxxx", 8: "xxxxx"} {
		cell, ok := joined.Cells.At(line)
		if !ok || cell.ID != want {
			t.Errorf("line %d is of cell %q, want %q", line, cell.ID, want)
		}
	}
	for _, line := range []int{-1, 9, 100} {
		if cell, ok := joined.Cells.At(line); ok {
			t.Errorf("line %d is of cell %q, want none", line, cell.ID)
		}
	}
	if last, ok := joined.Cells.Named("xxxxx"); !ok || last.Line != 7 || last.Lines != 2 || last.Number != 8 {
		t.Error(last, ok)
	}
}

func TestRead(t *testing.T) {
	text, err := Read([]byte(`{"nbformat": 4, "metadata": {"language_info": {"name": "python"}}, "cells": [
		{"cell_type": "markdown", "source": "# Title"},
		{"cell_type": "code", "source": ["%pip install x\n", "a = 1"]},
		{"cell_type": "code", "source": "b = 2"}]}`))
	if err != nil || string(text.Python) != "#pip install x\na = 1\nb = 2\n" || text.Cells[0].Number != 2 || text.Cells[1].Line != 2 {
		t.Error(string(text.Python), text.Cells, err)
	}
	text, err = Read([]byte(`{"nbformat": 4, "metadata": {"kernelspec": {"language": "R"}}, "cells": [{"cell_type": "code", "source": "x <- 1"}]}`))
	if err != nil || len(text.Python) != 0 {
		t.Error(string(text.Python), err)
	}
	for _, broken := range []string{"", "[]", "{}", `{"nbformat": 3}`, `{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}`} {
		if _, err := Read([]byte(broken)); err == nil {
			t.Errorf("%s is read", broken)
		}
	}
}

// No text makes it fail, and none changes its lines.
func FuzzPython(f *testing.F) {
	for _, seed := range []string{"%%time\n!x\\\n", "x = !", "'''", "\"\\", "(\\\r\n?", "%\r\xff", "if x:\n\t%"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, cell []byte) {
		got, _ := Python(cell)
		if len(got) != len(cell) {
			t.Fatalf("%q became %q", cell, got)
		}
		if before, after := parser.NewSource(cell).Lines(), parser.NewSource(got).Lines(); before != after {
			t.Fatalf("%q has %d lines, and became %q with %d", cell, before, got, after)
		}
	})
}
