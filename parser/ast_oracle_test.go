package parser_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

var every = flag.Int("every", 4, "compare the trees of each n-th file of Python's library and flytekit")

// The syntax trees of Python's library, of flytekit and of odd texts are those
// that Python itself makes, node by node, with their places. Those of files on
// disk, whose bodies are read later, are the same. What Python accepts has no
// syntax error.
func TestTreesEqualPythons(t *testing.T) {
	files := append(libraryFiles(t), oddFiles(t)...)
	oracle := exec.Command(testenv.Python(t), "testdata/ast_oracle.py")
	oracle.Stdin = strings.NewReader(strings.Join(files, "\n"))
	oracle.Stderr = os.Stderr
	printed, err := oracle.Output()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for part := range strings.SplitSeq(string(printed), "\n\n") {
		lines := strings.Split(strings.TrimSpace(part), "\n")
		if len(lines) < 2 {
			continue
		}
		path := lines[0]
		text := readFile(t, path)
		module := parsed(t, parser.Python, string(text))
		for _, problem := range module.Errors {
			t.Errorf("%s:%d: %s", path, module.Source.Position(problem.Span.Start).Line+1, problem.Message)
		}
		if file, open := dumpModule(parser.ParseFile(parser.Python, text)), dumpModule(module); file != open {
			at := max(0, commonLength(file, open)-60)
			t.Errorf("%s on disk:\ngot  …%s\nwant …%s", path, cut(file[at:]), cut(open[at:]))
		}
		got := append([]string{"Doc " + dumpText(module.AST.Doc)}, dumpStatements(module.AST.Body)...)
		compared++
		for i := range max(len(got), len(lines)-1) {
			have, want := "nothing", "nothing"
			if i < len(got) {
				have = got[i]
			}
			if i+1 < len(lines) {
				want = lines[i+1]
			}
			if have != want {
				at := commonLength(have, want)
				from := max(0, at-60)
				t.Errorf("%s, statement %d:\ngot  …%s\nwant …%s", path, i, cut(have[from:]), cut(want[from:]))
				break
			}
		}
	}
	if compared < 300 / *every {
		t.Errorf("only %d files were compared", compared)
	}
}

func commonLength(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func cut(text string) string {
	const most = 200
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}

// libraryFiles are Python's library and flytekit.
func libraryFiles(t *testing.T) []string {
	const script = `import flytekit, os, sys; print(os.path.dirname(os.__file__)); print(os.path.dirname(flytekit.__file__))`
	printed, err := exec.Command(testenv.Python(t), "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(printed))
	library, flytekit := lines[len(lines)-2], lines[len(lines)-1]
	var files []string
	for _, pattern := range []string{
		library + "/*.py", flytekit + "/*.py", flytekit + "/*/*.py", flytekit + "/*/*/*.py",
	} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	var chosen []string
	for i := 0; i < len(files); i += *every {
		chosen = append(chosen, files[i])
	}
	return chosen
}

// oddFiles are files with what libraries don't write.
func oddFiles(t *testing.T) []string {
	files, err := filepath.Glob("testdata/trees/*.py")
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readFile(t testing.TB, path string) []byte {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
