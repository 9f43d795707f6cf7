// Package generate makes small flytekit projects by chance: over the types and
// the forms of entities that flytekit 1.16 knows, in the spellings and import
// styles that people use. Each is meant to be one that flytekit imports.
package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// File is a file of a project.
type File struct {
	// Path is relative to the project's folder.
	Path   string
	Source string
}

// Project makes the project of a seed, of one to four Python files.
func Project(seed uint64) []File {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0x666c797465)), used: map[string]int{}}
	g.layout()
	for _, m := range g.modules {
		g.fill(m)
	}
	var files []File
	for _, m := range g.modules {
		files = append(files, File{Path: m.path, Source: m.source()})
	}
	return append(files, g.packages()...)
}

// generator makes one project.
type generator struct {
	*rand.Rand
	modules []*module
	// used counts how often a word has named something: names are unique in
	// the project, so that no star import hides one.
	used map[string]int
	// reexporting is the package whose `__init__.py` hands out what its modules
	// have.
	reexporting string
}

// one chooses one of several values.
func one[T any](g *generator, choices ...T) T { return choices[g.IntN(len(choices))] }

// chance is true in n of 100 cases.
func (g *generator) chance(n int) bool { return g.IntN(100) < n }

// fresh is a name that nothing in the project has.
func (g *generator) fresh(words ...string) string {
	word := one(g, words...)
	g.used[word]++
	if g.used[word] == 1 {
		return word
	}
	return fmt.Sprintf("%s%d", word, g.used[word])
}

// layout chooses the modules, in the order in which they may import each other.
func (g *generator) layout() {
	add := func(name string) {
		g.modules = append(g.modules, &module{
			g: g, name: name, path: strings.ReplaceAll(name, ".", "/") + ".py",
			spelled: map[string]string{}, styles: map[string]style{}, future: g.chance(25),
		})
	}
	switch g.IntN(10) {
	case 0, 1, 2, 3:
		add(one(g, "workflow", "main", "pipeline"))
	case 4, 5:
		add("kinds")
		add("flows")
	case 6, 7:
		add("app.kinds")
		add("app.steps")
		if g.chance(60) {
			add("app.flows")
		}
		if g.chance(60) {
			g.reexporting = "app"
		}
	case 8:
		add("app.core.kinds")
		add("app.flows")
	default:
		add("app.kinds")
		add("main")
		g.reexporting = "app"
	}
}

// packages are the `__init__.py` files.
func (g *generator) packages() []File {
	var files []File
	seen := map[string]bool{}
	for _, m := range g.modules {
		parts := strings.Split(m.name, ".")
		for i := 1; i < len(parts); i++ {
			name := strings.Join(parts[:i], ".")
			if seen[name] {
				continue
			}
			seen[name] = true
			file := File{Path: strings.ReplaceAll(name, ".", "/") + "/__init__.py"}
			if name == g.reexporting {
				file.Source = g.reexports(name)
			}
			files = append(files, file)
		}
	}
	return files
}

// reexports is an `__init__.py` that hands out the public names of its modules.
func (g *generator) reexports(name string) string {
	var lines, all []string
	for _, m := range g.modules {
		inner, ok := strings.CutPrefix(m.name, name+".")
		if !ok {
			continue
		}
		names := m.public()
		if len(names) == 0 {
			continue
		}
		lines = append(lines, fmt.Sprintf("from .%s import %s", inner, strings.Join(names, ", ")))
		for _, name := range names {
			all = append(all, fmt.Sprintf("%q", name))
		}
	}
	if g.chance(50) {
		lines = append(lines, "", fmt.Sprintf("__all__ = [%s]", strings.Join(all, ", ")))
	}
	return strings.Join(lines, "\n") + "\n"
}

// fill writes the body of a module.
func (g *generator) fill(m *module) {
	last := m == g.modules[len(g.modules)-1]
	if g.chance(30) {
		m.block(fmt.Sprintf("%s = %s", m.define(symbol{kind: constant}, "LIMIT", "DEPTH"), one(g, "3", "10 ** 3", "-7", "0x10")))
	}
	for range g.IntN(3) {
		g.class(m)
	}
	for range g.IntN(2) {
		g.alias(m)
	}
	for range 1 + g.IntN(3) {
		g.taskLike(m)
	}
	if last || g.chance(30) {
		for range 1 + g.IntN(4) {
			g.other(m)
		}
	}
	for range g.IntN(4) {
		g.form(m)
	}
	if g.chance(15) {
		g.redefinition(m)
	}
	if g.chance(20) && len(m.entities) > 0 {
		m.block(fmt.Sprintf("%s = %s", g.fresh("zz_alias", "a_alias"), one(g, m.entities...).name))
	}
	m.exported = g.chance(15)
}
