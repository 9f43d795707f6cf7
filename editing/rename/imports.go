package rename

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/scope"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// importer rewrites the imports of one file.
type importer struct {
	*mover
	file   *workspace.File
	source *pyeval.Source // for the names of relative imports
	table  *scope.Table
	// tops are the first clauses of `import a.b` that bind a variable, with what
	// they import afterwards, where that is bound to another name.
	tops map[*scope.Variable]top
	// kept are variables that something else than a module that moves uses, and
	// replaced counts the clauses that don't bind them any more.
	kept     map[*scope.Variable]bool
	replaced map[*scope.Variable]int
}

type top struct {
	span parser.Span
	name string
}

// imports rewrites the imports of the file at a path.
func (m *mover) imports(ctx context.Context, path string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	file, err := m.snapshot.File(path)
	if err != nil || file.AST == nil {
		return nil // what can't be read imports nothing
	}
	name := strings.TrimSuffix(file.ModuleName, ".__init__")
	r := &importer{
		mover: m, file: file, source: &pyeval.Source{Name: name, Package: name != file.ModuleName},
		table: scope.Of(file.AST, file.Source.Text()),
		tops:  map[*scope.Variable]top{}, kept: map[*scope.Variable]bool{}, replaced: map[*scope.Variable]int{},
	}
	ast.Inspect(file.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Import:
			for i := range n.Names {
				r.clause(&n.Names[i])
			}
		case *ast.ImportFrom:
			r.from(n)
		}
		return true
	})
	r.chains()
	for v, first := range r.tops {
		text := first.name
		if r.kept[v] && bindings(v) == r.replaced[v] {
			text = v.Name + ", " + text
		}
		r.change(first.span, text)
	}
	return nil
}

func (r *importer) change(span parser.Span, text string) {
	r.edit(r.file.Path, r.file.Source, span, text, "")
}

// find is the file of a module by its name as the file's code says it.
func (r *importer) find(dotted string) string { return r.snapshot.ModulePath(r.file.Path, dotted) }

// concerns tells whether a module, or the file itself, moves.
func (r *importer) concerns(path string) bool {
	_, module := r.moves[path]
	_, own := r.moves[r.file.Path]
	return path != "" && (module || own)
}

// rename is the name of a module afterwards, with a note where it has none.
func (r *importer) rename(dotted, path string, offset int) (string, bool) {
	name, ok := r.name(r.file.Path, dotted, path)
	if !ok {
		r.left(r.file, offset, "the module %s can't be imported any more", dotted)
	}
	return name, ok
}

// clause rewrites a clause of `import a.b`.
func (r *importer) clause(alias *ast.Alias) {
	path := r.find(alias.Name)
	if !r.concerns(path) {
		return
	}
	name, ok := r.rename(alias.Name, path, alias.Start)
	if !ok || name == alias.Name {
		return
	}
	v := r.table.At(alias.NameSpan.Start)
	if now := first(name); alias.AsName == "" && v != nil && now != v.Name {
		if use := r.otherwise(v, now); use != nil {
			r.left(r.file, alias.Start, "the module is called %s, and %s means something else here", name, now)
			return
		}
		r.replaced[v]++
		if _, ok := r.tops[v]; !ok {
			r.tops[v] = top{alias.NameSpan, name}
			return
		}
	}
	r.change(alias.NameSpan, name)
}

// bindings counts the places that bind a variable.
func bindings(v *scope.Variable) int {
	count := 0
	for _, use := range v.Uses {
		if use.Binds {
			count++
		}
	}
	return count
}

// otherwise is a place where a name means something else than a package that is
// bound where a variable is.
func (r *importer) otherwise(v *scope.Variable, name string) *scope.Use {
	other := v.Scope.Lookup(name)
	if other == nil {
		return nil
	}
	for i := range other.Uses {
		if use := &other.Uses[i]; use.Binds && (use.Alias == nil || use.From != nil || first(use.Alias.Name) != name || use.Alias.AsName != "") {
			return use
		}
	}
	return nil
}

