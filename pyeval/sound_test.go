package pyeval_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var seed = flag.Uint64("seed", 2, "the seed of TestSound's programs")

// TestSound runs made-up programs in Python, several times, as what the source
// doesn't decide falls one way or the other: each value that a name has after a
// run must be one that the evaluation allows for.
func TestSound(t *testing.T) {
	t.Parallel()
	t.Logf("seed %d", *seed)
	random := rand.New(rand.NewPCG(*seed, 0))
	programs := make([]string, 300)
	for i := range programs {
		programs[i] = "from undecided import cond, items\n" + (&programmer{random: random}).program()
	}
	var answers [][]map[string]string
	command := exec.Command(testenv.Python(t), "testdata/runs.py")
	input, err := json.Marshal(programs)
	if err != nil {
		t.Fatal(err)
	}
	command.Stdin = bytes.NewReader(input)
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(output[bytes.LastIndexByte(output, '\n')+1:], &answers); err != nil {
		t.Fatal(err)
	}
	runs, known := 0, 0
	for i, program := range programs {
		p := files{"m.py": program}.project()
		evaluator := p.program()
		module := evaluator.Module(p.sources["m"])
		f := evaluator.Frame(module)
		for _, run := range answers[i] {
			runs++
			if why := contradiction(f, module, run); why != "" {
				t.Errorf("program %d:\n%s\n%s", i, program, why)
				break
			}
			for name := range run {
				binding, _ := module.Scope.Get(name)
				if _, ok := describe(f, binding.Value); ok {
					known++
				}
			}
		}
	}
	if runs < len(programs) || known < runs {
		t.Errorf("only %d runs and %d values were compared", runs, known)
	}
}

// contradiction says what of a run the evaluation doesn't allow for.
func contradiction(f *pyeval.Frame, module *pyeval.Module, run map[string]string) string {
	for name, value := range run {
		binding, ok := module.Scope.Get(name)
		if !ok {
			return fmt.Sprintf("%s isn't bound, but is %s", name, value)
		}
		pattern := "^" + allowed(f, binding.Value, 0) + "$"
		if !regexp.MustCompile(pattern).MatchString(value) {
			return fmt.Sprintf("%s is %s, which %s doesn't allow", name, value, pattern)
		}
	}
	for binding := range module.Scope.All() {
		if _, ok := run[binding.Name]; !ok && !binding.Maybe && len(binding.Name) == 1 && binding.Name <= "e" {
			return binding.Name + " is unbound"
		}
	}
	return ""
}

// allowed is a pattern of what describe.py may say of a value.
func allowed(f *pyeval.Frame, value pyeval.Value, depth int) string {
	if depth > 4 {
		return ".*"
	}
	all := func(values []pyeval.Value, open bool) string {
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = allowed(f, v, depth+1)
		}
		pattern := strings.Join(parts, ", ")
		switch {
		case open && len(values) > 0:
			pattern += "(, .*)?"
		case open:
			pattern = ".*"
		}
		return pattern
	}
	switch v := value.(type) {
	case *pyeval.Unknown:
		return ".*"
	case *pyeval.Uncertain:
		parts := make([]string, len(v.Values))
		for i, v := range v.Values {
			parts[i] = allowed(f, v, depth+1)
		}
		return "(" + strings.Join(parts, "|") + ")"
	case *pyeval.List:
		return `list\(` + all(v.Elems, v.Open) + `\)`
	case *pyeval.Tuple:
		return `tuple\(` + all(v.Elems, false) + `\)`
	case *pyeval.Dict:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = allowed(f, item.Key, depth+1) + ": " + allowed(f, item.Value, depth+1)
		}
		between := ", "
		if v.Open {
			between = ", (.*, )?"
		}
		pattern := strings.Join(parts, between)
		if v.Open {
			pattern = "(.*, )?" + pattern + "(, .*)?"
			if len(parts) == 0 {
				pattern = ".*"
			}
		}
		return `dict\(` + pattern + `\)`
	}
	text, _ := describe(f, value)
	return regexp.QuoteMeta(text)
}

// programmer writes programs of a few statements.
type programmer struct {
	random *rand.Rand
	text   strings.Builder
	depth  int
	loops  int
	// inFunction: return is allowed.
	inFunction bool
}

func (p *programmer) program() string {
	p.line("a, b, c, d = 0, 'x', [1], {'k': 1}")
	for range 2 {
		if p.one(2) {
			p.function()
		}
	}
	for range 2 + p.random.IntN(5) {
		p.statement()
	}
	return p.text.String()
}

func (p *programmer) one(of int) bool { return p.random.IntN(of) == 0 }

func (p *programmer) pick(of ...string) string { return of[p.random.IntN(len(of))] }

func (p *programmer) line(format string, args ...any) {
	p.text.WriteString(strings.Repeat("    ", p.depth))
	fmt.Fprintf(&p.text, format, args...)
	p.text.WriteByte('\n')
}

