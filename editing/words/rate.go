package words

import (
	"fmt"
	"time"
)

// Rate says how often a FixedRate fires: "every 2 hours". It is "" of what flytekit
// doesn't take: a duration that isn't some whole minutes
// (core/schedule.py:FixedRate._translate_duration).
func Rate(every time.Duration) string {
	if every <= 0 || every%time.Minute != 0 {
		return ""
	}
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		switch n := every / unit.length; {
		case every%unit.length != 0:
		case n == 1:
			return "every " + unit.name
		default:
			return fmt.Sprintf("every %d %ss", n, unit.name)
		}
	}
	return ""
}
