package generate

import (
	"fmt"
	"strings"
)

// class defines a type of the project's own.
func (g *generator) class(m *module) {
	switch g.IntN(12) {
	case 0, 1, 2, 3, 4:
		g.dataclass(m)
	case 5, 6:
		g.enum(m)
	case 7, 8:
		g.pydantic(m)
	case 9:
		g.typedDict(m)
	case 10:
		g.plainClass(m)
	default:
		g.newType(m)
	}
}

// declared adds a class symbol and returns its name. The type's value may be
// nil.
func (m *module) declared(value func(m *module, name string) string, words ...string) string {
	s := symbol{kind: class}
	var name string
	s.typ.spell = func(user *module) string { return user.local(m, name) }
	if value != nil {
		s.typ.value = func(user *module) string { return value(user, user.local(m, name)) }
	}
	name = m.define(s, words...)
	return name
}

// field is an attribute of a dataclass or a model.
type field struct {
	name string
	typ  typ
	// initial is the text behind the annotation, from ` = ` on.
	initial string
}

// fields chooses attributes, those without a default first.
func (g *generator) fields(m *module, mutable func(value string) string, first bool) []field {
	count := 1 + g.IntN(4)
	var all []field
	required := g.IntN(count + 1)
	if !first {
		required = 0
	}
	for i := range count {
		f := field{name: g.fresh("size", "rate", "label", "names", "mode", "depth_of"), typ: g.fieldType(m)}
		if i >= required {
			value := "None"
			if f.typ.value != nil {
				value = f.typ.value(m)
			} else {
				f.typ = g.optional(f.typ)
			}
			f.initial = " = " + value
			if f.typ.mutable(m) || strings.ContainsAny(value, "[{(") {
				f.initial = " = " + mutable(value)
			}
		}
		all = append(all, f)
	}
	return all
}

// mutable says whether a class body can't have the type's values as defaults.
func (t typ) mutable(m *module) bool {
	text := t.spell(m)
	return strings.HasPrefix(text, "list[") || strings.HasPrefix(text, "dict[")
}

func (g *generator) fieldType(m *module) typ {
	switch n := g.IntN(20); {
	case n < 9:
		return g.primitive()
	case n < 11:
		return g.list(g.primitive())
	case n < 13:
		return g.dict(g.primitive())
	case n < 16:
		return g.optional(g.primitive())
	case n < 17:
		return g.list(g.list(g.primitive()))
	default:
		return g.nested(m)
	}
}

