package navigate

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// written is the input or output that the call which makes an entity names at a
// span: in kwtypes(name=str), or as a key of a dict; nil if there is none.
func (r *reader) written(span parser.Span) *found {
	at := func(v *model.Variable) bool { return v.NameSpan == span }
	for _, e := range r.module.Entities {
		if e.Path != r.path || e.Function != nil || e.Maker == nil || !covers(e.Maker.Span(), span) {
			continue
		}
		name := r.source.Slice(span)
		if slices.ContainsFunc(e.Inputs, at) {
			if t := inputThing(e, name); t != nil {
				return &found{t, r.place(span, Declaration)}
			}
		}
		if slices.ContainsFunc(e.Outputs, at) {
			if t := outputThing(e, name); t != nil {
				return &found{t, r.place(span, Declaration)}
			}
		}
	}
	return nil
}

// writtenOutput is where the call that makes an entity names an output.
func writtenOutput(e *model.Entity, name string) parser.Span {
	if output := e.Output(name); output != nil && e.Function == nil {
		return output.NameSpan
	}
	return parser.Span{}
}
