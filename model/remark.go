package model

import (
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Remarks are what there is to say of the module's source: of its import, and
// of the bodies of its entities.
func (m *Module) Remarks() []Remark {
	var all []Remark
	if m.Module != nil {
		for _, noted := range m.Noted {
			if remark, ok := noted.(*Remark); ok {
				all = append(all, *remark)
			}
		}
	}
	for _, e := range m.Entities {
		all = append(all, m.Body(e).Remarks...)
	}
	return all
}

// incomplete remarks what isn't known, once for a place.
func (b *builder) incomplete(f *pyeval.Frame, at ast.Span, message string) {
	b.body.Incomplete = addRemark(b.body.Incomplete, Remark{Module: f.Module(), Span: at, Message: message})
}

// rejected remarks what flytekit raises, with the code of its rule.
func (b *builder) rejected(f *pyeval.Frame, code string, at ast.Span, message string, related ...Place) {
	b.reject(f, Remark{Span: at, Message: message, Code: code, Related: related})
}

// reject remarks what flytekit raises here.
func (b *builder) reject(f *pyeval.Frame, remark Remark) {
	remark.Module, remark.Certain = f.Module(), b.certainly(f)
	if remark.Certain {
		b.body.Rejected = addRemark(b.body.Rejected, remark)
	}
	b.body.Remarks = addRemark(b.body.Remarks, remark)
}

// forget takes back what was remarked of the parts of an expression, or of the
// statement around it, with codes that begin so: it is told of the whole.
func (b *builder) forget(f *pyeval.Frame, at ast.Expr, codes ...string) (forgotten bool) {
	var statement ast.Span
	if stmt := f.Statement(); stmt != nil {
		statement = stmt.Span()
	}
	told := func(r Remark) bool {
		return r.Module == f.Module() && (within(r.Span, at.Span()) || r.Span == statement) &&
			slices.ContainsFunc(codes, func(code string) bool { return strings.HasPrefix(r.Code, code) })
	}
	before := len(b.body.Remarks)
	b.body.Remarks = slices.DeleteFunc(b.body.Remarks, told)
	b.body.Rejected = slices.DeleteFunc(b.body.Rejected, told)
	return len(b.body.Remarks) < before
}

// remarked remarks what flytekit accepts all the same, with the code of its
// rule: in the body that is evaluated or, outside of one, of the module that is
// imported.
func remarked(f *pyeval.Frame, code string, at ast.Span, message string, related ...Place) {
	remark := Remark{Module: f.Module(), Span: at, Message: message, Code: code, Related: related}
	if b, ok := f.Context.(*builder); ok {
		remark.Certain = b.certainly(f)
		b.body.Remarks = addRemark(b.body.Remarks, remark)
		return
	}
	remark.Certain = certainly(f)
	f.Note(&remark)
}

// addRemark adds a remark once for a place.
func addRemark(remarks []Remark, added Remark) []Remark {
	i := slices.IndexFunc(remarks, func(r Remark) bool {
		return r.Span == added.Span && r.Code == added.Code && r.Module == added.Module && r.Message == added.Message
	})
	if i < 0 {
		return append(remarks, added)
	}
	remarks[i].Certain = remarks[i].Certain || added.Certain
	return remarks
}

// rejected is the value of an expression that flytekit raises an error for when
// it compiles a workflow.
func rejected(f *pyeval.Frame, code string, at ast.Expr, message string, related ...Place) pyeval.Value {
	if b, ok := f.Context.(*builder); ok && b.compiles {
		where := span(at)
		if stmt := f.Statement(); at == nil && stmt != nil {
			where = stmt.Span()
		}
		b.rejected(f, code, where, message, related...)
	}
	return &pyeval.Unknown{Reason: message, Expr: at}
}

// rejectedUnlessUnknown is rejected where it is known what the value is.
func rejectedUnlessUnknown(f *pyeval.Frame, code string, at ast.Expr, value pyeval.Value, message string) pyeval.Value {
	switch value.(type) {
	case *pyeval.Unknown, *pyeval.Uncertain:
		return value
	}
	return rejected(f, code, at, message)
}

// certainly tells that what is evaluated now happens whenever the body is
// compiled or run, and that nothing may catch an exception of it.
func (b *builder) certainly(f *pyeval.Frame) bool { return !b.conditional(f) && !f.Guarded() }

func certainly(f *pyeval.Frame) bool { return !f.Conditional() && !f.Guarded() }
