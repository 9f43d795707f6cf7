package analysis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

var _ = register(&Rule{
	Code:     "deck-fields",
	Summary:  "A part of a deck is none that flytekit knows.",
	Details:  "`deck_fields` takes members of `flytekit.deck.DeckField`, or their texts: \"Input\", \"Output\", \"Source Code\", \"Timeline\" and \"Dependencies\". Where the deck is enabled, flytekit raises `ValueError: Element ... from deck_fields param is not a valid deck field` for others when the module is imported.",
	Severity: Error,
	Stage:    AtImport,
	Source:   "base_task.py:PythonTask.__init__",
	Bad: `from flytekit import task


@task(enable_deck=True, deck_fields=(«"INPUT"»,))
def double(number: int) -> int:
    return 2 * number
`,
	Fixed: `from flytekit import task


@task(enable_deck=True, deck_fields=("Input",))
def double(number: int) -> int:
    return 2 * number
`,
	check: func(p *pass) {
		p.eachSettings(func(s *settings) {
			given, ok := s.get("deck_fields")
			if !ok || !s.decks() {
				return
			}
			native, _ := given.Value.(*pyeval.Native)
			one := native != nil && strings.HasPrefix(native.Name, deckFieldClass+".")
			if text, ok := given.Value.(pyeval.Str); one || ok && text != "" {
				d := s.reportValue(given.Expr, "deck_fields takes a tuple of fields, and this is taken letter by letter").unless(s.plain())
				if given.Expr != nil && (one || deckFields[string(text)] != "") {
					p.replace(d, given.Expr, "Make it a tuple", "("+p.Text(given.Expr.Span())+",)", true)
				}
				return
			}
			elements, _ := elementsOf(given.Value, given.Expr)
			for _, element := range elements {
				text, isText := element.Value.(pyeval.Str)
				if isText && deckFields[string(text)] != "" || !isText && !p.isNot(element.Value, deckFieldClass, "str") {
					continue
				}
				d := s.reportValue(element.Expr, "it is no field of a deck: there are "+listed(deckFieldNames())).unless(s.plain())
				if constant, ok := element.Expr.(*ast.Constant); ok && isText && constant.Text == string(text) {
					if meant := deckField(string(text)); meant != "" {
						p.replace(d, element.Expr, fmt.Sprintf("Replace it with %q", meant), strconv.Quote(meant), true)
					}
				}
			}
		})
	},
})

const deckFieldClass = "flytekit.deck.deck.DeckField"

// deckFields are the texts of flytekit.deck.DeckField's members, with the
// members' names.
var deckFields = map[string]string{
	"Input": "INPUT", "Output": "OUTPUT", "Source Code": "SOURCE_CODE", "Timeline": "TIMELINE", "Dependencies": "DEPENDENCIES",
}

func deckFieldNames() []string {
	var names []string
	for text := range deckFields {
		names = append(names, strconv.Quote(text))
	}
	slices.Sort(names)
	return names
}

// deckField is the text of the field that a name stands for, "" if there is
// none.
func deckField(name string) string {
	var texts []string
	for text, member := range deckFields {
		if member == name {
			return text
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return Nearest(name, texts)
}

// decks tells whether a deck is certainly written.
func (s *settings) decks() bool {
	if s.of == eagerDecorator {
		return true
	}
	if enable, ok := s.get("enable_deck"); ok {
		return isTrue(enable.Value)
	}
	disable, ok := s.get("disable_deck")
	return ok && isFalse(disable.Value)
}
