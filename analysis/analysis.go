// Package analysis tells what flytekit or the backend would reject in a
// workflow file. Each rule has a file.
//
// A rule is exact or silent: an error means that flytekit or the backend
// rejects the file, or that the run fails. Where the source doesn't tell, a
// rule says nothing.
package analysis

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/flyte-lsp/flyte-lsp/editing/edits"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/workspace"
)

// Options say how a file is looked at.
type Options struct {
	// Panicked is told of a rule that panicked, which finds nothing then; nil
	// lets the panic through.
	Panicked func(rule *Rule, file *workspace.File, problem any, stack []byte)
	// Severities are those that the user chose for rules. See
	// ProjectSeverities.
	Severities Severities
}

// File returns what the rules find in a file, in source order, but for what
// comments in it hide (`# flyte: ignore[code]`) and for rules that are off. When
// ctx ends, the rules that haven't run are left out.
func File(ctx context.Context, snapshot *workspace.Snapshot, file *workspace.File, options Options) []*Diagnostic {
	module, err := snapshot.Module(ctx, file.Path)
	if err != nil {
		return nil // there is no file to look at any more
	}
	look := &look{ctx: ctx, snapshot: snapshot, Maker: &edits.Maker{File: file, Module: module}, options: options, ignores: ignoresIn(file)}
	var done atomic.Bool
	var prepared sync.WaitGroup
	prepared.Go(func() { module.Prepare(done.Load) })
	defer prepared.Wait()
	defer done.Store(true)
	var all []*Diagnostic
	for _, rule := range Rules {
		if ctx.Err() != nil {
			return all
		}
		if rule != ignoreUnused {
			all = append(all, look.with(rule)...)
		}
	}
	all = look.ignores.filter(file, look.withoutBroken(all))
	all = append(all, look.with(ignoreUnused)...)
	slices.SortStableFunc(all, func(a, b *Diagnostic) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return all
}

// look is a look at one file. All rules share it.
type look struct {
	ctx      context.Context // of the look
	snapshot *workspace.Snapshot
	*edits.Maker
	options Options
	ignores *ignores // nil if there are none
	// silent are the rules that didn't look: they are off, or panicked.
	silent map[string]bool

	remarks map[string][]model.Remark // by code, those in the file; nil if nobody asked
	natives map[string][]*model.NativeCall
	wrong   map[string][]*misfit    // see misfits
	made    []*call                 // see eachCall
	given   []*settings             // see eachSettings
	types   map[string][]*wrongType // see wrongTypes
	// importNames are what the module's imports bind names to; nil if nobody asked.
	importNames map[string]string
	bodies      []*taskBody // see taskBodies; nil if nobody asked
	root        *sourceRoot // see owns; nil if nobody asked
}

// with is what a rule finds.
func (l *look) with(rule *Rule) (found []*Diagnostic) {
	severity, chosen := l.options.Severities[rule.Code]
	if chosen && severity == Off || rule.OfModules && parser.IsNotebook(l.File.Path) {
		l.silence(rule)
		return nil
	}
	if l.options.Panicked != nil {
		defer func() {
			if problem := recover(); problem != nil {
				l.options.Panicked(rule, l.File, problem, debug.Stack())
				l.silence(rule)
				found = nil
			}
		}()
	}
	pass := &pass{look: l, rule: rule}
	rule.check(pass)
	if chosen {
		for _, d := range pass.found {
			d.Severity = severity
		}
	}
	return pass.found
}

func (l *look) silence(rule *Rule) {
	if l.silent == nil {
		l.silent = map[string]bool{}
	}
	l.silent[rule.Code] = true
}

// pass is one rule's look at one file.
type pass struct {
	*look
	rule     *Rule
	found    []*Diagnostic
	reported map[finding]*Diagnostic
}

// finding is what is reported once.
type finding struct {
	span    parser.Span
	message string
}

// report reports a finding, once for a place and a message. What it returns may
// be changed: its severity, its fixes.
func (p *pass) report(span parser.Span, message string, related ...Related) *Diagnostic {
	if p.rule.Backend != "" {
		message = fmt.Sprintf("%s (%s)", message, p.rule.Backend)
	}
	where := finding{span, message}
	if found := p.reported[where]; found != nil {
		return found
	}
	added := &Diagnostic{Rule: p.rule, Severity: p.rule.Severity, Span: span, Message: message, Related: related}
	p.found = append(p.found, added)
	if p.reported == nil {
		p.reported = map[finding]*Diagnostic{}
	}
	p.reported[where] = added
	return added
}

// unless lowers an error to a warning where it isn't certain that the place is
// reached.
func (d *Diagnostic) unless(certain bool) *Diagnostic {
	if !certain && d.Severity == Error {
		d.Severity = Warning
	}
	return d
}

// remarked reports what the model has remarked with the rule's code.
func remarked(p *pass) {
	for _, remark := range p.remarked() {
		p.reportRemark(remark)
	}
}

// reportRemark reports a remark of the model.
func (p *pass) reportRemark(remark model.Remark) *Diagnostic {
	var related []Related
	for _, place := range remark.Related {
		related = append(related, p.related(place.Module, place.Span, place.Message)...)
	}
	return p.report(remark.Span, remark.Message, related...).unless(remark.Certain)
}

// related is a place in a module, none where its file can't be had.
func (p *pass) related(module *pyeval.Module, span parser.Span, message string) []Related {
	if module == nil || span == (parser.Span{}) {
		return nil
	}
	file := p.File
	if module.Path != file.Path {
		var err error
		if file, err = p.snapshot.File(module.Path); err != nil || file.Source != module.Text {
			return nil
		}
	}
	return []Related{{File: file, Span: span, Message: message}}
}

// remarked are the model's remarks with the rule's code about the file.
func (p *pass) remarked() []model.Remark {
	if p.remarks == nil {
		p.remarks = map[string][]model.Remark{}
		for _, remark := range p.Module.Remarks() {
			if remark.Code != "" && p.here(remark.Module) && remark.Span != (parser.Span{}) {
				p.remarks[remark.Code] = append(p.remarks[remark.Code], remark)
			}
		}
	}
	return p.remarks[p.rule.Code]
}

// calls are the calls that stand in the file of natives, by their canonical
// names.
func (p *pass) calls(names ...string) []*model.NativeCall {
	if p.natives == nil {
		p.natives = map[string][]*model.NativeCall{}
		for _, call := range p.Module.NativeCalls() {
			if p.here(call.Module) {
				p.natives[call.Name] = append(p.natives[call.Name], call)
			}
		}
	}
	if len(names) == 1 {
		return p.natives[names[0]]
	}
	var all []*model.NativeCall
	for _, name := range names {
		all = append(all, p.natives[name]...)
	}
	return all
}

// here tells whether a module is that of the file.
func (p *pass) here(module *pyeval.Module) bool { return module != nil && module.Path == p.File.Path }
