package flytekit

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// callable is what calling a definition takes; nil of what isn't called.
func (r *reader) callable(d *definition, name string) *Callable {
	if d == nil {
		return nil
	}
	switch node := d.node.(type) {
	case *ast.FunctionDef:
		made := &Callable{Name: name, Path: d.module.file.Path, Span: node.Name.Span()}
		docs := newDocs(node.Doc)
		made.Doc, made.Deprecated = docs.text, docs.deprecated
		made.Params, made.Open = r.function(d, docs)
		return made
	case *ast.ClassDef:
		return r.class(d, name)
	case *ast.Call:
		return r.partial(d, node, name)
	}
	return nil
}

// partial is `functools.partial(function, keyword=value)`.
func (r *reader) partial(d *definition, call *ast.Call, name string) *Callable {
	if lastName(call.Func) != "partial" || len(call.Args) == 0 {
		return nil
	}
	of := r.callable(r.resolve(d.module, call.Args[0]), name)
	if of == nil {
		return nil
	}
	made := *of
	made.Params = append([]Param(nil), of.Params[min(len(of.Params), len(call.Args)-1):]...)
	for _, given := range call.Keywords {
		if p := made.Param(given.Arg); p != nil {
			p.Default, p.Required = d.module.text(given.Value), false
		}
	}
	if doc := d.module.docOf(d.name); doc != "" {
		made.Doc = newDocs(clean(doc)).text
	}
	return &made
}

// docOf is what a module assigns to `name.__doc__`.
func (m *module) docOf(name string) string {
	for _, stmt := range m.file.AST.Body {
		assign, ok := stmt.(*ast.Assign)
		if !ok || len(assign.Targets) != 1 {
			continue
		}
		target, ok := assign.Targets[0].(*ast.Attribute)
		if !ok || target.Attr != "__doc__" || lastName(target.Value) != name {
			continue
		}
		if text, ok := assign.Value.(*ast.Constant); ok && text.Kind == ast.StringConst {
			return text.Text
		}
	}
	return ""
}

// text is what is written for an expression, on one line.
func (m *module) text(expr ast.Expr) string {
	text := strings.Join(strings.Fields(m.file.Source.Slice(expr.Span())), " ")
	return onOneLine.Replace(text)
}

// onOneLine takes out what only stood between brackets because of line ends.
var onOneLine = strings.NewReplacer("[ ", "[", ", ]", "]", " ]", "]", "( ", "(", ", )", ")", " )", ")")

// function are the parameters that a function can be given by name, with those that
// it takes out of its **kwargs or hands on to others; open tells that it takes
// further ones which can't be told.
func (r *reader) function(d *definition, docs *docs) (params []Param, open bool) {
	def := d.node.(*ast.FunctionDef)
	list := def.Params.List
	if d.class != nil && !hasDecorator(def.Decorators, "staticmethod") && len(list) > 0 {
		list = list[1:]
	}
	rest := ""
	for _, param := range list {
		switch {
		case param.Name == nil:
		case param.Kind == ast.VarKeyword:
			rest = param.Name.ID
		case param.Kind == ast.PositionalOrKeyword || param.Kind == ast.KeywordOnly:
			one := Param{Name: param.Name.ID, Span: param.Name.Span(), KeywordOnly: param.Kind == ast.KeywordOnly, Required: param.Default == nil}
			if param.Annotation != nil {
				one.Type = d.module.text(param.Annotation)
			}
			if param.Default != nil {
				one.Default = d.module.text(param.Default)
			}
			one.Doc, one.Deprecated = docs.param(one.Name)
			params = append(params, one)
		}
	}
	if !r.reading[def] {
		r.reading[def] = true
		defer delete(r.reading, def)
		noteRefused(d, params)
		if rest != "" {
			params, open = r.further(d, rest, params, docs)
		}
	}
	return params, open
}

// further adds the parameters that a function's **rest stands for.
func (r *reader) further(d *definition, rest string, params []Param, docs *docs) ([]Param, bool) {
	known := map[string]bool{}
	for _, p := range params {
		known[p.Name] = true
	}
	open, handed, named := false, false, false
	add := func(p Param) {
		if !known[p.Name] {
			known[p.Name] = true
			p.KeywordOnly = true
			params = append(params, p)
		}
	}
	for _, stmt := range d.node.(*ast.FunctionDef).Body() {
		ast.InspectNode(stmt, func(n ast.Node) bool {
			if _, ok := n.(*ast.Delete); ok {
				return false // del kwargs["name"] ignores it
			}
			if name, otherwise, ok := takenOut(n, rest); ok {
				named = true
				p := Param{Name: name}
				if otherwise != nil {
					p.Default = d.module.text(otherwise)
				}
				p.Doc, p.Deprecated = docs.param(name)
				add(p)
			}
			call, ok := n.(*ast.Call)
			if !ok {
				return true
			}
			if !handsOn(call, rest) || lastName(call.Func) == "partial" {
				return true
			}
			handed = true
			to, ok := r.handedTo(d, call)
			open = open || !ok || to.Open
			if !ok {
				return true
			}
			given := map[string]bool{}
			for _, keyword := range call.Keywords {
				given[keyword.Arg] = true
			}
			for i, p := range to.Params {
				if given[p.Name] || !p.KeywordOnly && i < len(call.Args) {
					continue
				}
				if doc, deprecated := docs.param(p.Name); doc != "" {
					p.Doc, p.Deprecated = doc, deprecated
				}
				p.Span = ast.Span{} // it stands elsewhere
				add(p)
			}
			return true
		})
	}
	return params, open || !handed && !named
}

