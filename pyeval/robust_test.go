package pyeval_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// TestRunaway evaluates what would take Python long, or more stack than it has:
// each module ends, and what comes after is known.
func TestRunaway(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"loops in loops":     "n = 0\nfor a in range(1000):\n    for b in range(1000):\n        for c in range(1000):\n            n += 1\n",
		"exponential":        "def f(n): return f(n - 1) + f(n - 1) if n else 1\nn = f(40)\n",
		"mutual recursion":   "def f(n): return g(n + 1)\ndef g(n): return f(n + 1)\nn = f(0)\n",
		"huge power":         "n = 9 ** 9 ** 9\n",
		"huge text":          "n = 'x' * 10 ** 12\n",
		"doubling list":      "n = [1]\nfor i in range(60):\n    n = n + n\n",
		"doubling text":      "n = 'x'\nfor i in range(100):\n    n += n\n",
		"nested parentheses": "n = " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000) + "\n",
		"nested lists":       "n = " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + "\n",
		"long sum":           "n = 1" + strings.Repeat(" + 1", 50_000) + "\n",
		"long chain":         "n = 'a'" + strings.Repeat(".lower()", 5000) + "\n",
		"many ifs":           strings.Repeat("if cond():\n    n = 1\nelse:\n    n = 2\n", 2000),
		"nested ifs":         nestedIfs(60),
		"nested loops":       nestedLoops(12),
		"self list":          "n = []\nn.append(n)\nx = n == n\ny = str(n)\nz = f'{n}'\n",
		"self dict":          "n = {}\nn['n'] = n\ny = repr(n)\nz = n == {'n': n}\n",
		"self alias":         "type n = list[n]\n",
		"property recursion": "class C:\n    @property\n    def p(self): return self.p\nn = C().p\n",
		"getattr recursion":  "class C:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nn = C().p\n",
		"str recursion":      "class C:\n    def __str__(self): return f'{self}'\nn = str(C())\n",
		"decorated itself":   "def n(f): return n(f)\n@n\ndef g(): ...\n",
		"big literal":        "n = [" + strings.Repeat("1, ", 100_000) + "]\n",
		"big dict":           bigDict(20_000),
		"many returns":       "def f():\n" + strings.Repeat("    if cond():\n        return 1\n", 1000) + "n = f()\n",
		"many breaks":        "for i in range(500):\n    n = i\n    if cond():\n        break\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := files{"m.py": "from undecided import cond\n" + source + "after = 'after'\n"}.project()
			module := p.program().Module(p.sources["m"])
			if binding, _ := module.Scope.Get("after"); binding.Value != pyeval.Value(pyeval.Str("after")) {
				t.Errorf("after is %v", binding.Value)
			}
		})
	}
}

func nestedIfs(depth int) string {
	var b strings.Builder
	for i := range depth {
		fmt.Fprintf(&b, "%sif cond():\n", strings.Repeat(" ", i))
	}
	fmt.Fprintf(&b, "%sn = 1\n", strings.Repeat(" ", depth))
	return b.String()
}

func nestedLoops(depth int) string {
	var b strings.Builder
	for i := range depth {
		fmt.Fprintf(&b, "%sfor i%d in cond():\n", strings.Repeat(" ", i), i)
	}
	fmt.Fprintf(&b, "%sn = 1\n", strings.Repeat(" ", depth))
	return b.String()
}

func bigDict(n int) string {
	var b strings.Builder
	b.WriteString("n = {\n")
	for i := range n {
		fmt.Fprintf(&b, "    'key%d': %d,\n", i, i)
	}
	b.WriteString("}\nfor k in list(n)[:100]:\n    n[k] += 1\n")
	return b.String()
}

// TestHalfTyped evaluates all beginnings of a module: none panics.
func TestHalfTyped(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"basics", "types", "imports", "hints"} {
		p, _ := load(t, name)
		for module, source := range p.sources {
			text := source.Text.Text()
			for end := 0; end < len(text); end += 17 {
				cut := files{strings.ReplaceAll(module, ".", "/") + ".py": string(text[:end])}.project()
				cut.program().Module(cut.sources[module])
			}
		}
	}
}

// TestConcurrent asks for all modules of a project at once, and looks into
// finished ones, as the race detector watches.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	p, _ := load(t, "imports")
	program := p.program()
	var group sync.WaitGroup
	for range 4 {
		for _, source := range p.sources {
			group.Go(func() {
				module := program.Module(source)
				f := program.Frame(module)
				for binding := range module.Scope.All() {
					describe(f, binding.Value)
				}
			})
		}
	}
	group.Wait()
}

// TestFinishedModulesStay changes objects of a finished module, as a body that
// is evaluated later does: neither the module nor other frames see it.
func TestFinishedModulesStay(t *testing.T) {
	t.Parallel()
	p := files{"m.py": "items = [1]\nconfig = {'a': 1}\ncount = 0\nclass C: v = 1\nc = C()\n" +
		"def change():\n    global count\n    items.append(2)\n    config['a'] = 2\n    count = 5\n    C.v = 2\n    c.w = 3\n" +
		"    return (items, config, count, C.v, c.w)\n"}.project()
	program := p.program()
	module := program.Module(p.sources["m"])
	function := func(f *pyeval.Frame) pyeval.Value { return f.Lookup("change") }
	f := program.Frame(module)
	changed := f.CallValue(function(f), &pyeval.Call{})
	elems, _ := f.Iterate(changed)
	if len(elems) != 5 {
		t.Fatalf("change() gives %s", brief(f, changed))
	}
	if values, known := f.Iterate(elems[0]); known {
		t.Errorf("what the body changed is said to be %v", values)
	}
	if got := brief(f, elems[2]); got != "5" {
		t.Errorf("the body sees its own count as %s", got)
	}
	other := program.Frame(module)
	for name, want := range map[string]string{"items": "list(1)", "config": "dict('a': 1)", "count": "0"} {
		if got := brief(other, other.Lookup(name)); got != want {
			t.Errorf("%s is %s for others, not %s", name, got, want)
		}
		if got, known := describe(other, other.Lookup(name)); !known {
			t.Errorf("%s isn't known to others any more: %s", name, got)
		}
	}
	if got := brief(other, other.Attr(other.Lookup("C"), "v")); got != "1" {
		t.Errorf("C.v is %s for others", got)
	}
}

// TestUses states what an evaluation depends on: the modules that it looked
// into, and not those that it merely imports.
func TestUses(t *testing.T) {
	t.Parallel()
	p := files{
		"m.py":      "import unused\nfrom used import value\nimport missing\nx = value\ny = missing.thing\n",
		"unused.py": "x = 1\n",
		"used.py":   "from deeper import value\nother = value\n",
		"deeper.py": "value = 1\n",
	}.project()
	module := p.program().Module(p.sources["m"])
	got := map[string]string{}
	for _, use := range module.Uses {
		got[use.Name] = use.Path
	}
	if want := map[string]string{"used": "used.py", "deeper": "deeper.py", "missing": ""}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("uses %v, not %v", got, want)
	}
}
