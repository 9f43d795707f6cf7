package analysis

import (
	"fmt"
	"math/big"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "fixedrate-granularity",
	Summary:  "A FixedRate is no number of whole minutes.",
	Details:  "flytekit raises \"Granularity of less than a minute is not supported for FixedRate schedules\" when the module is imported. A negative rate fails when the launch plan is serialized.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "schedule.py:FixedRate._translate_duration",
	Bad: `from datetime import timedelta

from flytekit import FixedRate

often = FixedRate(duration=«timedelta(seconds=90)»)
`,
	Good: `from datetime import timedelta

from flytekit import FixedRate

often = FixedRate(duration=timedelta(minutes=2))
`,
	check: func(p *pass) {
		for _, call := range p.calls(fixedRate) {
			argument, given := call.Arg(0, "duration")
			length, ok := pyeval.Timedelta(argument.Value)
			if !given || !ok || call.Expr == nil {
				continue
			}
			minutes, rest := new(big.Int).DivMod(length, big.NewInt(60_000_000), new(big.Int))
			switch {
			case rest.Sign() != 0:
				p.report(argumentSpan(call, argument), "a FixedRate is made of whole minutes").unless(call.Certain)
			case minutes.Sign() < 0:
				p.report(argumentSpan(call, argument), fmt.Sprintf("a FixedRate can't be negative: this one is of %s minutes", minutes)).unless(p.launched()[call.Gives])
			}
		}
	},
})
