package pyeval

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

func (f *Frame) execIf(s *ast.If) flow {
	if isTypeChecking(f, s.Test) {
		was := f.typeChecking
		f.typeChecking = true
		f.ev.typeChecking++
		f.block(s.Body)
		f.ev.typeChecking--
		f.typeChecking = was
		return f.block(s.Else)
	}
	truth, known, _ := f.truthOf(s.Test)
	if known {
		if truth {
			return f.block(s.Body)
		}
		return f.block(s.Else)
	}
	if f.ev.raised != nil {
		return flow{}
	}
	return f.either(
		func() flow { return f.block(s.Body) },
		func() flow { return f.block(s.Else) },
	)
}

// isTypeChecking tells whether a condition is typing.TYPE_CHECKING, or a
// constant of that name, as type checkers know it, too.
func isTypeChecking(f *Frame, test ast.Expr) bool {
	switch t := test.(type) {
	case *ast.Name:
		if t.ID != "TYPE_CHECKING" {
			return false
		}
	case *ast.Attribute:
		if t.Attr != "TYPE_CHECKING" {
			return false
		}
	default:
		return false
	}
	return f.Eval(test) == Value(Bool(false))
}

func (f *Frame) execFor(s *ast.For) flow {
	iterable := f.Eval(s.Iter)
	if f.ev.raised != nil {
		return flow{}
	}
	was := f.asking(s.Iter)
	values, known := f.unordered(f.interleaved(iterable))
	f.ev.asked = was
	if !known || len(values) > maxTurns {
		return f.unknownLoop(s.Else, func() flow {
			f.assign(s.Target, f.part(iterable, s.Target))
			return f.block(s.Body)
		})
	}
	loop := f.enterLoop()
	for _, value := range values {
		way, over := loop.turn(func() flow {
			f.assign(s.Target, value)
			return f.block(s.Body)
		})
		if over {
			return loop.leave(way, s.Else)
		}
		list, _ := iterable.(*List)
		resized := list != nil && (list.Open || len(list.Elems) != len(values))
		if resized || len(f.pending)-loop.waiting > maxWays {
			way := f.unknownLoop(s.Else, func() flow {
				f.assign(s.Target, f.part(iterable, s.Target))
				return f.block(s.Body)
			})
			return loop.leave(way, nil)
		}
	}
	if _, set := iterable.(*Set); set && len(values) > 1 {
		loop.giveUp("the order of a set decides over ")
	}
	return loop.leave(flow{}, s.Else)
}

func (f *Frame) execWhile(s *ast.While) flow {
	loop := f.enterLoop()
	for range maxTurns {
		truth, known, _ := f.truthOf(s.Test)
		known = known && len(f.pending)-loop.waiting <= maxWays
		switch {
		case f.ev.raised != nil:
			return loop.leave(flow{raises, f.ev.raised}, s.Else)
		case !known:
			way := f.unknownLoop(s.Else, func() flow {
				f.Eval(s.Test)
				return f.block(s.Body)
			})
			return loop.leave(way, nil)
		case !truth:
			return loop.leave(flow{}, s.Else)
		}
		if way, over := loop.turn(func() flow { return f.block(s.Body) }); over {
			return loop.leave(way, s.Else)
		}
	}
	loop.giveUp(tooLong)
	return loop.leave(flow{}, nil)
}

// loop is a loop whose turns are evaluated one by one.
type loop struct {
	frame          *Frame
	mark, turnMark int // of the loop around it
	waiting        int
	region         int
	repeated       bool
	start          int
}

func (f *Frame) enterLoop() *loop {
	l := &loop{frame: f, mark: f.loopMark, turnMark: f.turnMark, waiting: len(f.pending), region: f.ev.region, repeated: f.ev.repeated, start: f.mark()}
	f.loopMark = l.start
	return l
}

// turn evaluates one turn. over: the loop is left.
func (l *loop) turn(body func() flow) (way flow, over bool) {
	f := l.frame
	f.turnMark = f.mark()
	way = body()
	if way.kind == continues {
		way = flow{}
	}
	way = f.merge(f.turnMark, way, f.take(l.waiting, continues))
	if len(f.pending) == l.waiting {
		f.ev.region = l.region
	}
	if f.ev.steps <= 0 {
		l.giveUp(tooLong)
		return way, true
	}
	return way, way.kind != goesOn
}

const tooLong = "it takes too long to evaluate the loop that changes "

