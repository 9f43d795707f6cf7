package rename

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/flyte-lsp/flyte-lsp/editing/navigate"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/parser/scope"
)

// python makes the edits of the Python files.
func (r *renamer) python(ctx context.Context) error {
	for _, path := range slices.Sorted(maps.Keys(r.files)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		file := r.files[path]
		if language, _ := parser.LanguageOf(path); language != parser.Python {
			continue
		}
		source, err := wellFormed(r.search, path)
		if err != nil {
			return r.refuse("%v", err)
		}
		if source != file.source {
			return r.refuse("%s is just being changed: try again", filepath.Base(path))
		}
		if err := r.pythonFile(file); err != nil {
			return err
		}
	}
	return nil
}

func (r *renamer) refuse(format string, args ...any) error {
	return fmt.Errorf("%s can't be renamed to %s: %s", describe(r.thing), r.name, fmt.Sprintf(format, args...))
}

// pythonFile makes the edits of one file: variables are renamed as a whole, where
// nothing else means by the new name something.
func (r *renamer) pythonFile(file *renamedFile) error {
	parsed, err := r.search.Snapshot.File(file.path)
	if err != nil {
		return err
	}
	table := scope.Of(parsed.AST, file.source.Text())
	variables := map[*scope.Variable]bool{}
	for start, place := range file.places {
		if v := table.At(start); v != nil && isUse(v, place.Span) {
			variables[v] = true
		}
	}
	for v := range variables {
		problem := r.variable(file, table, v)
		if problem == nil {
			continue
		}
		if !r.keepName(file, v) {
			return problem
		}
	}
	for _, start := range slices.Sorted(maps.Keys(file.places)) {
		r.edit(file.places[start])
	}
	if r.thing.Kind == navigate.Entity {
		r.exported(parsed.AST, file, table, variables)
	}
	return nil
}

func isUse(v *scope.Variable, span parser.Span) bool {
	return slices.ContainsFunc(v.Uses, func(u scope.Use) bool { return u.Span == span })
}

// variable says why a variable can't get the new name; nil if it can.
func (r *renamer) variable(file *renamedFile, table *scope.Table, v *scope.Variable) error {
	for _, use := range v.Uses {
		if _, known := file.places[use.Span.Start]; known {
			continue
		}
		if use.Declares || use.Quoted {
			file.places[use.Span.Start] = navigate.Place{Path: file.path, Source: file.source, Span: use.Span, Kind: navigate.Use}
			continue
		}
		return r.refuse("%s may mean something else at %s", v.Name, position(file.path, file.source, use.Span.Start))
	}
	if use := table.Conflict(v, r.name); use != nil {
		return r.refuse("%s is used already at %s", r.name, position(file.path, file.source, use.Span.Start))
	}
	if use := dynamic(table, v.Scope); use != nil {
		return r.refuse("%s at %s may look for it by its name", file.source.Slice(use.Span), position(file.path, file.source, use.Span.Start))
	}
	return nil
}

// dynamic is a use of a builtin in a function's scope that finds variables by their
// names; nil if there is none.
func dynamic(table *scope.Table, within *scope.Scope) *scope.Use {
	names := []string{"eval", "exec", "locals", "vars"}
	if within.Kind == scope.Module {
		names = []string{"globals"}
	}
	for _, name := range names {
		v := table.Module.All()[name]
		if v == nil || v.Bound() {
			continue
		}
		for i := range v.Uses {
			if v.Uses[i].Scope.Within(within) {
				return &v.Uses[i]
			}
		}
	}
	return nil
}

// keepName has a file go on with the old name, by `import new as old`. It is false
// where the variable isn't bound by imports alone, or where others import it from
// the file.
func (r *renamer) keepName(file *renamedFile, v *scope.Variable) bool {
	var imports []scope.Use
	for _, use := range v.Uses {
		if !use.Binds {
			continue
		}
		if place, known := file.places[use.Span.Start]; !known || place.Kind != navigate.Import || use.From == nil || use.Alias.AsName != "" {
			return false
		}
		imports = append(imports, use)
	}
	if len(imports) == 0 {
		return false
	}
	if v.Scope.Kind == scope.Module {
		for _, importer := range r.search.Snapshot.Dependents(file.path) {
			if r.files[importer] != nil {
				return false
			}
		}
	}
	for _, use := range v.Uses {
		delete(file.places, use.Span.Start)
	}
	for _, use := range imports {
		r.result.Edits = append(r.result.Edits, Edit{Path: file.path, Source: file.source, Span: use.Span, Text: r.name + " as " + v.Name})
	}
	return true
}

// exported renames the strings in __all__ that mean a variable of the module.
func (r *renamer) exported(module *ast.Module, file *renamedFile, table *scope.Table, variables map[*scope.Variable]bool) {
	v := table.Module.All()[r.thing.Name]
	if _, renamed := variables[v]; v == nil || !renamed || len(file.places) == 0 {
		return
	}
	for _, statement := range module.Body {
		var target, value ast.Expr
		switch s := statement.(type) {
		case *ast.Assign:
			target, value = s.Targets[0], s.Value
		case *ast.AugAssign:
			target, value = s.Target, s.Value
		case *ast.AnnAssign:
			target, value = s.Target, s.Value
		}
		if name, ok := target.(*ast.Name); !ok || name.ID != "__all__" || value == nil {
			continue
		}
		ast.InspectNode(value, func(n ast.Node) bool {
			if constant, ok := n.(*ast.Constant); ok && constant.Kind == ast.StringConst && constant.Text == r.thing.Name && file.source.Slice(constant.Inner) == constant.Text {
				r.edit(navigate.Place{Path: file.path, Source: file.source, Span: constant.Inner, Kind: navigate.Use})
			}
			return true
		})
	}
}
