package analysis

import (
	"fmt"
	"math"
	"strconv"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "retries-type",
	Summary:  "The number of retries is no int from 0 on.",
	Details:  "flytekit takes any value, but protobuf doesn't: `TypeError: 'str' object cannot be interpreted as an integer` or `ValueError: Value out of range` when the task is registered.",
	Severity: Error,
	Stage:    AtRegister,
	Source:   "models/literals.py:RetryStrategy.to_flyte_idl",
	Bad: `from flytekit import task


@task(retries=«"3"»)
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import task


@task(retries=3)
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			retries, given := s.get("retries")
			if !given {
				return
			}
			message, fixed := "", ""
			switch value := retries.Value.(type) {
			case pyeval.Int:
				if value.Sign() < 0 || !value.IsUint64() || value.Uint64() > math.MaxUint32 {
					message = "retries is a number from 0 to 4294967295"
				}
			case pyeval.Bool:
				message = "retries is an int, and this is a bool"
			case pyeval.Float:
				if message = "retries is an int, and this is a float"; float64(value) >= 0 && float64(value) == math.Trunc(float64(value)) {
					fixed = strconv.FormatFloat(float64(value), 'f', 0, 64)
				}
			case pyeval.Str:
				message = "retries is an int, and this is a str"
				if n, err := strconv.ParseUint(string(value), 10, 32); err == nil {
					fixed = strconv.FormatUint(n, 10)
				}
			default:
				if p.isNot(retries.Value, "int") {
					message = fmt.Sprintf("retries is an int, and this is %s", retries.Value.Describe())
				}
			}
			if message == "" {
				return
			}
			if d := s.reportValue(retries.Expr, message); fixed != "" && isLiteral(retries.Expr) {
				p.replace(d, retries.Expr, "Replace it with "+fixed, fixed, true)
			}
		})
	},
})
