// Package complete offers what may be typed at a cursor of a Python workflow
// file and Flyte knows of: the inputs of what is called, the promises that fit an
// input, the outputs and fields of a promise, the keywords of flytekit's functions
// and classes, and the texts that Flyte reads. Names of Python it leaves to
// servers for Python.
package complete

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/flyte-lsp/flyte-lsp/editing/cursor"
	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Kind says what an item stands for.
type Kind int

// The kinds of items.
const (
	Input    Kind = iota // an input, or a keyword of a function
	Variable             // a promise
	Field                // an output or a field of a promise
	Method
	Constant // True, None, a value of a Literal
	Member   // of an enum
	Class
	Value // a text that Flyte reads: a quantity, an image, a name
	Snippet
)

// Item is one thing that may be typed.
type Item struct {
	Label, Detail string
	Kind          Kind
	// Text is what is inserted. Snippet is the same with places to fill in, as the
	// LSP writes them; "" if it has none.
	Text, Snippet string
	// Filter is what the typed text is compared with; "" if it is the Label.
	Filter string
	// Insert is the span that is replaced if the editor keeps what stands behind the
	// cursor, Replace if it doesn't.
	Insert, Replace ast.Span
	// Doc is Markdown. Topic, of an item without, is what Documentation is asked for.
	Doc   string
	Topic *Topic
	// Edits are made elsewhere in the file: imports.
	Edits []edits.Edit
	// Preselect: it is the best of all.
	Preselect bool
}

// Options say what is wanted.
type Options struct {
	// Space: a space was typed, which is seldom the wish for completion.
	Space bool
	// Words are the words of the workspace; nil if they aren't known.
	Words *Words
	// Registered are the names that a backend has in a project and domain, "" for the
	// user's; waiting tells that they aren't known yet. Nil where there is no backend.
	Registered func(kind Registered, project, domain string) (names []string, waiting bool)
}

// Registered is a kind of what a backend has names of.
type Registered int

// The kinds of what has names on a backend.
const (
	Tasks Registered = iota
	Workflows
	LaunchPlans
)

// List are the items of a completion, the best first.
type List struct {
	Items []Item
	// Incomplete: there may be further ones soon.
	Incomplete bool
}

// At completes at an offset of a Python file. Errors are as Snapshot.Module has
// them.
func At(ctx context.Context, snapshot *workspace.Snapshot, path string, offset int, options Options) (List, error) {
	at, err := cursor.Typing(ctx, snapshot, path, offset)
	if err != nil || at == nil {
		return List{}, err
	}
	file, err := snapshot.File(path)
	if err != nil {
		return List{}, err
	}
	c := &completer{Cursor: at, snapshot: snapshot, file: file, options: options}
	c.word = at.Word()
	c.complete()
	if err := ctx.Err(); err != nil {
		return List{}, err
	}
	return c.list, nil
}

// completer collects the items at a cursor.
type completer struct {
	*cursor.Cursor
	// snapshot and file are those without the Marker.
	snapshot *workspace.Snapshot
	file     *workspace.File
	options  Options
	word     ast.Span // that is being typed
	list     List
}

func (c *completer) complete() {
	call := c.Call()
	if c.options.Space && (call == nil || c.before() != ',') {
		return
	}
	switch n := c.Node().(type) {
	case *ast.Attribute:
		if n.AttrSpan.Contains(c.Offset) {
			c.attributes(n)
		}
	case *ast.Constant, *ast.BadExpr:
		if call != nil && !c.options.Space {
			c.texts(n.(ast.Expr), call)
		}
	case *ast.Name:
		if c.begins() {
			c.expression(call)
		}
	case *ast.Call:
		if call != nil && call.Call == n && call.InKeyword {
			c.keywords(call)
		}
	}
}

// expression completes where an expression begins.
func (c *completer) expression(call *cursor.Call) {
	outer := c.Outer(1)
	switch {
	case call != nil && outer == ast.Node(call.Call) && call.Keyword == "":
		c.keywords(call)
		if len(call.Keywords) == 0 {
			c.argument(call)
		}
	case call != nil && outer == ast.Node(call.Call):
		c.argument(call)
	case call != nil:
		c.within(call, outer)
	default:
		c.plainExpression(outer)
	}
}

// begins tells whether an expression can begin where the word does: not behind
// another one, such as a text that was just closed. A number is no name.
func (c *completer) begins() bool {
	text := c.file.Source.Text()
	if c.word.Start < c.word.End && '0' <= text[c.word.Start] && text[c.word.Start] <= '9' {
		return false
	}
	return c.word.Start == 0 || !strings.ContainsRune("\"')]}", rune(text[c.word.Start-1]))
}

// before is the last character before the word that isn't white space; 0 if there
// is none.
func (c *completer) before() byte {
	text := strings.TrimRightFunc(string(c.file.Source.Text()[:c.word.Start]), unicode.IsSpace)
	if text == "" {
		return 0
	}
	return text[len(text)-1]
}

// behind is the first character behind the word that isn't a blank; 0 if there is
// none.
func (c *completer) behind() byte {
	for _, b := range c.file.Source.Text()[c.word.End:] {
		if b != ' ' && b != '\t' {
			return b
		}
	}
	return 0
}

// add adds an item that stands in the place of the word.
func (c *completer) add(item Item) {
	item.Insert, item.Replace = ast.Span{Start: c.word.Start, End: c.Offset}, c.word
	c.addAs(item)
}

// addAs adds an item whose spans are known, if what is typed may be the start of
// it. What is inserted right before it becomes a part of it, as clients take no two
// edits in one place.
func (c *completer) addAs(item Item) {
	item.Edits = slices.DeleteFunc(item.Edits, func(edit edits.Edit) bool {
		meets := edit.Meets(edits.Edit{Span: item.Replace})
		if meets {
			item.Text = edit.Text + item.Text
			if item.Snippet != "" {
				item.Snippet = escaped(edit.Text) + item.Snippet
			}
		}
		return meets
	})
	filter := item.Filter
	if filter == "" {
		filter = item.Label
	}
	if matches(c.file.Source.Slice(item.Insert), filter) {
		c.list.Items = append(c.list.Items, item)
	}
}

// matches tells whether the characters of a typed text are in another one, in
// their order, whatever their case.
func matches(typed, text string) bool {
	rest := strings.ToLower(text)
	for _, r := range strings.ToLower(typed) {
		at := strings.IndexRune(rest, r)
		if at < 0 {
			return false
		}
		rest = rest[at+len(string(r)):]
	}
	return true
}
