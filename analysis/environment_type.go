package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "environment-type",
	Summary:  "The environment of a task has something other than strings.",
	Details:  "`environment` is a dict of strings by strings. flytekit takes others, but protobuf doesn't: `TypeError: bad argument type for built-in operation` when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "models/task.py:Container.to_flyte_idl",
	Bad: `from flytekit import task


@task(environment={"OMP_NUM_THREADS": «4»})
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import task


@task(environment={"OMP_NUM_THREADS": "4"})
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			environment, given := s.get("environment")
			if !given || s.of == mapTask || s.of == arrayNodeMapTask || s.has("pod_template") {
				return
			}
			// A list may have pairs, and what is empty or zero isn't looked at.
			if isTrue(environment.Value) && p.isNot(environment.Value, "dict", "list", "tuple") {
				s.reportValue(environment.Expr, fmt.Sprintf("environment is a dict of strings by strings, and this is %s", environment.Value.Describe())).unless(s.plain())
			}
			s.texts(environment, "types.NoneType")
		})
	},
})

// texts reports what isn't a string in a dict of strings by strings.
func (s *settings) texts(setting pyeval.Named, allowed ...string) {
	dict, ok := setting.Value.(*pyeval.Dict)
	if !ok {
		return
	}
	items := itemsOf(dict, setting.Expr)
	for i, item := range dict.Items {
		if s.isNot(item.Key, "str") {
			s.reportValue(items[i].Expr, fmt.Sprintf("%s has strings by strings, and a key of this entry is %s", setting.Name, item.Key.Describe())).unless(s.plain())
		} else if s.isNot(item.Value, append([]string{"str"}, allowed...)...) {
			d := s.reportValue(items[i].Expr, fmt.Sprintf("%s has strings by strings, and this is %s", setting.Name, item.Value.Describe())).unless(s.plain())
			s.quote(d, items[i].Expr)
		}
	}
}
