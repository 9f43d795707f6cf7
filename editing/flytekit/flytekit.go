// Package flytekit tells what flytekit's own functions and classes, and those of
// its plugins, may be called with: read from the sources in the user's
// interpreter, so that it is true for the version that is installed there.
package flytekit

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Callable is a function or a class.
type Callable struct {
	// Name is the canonical name: "flytekit.core.resources.Resources".
	Name string
	// Doc is the docstring, of a class that and its constructor's.
	Doc string
	// Params are what it takes by name, in order.
	Params []Param
	// Path is the file that defines it, and Span its name there.
	Path string
	Span ast.Span
}

// Param is a parameter.
type Param struct {
	Name string
	// Type is the annotation and Default the default as they are written, "" if
	// there is none.
	Type, Default string
	// Doc is what the docstring says of it.
	Doc string
	// Span is its name in the Callable's file.
	Span ast.Span
}

// Param is the parameter of a name; nil if there is none.
func (c *Callable) Param(name string) *Param {
	if i := slices.IndexFunc(c.Params, func(p Param) bool { return p.Name == name }); i >= 0 {
		return &c.Params[i]
	}
	return nil
}

// Short is the last part of the name.
func (c *Callable) Short() string { return c.Name[strings.LastIndexByte(c.Name, '.')+1:] }

// Of is what a value is that the module at a path calls; nil if it is nothing of
// flytekit's or a plugin's, or if its source isn't installed.
func Of(snapshot *workspace.Snapshot, from string, value pyeval.Value) *Callable {
	switch v := value.(type) {
	case *pyeval.Native:
		return Named(snapshot, from, v.Name)
	case *pyeval.Class:
		if v.Def != nil && v.Scope != nil && isFlytekit(v.Scope.Module.Name) {
			return Named(snapshot, from, v.Scope.Module.Name+"."+v.Name)
		}
	case *pyeval.Function:
		if v.Def != nil && v.Module != nil && isFlytekit(v.Module.Name) {
			return Named(snapshot, from, v.Module.Name+"."+v.Qualname)
		}
	}
	if name, ok := model.MethodOf(value); ok {
		return Named(snapshot, from, name)
	}
	return nil
}

// isFlytekit tells whether a name is one of flytekit's or of a plugin's.
func isFlytekit(name string) bool {
	top, _, _ := strings.Cut(name, ".")
	return top == "flytekit" || top == "flytekitplugins"
}

// Named is what has a canonical name; nil as Of has it.
func Named(snapshot *workspace.Snapshot, from, name string) *Callable {
	if !isFlytekit(name) {
		return nil
	}
	module, rest := name, ""
	for {
		parent, last, dotted := cutLast(module)
		if !dotted {
			return nil
		}
		module, rest = parent, strings.TrimSuffix(last+"."+rest, ".")
		if path := snapshot.ModulePath(from, module); path != "" {
			file, err := snapshot.File(path)
			if err != nil || file.AST == nil {
				return nil
			}
			r := &reader{snapshot: snapshot, from: from, file: file}
			return r.named(file.AST.Body, name, strings.Split(rest, "."))
		}
	}
}

func cutLast(name string) (parent, last string, dotted bool) {
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		return name[:at], name[at+1:], true
	}
	return "", name, false
}

// reader reads the definitions of a file.
type reader struct {
	snapshot *workspace.Snapshot
	from     string
	file     *workspace.File
	depth    int
}

// named finds a definition by the names of what it stands in, from the outermost.
func (r *reader) named(body []ast.Stmt, name string, path []string) *Callable {
	for i := len(body) - 1; i >= 0; i-- { // the last of several: overloads stand before
		switch def := body[i].(type) {
		case *ast.FunctionDef:
			if def.Name.ID != path[0] || len(path) > 1 {
				continue
			}
			return r.function(def, name)
		case *ast.ClassDef:
			if def.Name.ID != path[0] {
				continue
			}
			if len(path) > 1 {
				return r.named(def.Body, name, path[1:])
			}
			made := &Callable{Name: name, Doc: def.Doc, Path: r.file.Path, Span: def.Name.Span()}
			made.Params = r.constructor(def, made)
			return made
		case *ast.If:
			if found := r.named(def.Body, name, path); found != nil {
				return found
			}
		}
	}
	return nil
}

func (r *reader) function(def *ast.FunctionDef, name string) *Callable {
	made := &Callable{Name: name, Doc: def.Doc, Path: r.file.Path, Span: def.Name.Span()}
	made.Params = r.params(def, parser.Docstring(def.Doc))
	return made
}

