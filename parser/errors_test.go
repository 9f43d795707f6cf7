package parser_test

import (
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// One mistake in a file gives one error, at the mistake, and hides none of the
// definitions.
func TestOneMistakeOneError(t *testing.T) {
	tests := []struct {
		name          string
		old, new      string // the mistake
		want, message string // what is underlined, and said
	}{
		{"parameters not closed", "reviews: List[str]) -> Rating", "reviews: List[str] -> Rating", "(", "'(' is never closed"},
		{"parameters not closed, no type", "(limit: int = 4) -> Rating:", "(limit: int = 4:", "(", "'(' is never closed"},
		{"no colon", "-> Rating:\n    \"\"\"Average", "-> Rating\n    \"\"\"Average", "Rating", "':' is missing"},
		{"no colon at the end", ") -> List[str]:", ") -> List[str]", "]", "':' is missing"},
		{"call not closed", "fetch_reviews(limit=limit)", "fetch_reviews(limit=limit", "(", "'(' is never closed"},
		{"call not closed at a block's end", "rate(reviews=reviews)", "rate(reviews=reviews", "(", "'(' is never closed"},
		{"call just begun", "rate(reviews=reviews)", "rate(", "(", "'(' is never closed"},
		{"inner call not closed", "print(f\"fetched {len(reviews)} reviews\")", "print(str(limit)", "(", "'(' is never closed"},
		{"list not closed", "keyboard\",\n]", "keyboard\",\n", "[", "'[' is never closed"},
		{"string not closed", "\"good value\",", "\"good value,", "\"good value,", "this string is never closed"},
		{"string in a call not closed", "strip(\",\")", "strip(\",)", "\",), 0) for text in reviews for word in text.split())", "this string is never closed"},
		{"docstring not closed", "and rate it.\"\"\"", "and rate it.", "\"\"\"", "this string is never closed"},
		{"decorator not closed", "@task\ndef rate", "@task(\ndef rate", "(", "'(' is never closed"},
		{"decorator with keywords not closed", "@task\ndef rate", "@task(\n    cache=True,\n    retries=1,\ndef rate", "(", "'(' is never closed"},
		{"one bracket too many", "rate(reviews=reviews)", "rate(reviews=reviews))", ")", "')' closes nothing"},
		{"the wrong bracket", "\"broke\": -2}", "\"broke\": -2]", "]", "']' doesn't close '{'"},
		{"a bracket left out within", "score=total / len(reviews))", "score=[total / len(reviews))", "[", "'[' is never closed"},
		{"field not closed", "{len(reviews)} reviews", "{len(reviews) reviews", "{", "\"{\" is never closed"},
		{"no comma in a list of lines", "    product_rating,\n", "    product_rating\n", "name", "a comma is missing before this"},
		{"no colon in a dict", "\"great\": 2", "\"great\" 2", "2, \"good\"", "`2, \"good\"` doesn't belong here"},
		{"names without import", "typing import List", "typing import", "from typing import", "`from typing import` isn't complete, or doesn't belong here"},
		{"a word misspelled", "return reviews\n", "retrun reviews\n", "retrun", "`retrun` doesn't belong here"},
		{"an attribute to come", "return reviews\n", "return reviews.\n", ".", "something is missing behind `.`"},
		{"two operators", "total = sum", "total = = sum", "=", "`=` doesn't belong here"},
		{"an if without colon", "    print(", "    if limit > 3\n        pass\n    print(", "3", "':' is missing"},
		{"an else without colon", "    print(", "    if limit:\n        pass\n    else\n        pass\n    print(", "else", "':' is missing"},
		{"a function to come", "@workflow\n", "@task\ndef foo\n\n\n@workflow\n", "foo", "the parameters and ':' are missing"},
		{"parameters to come", "@workflow\n", "@task\ndef foo(\n\n\n@workflow\n", "(", "'(' is never closed"},
		{"a parameter to come", "@workflow\n", "@task\ndef foo(a: int, \n\n\n@workflow\n", "(", "'(' is never closed"},
		{"a return type to come", "@workflow\n", "@task\ndef foo(a: int) ->\n\n\n@workflow\n", "->", "the type that is returned and ':' are missing"},
		{"a decorator to come", "@workflow\n", "@\n@workflow\n", "@", "`@` isn't complete, or doesn't belong here"},
		{"no Python", "@workflow\n", "$ ? !\n@workflow\n", "$ ? !", "`$ ? !` isn't complete, or doesn't belong here"},
		{"an argument to come", "name=\"short_rating\",\n", "name=,\n", "=", "`=` doesn't belong here"},
	}
	quickstart := samples(t)[parser.Python]
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(quickstart, test.old) != 1 {
				t.Fatalf("the text to replace is there %d times", strings.Count(quickstart, test.old))
			}
			module := parsed(t, parser.Python, strings.Replace(quickstart, test.old, test.new, 1))
			if len(module.Errors) != 1 || module.Source.Slice(module.Errors[0].Span) != test.want ||
				module.Errors[0].Message != test.message {
				for _, problem := range module.Errors {
					t.Errorf("%q: %s", module.Source.Slice(problem.Span), problem.Message)
				}
				t.Errorf("want only %q: %s", test.want, test.message)
			}
			expectDefined(t, module, "fetch_reviews", "rate", "product_rating", "short_rating")
		})
	}
}

// Mistakes in several statements give an error each.
func TestTwoMistakes(t *testing.T) {
	text := strings.Replace(samples(t)[parser.Python], "total = sum(", "total = = sum(", 1)
	text = strings.Replace(text, "rate(reviews=reviews)", "rate(reviews=reviews", 1)
	module := parsed(t, parser.Python, text)
	if len(module.Errors) != 2 {
		t.Errorf("got %+v", module.Errors)
	}
}

// Go's syntax errors are its own parser's.
func TestGoErrors(t *testing.T) {
	text := strings.Replace(goSample, "rows []string, weights", "rows []string weights", 1)
	module := parsed(t, parser.Go, text)
	if len(module.Errors) != 1 || module.Source.Slice(module.Errors[0].Span) != "weights" ||
		!strings.Contains(module.Errors[0].Message, "missing ','") {
		t.Errorf("got %+v", module.Errors)
	}
	expectDefined(t, module, "Fetch", "Count", "Pipeline", "nightly")
}