// from rewrites a statement `from module import names`.
func (r *importer) from(n *ast.ImportFrom) {
	module, ok := r.source.Absolute(n.Module, n.Level)
	if !ok {
		return
	}
	path := r.find(module)
	parent, newPath := module, r.place(path)
	if r.concerns(path) {
		if parent, ok = r.rename(module, path, n.Start); !ok {
			return
		}
	}
	now, files := r.clauses(n, module, parent, path)
	namespace := path == "" && !slices.Contains(files, "")
	if namespace && !slices.ContainsFunc(files, func(file string) bool { return !r.concerns(file) }) {
		parent = before(now[0])
	}
	if namespace {
		newPath = packageOf(r.place(files[0]))
	}
	var gone []int // the clauses whose module isn't in the parent any more
	for i := range n.Names {
		if before(now[i]) != parent {
			gone = append(gone, i)
		}
	}
	if len(gone) == len(n.Names) && !slices.ContainsFunc(gone, func(i int) bool { return before(now[i]) != before(now[0]) }) {
		parent, newPath, gone = before(now[0]), packageOf(r.place(files[0])), nil
	}
	for i := range n.Names {
		if alias := &n.Names[i]; !slices.Contains(gone, i) && last(now[i]) != alias.Name {
			r.alias(alias, last(now[i]))
		}
	}
	if len(gone) == len(n.Names) {
		gone = gone[1:] // the statement itself is left for the first
		parent, newPath = before(now[0]), packageOf(r.place(files[0]))
		if last(now[0]) != n.Names[0].Name {
			r.alias(&n.Names[0], last(now[0]))
		}
	}
	if len(gone) > 0 {
		r.split(n, gone, now)
	}
	r.module(n, parent, newPath)
}

// clauses are the full names of what a statement imports as they are afterwards,
// and the files of those that are modules, "" of others.
func (r *importer) clauses(n *ast.ImportFrom, module, parent, path string) (now, files []string) {
	for i := range n.Names {
		alias := &n.Names[i]
		below := r.submodule(module, path, alias.Name)
		name := parent + "." + alias.Name
		if r.concerns(below) {
			if moved, ok := r.rename(module+"."+alias.Name, below, alias.Start); ok {
				name = moved
			}
		}
		now, files = append(now, name), append(files, below)
	}
	return now, files
}

// packageOf is the file of the package that a module lies in.
func packageOf(path string) string {
	return filepath.Join(filepath.Dir(modulePath(path)), "__init__.py")
}

// submodule is the file of the module that `from module import name` gives; "" if
// it gives something else.
func (r *importer) submodule(module, path, name string) string {
	below := r.find(module + "." + name)
	if below == "" || name == "*" {
		return ""
	}
	if path == "" || path == r.file.Path {
		return below
	}
	file, err := r.snapshot.File(path)
	if err != nil || file.AST == nil {
		return below
	}
	v := scope.Of(file.AST, file.Source.Text()).Module.All()[name]
	if v == nil {
		return below
	}
	// What the package binds by another way than an import isn't the module.
	for _, use := range v.Uses {
		if use.Binds && (use.From == nil || use.Alias.Name != name || use.From.Module != "" && !strings.HasSuffix("."+module, "."+use.From.Module)) {
			return ""
		}
	}
	return below
}

// module writes the module's name in a statement: relative, if it was. path is its
// file, "" where only the name counts.
func (r *importer) module(n *ast.ImportFrom, name, path string) {
	if n.Level == 0 {
		r.change(n.ModuleSpan, name)
		return
	}
	text := r.file.Source.Text()
	start := n.Start + len("from")
	for start < n.End && text[start] != '.' {
		start++
	}
	end := start
	for level := 0; level < n.Level && end < n.End; end++ {
		if text[end] == '.' {
			level++
		}
	}
	if n.Module != "" {
		end = n.ModuleSpan.End
	}
	if relative, ok := r.relative(path); ok {
		name = relative
	}
	r.change(parser.Span{Start: start, End: end}, name)
}

