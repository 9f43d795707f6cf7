package navigate

import (
	"context"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/scope"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// reader looks into one Python file. It is used by one goroutine.
type reader struct {
	ctx      context.Context
	snapshot *workspace.Snapshot
	path     string
	module   *model.Module
	source   *parser.Source

	table  *scope.Table
	values map[ast.Expr]pyeval.Value
	// watched are the units of code that values is of.
	watched map[int]bool
}

// read makes the reader of a file; nil of one that isn't Python's.
func read(ctx context.Context, snapshot *workspace.Snapshot, path string) (*reader, error) {
	if language, _ := parser.LanguageOf(path); language != parser.Python {
		return nil, nil
	}
	module, err := snapshot.Module(ctx, path)
	if err != nil || module.Module == nil || module.AST == nil {
		return nil, err
	}
	return &reader{ctx: ctx, snapshot: snapshot, path: module.Path, module: module, source: module.Text, values: map[ast.Expr]pyeval.Value{}, watched: map[int]bool{}}, nil
}

// nodes are the statements and expressions around an offset, the outermost first.
func (r *reader) nodes(offset int) []ast.Node {
	var nodes []ast.Node
	ast.Inspect(r.module.AST, func(n ast.Node) bool {
		if !n.Span().Contains(offset) {
			return false
		}
		// Of two that meet at the offset the second counts: it begins there.
		for len(nodes) > 0 && !covers(nodes[len(nodes)-1].Span(), n.Span()) {
			nodes = nodes[:len(nodes)-1]
		}
		nodes = append(nodes, n)
		return true
	})
	return nodes
}

func covers(outer, inner parser.Span) bool {
	return outer.Start <= inner.Start && inner.End <= outer.End
}

func (r *reader) scopes() *scope.Table {
	if r.table == nil {
		r.table = scope.Of(r.module.AST, r.source.Text())
	}
	return r.table
}

// value is what an expression stands for, nil where that isn't known: by the
// names in it where they are the module's, so that code counts that isn't
// evaluated, else by the evaluation of the code around.
func (r *reader) value(expr ast.Expr) pyeval.Value {
	switch e := expr.(type) {
	case *ast.Name:
		if value := r.named(r.scopes().Names(e)); value != nil {
			return value
		}
	case *ast.Attribute:
		if ref, ok := r.value(e.Value).(*pyeval.ModuleRef); ok {
			if value := r.attribute(ref, e.Attr); value != nil {
				return value
			}
		}
	}
	r.watch(expr)
	if value := r.values[expr]; value != nil {
		return r.module.Resolve(value)
	}
	return nil
}

// watch evaluates the code around an expression, once.
func (r *reader) watch(expr ast.Expr) {
	offset := expr.Span().Start
	unit := r.unit(offset)
	if r.watched[unit] {
		return
	}
	r.watched[unit] = true
	r.module.Watch(offset, func(f *pyeval.Frame, at ast.Expr, value pyeval.Value) {
		if f.Module().Path == r.path {
			r.values[at] = value
		}
	})
}

// unit is where the code starts that Module.Watch evaluates for an offset: the body
// of the innermost function of an entity, or the statement of the module.
func (r *reader) unit(offset int) int {
	found := -1
	for _, e := range r.module.Entities {
		if e.Function == nil || e.Function.Def == nil || e.Function.Module.Path != r.path {
			continue
		}
		def := e.Function.Def
		if body := def.Body(); len(body) > 0 && body[0].Span().Start <= offset && offset <= def.End {
			found = max(found, body[0].Span().Start)
		}
	}
	if found >= 0 {
		return found
	}
	for _, stmt := range r.module.AST.Body {
		if stmt.Span().Contains(offset) {
			found = stmt.Span().Start
		}
	}
	return found
}

// named is what a variable stands for: one of the module, or one that a function
// only imports; nil of others.
func (r *reader) named(v *scope.Variable) pyeval.Value {
	if v == nil {
		return nil
	}
	if v.Scope.Kind == scope.Module {
		binding, ok := r.module.Scope.Get(v.Name)
		if !ok {
			return nil
		}
		return r.module.Resolve(binding.Value)
	}
	if use := onlyImport(v); use != nil {
		return r.imported(use)
	}
	return nil
}

// onlyImport is the import that alone binds a variable, nil if something else
// does.
func onlyImport(v *scope.Variable) *scope.Use {
	var found *scope.Use
	for i := range v.Uses {
		use := &v.Uses[i]
		if use.Declares || use.Binds && (use.Alias == nil || found != nil) {
			return nil
		}
		if use.Binds {
			found = use
		}
	}
	return found
}

// imported is what a clause of an import gives, nil if that isn't known.
func (r *reader) imported(use *scope.Use) pyeval.Value {
	if use.From != nil {
		name, ok := r.module.Absolute(use.From.Module, use.From.Level)
		if !ok {
			return nil
		}
		return r.member(name, use.Alias.Name)
	}
	name := use.Alias.Name
	if use.Alias.AsName == "" && use.Span.End < use.Alias.NameSpan.End {
		name = r.source.Slice(use.Span) // `import a.b` binds a
	}
	found := r.module.Find(r.module.Source, name)
	if found.Source == nil && !found.Namespace {
		return nil
	}
	return &pyeval.ModuleRef{Name: name, Source: found.Source}
}

// attribute is an attribute of a module, nil if it isn't known.
func (r *reader) attribute(ref *pyeval.ModuleRef, name string) pyeval.Value {
	return r.member(ref.Name, name)
}

// member is what `from module import name` gives.
func (r *reader) member(module, name string) pyeval.Value {
	if model.NativeModule(module) {
		return nil
	}
	found := r.module.Find(r.module.Source, module)
	if found.Source != nil {
		if binding, ok := r.module.Imported(found.Source).Scope.Get(name); ok {
			return r.module.Resolve(binding.Value)
		}
	}
	if found.Source == nil && !found.Namespace {
		return nil
	}
	if below := r.module.Find(r.module.Source, module+"."+name); below.Source != nil || below.Namespace {
		return &pyeval.ModuleRef{Name: module + "." + name, Source: below.Source}
	}
	return nil
}
