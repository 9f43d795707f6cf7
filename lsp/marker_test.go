package lsp_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"golang.org/x/tools/txtar"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// TestMarkers opens each workspace of testdata/*.txtar and compares what the
// server answers with what comments in the files state, behind "#@" or "//@":
//
//	lens("title", ...)           the row above this line has these lenses, and no others
//	directive("title", ...)      the same of the row above the Go directive over this line
//	diag("text", "code", "part") an error at the text in this line, whose message has the part
//	warning("text", "code", "part") the same of a warning
//	hint("text", "code", "part") the same of a hint
//	related("code", "part", ...) a diagnostic with the code that starts in this line names other places, with these parts in their messages, in order
//	fix("title", "after")        a code action for what is found in this line has the title, and with it the file has the text after, which it hadn't
//	hover("text", "part", ...)   the hover at the text in this line has these parts; without parts there is none
//	action("title", ...)         these are the code actions in this line
//	complete("text", "label", ...) these are the items of the completion behind the text in this line, in order; after a last "..." there are further ones; none is called what stands behind "!"
//	completes("text", "label", "line") the item makes this line of the one without its comment; text of a snippet as it is
//	item("text", "label", "part", ...) the detail and the documentation of the item have these parts
//	signature("text", "label", "part") the signature help behind the text in this line has the label, and the part of it is active; without both there is none
//	definition("text", "file:line text", ...) these are the definitions of what stands at the text in this line; typedef, implementation and references likewise
//	highlight("text", "line text", ...) these places are highlighted at the text in this line, with "=" before those that bind the name
//	callers("text", "name, file:line text, ...", ...) these entities call the one at the text in this line, where the file says so; callees are those that it calls
//	symbols("name detail", ...)  these symbols of the document have their names in this line; "around > name detail" of one in another
//	listed("query", "container, file:line text", ...) the workspace has these symbols for the query
//	links("text target", ...)    these links stand in this line
//	rename("text", "new", "file:line old → new", ...) renaming what stands at the text in this line changes these places, with "?" before those to be confirmed, and these files
//	norename("text", "new", "part") it isn't renamed, for a reason with this part; without a part it is another server's
//	moved("old", "new", "file:line old → new", ...) these places and files change with a file's path
//	inlays("label", ...)         these are the inlay hints in this line
//
// The cells of a notebook stand below lines "# %%", in the file that has its name.
// Files of other kinds lie beside; settings.json has the client's settings. Lenses and diagnostics that no comment
// states are errors. A file "name#2" is the text that "name" is changed to
// afterwards, with comments of its own.
func TestMarkers(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no marker files", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			checkArchive(t, archive)
		})
	}
}

// checkArchive checks an archive with a client that offers position encodings.
func checkArchive(t *testing.T, archive *txtar.Archive, encodings ...string) {
	root := t.TempDir()
	for _, file := range archive.Files {
		if name, _, later := strings.Cut(file.Name, "#"); !later {
			write(t, root, name, string(file.Data))
		}
	}
	s := connect(t, root, t.TempDir(), "")
	s.PositionEncodings = encodings
	s.must(s.Initialize(s.ctx, root, settingsIn(t, archive)))
	t.Cleanup(s.close)
	versions := map[string]int{}
	// All files are open before the first is checked: what one says may depend
	// on the others.
	for _, file := range archive.Files {
		if !strings.Contains(file.Name, "#") && language(file.Name) != "" {
			versions[file.Name] = 1
			s.must(s.OpenText(s.ctx, filepath.Join(root, file.Name), language(file.Name), string(file.Data)))
		}
	}
	notebooks := s.openNotebooks(root, archive)
	texts := map[string]string{}
	for _, file := range archive.Files {
		name, _, later := strings.Cut(file.Name, "#")
		if notebook := notebooks[name]; notebook != nil {
			notebook.check(file)
		}
		if language(name) == "" {
			continue
		}
		path := filepath.Join(root, name)
		if later {
			versions[name]++
			s.must(s.Replace(s.ctx, path, versions[name], wholeText(texts[name]), string(file.Data)))
		}
		texts[name] = string(file.Data)
		marked := &markedFile{session: s, path: path, name: file.Name, version: versions[name], lines: strings.Split(string(file.Data), "\n")}
		marked.check()
	}
}

