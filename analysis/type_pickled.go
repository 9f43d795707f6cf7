package analysis

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:    "type-pickled",
	Summary: "Values of a type travel as pickles.",
	Details: "flytekit has no transformer for the type, so that its values are written as pickles: `Unsupported Type <class 'set'> " +
		"found, Flyte will default to use PickleFile as the transport`. A pickle can be read only by the same version of Python " +
		"with the same libraries, can't be given on the command line or in the console, and its contents are hidden from the " +
		"backend. Use a type that Flyte has, or a dataclass. To ask for a pickle, annotate " +
		"`flytekit.types.pickle.FlytePickle`.",
	Severity: Warning,
	Stage:    NeverFails,
	Source:   "type_engine.py:display_pickle_warning",
	Bad: `from typing import Set

from flytekit import task


@task
def count(names: «Set[str]») -> int:
    return len(names)
`,
	Good: `from typing import List

from flytekit import task


@task
def count(names: List[str]) -> int:
    return len(names)
`,
	check: func(p *pass) {
		p.eachFunction(func(entity *model.Entity, _ bool) {
			variablesOf(entity, func(v *model.Variable) {
				if v.Type == "" {
					return // pickle_untyped=True asks for it
				}
				for _, part := range p.Module.Pickled(v) {
					span := p.typePlace(entity, v, part)
					name := strings.Trim(strings.Join(strings.Fields(p.Text(span)), " "), `"'`)
					p.report(span, variableOf(entity, v)+": values of the type "+name+" travel as pickles, since Flyte has no type for them")
				}
			})
		})
	},
})
