package analysis

import (
	"fmt"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "override-keyword-type",
	Summary:  "with_overrides is given a value of a wrong type.",
	Details:  "aliases is a dict of output names by new names, task_config an object of the class of the task's own: flytekit raises \"Aliases should be specified as dict[str, str]\" and \"can't change the type of the task config\" when the workflow is compiled. (For requests, limits and others see their own rules.)",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "node.py:Node.with_overrides",
	Bad: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1):
    train(epochs=epochs).with_overrides(aliases=«["trained"]»)
`,
	Good: `from flytekit import task, workflow


@task
def train(epochs: int) -> int:
    return epochs


@workflow
def flow(epochs: int = 1):
    train(epochs=epochs).with_overrides(aliases={"o0": "trained"})
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			if aliases, given := s.get("aliases"); given && s.overrides() && p.isNot(aliases.Value, "dict") {
				s.reportValue(aliases.Expr, fmt.Sprintf("aliases is a dict of texts by texts, and this is %s", aliases.Value.Describe()))
			}
			if config, given := s.get("task_config"); given && s.overrides() {
				s.otherConfig(config)
			}
		})
	},
})

// otherConfig reports a task_config of another class than the task's
// (core/node.py:Node.with_overrides).
func (s *settings) otherConfig(config pyeval.Named) {
	if s.entity == nil || s.entity.Opaque != "" || s.entity.SettingsOpen || s.entity.Function == nil || s.entity.Kind != model.Task {
		return
	}
	class, ok := classOf(config.Value)
	if !ok {
		return
	}
	for _, setting := range s.entity.Settings {
		if setting.Name != "task_config" {
			continue
		}
		has, known := classOf(setting.Value)
		if _, none := setting.Value.(pyeval.None); none {
			break
		}
		if known && !pyeval.Same(has, class) {
			s.reportValue(config.Expr, fmt.Sprintf("the task_config of %s is %s, and this is %s", s.entity.Describe(), described(setting.Value), described(config.Value)))
		}
		return
	}
	s.reportValue(config.Expr, fmt.Sprintf("%s has no task_config that could be replaced", s.entity.Describe()))
}

// classOf is the class of an object, of one that derives from no other; false
// where that isn't known.
func classOf(value pyeval.Value) (pyeval.Value, bool) {
	switch v := value.(type) {
	case pyeval.Str:
		return &pyeval.Native{Name: "builtins.str"}, true
	case pyeval.Int:
		return &pyeval.Native{Name: "builtins.int"}, true
	case *pyeval.Dict:
		return &pyeval.Native{Name: "builtins.dict"}, true
	case *pyeval.Instance:
		class, ok := v.Class.(*pyeval.Class)
		return v.Class, ok && len(class.Bases) == 0
	}
	return nil, false
}
