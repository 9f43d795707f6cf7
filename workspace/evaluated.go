package workspace

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"weak"

	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
	"github.com/flyte-lsp/flyte-lsp/workspace/pyenv"
)

// Module is what the workflow file at path defines. What it takes from other
// modules is as they are in this snapshot; where an entity of another module is
// part of it (Entity.Of), spans in that one may be those of an older text with
// the same interface. The error says which file can't be read, or is the
// context's.
func (s *Snapshot) Module(ctx context.Context, path string) (*model.Module, error) {
	path = filepath.Clean(path)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch language, ok := parser.LanguageOf(path); {
	case !ok:
		return nil, fmt.Errorf("%s is neither a Python nor a Go file", path)
	case language == parser.Go:
		file, err := s.file(path)
		if err != nil {
			return nil, err
		}
		return model.OfGo(file.Module, path), nil
	}
	source, err := s.source(path)
	if err != nil {
		return nil, err
	}
	program := s.programs.of(s.layout.place(filepath.Dir(path)))
	if found := program.cache.get(source); found != nil && found.model != nil {
		return found.model, nil
	}
	made := model.Of(program.Program, program.engine(), source)
	program.cache.put(&evaluation{source: source, module: made.Module, model: made})
	return made, nil
}

// programs are the evaluators of the snapshots between which no interface
// changed, one for each interpreter, or reason why there is none.
type programs struct {
	// snapshot is the first of them.
	snapshot *Snapshot
	// supposed keep, by path, what is made of texts that nobody has but the
	// snapshot (Snapshot.With): what is known of the real ones stays.
	supposed map[string]*evaluated

	mu     sync.Mutex
	chosen map[interpreter]*program
	// digests are what Snapshot.visible told. It holds no source.
	digests map[weak.Pointer[pyeval.Source]]uint64
}

type program struct {
	*pyeval.Program
	finder *finder
	cache  *moduleCache
}

func newPrograms(snapshot *Snapshot) *programs {
	return &programs{snapshot: snapshot, chosen: map[interpreter]*program{}, digests: map[weak.Pointer[pyeval.Source]]uint64{}}
}

// engine makes the types of one module. It remembers the classes that it meets,
// and their modules with them: one for all would forget none.
func (p *program) engine() *typeengine.Engine {
	return &typeengine.Engine{Installed: p.finder.Installed, Version: p.finder.DistVersion, Python: p.finder.Version()}
}

// of is the program for the modules of a place.
func (p *programs) of(place *place) *program {
	p.mu.Lock()
	defer p.mu.Unlock()
	if found := p.chosen[place.interpreter]; found != nil {
		return found
	}
	finder := &finder{snapshot: p.snapshot, interpreter: place.interpreter}
	cache := &moduleCache{evaluated: p.snapshot.workspace.evaluated, snapshot: p.snapshot, environment: place.environment}
	options := model.Options()
	options.Cache = cache
	made := &program{
		Program: pyeval.NewProgram(finder, natives(), options),
		finder:  finder,
		cache:   cache,
	}
	p.chosen[place.interpreter] = made
	return made
}

// visible is the digest of what a source can see.
func (p *programs) visible(source *pyeval.Source) uint64 {
	key := weak.Make(source)
	p.mu.Lock()
	known, ok := p.digests[key]
	p.mu.Unlock()
	if ok {
		return known
	}
	digest := p.snapshot.visible(source)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.digests[key] = digest
	return digest
}

// natives are the model's.
var natives = sync.OnceValue(model.Natives)

// maxEvaluated is how many evaluated modules are kept.
const maxEvaluated = 512

// evaluated keeps evaluated modules across snapshots.
type evaluated struct {
	mu      sync.Mutex
	modules map[moduleKey]*evaluation
	uses    uint64
}

type moduleKey struct {
	environment *pyenv.Environment
	path        string
}

// evaluation is what was made of a source. It holds as long as the layout and
// the interfaces of the workspace's modules that it can see stay the same.
type evaluation struct {
	source *pyeval.Source
	module *pyeval.Module
	model  *model.Module // nil if nobody asked for it

	// programs are those of the newest snapshots that it was found to hold in.
	programs *programs
	used     uint64
}

func newEvaluated() *evaluated { return &evaluated{modules: map[moduleKey]*evaluation{}} }

// moduleCache keeps the modules of one program: pyeval.Cache.
type moduleCache struct {
	*evaluated
	snapshot    *Snapshot
	environment *pyenv.Environment
}

// Get is part of pyeval.Cache.
func (c *moduleCache) Get(source *pyeval.Source) *pyeval.Module {
	if found := c.get(source); found != nil {
		return found.module
	}
	return nil
}

// Put is part of pyeval.Cache.
func (c *moduleCache) Put(module *pyeval.Module) {
	c.put(&evaluation{source: module.Source, module: module})
}

// get is what was made of the source, if it still holds.
func (c *moduleCache) get(source *pyeval.Source) *evaluation {
	key := moduleKey{c.environment, source.Path}
	current := c.snapshot.programs
	kept := c.of(source.Path)
	kept.mu.Lock()
	found := kept.modules[key]
	if found == nil || found.source != source {
		kept.mu.Unlock()
		return nil
	}
	kept.uses++
	found.used = kept.uses
	held := found.programs
	kept.mu.Unlock()
	if held == current {
		return found
	}
	if held.snapshot.layout != c.snapshot.layout || held.visible(source) != current.visible(source) {
		return nil
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	found.programs = current
	return found
}

// of is where what is made of the module at a path is kept.
func (c *moduleCache) of(path string) *evaluated {
	if own := c.snapshot.programs.supposed[path]; own != nil {
		return own
	}
	return c.evaluated
}

// put keeps what was made of a source in the snapshot.
func (c *moduleCache) put(made *evaluation) {
	made.programs = c.snapshot.programs
	key := moduleKey{c.environment, made.source.Path}
	kept := c.of(made.source.Path)
	kept.mu.Lock()
	defer kept.mu.Unlock()
	kept.uses++
	made.used = kept.uses
	kept.modules[key] = made
	if len(kept.modules) > maxEvaluated {
		kept.drop()
	}
}

// drop forgets the half that was used least recently. e.mu is held.
func (e *evaluated) drop() {
	keys := slices.SortedFunc(maps.Keys(e.modules), func(a, b moduleKey) int {
		return cmp.Compare(e.modules[a].used, e.modules[b].used)
	})
	for _, key := range keys[:len(keys)/2] {
		delete(e.modules, key)
	}
}
