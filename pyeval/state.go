package pyeval

import "github.com/flyte-lsp/flyte-lsp/parser/ast"

// owned is embedded in the objects that Python code can change. It says which
// evaluation made the object and in which region of it: an object of a
// finished evaluation never changes, and a change in a region that may not be
// run, of an object made outside of it, only may have happened.
type owned struct {
	by     *evaluation
	region int
}

// evaluation is the run through the statements of one module, or one look into
// a finished module. It belongs to one goroutine.
type evaluation struct {
	session *session
	module  *Module
	// done: the module is finished.
	done bool
	// depth is its place in the session's stack of evaluations, and taint the
	// lowest one whose unfinished module it has looked into.
	depth, taint int

	// region is the id of the innermost region of statements that may not be
	// run, 0 outside; ids grow. repeated: it is the body of a loop of which the
	// number of turns isn't known.
	region, regions int
	repeated        bool
	// journal has the bindings as they were before each change, since the last
	// statement of the module began.
	journal []change
	// raised is the exception that the statement which is being evaluated is
	// certain to raise. It is set within try statements only (tries counts
	// them); withs counts with statements; mayRaise is set by what isn't known not to raise one.
	raised   Value
	tries    int
	withs    int
	mayRaise bool
	// typeChecking counts the bodies of `if TYPE_CHECKING` around.
	typeChecking int
	doubtful     int
	// passed are bindings of which the journal has lost a value that they had
	// within a try statement: an exception may have been raised just then.
	passed []slotKey

	// changed are objects of finished modules that this evaluation has changed:
	// nothing is known of their contents any more.
	changed map[any]bool
	// globals are names of finished scopes that this evaluation has bound.
	globals map[scopeName]Value

	// defined are the functions that were defined below a frame with a Context,
	// and haven't been called.
	defined []*Function

	// locals are the names of functions that were asked for.
	locals map[*ast.FunctionDef]localNames

	// watch is told of the values of expressions, if it isn't nil.
	watch func(f *Frame, at ast.Expr, value Value)

	// asked is the expression of the value that is asked for something.
	asked ast.Expr

	steps   int // until the statement of the module is given up
	total   int // until the module is given up
	calls   []activation
	uses    map[Use]bool
	made    []any
	noted   []any
	topStmt ast.Stmt
	later   []func() // to do when the module's statements are done
}

// activation is a call that is being evaluated, with the region it is made in.
type activation struct {
	code   ast.Node
	region int
}

type scopeName struct {
	scope *Scope
	name  string
}

// change is a binding as it was, or as it is in one of several branches.
type change struct {
	scope *Scope
	slot  int
	was   Binding
}

// The limits of an evaluation. They end runaway code: what is given up is
// Unknown, and the statements after it are evaluated.
const (
	maxSteps   = 50_000  // expressions of one statement of the module
	maxTotal   = 500_000 // expressions of one module
	maxNesting = 2_500   // expressions within each other
	maxCalls   = 60      // calls within each other
	maxImports = 400     // modules within each other
	maxTurns   = 2_000   // of a loop
	maxWays    = 32      // out of a loop that may be taken, each in another turn
	maxElems   = 100_000 // of a container that an operator or a builtin makes
	maxText    = 1 << 20 // bytes of such a string
	maxJoined  = 16      // alternatives of an Uncertain
)

func (f *Frame) own() owned { return owned{f.ev, max(f.ev.region, f.doubt())} }

// doubt is the region that begins within a try statement where an exception
// may have been raised before; 0 outside of one.
func (f *Frame) doubt() int {
	ev := f.ev
	if ev.tries == 0 || !ev.mayRaise {
		return 0
	}
	if ev.doubtful == 0 {
		ev.regions++
		ev.doubtful = ev.regions
	}
	return ev.doubtful
}

