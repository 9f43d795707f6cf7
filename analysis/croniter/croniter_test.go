package croniter_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/analysis/croniter"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// script validates expressions as CronSchedule does, and prints what it says of
// each that it refuses.
const script = `
import json, sys
from flytekit.core.schedule import CronSchedule

answers = []
for expression in json.load(sys.stdin):
    try:
        CronSchedule._validate_schedule(expression)
        answers.append("")
    except Exception as err:
        answers.append(str(err) or "refused")
json.dump(answers, sys.stdout)
`

// TestCheck holds Check to what flytekit says of expressions that people write,
// and of made-up ones.
func TestCheck(t *testing.T) {
	expressions := []string{
		"* * * * *", "0 0 * * *", "0 0 29 2 *", "0 0 30 2 *", "0 0 31 4,6 *", "@daily", "@Daily", "@midnight", "@reboot",
		"@every 1h", "daily", "HOURS", "rate(1 hour)", "0 12 * * ? *", "0 12 ? * MON-FRI", "60 * * * *", "* 24 * * *",
		"* * 0 * *", "* * * 0 *", "* * * * 7", "* * * * 8", "*/0 * * * *", "*/70 * * * *", "22-2 * * * *", "* * * * FRI-MON",
		"* * * * MON#2", "* * * * 1#6", "* * * * L5", "0 0 L * *", "0 0 15W * *", "0 0 15W,16 * *", "0 0 15W * 6", "H * * * *",
		"R * * * *", "R(1-70) * * * *", "0 0 31 * 2#1", "0 0 * * 1,2#1", "0 0 0 * * * *", "0 0 1 1 * 0 2020", "0 0 1 1 * 0 2099",
		"0 0 1 1 * 0 1969", "", "* * * *", "* * * * * * * *", "1,,2 * * * *", "5/15 * * * *", "59/15 * * * *", "JAN * * * *",
		"* * * JAN-MAR/2 *", "* * * DEC/3 *", "* * l * *", "* * L-1 * *", "* * 5-0 * *", "* * 0-5 * *", "*/99999999999999999999 * * * *",
		"-1 * * * *", "1- * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "? * * * *", "* * ?,1 * *", "* * * * * *", "* * * * * 70",
		"0\u00a00 * * *", "0  0\t* * *\n", "0 0 * * sun-sat#2", "0 0 1-30,l * 3", "*,5 * * * *", "0 0 31 2 1", "0 0 29 2 1#5",
		"0 0 W5 * *", "0 0 0W * *", "0 0 31W 2 *", "0 0 1 * 0#", "0 0 * * *#2", "0 0 1-1 * *",
	}
	random := rand.New(rand.NewPCG(7, 11))
	for range 6000 {
		expressions = append(expressions, expression(random))
	}
	input, err := json.Marshal(expressions)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), testenv.Python(t), "-c", script)
	cmd.Stdin = strings.NewReader(string(input))
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []string
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i, expression := range expressions {
		err := croniter.Check(expression, time.Now())
		if err != nil {
			refused++
		}
		if (err != nil) != (answers[i] != "") {
			t.Errorf("%q: Check says %v, flytekit %q", expression, err, answers[i])
		}
	}
	if refused < len(expressions)/5 || refused > len(expressions)*4/5 {
		t.Errorf("%d of %d expressions are refused: too few of one kind say little", refused, len(expressions))
	}
}

// expression makes one that is mostly right.
func expression(random *rand.Rand) string {
	n := 5
	if random.IntN(4) == 0 {
		n = 4 + random.IntN(5)
	}
	parts := make([]string, n)
	for i := range parts {
		parts[i] = "*"
		if random.IntN(3) > 0 {
			parts[i] = elements(random, i)
		}
	}
	return strings.Join(parts, " ")
}

func elements(random *rand.Rand, field int) string {
	var one strings.Builder
	one.WriteString(element(random, field))
	for random.IntN(4) == 0 {
		one.WriteString("," + element(random, field))
	}
	return one.String()
}

func element(random *rand.Rand, field int) string {
	largest := []int{59, 23, 31, 12, 7, 59, 2099, 9}[min(field, 7)]
	number := func() string {
		switch {
		case field == 6:
			return fmt.Sprint(2000 + random.IntN(102))
		case random.IntN(25) == 0:
			return fmt.Sprint(random.IntN(largest + 20))
		case field == 4 && random.IntN(3) == 0:
			return []string{"sun", "MON", "Tue", "wed", "thu", "fri", "sat"}[random.IntN(7)]
		case field == 3 && random.IntN(3) == 0:
			return []string{"jan", "FEB", "feb", "apr", "jun", "dec"}[random.IntN(6)]
		}
		return fmt.Sprint(random.IntN(largest+1) + random.IntN(2)*(1-min(1, field%2)))
	}
	step := ""
	if random.IntN(4) == 0 {
		step = fmt.Sprintf("/%d", random.IntN(9))
	}
	switch random.IntN(24) {
	case 0:
		return "?"
	case 1, 2:
		return number() + "#" + fmt.Sprint(random.IntN(7))
	case 3:
		return []string{"L", "l" + number(), "l"}[random.IntN(3)]
	case 4:
		return []string{number() + "W", "w" + number()}[random.IntN(2)]
	case 5:
		return number() + "-" + number() + "#" + fmt.Sprint(random.IntN(6))
	case 6, 7, 8, 9:
		return number() + "-" + number() + step
	case 10, 11:
		return "*" + step
	case 12:
		return number() + step
	case 13:
		return []string{"H", "x", "", "-1", "1-", "1/2/3", "*#1", "é", "(", "\u0661"}[random.IntN(10)]
	}
	return number()
}