// params are what a function takes by name.
func (r *reader) params(def *ast.FunctionDef, docs map[string]string) []Param {
	var params []Param
	for i, param := range def.Params.List {
		if param.Name == nil || param.Kind != ast.PositionalOrKeyword && param.Kind != ast.KeywordOnly {
			continue
		}
		name := param.Name.ID
		if i == 0 && (name == "self" || name == "cls") {
			continue
		}
		one := Param{Name: name, Doc: docs[name], Span: param.Name.Span()}
		if param.Annotation != nil {
			one.Type = r.file.Source.Slice(param.Annotation.Span())
		}
		if param.Default != nil {
			one.Default = r.file.Source.Slice(param.Default.Span())
		}
		params = append(params, one)
	}
	return params
}

// maxBases bounds how far base classes are followed.
const maxBases = 5

// constructor are what a class takes: those of its __init__, the fields of a
// dataclass, or those of its base class.
func (r *reader) constructor(class *ast.ClassDef, made *Callable) []Param {
	docs := parser.Docstring(class.Doc)
	for _, stmt := range class.Body {
		if def, ok := stmt.(*ast.FunctionDef); ok && def.Name.ID == "__init__" {
			for name, doc := range parser.Docstring(def.Doc) {
				docs[name] = doc
			}
			if made != nil && def.Doc != "" && made.Doc != "" {
				made.Doc += "\n\n" + def.Doc
			} else if made != nil {
				made.Doc += def.Doc
			}
			return r.params(def, docs)
		}
	}
	var params []Param
	for _, base := range class.Bases {
		params = append(params, r.inherited(base)...)
	}
	if !isDataclass(class) {
		return params
	}
	for i, stmt := range class.Body {
		field, ok := stmt.(*ast.AnnAssign)
		if !ok {
			continue
		}
		name, ok := field.Target.(*ast.Name)
		if !ok || strings.HasPrefix(r.file.Source.Slice(field.Annotation.Span()), "ClassVar") {
			continue
		}
		one := Param{Name: name.ID, Type: r.file.Source.Slice(field.Annotation.Span()), Doc: docs[name.ID], Span: name.Span()}
		if field.Value != nil {
			one.Default = r.file.Source.Slice(field.Value.Span())
		}
		if strings.Contains(one.Default, "init=False") {
			continue
		}
		if one.Doc == "" && i+1 < len(class.Body) {
			one.Doc = textOf(class.Body[i+1])
		}
		params = slices.DeleteFunc(params, func(p Param) bool { return p.Name == one.Name })
		params = append(params, one)
	}
	return params
}

// inherited is what the constructor of a base class takes.
func (r *reader) inherited(base ast.Expr) []Param {
	name, ok := base.(*ast.Name)
	if !ok || r.depth == maxBases {
		return nil
	}
	for _, stmt := range r.file.AST.Body {
		switch s := stmt.(type) {
		case *ast.ClassDef:
			if s.Name.ID == name.ID {
				return r.constructor(s, nil)
			}
		case *ast.ImportFrom:
			for _, alias := range s.Names {
				if alias.Name != name.ID && alias.AsName != name.ID || s.Level > 0 {
					continue
				}
				path := r.snapshot.ModulePath(r.from, s.Module)
				file, err := r.snapshot.File(path)
				if path == "" || err != nil || file.AST == nil {
					return nil
				}
				further := &reader{snapshot: r.snapshot, from: r.from, file: file, depth: r.depth + 1}
				if found := further.named(file.AST.Body, s.Module+"."+alias.Name, []string{alias.Name}); found != nil {
					return found.Params
				}
			}
		}
	}
	return nil
}

func isDataclass(class *ast.ClassDef) bool {
	return slices.ContainsFunc(class.Decorators, func(decorator ast.Expr) bool {
		if call, ok := decorator.(*ast.Call); ok {
			decorator = call.Func
		}
		switch d := decorator.(type) {
		case *ast.Name:
			return d.ID == "dataclass"
		case *ast.Attribute:
			return d.Attr == "dataclass"
		}
		return false
	})
}

// textOf is the text that a statement consists of, as documentation stands behind
// fields; "" if it is another.
func textOf(stmt ast.Stmt) string {
	s, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return ""
	}
	if constant, ok := s.Value.(*ast.Constant); ok && constant.Kind == ast.StringConst {
		return strings.TrimSpace(constant.Text)
	}
	return ""
}