// settingsIn are the client's settings in an archive's file settings.json, with the
// interpreter of the tests in place of "$PYTHON"; nil if it has none.
func settingsIn(t *testing.T, archive *txtar.Archive) map[string]any {
	i := slices.IndexFunc(archive.Files, func(file txtar.File) bool { return file.Name == "settings.json" })
	if i < 0 {
		return nil
	}
	text := strings.ReplaceAll(string(archive.Files[i].Data), "$PYTHON", testenv.Python(t))
	var settings map[string]any
	if err := json.Unmarshal([]byte(text), &settings); err != nil {
		t.Fatal(err)
	}
	return settings
}

func language(name string) string {
	return map[string]string{".py": "python", ".go": "go"}[filepath.Ext(name)]
}

func wholeText(text string) protocol.Range {
	return protocol.Range{End: protocol.Position{Line: uint32(strings.Count(text, "\n") + 1)}}
}

// markedFile is one version of a file with its markers.
type markedFile struct {
	*session
	path, name string
	version    int
	lines      []string
}

// marker is one call in a comment, with string arguments.
type marker struct {
	line int // 0-based
	kind string
	args []string
}

var (
	markerComment  = regexp.MustCompile(`(?:#|//)@(.*)$`)
	markerComments = regexp.MustCompile(`(?m) *(?:#|//)@.*$`)
)

func (f *markedFile) markers() []marker {
	var markers []marker
	for i, line := range f.lines {
		comment := markerComment.FindStringSubmatch(line)
		if comment == nil {
			continue
		}
		// Calls that are separated by commas are the arguments of a call.
		expression, err := parser.ParseExpr("f(" + comment[1] + ")")
		if err != nil {
			f.t.Fatalf("%s:%d: %v", f.name, i+1, err)
		}
		for _, argument := range expression.(*ast.CallExpr).Args {
			call, ok := argument.(*ast.CallExpr)
			if !ok {
				f.t.Fatalf("%s:%d: %q is no call", f.name, i+1, comment[1])
			}
			one := marker{line: i, kind: call.Fun.(*ast.Ident).Name}
			for _, value := range call.Args {
				literal, ok := value.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					f.t.Fatalf("%s:%d: %q: want strings", f.name, i+1, comment[1])
				}
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					f.t.Fatal(err)
				}
				one.args = append(one.args, text)
			}
			markers = append(markers, one)
		}
	}
	return markers
}

func (f *markedFile) check() {
	lenses, err := f.Lenses(f.ctx, f.path)
	f.must(err)
	rows := map[int][]string{}
	for _, lens := range lenses {
		rows[int(lens.Range.Start.Line)] = append(rows[int(lens.Range.Start.Line)], lens.Command.Title)
	}
	diagnostics, err := f.Diagnostics(f.ctx, 0, f.path, f.version)
	f.must(err)
	all := slices.Clone(diagnostics)
	for _, m := range f.markers() {
		at := fmt.Sprintf("%s:%d", f.name, m.line+1)
		switch m.kind {
		case "lens", "directive":
			row := m.line
			for m.kind == "directive" && row > 0 && !strings.HasPrefix(f.lines[row], "//flyte:") {
				row--
			}
			if got := rows[row]; !slices.Equal(got, m.args) {
				f.t.Errorf("%s: lenses %q, want %q", at, got, m.args)
			}
			delete(rows, row)
		case "diag", "warning", "hint":
			severity := map[string]protocol.DiagnosticSeverity{
				"diag": protocol.DiagnosticSeverityError, "warning": protocol.DiagnosticSeverityWarning, "hint": protocol.DiagnosticSeverityHint,
			}[m.kind]
			want := f.find(m.line, m.args[0])
			i := slices.IndexFunc(diagnostics, func(d protocol.Diagnostic) bool {
				return d.Range == want && d.Severity == severity && d.Code == m.args[1] && strings.Contains(d.Message, m.args[2])
			})
			if i < 0 {
				f.t.Errorf("%s: no %s %q at %v", at, m.kind, m.args, want)
				continue
			}
			diagnostics = slices.Delete(diagnostics, i, i+1)
		case "hover":
			text, err := f.Hover(f.ctx, f.path, f.find(m.line, m.args[0]).Start)
			f.must(err)
			if len(m.args) == 1 && text != "" {
				f.t.Errorf("%s: hover %q, want none", at, text)
			}
			for _, part := range m.args[1:] {
				if !strings.Contains(text, part) {
					f.t.Errorf("%s: hover %q, want it to have %q", at, text, part)
				}
			}
		case "related":
			if !slices.ContainsFunc(all, func(d protocol.Diagnostic) bool {
				return int(d.Range.Start.Line) == m.line && d.Code == m.args[0] && relates(d, m.args[1:])
			}) {
				f.t.Errorf("%s: no %s relates to %q", at, m.args[0], m.args[1:])
			}
		case "fix":
			f.checkFix(at, m)
		case "action":
			if got := f.actions(m.line); !slices.Equal(got, m.args) {
				f.t.Errorf("%s: code actions %q, want %q", at, got, m.args)
			}
		default:
			check := featureMarkers[m.kind]
			if check == nil {
				f.t.Fatalf("%s: unknown marker %s", at, m.kind)
			}
			check(f, at, m)
		}
	}
	for line, titles := range rows {
		f.t.Errorf("%s:%d: lenses %q that no comment states", f.name, line+1, titles)
	}
	for _, d := range diagnostics {
		f.t.Errorf("%s:%d: diagnostic %v that no comment states: %v %s", f.name, d.Range.Start.Line+1, d.Range, d.Code, d.Message)
	}
}

