package inputs

import (
	"regexp"
	"strings"
	"time"
)

// What Python and click read of a text.
var (
	intText   = regexp.MustCompile(`^\s*[-+]?[0-9](?:_?[0-9])*\s*$`)
	floatText = regexp.MustCompile(`(?i)^\s*[-+]?(?:(?:[0-9](?:_?[0-9])*\.?|[0-9](?:_?[0-9])*\.[0-9](?:_?[0-9])*|\.[0-9](?:_?[0-9])*)(?:e[-+]?[0-9](?:_?[0-9])*)?|inf|infinity|nan)\s*$`)
	// boolText is what click.BOOL takes; pyflyte never asks it, as its switches
	// have no values.
	boolText = regexp.MustCompile(`(?i)^\s*(?:1|true|t|yes|y|on|0|false|f|no|n|off)?\s*$`)
	trueText = regexp.MustCompile(`(?i)^\s*(?:1|true|t|yes|y|on)\s*$`)
)

// The forms of pytimeparse, timeparse.py:TIMEFORMATS.
var durationTexts = func() []*regexp.Regexp {
	part := func(names string) string { return `(?:[\d.]+\s*(?:` + names + `)\s*(?:[,/]\s*)?)?` }
	const clock = `\d{2}(?:\.\d+)?`
	weeks, days := part(`w|wks?|weeks?`), part(`d|dys?|days?`)
	var all []*regexp.Regexp
	for _, form := range []string{
		weeks + `\s*` + days + `\s*` + part(`h|hrs?|hours?`) + `\s*` + part(`m|mins?|minutes?`) + `\s*(?:[\d.]+\s*(?:s|secs?|seconds?))?`,
		`\d{1,2}:` + clock,
		weeks + `\s*` + days + `\s*\d+:\d{2}:` + clock,
		`\d+[:-]\d{2}:\d{2}:` + clock,
		`:` + clock,
	} {
		all = append(all, regexp.MustCompile(`(?i)^\s*[-+]?\s*(?:`+form+`)\s*$`))
	}
	return all
}()

// isDuration tells whether pytimeparse reads a text.
func isDuration(text string) bool {
	if !strings.ContainsAny(text, "0123456789") {
		return false
	}
	for _, form := range durationTexts {
		if form.MatchString(text) {
			return true
		}
	}
	return false
}

// How a text is read as a date (interaction/click_types.py:DateTimeType, and for
// runs of flyte-lsp, which takes zones and fractions too, datetime.fromisoformat).
type dateReading int

const (
	noDate   dateReading = iota
	anyDate              // by pyflyte and by flyte-lsp
	ourDate              // by flyte-lsp alone
	mayBDate             // it hangs on the version of Python
)

var (
	floatingDate = regexp.MustCompile(`^(.+)\s+[-+]\s+(.+)$`)
	isoLetters   = regexp.MustCompile(`^[0-9][-0-9TWtZz:.,+ ]{6,}$`)
	isoDate      = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(?:$|[T ])`)
)

// readDate tells how a text is read as a date or a moment.
func readDate(text string) dateReading {
	switch text {
	case "now", "today":
		return anyDate
	}
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return anyDate
	}
	if _, err := time.Parse("2006-01-02T15:04:05", text); err == nil && !strings.Contains(text, ".") {
		return anyDate
	}
	if parts := floatingDate.FindStringSubmatch(text); parts != nil && !strings.Contains(parts[1], " ") {
		if readDate(parts[1]) == noDate || !isDuration(parts[2]) {
			return noDate
		}
		return anyDate
	}
	if isoDate.MatchString(text) {
		read := ourDate
		if strings.Contains(text, " ") {
			read = anyDate // pyflyte has fromisoformat read it then
		}
		for _, form := range []string{"15:04", "15:04:05", "15:04:05.000", "15:04:05.000000"} {
			for _, zone := range []string{"", "Z", "-07:00", "-07:00:00"} {
				if _, err := time.Parse("2006-01-02T"+form+zone, strings.Replace(text, " ", "T", 1)); err == nil {
					if zone == "Z" && read == anyDate {
						return mayBDate // fromisoformat takes it from Python 3.11 on
					}
					return read
				}
			}
		}
		day, _, _ := strings.Cut(text[:min(len(text), 10)], "T")
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return noDate
		}
	}
	if isoLetters.MatchString(text) {
		return mayBDate
	}
	return noDate
}
