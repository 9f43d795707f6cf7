package generate

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed forms.txt
var formsText string

// forms are pieces of modules that people write now and then, by hand; see
// the text's head.
var forms = func() []string {
	var all []string
	for _, form := range strings.Split(formsText, "\n====\n")[1:] {
		all = append(all, strings.Trim(form, "\n"))
	}
	return all
}()

var placeholder = regexp.MustCompile(`\{(?:([a-zA-Z_.0-9]+):([a-zA-Z]\w*)|([TVN])([0-9]))\}`)

// form adds one of the forms, its placeholders filled in.
func (g *generator) form(m *module) {
	text := one(g, forms...)
	if m.future && strings.Contains(text, "-> (") {
		return // a string of a tuple isn't taken for one
	}
	planned := strings.Contains(text, "LaunchPlan") // see launchPlan
	names := map[string]string{}
	types := map[string]typ{}
	filled := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		parts := placeholder.FindStringSubmatch(found)
		from, word, letter, number := parts[1], parts[2], parts[3], parts[4]
		switch {
		case len(from) == 1: // {1:word}
			if names[from] == "" {
				names[from] = m.define(symbol{kind: constant}, word)
			}
			return names[from]
		case from != "":
			return m.use(from, word)
		case letter == "N":
			return names[number]
		}
		t, ok := types[number]
		for !ok || t.value == nil || planned && m.builds(t.value(m)) {
			t, ok = g.typ(m, 1), true
		}
		types[number] = t
		if letter == "T" {
			return t.spell(m)
		}
		return t.value(m)
	})
	m.block(filled)
}
