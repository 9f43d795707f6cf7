package generate

import (
	"fmt"
	"slices"
	"strings"
)

// entity is a Flyte entity that the generated code can call.
type entity struct {
	module *module
	name   string
	inputs []param
	// result spells the return annotation. It is nil if there is none.
	result func(m *module) string
	// several says that it returns more than one value.
	several bool
	// plain says that it is a task that map_task takes with any of its settings,
	// workflow that launch plans can be made of it.
	plain, workflow bool
}

type param struct {
	name string
	typ  typ
	// initial is the default as an expression, or empty.
	initial string
	// built says that the default is an object of a class of the project.
	built bool
}

// added remembers an entity of a module under its name.
func (m *module) added(e *entity, words ...string) string {
	e.module = m
	e.name = m.define(symbol{kind: callable}, words...)
	m.entities = append(m.entities, e)
	return e.name
}

// callable are the entities that a module can call.
func (m *module) callable(fits func(e *entity) bool) []*entity {
	var all []*entity
	for _, other := range m.g.modules {
		for _, e := range other.entities {
			if fits(e) {
				all = append(all, e)
			}
		}
		if other == m {
			break
		}
	}
	return all
}

func (g *generator) params(m *module, most int) []param {
	var all []param
	for range g.IntN(most + 1) {
		p := param{name: g.fresh("x", "rows", "path", "limit_of", "options", "alpha"), typ: g.typ(m, 2)}
		if p.typ.value != nil && g.chance(40) {
			p.initial, p.built = g.initial(m, p.typ)
		}
		all = append(all, p)
	}
	return all
}

// initial is a default: a value, or a module's constant that holds one.
func (g *generator) initial(m *module, t typ) (text string, built bool) {
	value := t.value(m)
	built = m.builds(value)
	if g.chance(15) {
		name := m.define(symbol{kind: constant}, "DEFAULT", "_INITIAL")
		m.block(name + " = " + value)
		return name, built
	}
	return value, built
}

// builds says whether an expression makes an object of a class of the project.
func (m *module) builds(value string) bool {
	return slices.ContainsFunc(m.visible(class), func(s *symbol) bool {
		return strings.Contains(value, s.name+"(") || strings.Contains(value, s.name+"_(")
	})
}

// signature writes parameters: those without default first, or all by keyword.
func (g *generator) signature(m *module, params []param) string {
	var first, rest []string
	for _, p := range params {
		text := p.name + ": " + g.annotation(m, p.typ)
		if p.initial != "" {
			rest = append(rest, text+" = "+p.initial)
		} else {
			first = append(first, text)
		}
	}
	all := append(first, rest...)
	if len(all) > 1 && g.chance(8) {
		at := 1 + g.IntN(len(all)-1)
		all = append(all[:at], append([]string{"*"}, all[at:]...)...)
	}
	if len(all) > 1 && g.chance(30) {
		return "\n    " + strings.Join(all, ",\n    ") + ",\n"
	}
	return strings.Join(all, ", ")
}

