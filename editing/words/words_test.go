package words_test

import (
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/editing/words"
)

func TestCron(t *testing.T) {
	from := time.Date(2026, 1, 30, 23, 59, 0, 0, time.UTC) // a Friday
	for expression, want := range map[string][2]string{
		"0 3 * * *":       {"at 03:00, every day", "2026-01-31 03:00"},
		"*/15 * * * *":    {"every 15 minutes", "2026-01-31 00:00"},
		"* * * * *":       {"every minute", "2026-01-31 00:00"},
		"30 * * * *":      {"at minute 30 of every hour", "2026-01-31 00:30"},
		"0 9 * * 1-5":     {"at 09:00, on Monday to Friday", "2026-02-02 09:00"},
		"0 9 * * mon,wed": {"at 09:00, on Monday and Wednesday", "2026-02-02 09:00"},
		"0 0 1 * *":       {"at 00:00, on day 1 of the month", "2026-02-01 00:00"},
		"0 0 1,15 1-6 *":  {"at 00:00, on days 1 and 15 of the month, in January to June", "2026-02-01 00:00"},
		"0 8,12,18 * * *": {"at 08:00, 12:00 and 18:00, every day", "2026-01-31 08:00"},
		"0 */2 * * *":     {"at minute 0 of every 2nd hour", "2026-01-31 00:00"},
		"*/10 8-17 * * 5": {"every 10 minutes of hours 8 to 17, on Friday", "2026-02-06 08:00"},
		"0 0 13 * 5":      {"at 00:00, on day 13 of the month or on Friday", "2026-02-06 00:00"},
		"@daily":          {"at 00:00, every day", "2026-01-31 00:00"},
		"0 0 29 2 *":      {"at 00:00, on day 29 of the month, in February", "2028-02-29 00:00"},
		"0 0 */7 * *":     {"at 00:00, on every 7th day, from the 1st on, of the month", "2026-02-01 00:00"},
		"0 0 1 */3 *":     {"at 00:00, on day 1 of the month, in January, April, July and October", "2026-04-01 00:00"},
		"0 0 * * */2":     {"at 00:00, on Sunday, Tuesday, Thursday and Saturday", "2026-01-31 00:00"},
		"0 6 * jan-mar *": {"at 06:00, in January to March", "2026-01-31 06:00"},
		"*/7 * * * *":     {"at every 7th minute of every hour", "2026-01-31 00:00"},
		"10/20 4 * * *":   {"at minutes 10 and on in steps of 20 of hour 4", "2026-01-31 04:10"},
		"5-10/2 4 * * *":  {"at minutes 5 to 10 in steps of 2 of hour 4", "2026-01-31 04:05"},
	} {
		text, next, ok := words.Cron(expression, from, 5)
		if !ok || text != want[0] || len(next) != 5 || next[0].Format("2006-01-02 15:04") != want[1] {
			t.Errorf("%q: %q, next %v, %v; want %q", expression, text, next, ok, want)
		}
	}
	for _, expression := range []string{"", "0 3 * *", "61 * * * *", "0 0 30 2 *", "every day", "daily", "@every 5m", "@Daily", "0 0 * * 7", "TZ=UTC 0 3 * * *", "0 0 3 * * *"} {
		if text, _, ok := words.Cron(expression, from, 5); ok {
			t.Errorf("%q is %q", expression, text)
		}
	}
}

func TestQuantities(t *testing.T) {
	for text, want := range map[string][2]string{
		"500m":  {"half a core", "0 bytes"},
		"2":     {"2 cores", "2 bytes"},
		"1.5":   {"1.5 cores", "1 bytes"},
		"250m":  {"250 thousandths of a core", "0 bytes"},
		"1Gi":   {"1073741824 cores", "1 GiB, 1,073,741,824 bytes"},
		"500Mi": {"524288000 cores", "500 MiB, 524,288,000 bytes"},
		"1G":    {"1000000000 cores", "953.67 MiB, 1,000,000,000 bytes"},
	} {
		cpu, okCPU := words.CPU(text)
		memory, okMemory := words.Bytes(text)
		if cpu != want[0] || memory != want[1] || !okCPU || !okMemory {
			t.Errorf("%s: %q and %q, want %q", text, cpu, memory, want)
		}
	}
	for _, text := range []string{"", "much", "1 Gi", "1GB"} {
		if said, ok := words.Bytes(text); ok {
			t.Errorf("%q is %q", text, said)
		}
	}
}

func TestImages(t *testing.T) {
	for text, want := range map[string]words.Image{
		"python:3.12":                          {Registry: "docker.io", Repository: "library/python", Tag: "3.12"},
		"ghcr.io/flyteorg/flytekit:py3.11-1.2": {Registry: "ghcr.io", Repository: "flyteorg/flytekit", Tag: "py3.11-1.2"},
		"localhost:30000/mine":                 {Registry: "localhost:30000", Repository: "mine"},
	} {
		if got, ok := words.ParseImage(text); !ok || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "{{.image.default.fqn}}:{{.image.default.version}}", "a b"} {
		if got, ok := words.ParseImage(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestRate(t *testing.T) {
	for length, want := range map[time.Duration]string{
		time.Minute: "every minute", 90 * time.Minute: "every 90 minutes", 2 * time.Hour: "every 2 hours", 24 * time.Hour: "every day",
		48 * time.Hour: "every 2 days", 90 * time.Second: "", 0: "", -time.Hour: "",
	} {
		if got := words.Rate(length); got != want {
			t.Errorf("%s: %q, want %q", length, got, want)
		}
	}
}