// takenOut is the name in `rest["name"]`, and in `rest.pop("name", otherwise)` or
// rest.get.
func takenOut(n ast.Node, rest string) (name string, otherwise ast.Expr, ok bool) {
	if part, is := n.(*ast.Subscript); is {
		name = textIn(part.Index)
		of, is := part.Value.(*ast.Name)
		return name, nil, is && of.ID == rest && name != ""
	}
	call, is := n.(*ast.Call)
	if !is {
		return "", nil, false
	}
	method, is := call.Func.(*ast.Attribute)
	if !is || method.Attr != "pop" && method.Attr != "get" || lastName(method.Value) != rest || len(call.Args) == 0 {
		return "", nil, false
	}
	if name = textIn(call.Args[0]); name == "" {
		return "", nil, false
	}
	if len(call.Args) > 1 {
		otherwise = call.Args[1]
	}
	return name, otherwise, true
}

// handsOn tells whether a call has the argument `**rest`.
func handsOn(call *ast.Call, rest string) bool {
	for _, keyword := range call.Keywords {
		if name, ok := keyword.Value.(*ast.Name); ok && keyword.Arg == "" && name.ID == rest {
			return true
		}
	}
	return false
}

// handedTo is what a call within a function calls; false if that can't be told.
func (r *reader) handedTo(d *definition, call *ast.Call) (*Callable, bool) {
	var to *definition
	switch callee := call.Func.(type) {
	case *ast.Attribute:
		if super, ok := callee.Value.(*ast.Call); ok && lastName(super.Func) == "super" {
			if to = d.superMember(callee.Attr); to == nil && callee.Attr == "__init__" {
				// object's takes nothing; another library's can't be told.
				return &Callable{Params: r.fields(d.above, newDocs("")), Open: !r.wholly(d.above)}, true
			}
		}
		if of, ok := callee.Value.(*ast.Name); ok && d.class != nil && (of.ID == "self" || of.ID == "cls") {
			to = r.member(d.class, callee.Attr)
		}
	case *ast.Name:
		if callee.ID == "cls" {
			to = d.class
		}
	}
	if to == nil {
		to = r.resolve(d.module, call.Func)
	}
	if to == nil {
		return nil, false
	}
	if def, ok := to.node.(*ast.FunctionDef); ok && r.reading[def] {
		return &Callable{}, true // it calls itself
	}
	found := r.callable(to, "")
	return found, found != nil
}

// superMember is a member that `super()` finds in a method; nil if there is none.
func (d *definition) superMember(name string) *definition {
	for i, class := range d.above {
		if found := ownMember(class, name); found != nil {
			found.class, found.above = d.class, d.above[i+1:]
			return found
		}
	}
	return nil
}

// wholly tells whether all that classes derive from is among them, or an object
// without a constructor.
func (r *reader) wholly(classes []*definition) bool {
	for _, class := range classes {
		for _, base := range class.node.(*ast.ClassDef).Bases {
			name := lastName(base)
			if r.resolve(class.module, base) == nil && name != "object" && name != "ABC" && name != "Generic" && name != "Protocol" {
				return false
			}
		}
	}
	return true
}

// lastName is the last part of a dotted name: "partial" of functools.partial, also
// with type arguments; "" of another expression.
func lastName(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Name:
		return e.ID
	case *ast.Attribute:
		return e.Attr
	case *ast.Subscript:
		return lastName(e.Value)
	}
	return ""
}

// hasDecorator tells whether one of several names is among decorators, called or
// not.
func hasDecorator(decorators []ast.Expr, names ...string) bool {
	for _, decorator := range decorators {
		if call, ok := decorator.(*ast.Call); ok {
			decorator = call.Func
		}
		for _, name := range names {
			if lastName(decorator) == name {
				return true
			}
		}
	}
	return false
}

// noteRefused marks the parameters which a function says are deprecated when they
// are given: `if cron_expression: raise AssertionError("... deprecated ...")`.
func noteRefused(d *definition, params []Param) {
	for _, stmt := range d.node.(*ast.FunctionDef).Body() {
		branch, ok := stmt.(*ast.If)
		if !ok {
			continue
		}
		name := testedName(branch.Test)
		for i := range params {
			if params[i].Name != name || params[i].Deprecated != "" {
				continue
			}
			for _, inner := range branch.Body {
				ast.InspectNode(inner, func(n ast.Node) bool {
					text, ok := n.(*ast.Constant)
					if ok && text.Kind == ast.StringConst && strings.Contains(text.Text, "deprecated") {
						params[i].Deprecated = text.Text
					}
					return true
				})
			}
		}
	}
}

// testedName is x of the conditions `x` and `x is not None`.
func testedName(test ast.Expr) string {
	if compare, ok := test.(*ast.Compare); ok && len(compare.Ops) == 1 && compare.Ops[0] == "is not" {
		test = compare.Left
	}
	if name, ok := test.(*ast.Name); ok {
		return name.ID
	}
	return ""
}