// mine tells whether the object may be changed here, and whether the change is
// certain. If it may not, the evaluation knows nothing more of its contents.
func (f *Frame) mine(o *owned, object any) (may, certain bool) {
	if o.by == nil || o.by.done {
		if f.ev.changed == nil {
			f.ev.changed = map[any]bool{}
		}
		f.ev.changed[object] = true
		return false, false
	}
	return true, o.by == f.ev && o.region >= max(f.ev.region, f.doubt())
}

// intact tells that this evaluation hasn't changed the object of a finished
// module.
func (f *Frame) intact(object any) bool {
	return f.ev.changed == nil || !f.ev.changed[object]
}

// Conditional tells whether what is evaluated now may not be run when the
// module is: a condition decides over it that the source doesn't tell, or it
// is the body of a loop that may have no turn.
func (f *Frame) Conditional() bool { return f.ev.region > 0 || f.doubt() > 0 }

// Repeated tells whether what is evaluated now may be run more than once when
// the module is: it is the body of a loop of which the number of turns isn't
// known. It is evaluated twice then, with what the first turn left.
func (f *Frame) Repeated() bool { return f.ev.repeated }

// branch starts a region that may not be run. end closes it.
func (f *Frame) branch(repeated bool) (end func()) {
	ev := f.ev
	region, was := ev.region, ev.repeated
	ev.regions++
	ev.region, ev.repeated = ev.regions, was || repeated
	return func() { ev.region, ev.repeated = region, was }
}

// flow says how a block of statements ended.
type flow struct {
	kind  flowKind
	value Value // returned or raised
}

type flowKind uint8

const (
	goesOn flowKind = iota
	returns
	raises
	breaks
	continues
)

// pending is a way out of a block that may have been taken, while the
// statements after it are evaluated: the state that it leaves with.
type pending struct {
	flow
	state []change
}

// mark is a point in the journal.
func (f *Frame) mark() int { return len(f.ev.journal) }

// capture is the state: the bindings that changed since mark, as they are now.
func (f *Frame) capture(mark int) []change {
	journal := f.ev.journal[mark:]
	if len(journal) == 0 {
		return nil
	}
	state := make([]change, 0, len(journal))
	seen := make(map[slotKey]bool, len(journal))
	for _, c := range journal {
		if key := (slotKey{c.scope, c.slot}); !seen[key] {
			seen[key] = true
			state = append(state, change{c.scope, c.slot, c.scope.list[c.slot]})
		}
	}
	return state
}

type slotKey struct {
	scope *Scope
	slot  int
}

// undo goes back to the state at mark.
func (f *Frame) undo(mark int) {
	journal := f.ev.journal
	for i := len(journal) - 1; i >= mark; i-- {
		f.pass(journal[i])
		journal[i].scope.list[journal[i].slot] = journal[i].was
	}
	f.ev.journal = journal[:mark]
}

// restore goes from the state at mark to a captured one.
func (f *Frame) restore(state []change) {
	for _, c := range state {
		c.scope.put(f, c.slot, c.was)
	}
}

// join makes the state one that is either the present one or the captured one,
// both reached from mark.
func (f *Frame) join(mark int, state []change) {
	since := f.ev.journal[mark:]
	joined := make(map[slotKey]bool, len(state)+len(since))
	meet := func(c change) {
		if key := (slotKey{c.scope, c.slot}); !joined[key] {
			joined[key] = true
			c.scope.put(f, c.slot, f.joinBinding(c.was, c.scope.list[c.slot]))
		}
	}
	for _, c := range state {
		meet(c)
	}
	for _, c := range since {
		meet(c)
	}
	f.ev.steps -= len(joined)
	f.compact(mark)
}

// compact leaves only the first change of each binding in the journal since
// mark, the one that undo needs.
func (f *Frame) compact(mark int) {
	journal := f.ev.journal
	seen := make(map[slotKey]bool, len(journal)-mark)
	kept := journal[:mark]
	for _, c := range journal[mark:] {
		if key := (slotKey{c.scope, c.slot}); !seen[key] {
			seen[key] = true
			kept = append(kept, c)
		} else {
			f.pass(c)
		}
	}
	f.ev.journal = kept
}

