package analysis

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "constant-enum",
	Summary:  "A text isn't the value of a member of the Enum that an input has.",
	Details:  "flytekit takes a member or a member's value for an Enum, and no member's name: \"Value RED is not in Enum <enum 'Color'>\".",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "type_engine.py:EnumTransformer",
	Bad: `from enum import Enum

from flytekit import task, workflow


class Color(Enum):
    RED = "red"
    GREEN = "green"


@task
def paint(color: Color) -> str:
    return color.value


@workflow
def flow() -> str:
    return paint(color=«"RED"»)
`,
	Fixed: `from enum import Enum

from flytekit import task, workflow


class Color(Enum):
    RED = "red"
    GREEN = "green"


@task
def paint(color: Color) -> str:
    return color.value


@workflow
def flow() -> str:
    return paint(color="red")
`,
	check: func(p *pass) {
		for _, m := range p.misfits() {
			class, ok := m.Type.(*pyeval.Class)
			given, isText := m.Value.(pyeval.Str)
			if !ok || !isText {
				p.reportMisfit(m, m.wanted()+", and "+m.given())
				continue
			}
			var values, all []string
			byName := map[string]string{}
			for _, member := range class.Members() {
				if value, ok := member.Value.(pyeval.Str); ok {
					values = append(values, strconv.Quote(string(value)))
					all = append(all, string(value), member.Name)
					byName[member.Name], byName[string(value)] = string(value), string(value)
				}
			}
			d := p.reportMisfit(m, fmt.Sprintf("%s, whose values are %s, and this is %q", m.wanted(), strings.Join(values, ", "), string(given)))
			meant, named := byName[string(given)]
			if !named {
				meant = byName[Nearest(string(given), all)]
			}
			if _, written := constant(m.Expr); written && meant != "" {
				text := strconv.Quote(meant)
				d.Fixes = append(d.Fixes, Fix{Title: "Write " + text, Edits: []Edit{p.Edit(m.Expr.Span(), text)}})
			}
		}
	},
})
