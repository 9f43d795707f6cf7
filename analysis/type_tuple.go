package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:    "type-tuple",
	Summary: "A tuple is used as the type of one value.",
	Details: "Flyte has no type for a tuple. A function's outputs may be a tuple or a `NamedTuple`, which then are several " +
		"outputs; as an input, within another type or as one of several outputs, flytekit raises `RestrictedTypeError: " +
		"Transformer for type <class 'tuple'> is restricted currently` when the module is imported. Use a dataclass.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "type_engine.py:RestrictedTypeTransformer",
	Bad: `from typing import Tuple

from flytekit import task


@task
def area(size: «Tuple[int, int]») -> int:
    return size[0] * size[1]
`,
	Good: `from dataclasses import dataclass

from flytekit import task


@dataclass
class Size:
    width: int
    height: int


@task
def area(size: Size) -> int:
    return size.width * size.height
`,
	check: func(p *pass) {
		for _, wrong := range p.wrongTypes() {
			d := p.report(wrong.span, wrong.what+" is a tuple, for which Flyte has no type: use a dataclass").unless(wrong.certain)
			if class, ok := wrong.of.(*pyeval.Class); ok {
				p.makeDataclass(d, class)
			}
		}
	},
})

// makeDataclass offers to make a dataclass of a class of the file that derives
// from NamedTuple and isn't what a function returns.
func (p *pass) makeDataclass(d *Diagnostic, class *pyeval.Class) {
	if class.Module != p.Module.Module || len(class.Def.Bases) != 1 || len(class.Def.Keywords) > 0 || len(class.Def.Decorators) > 0 {
		return
	}
	for _, entity := range p.Module.Entities {
		if entity.Returns != nil && pyeval.Same(entity.Returns.PyType, class) {
			return
		}
	}
	name, base := class.Def.Name, class.Def.Bases[0].Span()
	after := p.Text(parser.Span{Start: base.End, End: base.End + 1})
	if after != ")" || !strings.HasSuffix(p.Text(parser.Span{Start: name.End, End: base.Start}), "(") {
		return
	}
	edits := []Edit{
		p.Insert(class.Def.DefStart, "@dataclass\n"),
		p.Edit(parser.Span{Start: name.End, End: base.End + 1}, ""),
	}
	if indent, _ := p.Indent(class.Def.DefStart); indent != "" {
		return
	}
	d.Fixes = append(d.Fixes, Fix{
		Title: "Make " + class.Name + " a dataclass", Edits: append(edits, p.AddImportFrom("dataclasses", "dataclass")...),
	})
}
