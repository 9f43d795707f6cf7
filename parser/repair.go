package parser

import (
	"slices"
	"sort"
)

// repair is a small change to a broken text after which it parses further: it
// replaces a span by other text.
type repair struct {
	span Span
	text string
}

// mistake is a syntax error, with the statement that it is in.
type mistake struct {
	SyntaxError
	statement Span
}

// repaired is a text with its repairs made, and the way back to the offsets of
// the original.
type repaired struct {
	text    []byte
	repairs []repair // in order, not overlapping
	starts  []int    // where each repair's text starts in text
}

func applyRepairs(text []byte, repairs []repair) repaired {
	out := repaired{repairs: repairs}
	done := 0
	for _, r := range repairs {
		out.text = append(out.text, text[done:r.span.Start]...)
		out.starts = append(out.starts, len(out.text))
		out.text = append(out.text, r.text...)
		done = r.span.End
	}
	out.text = append(out.text, text[done:]...)
	return out
}

// original is the offset in the original text; in what a repair put in, it is
// where that went.
func (r repaired) original(offset int) int {
	i := sort.SearchInts(r.starts, offset+1) - 1
	if i < 0 {
		return offset
	}
	made := r.repairs[i]
	return max(made.span.End+offset-r.starts[i]-len(made.text), min(made.span.Start+offset-r.starts[i], made.span.End))
}

// within tells whether something was repaired in a span of the original text,
// or at its ends.
func (r repaired) within(span Span) bool {
	return slices.ContainsFunc(r.repairs, func(made repair) bool {
		return made.span.Start <= span.End && made.span.End >= span.Start
	})
}

// maxErrors is how many errors of one text are told: who makes more has
// another problem.
const maxErrors = 100

// mergeMistakes are the errors of all mistakes, of which one statement has at
// most one: further ones are mostly what follows from the first. Those that
// are certain go before those that aren't.
func mergeMistakes(certain, others []mistake) []SyntaxError {
	mistakes := slices.Clone(certain)
	for _, other := range others {
		if !slices.ContainsFunc(certain, other.overlaps) {
			mistakes = append(mistakes, other)
		}
	}
	slices.SortStableFunc(mistakes, func(a, b mistake) int { return a.Span.Start - b.Span.Start })
	var merged []SyntaxError
	end := -1
	for _, m := range mistakes {
		if m.Span.Start < end {
			end = max(end, m.statement.End)
			continue
		}
		if len(merged) == maxErrors {
			break
		}
		merged = append(merged, m.SyntaxError)
		end = m.statement.End
	}
	return merged
}

func (m mistake) overlaps(other mistake) bool {
	return m.statement.Start < other.statement.End && other.statement.Start < m.statement.End
}
