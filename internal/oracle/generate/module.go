package generate

import (
	"fmt"
	"slices"
	"strings"
)

// module is a Python file under construction.
type module struct {
	g       *generator
	name    string
	path    string
	future  bool
	imports []string
	// spelled is how names of other modules are written here, styles how a
	// module is imported here.
	spelled map[string]string
	styles  map[string]style
	blocks  []string
	symbols []*symbol
	// exported says whether `__all__` names the public names.
	exported bool
	entities []*entity
}

// symbol is a top-level name of a generated module.
type symbol struct {
	module *module
	name   string
	kind   symbolKind
	typ    typ
}

type symbolKind int

const (
	constant symbolKind = iota
	class
	callable
)

// define adds a name to the module.
func (m *module) define(s symbol, words ...string) string {
	s.module, s.name = m, m.g.fresh(words...)
	m.symbols = append(m.symbols, &s)
	return s.name
}

// block adds statements; a function or class gets blank lines around.
func (m *module) block(text string) { m.blocks = append(m.blocks, text) }

// public are the names that a star import brings.
func (m *module) public() []string {
	var names []string
	for _, s := range m.symbols {
		if !strings.HasPrefix(s.name, "_") {
			names = append(names, s.name)
		}
	}
	return names
}

// source is the finished text.
func (m *module) source() string {
	var out strings.Builder
	if m.g.chance(30) {
		out.WriteString("\"\"\"What the nightly run does.\n\nSee `flows`.\n\"\"\"\n")
	}
	if m.future {
		out.WriteString("from __future__ import annotations\n\n")
	}
	for _, line := range m.imports {
		out.WriteString(line + "\n")
	}
	if m.exported {
		var names []string
		for _, name := range m.public() {
			names = append(names, fmt.Sprintf("%q", name))
		}
		fmt.Fprintf(&out, "\n__all__ = [%s]\n", strings.Join(names, ", "))
	}
	for _, block := range m.blocks {
		out.WriteString("\n\n" + block + "\n")
	}
	text := out.String()
	if m.g.chance(3) {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

func (m *module) imported(line string) {
	if !slices.Contains(m.imports, line) {
		m.imports = append(m.imports, line)
	}
}

// style says how a module is imported.
type style int

const (
	plain   style = iota // import a.b
	aliased              // import a.b as x
	names                // from a.b import name
	renamed              // from a.b import name as name_
	parent               // from a import b
	star                 // from a.b import *
)

// short names that people give modules; one for each, so that star imports
// bring no other module under a name.
var shorts = map[string]string{
	"typing": "t", "flytekit": "fk", "dataclasses": "dc", "datetime": "dt", "enum": "en", "pandas": "pd", "numpy": "np",
	"pyarrow": "pa", "pydantic": "pyd", "functools": "ft", "typing_extensions": "te", "collections.abc": "cabc",
	"pathlib": "pl",
}

func short(module string) string {
	if name, ok := shorts[module]; ok {
		return name
	}
	return strings.ReplaceAll(module, ".", "_")
}

// use imports a name of an installed module, in the style that the module has
// here, and returns how it is written.
func (m *module) use(module, name string) string {
	key := module + ":" + name
	if spelled, ok := m.spelled[key]; ok {
		return spelled
	}
	how, ok := m.styles[module]
	if !ok {
		how = one(m.g, plain, aliased, names, names, names, renamed)
		switch {
		case shorts[module] == "" && m.g.chance(80):
			how = names
		case module == "datetime" && how == plain:
			how = aliased // a star import would bring the module in place of the class
		case module == "pandas" || module == "numpy":
			how = one(m.g, aliased, aliased, plain, names)
		case module == "flytekit" && m.g.chance(3):
			how = star
		}
		m.styles[module] = how
	}
	var spelled string
	switch how {
	case plain:
		m.imported("import " + module)
		spelled = module + "." + name
	case aliased:
		m.imported("import " + module + " as " + short(module))
		spelled = short(module) + "." + name
	case renamed:
		m.imported("from " + module + " import " + name + " as " + name + "_")
		spelled = name + "_"
	case star:
		m.imported("from " + module + " import *")
		spelled = name
	default:
		m.imported("from " + module + " import " + name)
		spelled = name
	}
	m.spelled[key] = spelled
	return spelled
}

// local writes a name of this project, importing it where it is another
// module's.
func (m *module) local(from *module, name string) string {
	if from == m {
		return name
	}
	key := from.name + ":" + name
	if spelled, ok := m.spelled[key]; ok {
		return spelled
	}
	spelled := m.localImport(from, name)
	m.spelled[key] = spelled
	return spelled
}

func (m *module) localImport(from *module, name string) string {
	// Where both lie in one package, the import may be relative.
	source, above := from.name, ""
	own, theirs := strings.Split(m.name, "."), strings.Split(from.name, ".")
	if len(own) > 1 && own[0] == theirs[0] && m.g.chance(60) {
		source = "." + strings.Join(theirs[1:], ".")
		if len(theirs) == 2 {
			above = "."
		}
	} else if len(theirs) == 2 {
		above = theirs[0]
	}
	last := theirs[len(theirs)-1]
	public := !strings.HasPrefix(name, "_")
	if public && m.g.reexporting != "" && strings.HasPrefix(from.name, m.g.reexporting+".") && len(own) == 1 && m.g.chance(50) {
		m.imported(fmt.Sprintf("from %s import %s", m.g.reexporting, name))
		return name
	}
	switch one(m.g, plain, aliased, names, names, renamed, parent, star) {
	case plain:
		m.imported("import " + from.name)
		return from.name + "." + name
	case aliased:
		m.imported("import " + from.name + " as " + short(from.name))
		return short(from.name) + "." + name
	case renamed:
		m.imported(fmt.Sprintf("from %s import %s as %s_", source, name, name))
		return name + "_"
	case parent:
		if above != "" {
			m.imported(fmt.Sprintf("from %s import %s", above, last))
			return last + "." + name
		}
	case star:
		if public {
			m.imported(fmt.Sprintf("from %s import *", source))
			return name
		}
	}
	m.imported(fmt.Sprintf("from %s import %s", source, name))
	return name
}

// visible are the symbols of a kind that a module can use: its own and those of
// the modules before it.
func (m *module) visible(kind symbolKind) []*symbol {
	var all []*symbol
	for _, other := range m.g.modules {
		for _, s := range other.symbols {
			if s.kind == kind {
				all = append(all, s)
			}
		}
		if other == m {
			break
		}
	}
	return all
}
