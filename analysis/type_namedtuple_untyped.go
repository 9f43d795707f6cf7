package analysis

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "type-namedtuple-untyped",
	Summary:  "A namedtuple without types stands for no outputs.",
	Details:  "flytekit takes the fields of a typing.NamedTuple for outputs. A collections.namedtuple has no types: the entity has no outputs at all, and using one is an error.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "interface.py:extract_return_annotation",
	Bad: `from collections import namedtuple

from flytekit import task

Sums = namedtuple("Sums", ["count", "total"])


@task
def add(a: int, b: int) -> «Sums»:
    print("return", a + b)
`,
	Good: `from typing import NamedTuple

from flytekit import task

Sums = NamedTuple("Sums", [("count", int), ("total", int)])


@task
def add(a: int, b: int) -> Sums:
    return Sums(2, a + b)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, _ bool) {
			if entity.Returns == nil || entity.Returns.TypeSpan.Start >= entity.Returns.TypeSpan.End {
				return
			}
			tuple, ok := entity.Returns.PyType.(*pyeval.NamedTuple)
			if ok && len(tuple.Fields) > 0 && !slices.ContainsFunc(tuple.Types, func(t pyeval.Value) bool { return t != nil }) {
				p.report(entity.Returns.TypeSpan, tuple.Name+" has no types: "+entity.Describe()+" has no outputs; make it a typing.NamedTuple")
			}
		})
	},
})