// nested is a dataclass or an enum that another class may contain.
func (g *generator) nested(m *module) typ {
	var all []*symbol
	for _, s := range m.visible(class) {
		if s.typ.exclusive {
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return g.primitive()
	}
	return one(g, all...).typ
}

// construct is a call of a class with the fields that have no default.
func construct(m *module, name string, fields []field) string {
	var arguments []string
	for _, f := range fields {
		if f.initial != "" {
			continue
		}
		value := "None"
		if f.typ.value != nil {
			value = f.typ.value(m)
		}
		arguments = append(arguments, f.name+"="+value)
	}
	return name + "(" + strings.Join(arguments, ", ") + ")"
}

func (g *generator) dataclass(m *module) {
	decorator := "@" + m.use("dataclasses", "dataclass") + one(g, "", "", "()", "(frozen=True)", "(eq=True, order=True)", "(unsafe_hash=True)")
	var bases []string
	switch g.IntN(6) {
	case 0:
		bases = append(bases, m.use("dataclasses_json", "DataClassJsonMixin"))
	case 1:
		bases = append(bases, m.use("mashumaro.mixins.json", "DataClassJSONMixin"))
	}
	fields := g.fields(m, func(value string) string {
		return fmt.Sprintf("%s(default_factory=lambda: %s)", m.use("dataclasses", "field"), value)
	}, true)
	name := m.declared(func(user *module, name string) string { return construct(user, name, fields) }, "Config", "Row", "Settings", "Point")
	m.symbols[len(m.symbols)-1].typ.exclusive = len(bases) == 0 && !strings.Contains(decorator, "order")
	head := "class " + name
	if len(bases) > 0 {
		head += "(" + strings.Join(bases, ", ") + ")"
	}
	m.block(decorator + "\n" + classBody(m, head, fields))
	if g.chance(20) && !strings.Contains(decorator, "frozen") {
		g.subclass(m, name, fields, len(bases) == 0)
	}
}

// subclass is a dataclass that inherits one.
func (g *generator) subclass(m *module, base string, inherited []field, nestable bool) {
	fields := g.fields(m, func(value string) string {
		return fmt.Sprintf("%s(default_factory=lambda: %s)", m.use("dataclasses", "field"), value)
	}, false)
	all := append(append([]field{}, inherited...), fields...)
	name := m.declared(func(user *module, name string) string { return construct(user, name, all) }, "Special", "Extended")
	m.symbols[len(m.symbols)-1].typ.exclusive = nestable
	m.block("@" + m.use("dataclasses", "dataclass") + "\n" + classBody(m, "class "+name+"("+base+")", fields))
}

func classBody(m *module, head string, fields []field) string {
	var out strings.Builder
	out.WriteString(head + ":\n")
	if m.g.chance(25) {
		out.WriteString("    \"\"\"What it holds.\"\"\"\n\n")
	}
	for _, f := range fields {
		fmt.Fprintf(&out, "    %s: %s%s\n", f.name, f.typ.spell(m), f.initial)
	}
	if m.g.chance(25) {
		out.WriteString("\n    def describe(self) -> str:\n        return str(self)\n")
	}
	return strings.TrimRight(out.String(), "\n")
}

func (g *generator) enum(m *module) {
	members := []string{"RED", "GREEN", "BLUE"}[:1+g.IntN(3)]
	name := m.declared(func(user *module, name string) string {
		return name + "." + one(user.g, members...)
	}, "Color", "Mode", "Level")
	m.symbols[len(m.symbols)-1].typ.exclusive = true
	base := m.use("enum", "Enum")
	if g.chance(25) {
		base = "str, " + base
	}
	var out strings.Builder
	fmt.Fprintf(&out, "class %s(%s):\n", name, base)
	for _, member := range members {
		fmt.Fprintf(&out, "    %s = %q\n", member, strings.ToLower(member))
	}
	if g.chance(20) {
		out.WriteString("\n    def other(self):\n        return self.value\n")
	}
	m.block(strings.TrimRight(out.String(), "\n"))
}

func (g *generator) pydantic(m *module) {
	fields := g.fields(m, func(value string) string {
		if g.chance(50) {
			return value
		}
		return fmt.Sprintf("%s(default_factory=lambda: %s)", m.use("pydantic", "Field"), value)
	}, true)
	for i := range fields {
		if fields[i].initial == "" && g.chance(20) {
			fields[i].initial = " = " + m.use("pydantic", "Field") + one(g, `(..., description="how much")`, "(...)")
		}
	}
	required := make([]field, len(fields))
	for i, f := range fields {
		required[i] = f
		if strings.Contains(f.initial, "...") {
			required[i].initial = ""
		}
	}
	name := m.declared(func(user *module, name string) string { return construct(user, name, required) }, "Model", "Options")
	m.block(classBody(m, "class "+name+"("+m.use("pydantic", "BaseModel")+")", fields))
}

func (g *generator) typedDict(m *module) {
	name := m.declared(nil, "Record", "Header")
	out := fmt.Sprintf("class %s(%s%s):\n    key: str\n    count: %s", name,
		m.use(one(g, "typing", "typing_extensions"), "TypedDict"), one(g, "", ", total=False"), g.primitive().spell(m))
	m.block(out)
}

func (g *generator) plainClass(m *module) {
	name := m.declared(func(_ *module, name string) string { return name + "()" }, "Thing", "Handle")
	m.block(one(g, "class "+name+":\n    pass", "class "+name+":\n    def __init__(self):\n        self.x = 1"))
}

func (g *generator) newType(m *module) {
	of := g.scalar()
	name := m.declared(nil, "UserId", "Score")
	m.block(fmt.Sprintf("%s = %s(%q, %s)", name, m.use("typing", "NewType"), name, of.spell(m)))
}

// alias defines a type by an assignment.
func (g *generator) alias(m *module) {
	of := g.typ(m, 2)
	if strings.Contains(of.spell(m), `"csv"`) {
		of = g.scalar()
	}
	name := m.declared(func(user *module, _ string) string {
		if of.value == nil {
			return "None"
		}
		return of.value(user)
	}, "Rows", "Names", "Table")
	m.symbols[len(m.symbols)-1].typ.unhashable = of.unhashable
	text := fmt.Sprintf("%s = %s", name, of.spell(m))
	if g.chance(20) {
		text = fmt.Sprintf("%s: %s = %s", name, m.use("typing_extensions", "TypeAlias"), of.spell(m))
	}
	m.block(text)
}
