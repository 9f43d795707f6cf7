package navigate

import (
	"bytes"
	"cmp"
	"context"
	"os"
	"runtime"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Search is where things are looked for.
type Search struct {
	Snapshot *workspace.Snapshot
	// Folders are those whose .flyte/inputs hold inputs documents.
	Folders []string
	// Document is the text of an inputs document, as an editor has it or from disk;
	// nil if there is none.
	Document func(path string) ([]byte, error)
}

// At is the thing that is named at an offset of a Python file or an inputs
// document, and the place of its name; nil if there is none. Errors are as
// Snapshot.Module has them.
func (s *Search) At(ctx context.Context, path string, offset int) (*Thing, *Place, error) {
	if isDocument(path) {
		return s.documentAt(ctx, path, offset)
	}
	r, err := read(ctx, s.Snapshot, path)
	if err != nil || r == nil || offset < 0 || offset > len(r.source.Text()) || inComment(r.source.Text(), offset) {
		return nil, nil, err
	}
	found := r.at(offset)
	if found == nil || found.thing == nil {
		return nil, nil, ctx.Err()
	}
	thing, err := r.locate(found.thing)
	if err != nil {
		return nil, nil, err
	}
	return thing, &found.place, ctx.Err()
}

// inComment tells whether an offset lies in a comment, behind its "#".
func inComment(text []byte, offset int) bool {
	comments, _ := parser.Comments(text)
	return slices.ContainsFunc(comments, func(c parser.Span) bool { return c.Start < offset && offset <= c.End })
}

// References are all places of the workspace that mean a thing, its declaration
// among them, ordered by file and by place: those in the files that
// Workspace.Index found, in open documents, and in inputs documents. Places that
// the source doesn't tell of aren't among them: a **dict that isn't known, getattr.
// The error is the context's, or says which file can't be read.
func (s *Search) References(ctx context.Context, thing *Thing) ([]Place, error) {
	all := &places{seen: map[placeID]bool{}}
	words := []string{thing.Name}
	for i := 0; i < len(words); i++ {
		err := s.eachFile(ctx, func(path string, text []byte) error {
			if !s.mayMean(path, text, words[i], thing) {
				return nil
			}
			r, err := read(ctx, s.Snapshot, path)
			if err != nil || r == nil {
				return err
			}
			all.add(r.references(thing, words[i])...)
			return nil
		})
		if err != nil {
			return nil, err
		}
		words = all.aliases(words)
	}
	err := s.eachDocument(ctx, func(document *document) error {
		all.add(document.references(thing)...)
		return nil
	})
	sortPlaces(all.list)
	return all.list, err
}

// places collects places, each once. It is safe for concurrent use.
type places struct {
	mu   sync.Mutex
	list []Place
	seen map[placeID]bool
}

type placeID struct {
	path  string
	start int
}

func (p *places) add(list ...Place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, place := range list {
		if id := (placeID{place.Path, place.Span.Start}); !p.seen[id] {
			p.seen[id] = true
			p.list = append(p.list, place)
		}
	}
}

// aliases adds to words the other names that imports give the thing: they are
// looked for, too.
func (p *places) aliases(words []string) []string {
	for _, place := range p.list {
		if name := place.Source.Slice(place.Span); place.Alias && place.Kind == Import && !slices.Contains(words, name) {
			words = append(words, name)
		}
	}
	return words
}

// written are the places in order that have the thing's name, or another name for
// it.
func (p *places) written() []Place {
	list := slices.DeleteFunc(slices.Clone(p.list), func(place Place) bool { return place.Obstacle != "" })
	sortPlaces(list)
	return list
}

func sortPlaces(list []Place) {
	slices.SortFunc(list, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Span.Start, b.Span.Start))
	})
}

