package scope_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/scope"
)

// In each text the names in « » are all uses of one variable.
func TestAt(t *testing.T) {
	for _, marked := range []string{
		"def f(«a»):\n    return «a» + f'{«a»:{«a»}}'\nprint(a)\n",
		"def f(«a», b=a):\n    def g():\n        return «a»\n    return lambda a: a\n",
		"def f(«a»):\n    def g(a):\n        return a\n    return [«a» for x in «a»]\n",
		"def f(«a»):\n    return [a for a in «a» if a]\n",
		"def f(«a»):\n    class C:\n        a = 1\n        def m(self):\n            return «a»\n",
		"def f():\n    global «a»\n    «a» = 1\n«a» = 2\n",
		"a = 1\ndef f(«a»):\n    def g():\n        nonlocal «a»\n        «a» = 2\n",
		"def f():\n    if [(«last» := x) for x in y]:\n        return «last»\nlast = 1\n",
		"import «a».b\nfrom c import d as e\nprint(«a».b.a)\n",
		"from a import «d»\n«d»(d=1)\n",
		"def f(x: 'list[«T»]', y: Literal['T'], z: Annotated['«T»', 'T']) -> '«T»': ...\nclass «T»: ...\n",
		"match x:\n    case [«a», *_] if «a»:\n        print(«a»)\n    case C(a=1):\n        pass\n",
		"try:\n    pass\nexcept E as «e»:\n    print(«e»)\n",
		"for «i», j in x:\n    «i» += 1\ndel «i»\n",
	} {
		text, want := "", []ast.Span(nil)
		for part := range strings.SplitAfterSeq(strings.ReplaceAll(marked, "«", "»"), "»") {
			text += strings.TrimSuffix(part, "»")
			want = append(want, ast.Span{Start: len(text)})
		}
		uses := []ast.Span{}
		for i := 0; i+1 < len(want)-1; i += 2 {
			uses = append(uses, ast.Span{Start: want[i].Start, End: want[i+1].Start})
		}
		table := scope.Of(parser.ParseFile(parser.Python, []byte(text)).AST, []byte(text))
		for _, use := range uses {
			for offset := use.Start; offset <= use.End; offset++ {
				got := []ast.Span{}
				if v := table.At(offset); v != nil {
					for _, u := range v.Uses {
						got = append(got, u.Span)
					}
				}
				if !slices.Equal(got, uses) {
					t.Errorf("%s\nat %d: uses %v, want %v", marked, offset, got, uses)
				}
			}
		}
	}
}

// symbols has Python's module symtable tell of each scope of files which names
// are its own, and which are of the module or of a function around.
const symbols = `
import json, symtable, sys
def show(table, out):
    names = {}
    for s in table.get_symbols():
        if s.get_name().startswith("__") or s.get_name().startswith(".") or s.get_name().startswith("_") and table.get_type() != "module":
            continue
        names[s.get_name()] = "free" if s.is_free() else "global" if s.is_global() and table.get_type() != "module" else "own" if s.is_local() else "global"
    if table.get_type() in ("function", "class"):
        out.append({"line": table.get_lineno(), "type": table.get_type(), "names": names})
    for child in table.get_children():
        show(child, out)
answer = []
for path in sys.argv[1:]:
    text = open(path, encoding="utf-8").read()
    out = []
    show(symtable.symtable(text, path, "exec"), out)
    answer.append({"text": text, "scopes": out})
print(json.dumps(answer))
`

// The scopes are those that Python's compiler makes.
func TestSymtable(t *testing.T) {
	python := testenv.Python(t)
	list, err := exec.Command(python, "-c", `
import glob, os, flytekit
for path in sorted(glob.glob(os.path.dirname(os.__file__) + "/*.py") + glob.glob(os.path.dirname(flytekit.__file__) + "/**/*.py", recursive=True))[::3]:
    print(path)`).Output()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := exec.Command(python, append([]string{"-c", symbols}, strings.Fields(string(list))...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []struct {
		Text   string
		Scopes []struct {
			Line  int
			Type  string
			Names map[string]string
		}
	}
	if err := json.Unmarshal(answer, &files); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, file := range files {
		text := []byte(file.Text)
		table := scope.Of(parser.ParseFile(parser.Python, text).AST, text)
		got := map[string][]*scope.Scope{}
		for _, s := range table.Scopes {
			key := ""
			switch node := s.Node.(type) {
			case *ast.FunctionDef:
				key = fmt.Sprint("function", 1+bytes.Count(text[:node.Span().Start], []byte("\n")))
			case *ast.ClassDef:
				key = fmt.Sprint("class", 1+bytes.Count(text[:node.Span().Start], []byte("\n")))
			default:
				continue
			}
			got[key] = append(got[key], s)
		}
		for _, want := range file.Scopes {
			candidates := got[fmt.Sprint(want.Type, want.Line)]
			if len(candidates) != 1 {
				continue // a lambda, or two of a line
			}
			compared++
			s := candidates[0]
			for name, kind := range want.Names {
				v, is := s.Lookup(name), "global"
				switch {
				case v == nil || v.Scope == table.Module:
				case v.Scope == s:
					is = "own"
				default:
					is = "free"
				}
				if is != kind {
					t.Errorf("%s %d: %s is %s, want %s\n%.80s", want.Type, want.Line, name, is, kind, text)
				}
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d scopes were compared", compared)
	}
}
