package pyeval_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
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
	return describeAt(f, value, 0)
}

func describeAt(f *pyeval.Frame, value pyeval.Value, depth int) (text string, ok bool) {
	if depth > 8 {
		return "deep", true
	}
	ok = true
	all := func(values []pyeval.Value) string {
		parts := make([]string, len(values))
		for i, v := range values {
			part, known := describeAt(f, v, depth+1)
			parts[i], ok = part, ok && known
		}
		return strings.Join(parts, ", ")
	}
	one := func(v pyeval.Value) string {
		part, known := describeAt(f, v, depth+1)
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
		if v.Name == "types.NoneType" {
			return "None", true
		}
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
	for _, name := range []string{"basics", "types", "imports"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, folder := load(t, name)
			var answers map[string]map[string]string
			ask(t, p, folder, "describe.py", &answers)
			for name, names := range answers {
				compareNames(t, p, name, names)
			}
		})
	}
}

// TestHints compares the annotations of functions and classes with what
// typing.get_type_hints makes of them.
func TestHints(t *testing.T) {
	t.Parallel()
	p, folder := load(t, "hints")
	var answers map[string]map[string]map[string]string
	ask(t, p, folder, "hints.py", &answers)
	program := p.program()
	for name, source := range p.sources {
		module := program.Module(source)
		f := program.Frame(module)
		for key, want := range answers[name] {
			binding, ok := module.Scope.Get(key)
			if !ok {
				t.Errorf("%s.%s isn't bound", name, key)
				continue
			}
			got, known := hints(f, f.Resolve(binding.Value))
			switch {
			case strings.HasPrefix(key, "u_") && want == nil:
				if known {
					t.Errorf("the hints of %s.%s are said to be %v, but Python raises a NameError", name, key, got)
				}
			case !known || !maps.Equal(got, want):
				t.Errorf("the hints of %s.%s:\n got %v\nwant %v", name, key, got, want)
			}
		}
	}
}

func hints(f *pyeval.Frame, value pyeval.Value) (texts map[string]string, known bool) {
	texts, known = map[string]string{}, true
	add := func(name string, annotation ast.Expr, in *pyeval.Scope) {
		if annotation != nil {
			text, ok := describe(f, f.Annotation(annotation, in))
			texts[name], known = text, known && ok
		}
	}
	switch v := value.(type) {
	case *pyeval.Function:
		for _, param := range v.Def.Params.List {
			add(param.Name.ID, param.Annotation, v.In)
		}
		add("return", v.Def.Returns, v.In)
	case *pyeval.Class:
		for _, annotation := range v.Annotations {
			add(annotation.Name, annotation.Expr, annotation.In)
		}
	}
	return texts, known
}

// load reads a project of testdata, and writes it to a folder.
func load(t *testing.T, name string) (p *project, folder string) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
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
	return texts.project(), folder
}

// ask has a script of testdata import the modules of a project.
func ask(t *testing.T, p *project, folder, script string, answer any) {
	t.Helper()
	args := append([]string{filepath.Join("testdata", script), folder}, slices.Sorted(maps.Keys(p.sources))...)
	command := exec.Command(testenv.Python(t), args...)
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	last := output[bytes.LastIndexByte(output, '\n')+1:]
	if err := json.Unmarshal(last, answer); err != nil {
		t.Fatal(err)
	}
}

func compareNames(t *testing.T, p *project, name string, answers map[string]string) {
	t.Helper()
	program := p.program()
	module := program.Module(p.sources[name])
	f := program.Frame(module)
	for key, want := range answers {
		binding, bound := module.Scope.Get(key)
		if !bound {
			if _, isModule := p.sources[name+"."+key]; !isModule {
				t.Errorf("%s.%s isn't bound, but is %s", name, key, want)
			}
			continue
		}
		got, known := describe(f, binding.Value)
		switch {
		case want == "skip":
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
		if _, ok := answers[binding.Name]; !ok && !strings.HasPrefix(binding.Name, "__") && !binding.Maybe && !binding.TypeCheckingOnly {
			t.Errorf("%s.%s is bound, but there is no such name", name, binding.Name)
		}
	}
}