// giveUp says that what the loop binds isn't known, for a reason that the name
// completes.
func (l *loop) giveUp(why string) {
	f := l.frame
	for _, c := range f.capture(l.start) {
		if c.was.Value != nil {
			c.was.Value = &Unknown{Reason: why + c.was.Name}
			c.scope.put(f, c.slot, c.was)
		}
	}
}

// leave ends the loop, by the way that its last turn took.
func (l *loop) leave(way flow, orelse []ast.Stmt) flow {
	f := l.frame
	broken := f.take(l.waiting, breaks)
	switch {
	case way.kind == breaks:
		way = flow{}
	case way.kind == goesOn && len(orelse) > 0 && len(broken) > 0:
		end := f.branch(false)
		way = f.block(orelse)
		end()
	case way.kind == goesOn && len(orelse) > 0:
		way = f.block(orelse)
	}
	f.loopMark, f.turnMark = l.mark, l.turnMark
	way = f.merge(l.start, way, broken)
	f.settle(l.waiting, l.region, l.repeated)
	return way
}

// settle goes back to a region, or to one that may not be run if there are ways
// out that may have been taken.
func (f *Frame) settle(waiting, region int, repeated bool) {
	if len(f.pending) > waiting {
		f.ev.regions++
		f.ev.region = f.ev.regions
	} else {
		f.ev.region = region
	}
	f.ev.repeated = repeated
}

// unknownLoop is a loop with an unknown number of turns. The first pass finds
// what a turn changes; the second evaluates any turn, in which these are
// unknown at its beginning.
func (f *Frame) unknownLoop(orelse []ast.Stmt, body func() flow) flow {
	l := f.enterLoop()
	made, noted := len(f.ev.made), len(f.ev.noted)
	f.ev.mayRaise = true
	end := f.branch(true)
	l.turn(body)
	end()
	changed := f.capture(l.start)
	f.undo(l.start)
	f.pending = f.pending[:l.waiting]
	f.ev.made, f.ev.noted = f.ev.made[:made], f.ev.noted[:noted]
	if f.ev.raised != nil {
		f.ev.raised = nil
	}
	before := make([]change, 0, len(changed))
	for _, c := range changed {
		b := c.scope.list[c.slot]
		if b.Value == nil || b.Value == c.was.Value {
			continue
		}
		before = append(before, change{c.scope, c.slot, b})
		b.Value = &Unknown{Reason: "a loop changes " + b.Name}
		c.scope.put(f, c.slot, b)
	}
	end = f.branch(true)
	way, _ := l.turn(body)
	end()
	if f.ev.raised != nil {
		f.ev.raised = nil
	}
	if way.kind == returns {
		f.pend(l.start, way)
	}
	if way.kind != goesOn && way.kind != breaks {
		f.undo(l.start)
	} else {
		// No turn at all is a way, too.
		f.join(l.start, before)
	}
	return l.leave(flow{}, orelse)
}

func (f *Frame) execWith(s *ast.With) flow {
	var managers []Value
	for _, item := range s.Items {
		manager := f.Eval(item.Context)
		var value Value = &Unknown{Reason: "what " + manager.Describe() + " gives on entering is only known when it runs", Expr: item.Context}
		switch m := manager.(type) {
		case *Instance:
			if enter, ok := f.special(m, "__enter__"); ok {
				value = f.CallValue(enter, &Call{Func: enter})
			}
		case Attributer:
			if enter := m.Attr(f, "__enter__"); enter != nil {
				value = f.CallValue(enter, &Call{Func: enter})
			}
		}
		if item.Target != nil {
			f.assign(item.Target, value)
		}
		managers = append(managers, manager)
	}
	f.ev.withs++
	way := f.block(s.Body)
	f.ev.withs--
	if f.generator || f.ev.raised != nil {
		return way
	}
	for _, manager := range slices.Backward(managers) {
		if m, ok := manager.(*Instance); ok {
			if exit, ok := f.special(m, "__exit__"); ok {
				f.CallValue(exit, &Call{Func: exit, Args: []Named{{Value: None{}}, {Value: None{}}, {Value: None{}}}})
			}
		}
	}
	return way
}