// featureMarkers check what features of their own files answer.
var featureMarkers = map[string]func(f *markedFile, at string, m marker){
	"definition":     checkLocations("textDocument/definition"),
	"typedef":        checkLocations("textDocument/typeDefinition"),
	"implementation": checkLocations("textDocument/implementation"),
	"references":     checkLocations("textDocument/references"),
	"callers":        checkCalls("incomingCalls"),
	"callees":        checkCalls("outgoingCalls"),
	"symbols":        (*markedFile).checkSymbols,
	"listed":         (*markedFile).checkListed,
	"links":          (*markedFile).checkLinks,
	"rename":         (*markedFile).checkRename,
	"norename":       (*markedFile).checkNoRename,
	"moved":          (*markedFile).checkMoved,
	"highlight":      (*markedFile).checkHighlights,
	"complete":       (*markedFile).checkComplete,
	"completes":      (*markedFile).checkCompletes,
	"inlays":         (*markedFile).checkInlays,
	"item":           (*markedFile).checkItem,
	"signature":      (*markedFile).checkSignature,
}

// find is the range of a text in a line.
func (f *markedFile) find(line int, text string) protocol.Range {
	before, _, found := strings.Cut(f.lines[line], text)
	if !found {
		f.t.Fatalf("%s:%d: no %q", f.name, line+1, text)
	}
	start := protocol.Position{Line: uint32(line), Character: f.units(before)}
	return protocol.Range{Start: start, End: protocol.Position{Line: start.Line, Character: start.Character + f.units(text)}}
}

func relates(d protocol.Diagnostic, parts []string) bool {
	return slices.EqualFunc(d.RelatedInformation, parts, func(related protocol.DiagnosticRelatedInformation, part string) bool {
		return strings.Contains(related.Message, part)
	})
}

func (f *markedFile) checkFix(at string, m marker) {
	line := protocol.Range{Start: protocol.Position{Line: uint32(m.line)}, End: protocol.Position{Line: uint32(m.line), Character: 1 << 16}}
	actions, err := f.Actions(f.ctx, f.path, line, protocol.QuickFix)
	f.must(err)
	titles := []string{}
	for _, action := range actions {
		titles = append(titles, action.Title)
	}
	i := slices.Index(titles, m.args[0])
	if i < 0 {
		f.t.Errorf("%s: fixes %q, want %q", at, titles, m.args[0])
		return
	}
	edit, err := f.Edit(f.ctx, actions[i])
	f.must(err)
	before := strings.Join(f.lines, "\n")
	after := appliedIn(f.t, encodings[f.PositionEncoding], before, f.path, edit)
	// The comments with markers have the text, too.
	before, after = markerComments.ReplaceAllString(before, ""), markerComments.ReplaceAllString(after, "")
	if strings.Contains(before, m.args[1]) || !strings.Contains(after, m.args[1]) {
		f.t.Errorf("%s: with the fix the file is\n%s\nwant it to have %q", at, after, m.args[1])
	}
}

func (f *markedFile) actions(line int) []string {
	at := protocol.Position{Line: uint32(line)}
	actions, err := f.Actions(f.ctx, f.path, protocol.Range{Start: at, End: at}, "")
	f.must(err)
	titles := []string{}
	for _, action := range actions {
		titles = append(titles, action.Title)
	}
	return titles
}