// pass remembers that the journal loses a change.
func (f *Frame) pass(c change) {
	if f.ev.tries > 0 {
		f.ev.passed = append(f.ev.passed, slotKey{c.scope, c.slot})
	}
}

func (f *Frame) joinBinding(a, b Binding) Binding {
	switch {
	case a.Value == nil && b.Value == nil:
		return b
	case a.Value == nil:
		b.Maybe = true
		return b
	case b.Value == nil:
		a.Maybe = true
		return a
	}
	if a.Span.Start > b.Span.Start {
		a, b = b, a
	}
	later := b
	later.Maybe = a.Maybe || b.Maybe
	later.TypeCheckingOnly = a.TypeCheckingOnly && b.TypeCheckingOnly
	if a.Value != b.Value {
		later.Value = Join(f.Resolve(a.Value), f.Resolve(b.Value))
	}
	return later
}

// merge lets the flow go on where pending ways out arrive, all of them started
// at mark: the present state is one of them if it goes on itself.
func (f *Frame) merge(mark int, now flow, arriving []pending) flow {
	if len(arriving) == 0 {
		return now
	}
	if now.kind != goesOn {
		if now.kind != raises {
			f.pend(mark, now)
		}
		f.undo(mark)
		f.restore(arriving[0].state)
		arriving = arriving[1:]
	}
	for _, p := range arriving {
		f.join(mark, p.state)
	}
	return flow{}
}

// pend remembers a way out that may be taken.
func (f *Frame) pend(mark int, way flow) {
	f.pending = append(f.pending, pending{way, f.capture(f.base(way.kind, mark))})
}

// base is the mark that a way out is joined at.
func (f *Frame) base(kind flowKind, mark int) int {
	switch kind {
	case breaks:
		return f.loopMark
	case continues:
		return f.turnMark
	case returns:
		return f.startMark
	}
	return mark
}

// take removes the pending ways out of a kind, from the n-th on.
func (f *Frame) take(n int, kind flowKind) []pending {
	var taken []pending
	kept := f.pending[:n]
	for _, p := range f.pending[n:] {
		if p.kind == kind {
			taken = append(taken, p)
		} else {
			kept = append(kept, p)
		}
	}
	f.pending = kept
	return taken
}

// either evaluates blocks of which exactly one is run, and the source doesn't
// tell which.
func (f *Frame) either(blocks ...func() flow) flow {
	mark, waiting := f.mark(), len(f.pending)
	region, repeated := f.ev.region, f.ev.repeated
	var on []pending // the ones that go on
	var out []flow   // the ones that don't
	for i, block := range blocks {
		end := f.branch(false)
		way := block()
		end()
		switch {
		case way.kind == goesOn:
			on = append(on, pending{state: f.capture(mark)})
		case way.kind != raises:
			out = append(out, way)
			f.pend(mark, way)
		default:
			f.ev.mayRaise, f.ev.raised = true, nil
			out = append(out, way)
		}
		if i < len(blocks)-1 || len(on) > 0 {
			f.undo(mark)
		}
	}
	if len(on) == 0 {
		// None goes on: the last one that isn't an exception is the way out,
		// and the others are pending.
		way := out[len(out)-1]
		if way.kind == raises {
			if n := len(f.pending); n > waiting {
				way = f.pending[n-1].flow
				f.undo(mark)
				f.restore(f.pending[n-1].state)
				f.pending = f.pending[:n-1]
			}
			return way
		}
		f.pending = f.pending[:len(f.pending)-1]
		return way
	}
	f.restore(on[0].state)
	for _, p := range on[1:] {
		f.join(mark, p.state)
	}
	if len(f.pending) > waiting {
		f.ev.regions++
		f.ev.region, f.ev.repeated = f.ev.regions, repeated
	} else {
		f.ev.region = region
	}
	return flow{}
}
