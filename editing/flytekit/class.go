package flytekit

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// class is what the constructor of a class takes: its __init__'s parameters, or the
// fields of a dataclass.
func (r *reader) class(d *definition, name string) *Callable {
	class := d.node.(*ast.ClassDef)
	docs := newDocs(class.Doc)
	made := &Callable{Name: name, Class: true, Doc: docs.text, Deprecated: docs.deprecated, Path: d.module.file.Path, Span: class.Name.Span()}
	lineage := r.lineage(d)
	for i, at := range lineage {
		init := ownMember(at, "__init__")
		if init == nil {
			if isDataclass(at.node.(*ast.ClassDef)) {
				made.Params = r.fields(lineage[i:], docs)
				return made
			}
			continue
		}
		init.class, init.above = d, lineage[i+1:]
		def := init.node.(*ast.FunctionDef)
		own := newDocs(def.Doc)
		if own.text != "" && own.text != made.Doc {
			made.Doc = strings.TrimSpace(made.Doc + "\n\n" + own.text)
		}
		made.Params, made.Open = r.function(init, own.over(docs))
		if at.module != d.module {
			for i := range made.Params {
				made.Params[i].Span = ast.Span{} // it stands elsewhere
			}
		}
		return made
	}
	made.Open = !r.wholly(lineage)
	return made
}

// fields are the parameters of a dataclass with the classes that it derives from;
// nil if none is a dataclass (dataclasses.py:_process_class).
func (r *reader) fields(lineage []*definition, docs *docs) []Param {
	var params []Param
	for i := len(lineage) - 1; i >= 0; i-- {
		class := lineage[i].node.(*ast.ClassDef)
		if !isDataclass(class) {
			continue
		}
		own := docs
		if i > 0 {
			own = docs.over(newDocs(class.Doc))
		}
		keywordOnly := false
		for at, stmt := range class.Body {
			field, ok := stmt.(*ast.AnnAssign)
			if !ok {
				continue
			}
			target, ok := field.Target.(*ast.Name)
			if !ok {
				continue
			}
			switch lastName(field.Annotation) {
			case "ClassVar":
				continue
			case "KW_ONLY":
				keywordOnly = true
				continue
			}
			one := Param{Name: target.ID, Type: lineage[i].module.text(field.Annotation), Required: field.Value == nil, KeywordOnly: keywordOnly}
			if i == 0 {
				one.Span = target.Span()
			}
			if !lineage[i].module.fieldDefault(&one, field.Value) {
				continue
			}
			one.Doc, one.Deprecated = own.param(one.Name)
			if one.Doc == "" && at+1 < len(class.Body) {
				one.Doc = textOf(class.Body[at+1])
			}
			if again := slices.IndexFunc(params, func(p Param) bool { return p.Name == one.Name }); again >= 0 {
				params[again] = one
			} else {
				params = append(params, one)
			}
		}
	}
	return params
}

// fieldDefault takes the default of a dataclass's field over into its parameter;
// false if the field is none (`field(init=False)`).
func (m *module) fieldDefault(p *Param, value ast.Expr) bool {
	call, ok := value.(*ast.Call)
	if !ok || lastName(call.Func) != "field" {
		if value != nil {
			p.Default = m.text(value)
		}
		return true
	}
	p.Required = true
	for _, keyword := range call.Keywords {
		switch keyword.Arg {
		case "default":
			p.Default, p.Required = m.text(keyword.Value), false
		case "default_factory":
			p.Required = false
			if lambda, ok := keyword.Value.(*ast.Lambda); ok {
				p.Default = m.text(lambda.Body)
			} else {
				p.Default = m.text(keyword.Value) + "()"
			}
		case "kw_only":
			p.KeywordOnly = m.text(keyword.Value) == "True"
		case "init":
			if m.text(keyword.Value) == "False" {
				return false
			}
		}
	}
	return true
}

// isDataclass tells whether the fields of a class are its constructor's parameters.
func isDataclass(class *ast.ClassDef) bool {
	return hasDecorator(class.Decorators, "dataclass") ||
		slices.ContainsFunc(class.Bases, func(base ast.Expr) bool { return lastName(base) == "BaseModel" || lastName(base) == "NamedTuple" })
}

// textOf is the text that a statement consists of, as documentation stands behind
// fields; "" if it is another.
func textOf(stmt ast.Stmt) string {
	s, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return ""
	}
	if constant, ok := s.Value.(*ast.Constant); ok && constant.Kind == ast.StringConst {
		return newDocs(clean(constant.Text)).text
	}
	return ""
}

// Member is a value of an enumeration.
type Member struct {
	Name string
	// Value is what is assigned, as it is written, and Doc what stands below it, as
	// Markdown.
	Value, Doc string

	expr ast.Expr
}

// members are the values of an enumeration.
func (r *reader) members(d *definition) []Member {
	class, ok := d.node.(*ast.ClassDef)
	if !ok || !r.isEnum(d) {
		return nil
	}
	return d.module.assigned(class.Body)
}

func (r *reader) isEnum(d *definition) bool {
	for _, class := range r.lineage(d) {
		for _, base := range class.node.(*ast.ClassDef).Bases {
			if name := lastName(base); name == "Enum" || name == "IntEnum" || name == "StrEnum" || name == "Flag" {
				return true
			}
		}
	}
	return false
}

// assigned are the public names that statements assign, with the documentation
// that stands below.
func (m *module) assigned(body []ast.Stmt) []Member {
	var members []Member
	for i, stmt := range body {
		assign, ok := stmt.(*ast.Assign)
		if !ok || len(assign.Targets) != 1 {
			continue
		}
		name, ok := assign.Targets[0].(*ast.Name)
		if !ok || strings.HasPrefix(name.ID, "_") {
			continue
		}
		one := Member{Name: name.ID, Value: m.text(assign.Value), expr: assign.Value}
		if i+1 < len(body) {
			one.Doc = textOf(body[i+1])
		}
		members = append(members, one)
	}
	return members
}
