package parser_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// typedPieces are what the random edits insert: what opens and closes
// something, what starts a statement, and what no language has.
var typedPieces = []string{
	"(", ")", "[", "]", "{", "}", `"`, `"""`, "'", "f'", "#", "//", "\\", ":", ",", ".", "=", "->", "*", "@",
	" ", "\t", "    ", "\n", "\r\n", "\r", "\n    ", "x", "é", "😀", "\x00", "\xff", "1", "return ",
	"@task\n", "@workflow\n", "def f(a: int", "class A:\n", "if x:\n", "else:\n", "import ", "async ",
	"//flyte:task\n", "func F(", "`", "/*", "*/",
}

// However a text is edited, step by step, the module is that of a fresh parse
// of the outcome. The seed is in the name of a failing test.
func TestEditsEqualFreshParse(t *testing.T) {
	seed := testenv.Seed(t)
	for language, text := range samples(t) {
		for round := range uint64(20) {
			t.Run(fmt.Sprintf("%s/seed=%d", language, seed+round), func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed+round, 0))
				tree := parser.Parse(language, []byte(text))
				for range 30 {
					text := randomEdit(random, tree.Module().Source.Text())
					next := tree.Edit(text)
					tree.Close()
					tree = next
					fresh := parser.Parse(language, text)
					if got, want := describe(tree.Module()), describe(fresh.Module()); got != want {
						t.Fatalf("after an edit the module differs from a fresh parse of\n%q\n--- edited\n%s\n--- fresh\n%s",
							text, got, want)
					}
					fresh.Close()
				}
				tree.Close()
			})
		}
	}
}

func randomEdit(random *rand.Rand, text []byte) []byte {
	start := random.IntN(len(text) + 1)
	end := start
	if random.IntN(2) == 0 {
		end = min(len(text), start+1+random.IntN(1+random.IntN(60)))
	}
	piece := ""
	if end == start || random.IntN(2) == 0 {
		piece = typedPieces[random.IntN(len(typedPieces))]
	}
	return slices.Concat(text[:start], []byte(piece), text[end:])
}

// samples are a text in each language to begin with.
func samples(t testing.TB) map[parser.Language]string {
	quickstart, err := os.ReadFile(testenv.Quickstart(t))
	if err != nil {
		t.Fatal(err)
	}
	return map[parser.Language]string{parser.Python: string(quickstart), parser.Go: goSample}
}

const goSample = `// Package reviews rates products.
package reviews

import (
	"context"

	other "example.org/shop/other"
)

// Fetch gets the newest reviews.
//
//flyte:task cache-version=1 retries=2 cpu=500m
func Fetch(ctx context.Context, url string, limit int) (rows []string, err error) {
	return nil, nil
}

//flyte:task
func Count(ctx context.Context, rows []string, weights ...float64) (int, error) { return len(rows), nil }

// Pipeline fetches and counts.
//flyte:workflow
func Pipeline(ctx context.Context, url string, page *int) (total int, err error) {
	rows, err := Fetch(ctx, url, 10)
	if err != nil {
		return 0, err
	}
	other.Log(ctx, len(rows))
	return Count(ctx, rows)
}

//flyte:launchplan workflow=Pipeline name=nightly schedule="0 3 * * *" url="https://example.org/a b"

func helper() {}
`

// describe writes down all that a module says, but its text.
func describe(module *parser.Module) string {
	if module.Language == parser.Python {
		return dumpModule(module)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n", module.Package)
	for _, entity := range module.Entities {
		fmt.Fprintf(&b, "entity %+v\n", *entity)
	}
	for _, problem := range module.Errors {
		fmt.Fprintf(&b, "error %+v\n", problem)
	}
	return b.String()
}

// parsed is the module of a text, from a tree that the test closes.
func parsed(t testing.TB, lang parser.Language, text string) *parser.Module {
	t.Helper()
	tree := parser.Parse(lang, []byte(text))
	defer tree.Close()
	return tree.Module()
}
