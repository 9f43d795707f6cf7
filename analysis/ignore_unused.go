package analysis

import (
	"regexp"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

var lineBreak = regexp.MustCompile(`^\r?\n`)

// ignoreUnused runs behind all other rules: File knows it.
var ignoreUnused = register(&Rule{
	Code:    "ignore-unused",
	Summary: "A comment that is to hide a finding hides none.",
	Details: "`# flyte: ignore[code]` hides the findings of a rule in its line. Where there are none any more, the comment would hide the next mistake that somebody makes there. A code that no rule has hides nothing at all. Remove what isn't needed.",

	Severity:    Hint,
	Stage:       NeverFails,
	Source:      "flyte-lsp's own comments",
	Unnecessary: true,
	Bad: `from flytekit import task, workflow


@task
def double(a: int) -> int:
    return 2 * a


@workflow
def flow(x: int) -> int:
    return double(a=x)  «# flyte: ignore[call-too-many]»
`,
	Fixed: `from flytekit import task, workflow


@task
def double(a: int) -> int:
    return 2 * a


@workflow
def flow(x: int) -> int:
    return double(a=x)
`,
	check: func(p *pass) {
		// With syntax errors, what is hidden may only be out of sight.
		if p.ignores == nil || len(p.File.Errors) > 0 {
			return
		}
		for _, one := range p.ignores.all {
			p.unused(one)
		}
	},
})

// unused reports what of a comment hides nothing.
func (p *pass) unused(one *ignore) {
	if len(one.codes) == 0 {
		if one.codes != nil || !one.used {
			p.report(one.span, "this comment hides nothing").Fixes = []Fix{p.withoutIgnore(one.span)}
		}
		return
	}
	unneeded := 0
	for _, listed := range one.codes {
		switch {
		case listed.code == p.rule.Code:
			return
		case p.needless(listed):
			unneeded++
		}
	}
	for i, listed := range one.codes {
		if !p.needless(listed) {
			continue
		}
		span, remove := listed.span, p.withoutIgnore(one.span)
		switch {
		case unneeded < len(one.codes):
			remove = Fix{Title: "Remove " + listed.code, Edits: []Edit{p.Edit(one.without(i), "")}}
		case unneeded == 1:
			span = one.span
		}
		if RuleOf(listed.code) != nil {
			p.report(span, "no "+listed.code+" is found here: this hides nothing").Fixes = []Fix{remove}
			continue
		}
		d := p.report(listed.span, unknownCode(listed.code))
		if d.Severity == Hint {
			d.Severity = Warning // what its author meant isn't hidden
		}
		if meant := Nearest(listed.code, ruleCodes()); meant != "" {
			d.Fixes = append(d.Fixes, Fix{Title: "Write " + meant, Edits: []Edit{p.Edit(listed.span, meant)}})
		}
		d.Fixes = append(d.Fixes, remove)
	}
}

// needless tells whether a code in a comment hides nothing. What a rule that
// didn't look would find isn't known.
func (p *pass) needless(listed ignoredCode) bool {
	return !listed.used && !p.silent[listed.code]
}

// without is what to remove of the brackets with the code at an index.
func (i *ignore) without(index int) parser.Span {
	if index+1 < len(i.codes) {
		return parser.Span{Start: i.codes[index].span.Start, End: i.codes[index+1].span.Start}
	}
	return parser.Span{Start: i.codes[index-1].span.End, End: i.codes[index].span.End}
}

// withoutIgnore removes a comment with the blanks before it, and its line if it
// has no other text. It isn't Safe: on a machine that lacks a package, what the
// comment hides may not be found.
func (p *pass) withoutIgnore(span parser.Span) Fix {
	text, with := p.File.Source.Text(), ""
	for span.Start > 0 && (text[span.Start-1] == ' ' || text[span.Start-1] == '\t') {
		span.Start--
	}
	switch atStart := span.Start == 0 || text[span.Start-1] == '\n'; {
	case span.End < len(text) && text[span.End] == '#':
		with = "  " // another comment follows
	case atStart:
		span.End += len(lineBreak.Find(text[span.End:]))
	}
	return Fix{Title: "Remove the comment", Edits: []Edit{p.Edit(span, with)}}
}
