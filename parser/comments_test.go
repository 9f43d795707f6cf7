package parser_test

import (
	"slices"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Comments are found wherever Python allows one, and nowhere in strings, also
// where brackets and strings aren't closed.
func TestComments(t *testing.T) {
	text := `# first
x = "# no" + '\' # no'  # second
y = f(
    # third
    1,  # fourth
    "a"  # fifth
    "b",
)
"""
# no
"""  # sixth
z = f"{x!r:#x}"
w = "one \
# no"  # seventh
def f(a  # eighth
# ninth
def g():
    return "open # no
# last`
	comments, strings := parser.Comments([]byte(text))
	var got []string
	for _, span := range comments {
		got = append(got, text[span.Start:span.End])
	}
	want := []string{"# first", "# second", "# third", "# fourth", "# fifth", "# sixth", "# seventh", "# eighth", "# ninth", "# last"}
	if !slices.Equal(got, want) {
		t.Errorf("comments %q, want %q", got, want)
	}
	got = nil
	for _, span := range strings {
		got = append(got, text[span.Start:span.End])
	}
	if want := []string{"\"\"\"\n# no\n\"\"\"", "\"one \\\n# no\""}; !slices.Equal(got, want) {
		t.Errorf("strings %q, want %q", got, want)
	}
}