// eachFile visits the workflow files of the workspace with their texts, several at
// a time.
func (s *Search) eachFile(ctx context.Context, visit func(path string, text []byte) error) error {
	texts := map[string][]byte{}
	paths := slices.Clone(s.Snapshot.WorkflowFiles())
	for _, file := range s.Snapshot.OpenFiles() {
		texts[file.Path] = file.Source.Text()
		paths = append(paths, file.Path)
	}
	slices.Sort(paths)
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, path := range slices.Compact(paths) {
		if each.Err() != nil {
			break
		}
		group.Go(func() error {
			text, open := texts[path]
			if !open {
				var err error
				if text, err = os.ReadFile(path); err != nil {
					return nil // it went away since the folders were looked through
				}
			}
			if err := each.Err(); err != nil {
				return err
			}
			return visit(path, text)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// mayMean tells whether a file may have places of a thing that are written by a
// word: only such files are evaluated.
func (s *Search) mayMean(path string, text []byte, word string, thing *Thing) bool {
	language, _ := parser.LanguageOf(path)
	if language != parser.Python {
		return false
	}
	has := hasWord(text, word)
	if thing.Kind == Input && !has {
		// The name may come from a dict that is made elsewhere.
		has = bytes.Contains(text, []byte("_inputs")) || bytes.Contains(text, []byte("**"))
	}
	switch {
	case !has:
		return false
	case thing.home == "" || thing.Kind == Registered:
		return true
	case thing.Kind == Entity && thing.Entity.FullName != "" && bytes.Contains(text, []byte(thing.Entity.FullName)):
		return true
	}
	return s.Snapshot.Sees(path, map[string]bool{thing.home: true})
}

func hasWord(text []byte, word string) bool {
	found := false
	eachWord(text, word, func(int) bool { found = true; return false })
	return found
}

// eachWord visits the offsets at which a word stands by itself, until visit returns
// false.
func eachWord(text []byte, word string, visit func(offset int) bool) {
	for from := 0; word != ""; {
		i := bytes.Index(text[from:], []byte(word))
		if i < 0 {
			return
		}
		start := from + i
		end := start + len(word)
		from = end
		before, _ := utf8.DecodeLastRune(text[:start])
		after, _ := utf8.DecodeRune(text[end:])
		if !inWord(before) && !inWord(after) && !visit(start) {
			return
		}
	}
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// references are the places of a file that mean a thing by a word.
func (r *reader) references(thing *Thing, word string) []Place {
	var list []Place
	eachWord(r.source.Text(), word, func(offset int) bool {
		if found := r.at(offset); found != nil && found.thing != nil && found.thing.Key == thing.Key {
			list = append(list, found.place)
			if found.place.Kind == Import {
				list = append(list, r.renamed(found.place)...)
			}
		}
		return r.ctx.Err() == nil
	})
	if thing.Kind == Input {
		list = append(list, r.givenElsewhere(thing)...)
		list = append(list, r.unpacked(thing)...)
	}
	return list
}

// renamed is the name that an import gives what it imports, if that is another
// one.
func (r *reader) renamed(imported Place) []Place {
	for _, v := range r.scopes().Scopes {
		for _, variable := range v.All() {
			for _, use := range variable.Uses {
				if use.Alias != nil && use.Alias.AsName != "" && use.Alias.NameSpan == imported.Span && use.Span != imported.Span {
					place := r.general(use.Span, Import)
					place.Alias = true
					return []Place{place}
				}
			}
		}
	}
	return nil
}

// givenElsewhere are the dicts, made elsewhere, that give a launch plan of the file
// a value for an input.
func (r *reader) givenElsewhere(thing *Thing) []Place {
	var list []Place
	for _, e := range r.module.Entities {
		for _, given := range e.Given {
			if given.Name != thing.Name || e.Of == nil || given.NameSpan.End <= given.NameSpan.Start {
				continue
			}
			if given.NameSpan != given.Span {
				continue // the key is written there
			}
			if t := inputThing(e.Of, given.Name); t != nil && t.Key == thing.Key {
				place := r.place(given.NameSpan, DictKey)
				place.Obstacle = "the dict with the input " + thing.Name + " of launch plan " + e.FullName + " is made elsewhere"
				list = append(list, place)
			}
		}
	}
	return list
}

// unpacked are the calls to which ** of a dict gives an input.
func (r *reader) unpacked(thing *Thing) []Place {
	if !bytes.Contains(r.source.Text(), []byte("**")) {
		return nil
	}
	var list []Place
	for _, node := range r.module.Calls() {
		if node.Entity == nil || node.Call == nil || node.Module.Path != r.path || !unpacks(node) {
			continue
		}
		t := inputThing(node.Entity, thing.Name)
		if t == nil || t.Key != thing.Key {
			continue
		}
		for _, argument := range node.Arguments {
			if argument.Name == thing.Name && argument.NameSpan.End == argument.NameSpan.Start {
				place := r.place(node.Call.Func.Span(), Keyword)
				place.Obstacle = "the argument " + thing.Name + " comes from a ** of a dict"
				list = append(list, place)
			}
		}
	}
	return list
}

// unpacks tells whether a node's call has a ** among its arguments.
func unpacks(node *model.Node) bool {
	for _, keyword := range node.Call.Keywords {
		if keyword.Arg == "" {
			return true
		}
	}
	return false
}
