package pyeval_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// TestUncertain states what is known where the source doesn't decide which way
// the module takes. cond() stands for what is only known when it runs.
func TestUncertain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ source, want string }{
		"either value":        {"x = 1 if cond() else 2", "one of 1, 2"},
		"branches":            {"if cond():\n    x = 1\nelse:\n    x = 2", "one of 1, 2"},
		"one branch":          {"x = 1\nif cond():\n    x = 2", "one of 1, 2"},
		"same in both":        {"if cond():\n    x = 1\nelse:\n    x = 1", "1"},
		"bound in one":        {"if cond():\n    x = 1", "maybe 1"},
		"deleted in one":      {"x = 1\nif cond():\n    del x", "maybe 1"},
		"early return":        {"def f():\n    if cond():\n        return 1\n    return 2\nx = f()", "one of 1, 2"},
		"raise is no value":   {"def f():\n    if cond():\n        raise ValueError\n    return 2\nx = f()", "2"},
		"nested returns":      {"def f():\n    if cond():\n        if cond():\n            return 1\n        y = 2\n    else:\n        y = 3\n    return y\nx = f()", "one of 1, 2, 3"},
		"append in branch":    {"x = [1]\nif cond():\n    x.append(2)\nx.append(3)", "list(1...)"},
		"item in branch":      {"x = {'a': 1}\nif cond():\n    x['a'] = 2", "dict('a': one of 1, 2)"},
		"new key in branch":   {"x = {'a': 1}\nif cond():\n    x['b'] = 2", "dict('a': 1...)"},
		"attribute in branch": {"class C: pass\nc = C()\nc.v = 1\nif cond():\n    c.v = 2\nx = c.v", "one of 1, 2"},
		"own list in branch":  {"if cond():\n    x = [1]\n    x.extend('')\nelse:\n    x = [3]", "one of list(1), list(3)"},
		"after return":        {"l = [1]\ndef f():\n    if cond():\n        return\n    l.append(2)\nf()\nx = l", "list(1...)"},
		"loop variable":       {"for x in cond():\n    pass", "maybe unknown"},
		"loop binds":          {"for i in cond():\n    x = 5", "maybe 5"},
		"loop counts":         {"x = 0\nfor i in cond():\n    x += 1", "one of 0, unknown"},
		"loop appends":        {"x = [1]\nfor i in cond():\n    x.append(2)", "list(1...)"},
		"break":               {"for i in [1, 2, 3]:\n    x = i\n    if cond():\n        break", "one of 1, 2, 3"},
		"continue":            {"x = 0\nfor i in [1, 2]:\n    if cond():\n        continue\n    x = i", "one of 0, 1, 2"},
		"while":               {"x = 0\nwhile cond():\n    x += 1", "one of 0, unknown"},
		"try":                 {"try:\n    x = cond()\nexcept Exception:\n    x = 1", "one of 1, unknown"},
		"try without doubt":   {"try:\n    x = 1\nexcept Exception:\n    x = 2", "1"},
		"try import":          {"try:\n    import numpy as np\n    x = 1\nexcept ImportError:\n    x = 2", "2"},
		"unknown function":    {"from numpy import change\nx = [1]\nchange(x)", "list(...)"},
		"uncertain function":  {"def a(): return 1\ndef b(): return 2\nx = (a if cond() else b)()", "one of 1, 2"},
		"uncertain attribute": {"class A: v = 1\nclass B: v = 2\nx = (A if cond() else B).v", "one of 1, 2"},
		"uncertain operand":   {"y = 1 if cond() else 2\nx = y + 10", "one of 11, 12"},
		"uncertain index":     {"x = [5, 6, 7][0 if cond() else 2]", "one of 5, 7"},
		"uncertain condition": {"y = 1 if cond() else 2\nx = 'yes' if y else 'no'", "'yes'"},
		"filtered":            {"x = [i for i in [1, 2] if cond()]", "list(...)"},
		"unknown key":         {"x = {'a': 1}\nx[cond()] = 2", "dict('a': one of 1, 2...)"},
		"recursion":           {"def f(n):\n    if cond():\n        return n\n    return f(n + 1)\nx = f(0)", "one of 0, unknown"},
		"endless loop":        {"x = 1\nwhile True:\n    x += 1", "unknown"},
		"endless recursion":   {"def f(): return f()\nx = f()", "unknown"},
		"type checking":       {"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import b\nelse:\n    b = 3\nx = b", "3"},
		"main":                {"x = 1\nif __name__ == '__main__':\n    x = 2", "1"},
		"missing base":        {"from numpy import Base\nclass C(Base): v = 1\nx = C.v", "1"},
		"missing base's":      {"from numpy import Base\nclass C(Base): v = 1\nx = C.w", "unknown"},
		"generator function":  {"def f():\n    yield 1\nx = list(f())", "list(...)"},
		"match":               {"match cond():\n    case 1:\n        x = 1\n    case _:\n        x = 2", "one of 1, 2"},
		"global in branch":    {"x = 1\ndef f():\n    global x\n    if cond():\n        x = 2\nf()", "one of 1, 2"},
		"closure":             {"def f():\n    n = 1\n    def g(): return n\n    n = 2\n    return g\nx = f()()", "2"},
		"and":                 {"x = cond() and 5", "one of 5, unknown"},
		"or with known":       {"x = 0 or cond() or 7", "one of 7, unknown"},
		"unpacked unknown":    {"x, y = cond()", "unknown"},
		"unpacked call":       {"def f(a, b=1): return (a, b)\nx = f(*cond())", "tuple(unknown, unknown)"},
		"format":              {"x = f'{cond()}'", "unknown"},
		"star import":         {"from numpy import *\nx = array", "unknown"},
		"shadowed builtin":    {"def list(v): return 'mine'\nx = list(1)", "'mine'"},
		"with":                {"with cond() as c:\n    x = 1", "1"},
		"raise in try":        {"try:\n    if cond():\n        raise ValueError\n    x = 1\nexcept ValueError:\n    x = 2", "one of 1, 2"},
		"handler of another":  {"def f():\n    raise KeyError('k')\ntry:\n    try:\n        f()\n    except ValueError:\n        x = 1\nexcept KeyError as e:\n    x = e.args[0]", "unknown"},
		"else of a loop":      {"for i in [1, 2]:\n    if cond():\n        x = 'broken'\n        break\nelse:\n    x = 'whole'", "one of 'broken', 'whole'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := files{"m.py": "from undecided import cond\n" + test.source + "\n"}.project()
			program := p.program()
			module := program.Module(p.sources["m"])
			binding, ok := module.Scope.Get("x")
			if !ok {
				t.Fatal("x isn't bound")
			}
			f := program.Frame(module)
			got := brief(f, f.Resolve(binding.Value))
			if binding.Maybe {
				got = "maybe " + got
			}
			if got != test.want {
				t.Errorf("%s\nx is %s, not %s", test.source, got, test.want)
			}
		})
	}
}

// brief describes a value with its unknown parts, but without their reasons.
func brief(f *pyeval.Frame, value pyeval.Value) string {
	all := func(values []pyeval.Value) string {
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = brief(f, v)
		}
		return strings.Join(parts, ", ")
	}
	open := func(open bool) string {
		if open {
			return "...)"
		}
		return ")"
	}
	switch v := value.(type) {
	case *pyeval.Unknown:
		if v.Reason == "" {
			return "unknown without a reason"
		}
		return "unknown"
	case *pyeval.Uncertain:
		parts := strings.Split(all(v.Values), ", ")
		slices.Sort(parts)
		return "one of " + strings.Join(parts, ", ")
	case *pyeval.List:
		return "list(" + all(v.Elems) + open(v.Open)
	case *pyeval.Tuple:
		return "tuple(" + all(v.Elems) + ")"
	case *pyeval.Dict:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = brief(f, item.Key) + ": " + brief(f, item.Value)
		}
		return "dict(" + strings.Join(parts, ", ") + open(v.Open)
	}
	text, _ := describe(f, value)
	return text
}
