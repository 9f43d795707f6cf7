package flytekit

import (
	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/model"
)

// tabled is what flytekit 1.16 takes, for where no flytekit is installed: names
// without types and documentation; nil of what isn't in the table.
func tabled(name string) *answer {
	parameters, open, ok := analysis.Signature(model.Canonical(name))
	if !ok {
		return nil
	}
	made := &Callable{Name: name, Open: open}
	for _, p := range parameters {
		made.Params = append(made.Params, Param{Name: p.Name, Required: p.Required, KeywordOnly: p.KeywordOnly})
	}
	return &answer{callable: made}
}
