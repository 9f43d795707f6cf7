package analysis

import (
	"fmt"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "resources-not-resources",
	Summary:  "Requests, limits or resources are no Resources.",
	Details:  "flytekit reads the fields of a Resources: anything else raises an error when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "resources.py:_check_resource_is_singular",
	Bad: `from flytekit import task


@task(requests=«{"cpu": "1", "mem": "1Gi"}»)
def train(epochs: int) -> int:
    return epochs
`,
	Fixed: `from flytekit import Resources, task


@task(requests=Resources(cpu="1", mem="1Gi"))
def train(epochs: int) -> int:
    return epochs
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			for _, name := range []string{"requests", "limits", "resources"} {
				setting, given := s.get(name)
				what := ""
				switch {
				case !given:
				case p.isNot(setting.Value, resourcesClass):
					what = setting.Value.Describe()
				case isTheClass(setting.Value, resourcesClass) && s.overrides() && name != "resources":
					what = "the class itself" // a decorator reads the defaults of its fields
				}
				if what == "" {
					continue
				}
				d := s.reportValue(setting.Expr, fmt.Sprintf("%s is a Resources, and this is %s", name, what)).unless(s.plain() || name == "resources")
				if text, ok := p.asResources(setting.Expr, setting.Value); ok {
					p.replace(d, setting.Expr, "Make it a Resources", text, true, p.AddImport("Resources")...)
				}
			}
		})
	},
})

// asResources is how one writes a dict of resources that is written out.
func (p *pass) asResources(expr ast.Expr, value pyeval.Value) (string, bool) {
	dict, ok := expr.(*ast.Dict)
	known, ok2 := value.(*pyeval.Dict)
	signature := signatureOf(resourcesClass)
	if !ok || !ok2 || signature == nil || len(known.Items) != len(dict.Values) {
		return "", false
	}
	var arguments []string
	for i, item := range known.Items {
		text, _ := item.Key.(pyeval.Str)
		name := string(text)
		if meant := resourceNames[name]; meant != "" {
			name = meant
		}
		if !signature.knows(name) || dict.Keys[i] == nil {
			return "", false
		}
		arguments = append(arguments, name+"="+p.Text(dict.Values[i].Span()))
	}
	return "Resources(" + strings.Join(arguments, ", ") + ")", true
}