// relative is how the file imports the module at a path relatively afterwards;
// false if it can't.
func (r *importer) relative(path string) (string, bool) {
	if path == "" {
		return "", false
	}
	own := r.place(r.file.Path)
	below, err := filepath.Rel(filepath.Dir(own), modulePath(path))
	if err != nil {
		return "", false
	}
	_, name := r.after.ModuleName(own)
	depth := strings.Count(name, ".")
	level, parts := 1, []string{}
	for part := range strings.SplitSeq(filepath.ToSlash(below), "/") {
		switch part {
		case ".":
		case "..":
			level++
		default:
			parts = append(parts, part)
		}
	}
	if level > max(depth, 1) {
		return "", false
	}
	for _, part := range parts {
		if !isIdentifier(part) {
			return "", false
		}
	}
	return strings.Repeat(".", level) + strings.Join(parts, "."), true
}

// alias writes the new name of a module in `from package import name`. The name
// that it is bound to changes with it where nobody else takes that.
func (r *importer) alias(alias *ast.Alias, name string) {
	if alias.AsName != "" {
		r.change(alias.NameSpan, name)
		return
	}
	v := r.table.At(alias.NameSpan.Start)
	if v == nil || !r.free(v, alias, name) {
		r.change(alias.NameSpan, name+" as "+alias.Name)
		return
	}
	for _, use := range v.Uses {
		r.change(use.Span, name)
	}
}

// free tells whether a variable that an import binds can get another name.
func (r *importer) free(v *scope.Variable, alias *ast.Alias, name string) bool {
	for _, use := range v.Uses {
		if use.Binds && use.Alias != alias || r.file.Source.Slice(use.Span) != v.Name {
			return false
		}
	}
	if r.table.Conflict(v, name) != nil {
		return false
	}
	return v.Scope.Kind != scope.Module || len(r.snapshot.Dependents(r.file.Path)) == 0 && r.table.Module.All()["__all__"] == nil
}

// split moves clauses of a statement to one of their own before it.
func (r *importer) split(n *ast.ImportFrom, gone []int, now []string) {
	source := r.file.Source
	start := source.LineStart(n.Start)
	indent := source.Slice(parser.Span{Start: start, End: n.Start})
	between := "; "
	if strings.TrimSpace(indent) == "" {
		between = "\n" + indent
	}
	var text strings.Builder
	for _, i := range gone {
		alias := &n.Names[i]
		text.WriteString("from " + before(now[i]) + " import " + last(now[i]))
		if bound := boundName(alias); bound != last(now[i]) {
			text.WriteString(" as " + bound)
		}
		text.WriteString(between)
		r.drop(n, i, gone)
	}
	r.change(parser.Span{Start: n.Start, End: n.Start}, text.String())
}

// drop takes a clause out of a statement, with the comma behind it, or before it
// if all behind go too.
func (r *importer) drop(n *ast.ImportFrom, i int, gone []int) {
	span := n.Names[i].Span()
	if i+1 < len(n.Names) {
		span.End = n.Names[i+1].Start
	}
	stays := -1
	for j := range n.Names {
		if !slices.Contains(gone, j) {
			stays = j
		}
	}
	if i > stays {
		span = parser.Span{Start: n.Names[i-1].End, End: n.Names[i].End}
	}
	r.change(span, "")
}

func boundName(alias *ast.Alias) string {
	if alias.AsName != "" {
		return alias.AsName
	}
	return alias.Name
}