// execTry evaluates the body, and the handlers that its exceptions reach, as
// far as it is known which it raises.
func (f *Frame) execTry(s *ast.Try) flow {
	ev := f.ev
	mark, mayRaise, doubtful := f.mark(), ev.mayRaise, ev.doubtful
	ev.mayRaise, ev.doubtful = false, 0
	passed := len(ev.passed)
	if len(s.Handlers) > 0 {
		ev.tries++
	}
	way := f.block(s.Body)
	var meanwhile map[slotKey]Value
	if ev.mayRaise && len(s.Handlers) > 0 {
		meanwhile = f.meanwhile(mark, ev.passed[passed:])
	}
	if len(s.Handlers) > 0 {
		ev.tries--
	}
	if ev.tries == 0 {
		ev.passed = nil
	}
	raisedMaybe := ev.mayRaise
	ev.doubtful = doubtful
	ev.mayRaise = mayRaise || raisedMaybe && len(s.Handlers) == 0
	switch {
	case meanwhile != nil:
		ev.raised = nil
		way = f.mayHandle(s, mark, way, meanwhile)
	case way.kind == raises && len(s.Handlers) > 0:
		ev.raised = nil
		way = f.handle(s.Handlers, way.value)
	case way.kind == goesOn:
		way = f.block(s.Else)
	}
	if len(s.Finally) > 0 {
		raised := ev.raised
		ev.raised = nil
		if final := f.block(s.Finally); final.kind != goesOn {
			return final
		}
		if ev.raised == nil {
			ev.raised = raised
		}
	}
	return way
}

// meanwhile is what the bindings that changed since mark stood for at some time
// between: an exception may have been raised at any.
func (f *Frame) meanwhile(mark int, passed []slotKey) map[slotKey]Value {
	values := map[slotKey]Value{}
	for _, key := range passed {
		values[key] = &Unknown{Reason: "an exception may have been raised before " + key.scope.list[key.slot].Name + " is bound again"}
	}
	for _, c := range f.ev.journal[mark:] {
		key := slotKey{c.scope, c.slot}
		for _, value := range []Value{c.was.Value, c.scope.list[c.slot].Value} {
			if value == nil {
				continue
			}
			if known, ok := values[key]; ok {
				value = Join(known, f.Resolve(value))
			}
			values[key] = value
		}
	}
	return values
}

// mayHandle goes on where the body may have been left by an exception at any
// of its statements.
func (f *Frame) mayHandle(s *ast.Try, mark int, way flow, meanwhile map[slotKey]Value) flow {
	after := f.capture(mark)
	f.undo(mark)
	blocks := []func() flow{func() flow {
		f.restore(after)
		switch way.kind {
		case goesOn:
			return f.block(s.Else)
		case raises:
			return f.handle(s.Handlers, way.value)
		}
		return way
	}}
	for i := range s.Handlers {
		blocks = append(blocks, func() flow {
			for key, value := range meanwhile {
				b := key.scope.list[key.slot]
				b.Maybe = b.Maybe || b.Value == nil
				b.Value = value
				key.scope.put(f, key.slot, b)
			}
			return f.handler(&s.Handlers[i], &Unknown{Reason: "which exception is raised is only known when it runs"})
		})
	}
	return f.either(blocks...)
}

// handle evaluates the handler that catches an exception that is certain to be
// raised.
func (f *Frame) handle(handlers []ast.ExceptHandler, exception Value) flow {
	var blocks []func() flow
	for i := range handlers {
		h := &handlers[i]
		catches, known := true, true
		if h.Type != nil {
			catches, known = f.catches(f.Eval(h.Type), exception)
		}
		if known && !catches {
			continue
		}
		block := func() flow { return f.handler(h, exception) }
		if known && len(blocks) == 0 {
			return block()
		}
		blocks = append(blocks, block)
		if known {
			return f.either(blocks...)
		}
	}
	blocks = append(blocks, func() flow { return flow{raises, exception} })
	if len(blocks) == 1 {
		if f.ev.tries > 0 {
			f.ev.raised = exception
		}
		return blocks[0]()
	}
	return f.either(blocks...)
}

func (f *Frame) handler(h *ast.ExceptHandler, exception Value) flow {
	was := f.caught
	f.caught = exception
	defer func() { f.caught = was }()
	if h.Name == nil || h.Name.ID == "" {
		return f.block(h.Body)
	}
	f.assign(h.Name, exception)
	way := f.block(h.Body)
	if _, ok := f.scope.Get(h.Name.ID); ok {
		f.scope.bind(f, Binding{Name: h.Name.ID})
	}
	return way
}

// catches tells whether `except types` catches an exception.
func (f *Frame) catches(types, exception Value) (catches, known bool) {
	if tuple, ok := types.(*Tuple); ok {
		known = true
		for _, t := range tuple.Elems {
			c, k := f.catches(t, exception)
			if c && k {
				return true, true
			}
			known = known && k
		}
		return false, known
	}
	instance, ok := exception.(*Instance)
	if !ok {
		return false, false
	}
	return f.subclass(instance.Class, types)
}
