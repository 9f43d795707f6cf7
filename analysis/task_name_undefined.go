package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/model"
)

var _ = register(&Rule{
	Code:     "task-name-undefined",
	Summary:  "A task uses a name that isn't defined when it runs.",
	Details:  "The body of a task runs long after the module was imported: Python raises NameError in the middle of an execution. A name that is bound below `if __name__ == \"__main__\":` only is there when the file is run as a script, and not when flytekit or a container imports it.",
	Severity: Error,
	Stage:    AtRun,
	Source:   "Python's NameError",
	Bad: `from flytekit import task


@task
def area(radius: float = 1.0) -> float:
    return «PI» * radius**2


if __name__ == "__main__":
    PI = 3.14159
    print(area(radius=2.0))
`,
	Good: `from flytekit import task

PI = 3.14159


@task
def area(radius: float = 1.0) -> float:
    return PI * radius**2


if __name__ == "__main__":
    print(area(radius=2.0))
`,
	check: func(p *pass) {
		for _, raised := range p.Module.Exceptions() {
			entity := raised.Entity
			if !strings.HasSuffix(raised.Class, "NameError") && raised.Class != "UnboundLocalError" || entity == nil || !p.here(raised.Module) ||
				raised.Span.Start == raised.Span.End {
				continue
			}
			switch entity.Kind {
			case model.Task, model.Eager, model.InstanceTask:
			default:
				continue
			}
			name := p.Text(raised.Span)
			d := p.report(raised.Span, fmt.Sprintf("%s fails here with %s: %s", entity.Describe(), raised.Class, raised.Reason)).unless(raised.Certain && entity.Opaque == "")
			if meant := p.nameLike(name, false, 0); meant != "" {
				d.Fixes = append(d.Fixes, Fix{Title: "Write " + meant, Edits: []Edit{p.Edit(raised.Span, meant)}})
			}
		}
	},
})
