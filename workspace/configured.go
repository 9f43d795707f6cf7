package workspace

import (
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/flyte-lsp/flyte-lsp/parser"
)

// Configured is the table [tool.flyte-lsp] of a pyproject.toml. It is
// immutable.
type Configured struct {
	// Path is that of the pyproject.toml, and Source its text.
	Path   string
	Source *parser.Source
	// Settings are what stands in the table, in the order of the text: a table
	// in it by its entries.
	Settings []Setting
	// Invalid says why the file is no TOML, nil if it is. Settings are then
	// those before the mistake.
	Invalid *parser.SyntaxError
}

// Setting is a key of a table and its value.
type Setting struct {
	// Key are the keys below [tool.flyte-lsp]: "rules", "call-too-many".
	Key []string
	// Text is the value if it is a string, and IsText true then.
	Text   string
	IsText bool
	// KeySpan is where the last key stands, ValueSpan where the value does.
	KeySpan, ValueSpan parser.Span
}

// Configured is the table [tool.flyte-lsp] that counts for a file or folder:
// that of the nearest pyproject.toml upwards that has one. It is nil if none
// does.
func (s *Snapshot) Configured(path string) *Configured {
	dir := filepath.Clean(path)
	if _, isFile := parser.LanguageOf(dir); isFile || kindOf(dir) != aFolder {
		dir = filepath.Dir(dir)
	}
	for {
		p := s.layout.project(dir)
		if p.dir == "" || p.configured != nil {
			return p.configured
		}
		if dir = filepath.Dir(p.dir); dir == p.dir {
			return nil
		}
	}
}

// configuredIn reads the table of the pyproject.toml in a folder, nil if it has
// none.
func configuredIn(dir string) *Configured {
	path := filepath.Join(dir, "pyproject.toml")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil // there is none to speak of
	}
	read := &configReader{Configured: &Configured{Path: path, Source: parser.NewSource(text)}}
	read.parser.Reset(text)
	var table []string
	for read.parser.NextExpression() {
		node := read.parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			table, _ = read.keys(nil, node.Key())
			read.found = read.found || isOurs(table)
		case unstable.KeyValue:
			read.setting(table, node)
		}
	}
	if !read.found {
		return nil
	}
	var whole map[string]any
	var wrong *toml.DecodeError
	if errors.As(toml.Unmarshal(text, &whole), &wrong) {
		row, column := wrong.Position()
		start := read.Source.Offset(parser.Position{Line: row - 1}) + column - 1
		start = min(max(start, 0), len(text))
		read.Invalid = &parser.SyntaxError{Span: parser.Span{Start: start, End: min(start+1, len(text))}, Message: wrong.Error()}
	}
	return read.Configured
}

// configReader collects what stands in the table.
type configReader struct {
	*Configured
	parser unstable.Parser
	found  bool
}

// tableOfOurs is where our settings are in a pyproject.toml.
var tableOfOurs = []string{"tool", "flyte-lsp"}

func isOurs(keys []string) bool {
	return len(keys) >= len(tableOfOurs) && slices.Equal(keys[:len(tableOfOurs)], tableOfOurs)
}

// keys are the keys of a table, with those of a node behind them, and where the
// last one stands.
func (r *configReader) keys(table []string, nodes unstable.Iterator) ([]string, parser.Span) {
	keys := slices.Clone(table)
	var last parser.Span
	for nodes.Next() {
		node := nodes.Node()
		keys, last = append(keys, string(node.Data)), spanOf(node)
	}
	return keys, last
}

// setting notes a key with its value, and of an inline table all of them.
func (r *configReader) setting(table []string, node *unstable.Node) {
	keys, at := r.keys(table, node.Key())
	value := node.Value()
	r.found = r.found || isOurs(keys)
	if value.Kind == unstable.InlineTable {
		for entries := value.Children(); entries.Next(); {
			r.setting(keys, entries.Node())
		}
		return
	}
	if !isOurs(keys) {
		return
	}
	setting := Setting{Key: keys[len(tableOfOurs):], KeySpan: at, ValueSpan: spanOf(value)}
	if setting.IsText = value.Kind == unstable.String; setting.IsText {
		setting.Text = string(value.Data)
	}
	if setting.ValueSpan.End == setting.ValueSpan.Start {
		setting.ValueSpan = at
	}
	r.Settings = append(r.Settings, setting)
}

func spanOf(node *unstable.Node) parser.Span {
	return parser.Span{Start: int(node.Raw.Offset), End: int(node.Raw.Offset + node.Raw.Length)}
}