// annotation spells a type, sometimes as a string.
func (g *generator) annotation(m *module, t typ) string {
	text := t.spell(m)
	if g.chance(8) && !strings.ContainsAny(text, `'\`) {
		return "'" + text + "'"
	}
	return text
}

// output chooses a return annotation, nil for none, and says whether it is of
// several values, and whether Optional can't take it.
func (g *generator) output(m *module) (spell func(m *module) string, several, unhashable bool) {
	switch n := g.IntN(10); {
	case n < 1:
		return nil, false, false
	case n < 2:
		return func(*module) string { return "None" }, false, false
	case n < 7:
		t := g.typ(m, 2)
		return func(m *module) string { return g.annotation(m, t) }, false, t.unhashable
	case n < 9:
		a, b := g.typ(m, 1), g.typ(m, 1)
		lower := g.chance(50)
		return func(m *module) string {
			name := "tuple"
			if !lower {
				name = m.use("typing", "Tuple")
			}
			return name + "[" + a.spell(m) + ", " + b.spell(m) + "]"
		}, true, false
	default:
		name := g.namedTuple(m)
		return func(user *module) string { return user.local(m, name) }, true, false
	}
}

func (g *generator) namedTuple(m *module) string {
	name := m.define(symbol{kind: constant}, "Result", "Outcome")
	base := m.use("typing", "NamedTuple")
	a, b := g.typ(m, 1).spell(m), g.typ(m, 1).spell(m)
	switch {
	case g.chance(60):
		m.block(fmt.Sprintf("class %s(%s):\n    first: %s\n    second: %s", name, base, a, b))
	case g.chance(50):
		m.block(fmt.Sprintf("%s = %s(%q, [(\"first\", %s), (\"second\", %s)])", name, base, name, a, b))
	default:
		m.block(fmt.Sprintf("%s = %s(%q, first=%s)", name, base, name, a))
	}
	return name
}

// taskLike defines a task, a dynamic workflow or an eager one.
func (g *generator) taskLike(m *module) {
	e := &entity{inputs: g.params(m, 4)}
	output, several, unhashable := g.output(m)
	e.result, e.several = output, several
	decorator, prefix := g.taskDecorator(m), ""
	switch n := g.IntN(100); {
	case n < 70:
		e.plain = !unhashable
	case n < 78:
		prefix = "async "
	case n < 90:
		decorator = "@" + m.use("flytekit", "dynamic") + one(g, "", "()", "(retries=1)", `(cache=True, cache_version="2")`)
	default:
		prefix = "async "
		decorator = "@" + m.use("flytekit", "eager") + one(g, "", "()")
	}
	lines := []string{decorator}
	if g.chance(10) {
		lines = append(lines, "@"+m.local(g.wrapper(m)))
	}
	name := m.added(e, "load", "train", "clean", "score", "merge", "split", "report", "_fetch")
	arrow := ""
	if output != nil {
		arrow = " -> " + output(m)
	}
	lines = append(lines, fmt.Sprintf("%sdef %s(%s)%s:", prefix, name, g.signature(m, e.inputs), arrow))
	if g.chance(20) {
		lines = append(lines, `    """Does it.`, "", "    :param x: what it takes", `    """`)
	}
	lines = append(lines, one(g, "    return None", "    # by hand\n    return ...", "    print(1)\n    return None"))
	g.nestedBlock(m, strings.Join(lines, "\n"))
}

// nestedBlock adds statements, sometimes in a block that always runs.
func (g *generator) nestedBlock(m *module, text string) {
	head, tail := "", ""
	switch g.IntN(25) {
	case 0:
		head = "if True:"
	case 1:
		head, tail = "try:", "\nexcept ImportError:\n    pass"
	case 2:
		head, tail = "if "+m.use("sys", "version_info")+" >= (3, 8):", "\nelse:\n    raise RuntimeError"
	case 3:
		head, tail = "if not "+m.use("typing", "TYPE_CHECKING")+":", "\nelse:\n    pass"
	}
	if head == "" || strings.Contains(text, `"""`) {
		m.block(text)
		return
	}
	m.block(head + "\n    " + strings.ReplaceAll(text, "\n", "\n    ") + tail)
}

func (g *generator) taskDecorator(m *module) string {
	name := m.use("flytekit", "task")
	if g.chance(8) {
		name = g.taskFactory(m, name)
		return "@" + name
	}
	if g.chance(45) {
		return "@" + name + one(g, "", "", "()")
	}
	keywords := []string{
		"retries=2", `cache=True, cache_version="1.0"`, "interruptible=True", `container_image="image:1"`, "enable_deck=True",
		"timeout=" + m.use("datetime", "timedelta") + "(minutes=5)", `environment={"A": "b"}`,
		"requests=" + m.use("flytekit", "Resources") + `(cpu="1", mem="200Mi")`, "deprecated=\"use another\"",
		"limits=" + m.use("flytekit", "Resources") + `(mem="1Gi")`,
	}
	g.Shuffle(len(keywords), func(i, j int) { keywords[i], keywords[j] = keywords[j], keywords[i] })
	keywords = keywords[:1+g.IntN(3)]
	if g.chance(50) {
		return "@" + name + "(\n    " + strings.Join(keywords, ",\n    ") + ",\n)"
	}
	return "@" + name + "(" + strings.Join(keywords, ", ") + ")"
}

// taskFactory defines what stands for @task in a project.
func (g *generator) taskFactory(m *module, task string) string {
	name := m.define(symbol{kind: constant}, "steady", "cached")
	m.block(one(g,
		fmt.Sprintf("%s = %s(%s, retries=3)", name, m.use("functools", "partial"), task),
		fmt.Sprintf("def %s(fn):\n    return %s(fn, retries=3)", name, task),
		fmt.Sprintf("def %s(fn=None, **more):\n    return %s(fn, retries=3, **more)", name, task),
	))
	return name
}

// wrapper is a decorator that keeps the signature of what it wraps.
func (g *generator) wrapper(m *module) (*module, string) {
	name := m.define(symbol{kind: constant}, "logged", "timed")
	m.block(fmt.Sprintf("def %s(fn):\n    @%s(fn)\n    def inner(*args, **kwargs):\n        return fn(*args, **kwargs)\n\n    return inner",
		name, m.use("functools", "wraps")))
	return m, name
}

// redefinition defines a task twice.
func (g *generator) redefinition(m *module) {
	task := m.use("flytekit", "task")
	name := m.define(symbol{kind: callable}, "again", "twice")
	for range 2 {
		t := g.typ(m, 1)
		m.block(fmt.Sprintf("@%s\ndef %s(a: %s) -> %s:\n    return a", task, name, t.spell(m), t.spell(m)))
	}
}
