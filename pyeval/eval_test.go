package pyeval_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// files is a Finder of modules in memory, by their paths.
type files map[string]string

type project struct {
	sources map[string]*pyeval.Source
}

func (f files) project() *project {
	p := &project{sources: map[string]*pyeval.Source{}}
	for path, text := range f {
		name, isPython := strings.CutSuffix(path, ".py")
		if !isPython {
			continue
		}
		name, isPackage := strings.CutSuffix(name, "/__init__")
		name = strings.ReplaceAll(name, "/", ".")
		tree := parser.Parse(parser.Python, []byte(text))
		p.sources[name] = &pyeval.Source{
			Path: path, Name: name, Package: isPackage, AST: tree.Module().AST, Text: tree.Module().Source,
		}
		tree.Close()
	}
	return p
}

func (p *project) Find(_ *pyeval.Source, name string) pyeval.Found {
	if source, ok := p.sources[name]; ok {
		return pyeval.Found{Source: source}
	}
	for other := range p.sources {
		if strings.HasPrefix(other, name+".") {
			return pyeval.Found{Namespace: true}
		}
	}
	return pyeval.Found{Why: "the module " + name + " isn't found"}
}

func (*project) Version() [2]int { return [2]int{3, 11} }

func (*project) Installed(string) (installed, known bool) { return false, true }

func (p *project) program() *pyeval.Program {
	return pyeval.NewProgram(p, nil, pyeval.Options{})
}

// describe says what a value is in the words of testdata/describe.py; ok is
// false if something in it isn't known.
func describe(f *pyeval.Frame, value pyeval.Value) (text string, ok bool) {
	ok = true
	all := func(values []pyeval.Value) string {
		parts := make([]string, len(values))
		for i, v := range values {
			part, known := describe(f, v)
			parts[i], ok = part, ok && known
		}
		return strings.Join(parts, ", ")
	}
	one := func(v pyeval.Value) string {
		part, known := describe(f, v)
		ok = ok && known
		return part
	}
	named := func(names []string, attrs map[string]pyeval.Value) string {
		parts := make([]string, 0, len(names))
		for _, name := range names {
			if v, has := attrs[name]; has {
				parts = append(parts, name+"="+one(v))
			}
		}
		return strings.Join(parts, ", ")
	}
	switch v := f.Resolve(value).(type) {
	case *pyeval.Unknown:
		return "unknown: " + v.Reason, false
	case *pyeval.Uncertain:
		text := all(v.Values)
		return "one of " + text, false
	case pyeval.None, pyeval.Bool, pyeval.Int, pyeval.Float, pyeval.Str, pyeval.Bytes, pyeval.Ellipsis:
		return f.Repr(v)
	case *pyeval.List:
		text = "list(" + all(v.Elems) + ")"
		return text, ok && !v.Open
	case *pyeval.Tuple:
		text = "tuple(" + all(v.Elems) + ")"
	case *pyeval.Set:
		parts := strings.Split(all(v.Elems), ", ")
		slices.Sort(parts)
		kind := "set("
		if v.Frozen {
			kind = "frozenset("
		}
		return kind + strings.Join(parts, ", ") + ")", ok && !v.Open
	case *pyeval.Dict:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = one(item.Key) + ": " + one(item.Value)
		}
		return "dict(" + strings.Join(parts, ", ") + ")", ok && !v.Open
	case *pyeval.EnumMember:
		text = v.Class.Name + "." + v.Name + "=" + one(v.Value)
	case *pyeval.Class:
		return "class " + v.Qualname, true
	case *pyeval.NamedTuple:
		return "class " + v.Name, true
	case *pyeval.Function:
		return "function " + v.Module.Name + "." + v.Qualname, true
	case *pyeval.ModuleRef:
		return "module " + v.Name, true
	case *pyeval.Native:
		return v.Name, v.Missing == ""
	case *pyeval.NewType:
		text = "newtype " + v.Name + " of " + one(v.Of)
	case *pyeval.TypeVar:
		return "typevar " + v.Name, true
	case *pyeval.ForwardRef:
		return "forward " + v.Text, true
	case *pyeval.Union:
		kind := "union"
		if v.Pipe {
			kind = "pipe"
		}
		text = kind + "[" + all(v.Args) + "]"
	case *pyeval.Alias:
		text = strings.TrimPrefix(one(v.Origin), "typing.Annotated")
		if text == "" {
			text = "Annotated"
		}
		text += "[" + all(v.Args) + "]"
	case *pyeval.Instance:
		switch class := v.Class.(type) {
		case *pyeval.NamedTuple:
			var names []string
			for _, field := range class.Fields {
				names = append(names, field.Name)
			}
			return class.Name + "(" + named(names, v.Attrs) + ")", ok
		case *pyeval.Class:
			var names []string
			if fields := f.NamedTupleFields(class); fields != nil {
				for _, field := range fields {
					names = append(names, field.Name)
				}
			} else if f.IsDataclass(class) {
				for _, field := range f.Fields(class) {
					names = append(names, field.Name)
				}
			} else {
				for name := range v.Attrs {
					names = append(names, name)
				}
				slices.Sort(names)
			}
			return class.Qualname + "(" + named(names, v.Attrs) + ")", ok && !v.Open
		}
		return "object of " + one(v.Class), ok
	default:
		return fmt.Sprintf("%T", v), false
	}
	return text, ok
}

// TestAsPython compares what each name of the modules in testdata stands for
// with what it is when Python imports them. Names that start with "u_" must be
// unknown; of all others everything must be known.
func TestAsPython(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			texts := files{}
			for _, file := range archive.Files {
				texts[file.Name] = string(file.Data)
				target := filepath.Join(folder, file.Name)
				if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(target, file.Data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			compare(t, texts.project(), folder)
		})
	}
}

func compare(t *testing.T, p *project, folder string) {
	t.Helper()
	args := []string{"testdata/describe.py", folder}
	for name := range p.sources {
		args = append(args, name)
	}
	command := exec.Command(testenv.Python(t), args...)
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var answers map[string]map[string]string
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	program := p.program()
	for name, source := range p.sources {
		module := program.Module(source)
		f := program.Frame(module)
		for key, want := range answers[name] {
			binding, bound := module.Scope.Get(key)
			if !bound {
				if _, isModule := p.sources[name+"."+key]; !isModule {
					t.Errorf("%s.%s isn't bound, but is %s", name, key, want)
				}
				continue
			}
			got, known := describe(f, binding.Value)
			switch {
			case strings.HasPrefix(key, "u_"):
				if known {
					t.Errorf("%s.%s is said to be %s, but can't be known", name, key, got)
				}
			case !known:
				t.Errorf("%s.%s isn't known (%s), but is %s", name, key, got, want)
			case got != want:
				t.Errorf("%s.%s is said to be %s, but is %s", name, key, got, want)
			}
		}
		for binding := range module.Scope.All() {
			if _, ok := answers[name][binding.Name]; !ok && !binding.Maybe && !binding.TypeCheckingOnly {
				t.Errorf("%s.%s is bound, but there is no such name", name, binding.Name)
			}
		}
	}
}