// chains rewrites `a.b` where it names a module that moves.
func (r *importer) chains() {
	ast.Inspect(r.file.AST, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Attribute:
			if root, attributes := chain(n); root != nil {
				r.chain(root, attributes)
				return false
			}
		case *ast.Name:
			if v := r.table.Names(n); v != nil {
				r.kept[v] = true
			}
		}
		return true
	})
}

// chain are the name that attributes are taken of one after another, and these.
func chain(n *ast.Attribute) (root *ast.Name, attributes []*ast.Attribute) {
	for {
		attributes = append(attributes, n)
		switch value := n.Value.(type) {
		case *ast.Attribute:
			n = value
		case *ast.Name:
			slices.Reverse(attributes)
			return value, attributes
		default:
			return nil, nil
		}
	}
}

func (r *importer) chain(root *ast.Name, attributes []*ast.Attribute) {
	v := r.table.Names(root)
	if v == nil {
		return
	}
	dotted, plain := r.imported(v)
	if dotted == "" {
		return
	}
	module, path, count := "", "", 0
	var name strings.Builder
	name.WriteString(dotted)
	for i, attribute := range attributes {
		if name.WriteString("." + attribute.Attr); r.find(name.String()) != "" {
			module, path, count = name.String(), r.find(name.String()), i+1
		}
	}
	switch {
	case count == 0 && plain:
		if path = r.find(dotted); r.concerns(path) {
			if now, ok := r.name(r.file.Path, dotted, path); ok && now != dotted {
				r.change(root.Span(), now)
				return
			}
		}
		fallthrough
	case count == 0 || !r.concerns(path):
		r.kept[v] = true
		return
	}
	now, ok := r.name(r.file.Path, module, path)
	if !ok || now == module {
		r.kept[v] = true
		return
	}
	if plain {
		if use := r.table.At(root.Start); use != nil && first(now) != v.Name {
			if other := r.scopeOf(v, root).Lookup(first(now)); other != nil && other.Scope != v.Scope {
				r.left(r.file, root.Start, "%s is called %s now, and %s means something else here", module, now, first(now))
				return
			}
		}
		r.change(parser.Span{Start: root.Start, End: attributes[count-1].End}, now)
		return
	}
	// The name stands for a package: what follows it changes.
	above, ok := r.name(r.file.Path, dotted, r.find(dotted))
	below, within := strings.CutPrefix(now, above+".")
	if !ok || !within {
		r.left(r.file, root.Start, "%s is called %s now", module, now)
		return
	}
	r.change(parser.Span{Start: attributes[0].AttrSpan.Start, End: attributes[count-1].End}, below)
}

// scopeOf is the scope that a name stands in.
func (r *importer) scopeOf(v *scope.Variable, name *ast.Name) *scope.Scope {
	for _, use := range v.Uses {
		if use.Span == name.Span() {
			return use.Scope
		}
	}
	return v.Scope
}

// imported is the full name of what imports alone bind a variable to; "" if
// something else binds it too. plain tells that it is by `import a.b`, and the
// name the first part.
func (r *importer) imported(v *scope.Variable) (dotted string, plain bool) {
	for _, use := range v.Uses {
		if !use.Binds {
			continue
		}
		name := ""
		switch {
		case use.Alias == nil:
			return "", false
		case use.From != nil:
			module, ok := r.source.Absolute(use.From.Module, use.From.Level)
			if !ok {
				return "", false
			}
			name = module + "." + use.Alias.Name
		case use.Alias.AsName != "":
			name = use.Alias.Name
		default:
			name, plain = v.Name, true
		}
		if dotted != "" && dotted != name {
			return "", false
		}
		dotted = name
	}
	return dotted, plain
}

// first, last and before are parts of a dotted name.
func first(dotted string) string {
	name, _, _ := strings.Cut(dotted, ".")
	return name
}

func last(dotted string) string { return dotted[strings.LastIndexByte(dotted, '.')+1:] }

func before(dotted string) string { return dotted[:max(0, strings.LastIndexByte(dotted, '.'))] }