func (p *programmer) block() {
	p.depth++
	for range 1 + p.random.IntN(2) {
		p.statement()
	}
	p.depth--
}

func (p *programmer) function() {
	p.line("def %s(x, y=%s):", p.pick("f", "g"), p.constant())
	was := p.inFunction
	p.inFunction = true
	p.depth++
	if p.one(3) {
		p.line("global a, b")
	}
	p.depth--
	p.block()
	if p.one(2) {
		p.depth++
		p.line("return %s", p.expression())
		p.depth--
	}
	p.inFunction = was
}

func (p *programmer) constant() string {
	return p.pick("0", "1", "2", "'x'", "'y'", "None", "True", "[1, 2]", "{}", "(1,)", "[]")
}

func (p *programmer) name() string { return p.pick("a", "b", "c", "d", "e") }

func (p *programmer) expression() string {
	switch p.random.IntN(12) {
	case 0, 1, 2:
		return p.constant()
	case 3, 4:
		return p.name()
	case 5:
		return p.name() + p.pick(" + ", " * ", " == ", " and ", " or ") + p.constant()
	case 6:
		return fmt.Sprintf("(%s if %s else %s)", p.constant(), p.condition(), p.name())
	case 7:
		return fmt.Sprintf("%s(%s)", p.pick("f", "g", "str", "len", "bool"), p.name())
	case 8:
		return fmt.Sprintf("[i for i in %s if %s]", p.iterable(), p.condition())
	case 9:
		return fmt.Sprintf("[%s, %s]", p.name(), p.constant())
	case 10:
		return fmt.Sprintf("{'k': %s, **d}", p.name())
	}
	return "f'{" + p.name() + "}'"
}

func (p *programmer) condition() string {
	return p.pick("cond()", "cond()", "a == 1", "not b", "c", "a in (0, 1)", "isinstance(a, int)", "len(c) > 1", "'k' in d", "d.get('k') == 1")
}

func (p *programmer) iterable() string {
	return p.pick("items()", "range(2)", "[1, 2, 3]", "c", "d", "'xy'")
}

func (p *programmer) match() {
	p.line("match %s:", p.expression())
	p.depth++
	for range 1 + p.random.IntN(3) {
		guard := p.pick("", "", " if "+p.condition())
		p.line("case %s%s:", p.pick("0 | 1", "None", "int()", "str(b)", "[e]", "[a, *b]", "[1, *_]", "{'k': a}", "{'k': 1, **e}", "()", "'x' as a", "True"), guard)
		p.block()
	}
	if p.one(2) {
		p.line("case %s:", p.pick("_", "e"))
		p.block()
	}
	p.depth--
}

func (p *programmer) statement() {
	if p.depth > 2 {
		p.line("%s = %s", p.name(), p.expression())
		return
	}
	switch p.random.IntN(18) {
	case 0, 1, 2:
		p.line("%s = %s", p.name(), p.expression())
	case 15:
		p.line("globals()[%s] = %s", p.pick("'a'", "'e'", "'a' if cond() else 'b'"), p.name())
	case 16:
		p.match()
	case 3:
		p.line("c.%s", p.pick("append(a)", "append(2)", "extend([4, 5])", "clear()", "pop()", "insert(0, 5)", "reverse()"))
	case 4:
		p.line("d[%s] = %s", p.pick("'k'", "'l'", "a", "b"), p.name())
	case 5:
		p.line("%s += %s", p.pick("a", "b", "c"), p.pick("1", "'z'", "[3]"))
	case 6, 7:
		p.line("if %s:", p.condition())
		p.block()
		if p.one(2) {
			p.line("else:")
			p.block()
		}
	case 8, 9:
		p.line("for %s in %s:", p.pick("a", "e", "i"), p.iterable())
		p.loops++
		p.block()
		p.loops--
		if p.one(3) {
			p.line("else:")
			p.block()
		}
	case 10:
		p.line("try:")
		p.block()
		p.line("except %s:", p.pick("ValueError", "Exception", "(TypeError, KeyError)", "IndexError as e"))
		p.block()
		if p.one(3) {
			p.line("finally:")
			p.block()
		}
	case 11:
		switch {
		case p.loops > 0 && p.one(2):
			p.line("%s", p.pick("break", "continue"))
		case p.inFunction:
			p.line("return %s", p.expression())
		default:
			p.line("if cond():")
			p.depth++
			p.line("raise ValueError('v')")
			p.depth--
		}
	case 12:
		p.line("%s = %s(%s, %s)", p.name(), p.pick("f", "g"), p.name(), p.name())
	case 13:
		p.line("e = c")
	case 14:
		p.line("del %s", p.pick("a", "e", "d['k']", "c[0]"))
	default:
		p.line("while %s:", p.condition())
		p.loops++
		p.depth++
		p.line("a = 0 if a else 1")
		p.line("if cond() or len(c) > 20:")
		p.depth++
		p.line("break")
		p.depth--
		p.depth--
		p.block()
		p.loops--
	}
}
