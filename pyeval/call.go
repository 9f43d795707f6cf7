package pyeval

import (
	"slices"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

func (f *Frame) evalCall(e *ast.Call) Value {
	fn := f.Eval(e.Func)
	c := &Call{Func: fn, Expr: e}
	if len(e.Args) > 0 {
		c.Args = make([]Named, 0, len(e.Args))
	}
	for _, arg := range e.Args {
		starred, ok := arg.(*ast.Starred)
		if !ok {
			if value := f.Eval(arg); !c.Open {
				c.Args = append(c.Args, Named{Value: value, Expr: arg})
			}
			continue
		}
		values, known := f.iterateAt(f.Eval(starred.Value), starred.Value)
		if !c.Open {
			for _, value := range values {
				c.Args = append(c.Args, Named{Value: value, Expr: arg})
			}
		}
		c.Open = c.Open || !known
	}
	if len(e.Keywords) > 0 {
		c.Keywords = make([]Named, 0, len(e.Keywords))
	}
	for i := range e.Keywords {
		keyword := &e.Keywords[i]
		value := f.Eval(keyword.Value)
		if keyword.Arg != "" {
			c.Keywords = append(c.Keywords, Named{Name: keyword.Arg, Value: value, Expr: keyword.Value})
			continue
		}
		dict, ok := value.(*Dict)
		if !ok {
			f.used(value, AsMapping, keyword.Value)
			c.Open = true
			continue
		}
		c.Open = c.Open || dict.Open || !f.intact(dict)
		for _, item := range dict.Items {
			if name, ok := item.Key.(Str); ok {
				c.Keywords = append(c.Keywords, Named{Name: string(name), Value: item.Value, Expr: keyword.Value})
			}
		}
	}
	if f.ev.raised != nil {
		return &Unknown{Reason: "an exception is raised before", Expr: e}
	}
	return f.CallValue(fn, c)
}

// at is the expression that the call stands for.
func (c *Call) at() ast.Expr {
	if c.Expr != nil {
		return c.Expr
	}
	return c.Decorator
}

// CallValue is what calling a value gives.
func (f *Frame) CallValue(fn Value, c *Call) Value {
	c.Func = fn
	s := f.ev.session
	if s.nesting += 5; s.nesting > maxNesting {
		s.nesting -= 5
		return &Unknown{Reason: "calls are nested too deep", Expr: c.at()}
	}
	value := f.callValue(fn, c)
	s.nesting -= 5
	if value == nil {
		return f.unknownFrom(fn, "the result of "+fn.Describe(), c.at())
	}
	return value
}

func (f *Frame) callValue(fn Value, c *Call) Value {
	switch fn := fn.(type) {
	case *Unknown:
		f.escape(c)
		return f.unknownFrom(fn, "", c.at())
	case *Uncertain:
		return f.each(fn, func(fn Value) Value {
			call := *c
			return f.CallValue(fn, &call)
		})
	case *Native:
		return f.callNative(fn, c)
	case Caller:
		return fn.Call(f, c)
	case *Function:
		return f.CallFunction(fn, c)
	case *Class:
		return f.instantiate(fn, c)
	case *Partial:
		return f.CallValue(fn.Func, fn.with(c))
	case *Instance:
		return f.callInstance(fn, c)
	case *Alias:
		return f.CallValue(fn.Origin, c)
	case *NewType:
		return c.Value(0, "", nil)
	case *NamedTuple:
		return f.newNamedTuple(fn, c)
	case *boundMethod:
		return fn.call(f, c)
	}
	return f.fail("TypeError", fn.Describe()+" can't be called", c.at())
}

// with are the arguments of a call of the partial, those of the partial first.
func (p *Partial) with(c *Call) *Call {
	call := *c
	call.Args = make([]Named, 0, len(p.Args)+len(c.Args))
	for _, arg := range p.Args {
		call.Args = append(call.Args, Named{Value: arg})
	}
	call.Args = append(call.Args, c.Args...)
	call.Keywords = slices.Clone(c.Keywords)
	for _, keyword := range p.Keywords {
		if _, given := c.Arg(-1, keyword.Name); !given {
			call.Keywords = append(call.Keywords, keyword)
		}
	}
	return &call
}

// escape forgets what is in the containers that an unknown function is given:
// it may change them. Objects are taken to keep the attributes that they have.
func (f *Frame) escape(c *Call) {
	if watcher, ok := f.Context.(Watcher); ok {
		watcher.UnknownCall(f, c)
	}
	for _, args := range [][]Named{c.Args, c.Keywords} {
		for _, arg := range args {
			f.forget(arg.Value)
		}
	}
}

func (f *Frame) callNative(n *Native, c *Call) Value {
	was := f.asking(nil)
	defer func() { f.ev.asked = was }()
	if n.Missing != "" {
		f.escape(c)
		f.ev.mayRaise = true
		return &Unknown{Reason: n.Missing, Expr: c.at()}
	}
	f.passed(n.Name, c)
	behaviour, ok := f.behaviour(n)
	var value Value
	if ok && behaviour.Call != nil {
		value = behaviour.Call(f, c)
	} else if f.nativeClass(n) {
		value = f.newNative(n, c)
	}
	if value != nil {
		f.called(n, c, value)
		return value
	}
	if mutators[n.Name] {
		f.escape(c)
	}
	f.ev.mayRaise = true
	value = &Unknown{Reason: "the result of " + n.Name + " is only known when it runs", Expr: c.at()}
	f.called(n, c, value)
	return value
}

// mutators are the functions of the standard library that change what they are
// given. All other natives are taken not to.
var mutators = map[string]bool{
	"random.shuffle": true, "heapq.heapify": true, "heapq.heappush": true, "heapq.heappop": true, "heapq.heapreplace": true,
	"heapq.heappushpop": true, "bisect.insort": true, "bisect.insort_left": true, "bisect.insort_right": true,
	"operator.setitem": true, "operator.delitem": true, "operator.iadd": true,
}

// Uncalled are the functions and lambdas that were defined below a frame with a
// Context, and that nothing has called as far as it is known.
func (f *Frame) Uncalled() []*Function { return slices.Clone(f.ev.defined) }

// MayCall evaluates a call of a function that may be made or not.
func (f *Frame) MayCall(fn *Function, c *Call) {
	f.either(
		func() flow { f.CallFunction(fn, c); return flow{} },
		func() flow { return flow{} },
	)
}

func (f *Frame) define(fn *Function) {
	if f.Context != nil && f.scope.kind != classScope && !slices.ContainsFunc(f.ev.defined, fn.sameCode) {
		f.ev.defined = append(f.ev.defined, fn)
	}
}

// sameCode tells whether the functions come from the same def or lambda.
func (fn *Function) sameCode(other *Function) bool {
	return fn.Def == other.Def && fn.Lambda == other.Lambda
}

// functionDef defines a function.
func (f *Frame) functionDef(s *ast.FunctionDef) {
	if s.Name == nil || s.Name.ID == "" {
		return
	}
	decorators := make([]Value, len(s.Decorators))
	for i, decorator := range s.Decorators {
		decorators[i] = f.Eval(decorator)
	}
	scope, _ := f.typeParams(s.TypeParams)
	fn := &Function{
		Name: s.Name.ID, Module: f.module, Def: s, In: scope, Decorators: decorators,
		Qualname: f.qualname(s.Name.ID), Defaults: f.defaults(&s.Params), owned: f.own(),
	}
	if f.scope.kind == classScope {
		switch fn.Name {
		case "__new__":
			fn.Binds = "staticmethod"
		case "__class_getitem__", "__init_subclass__":
			fn.Binds = "classmethod"
		}
	}
	f.define(fn)
	var value Value = fn
	for i := len(decorators) - 1; i >= 0; i-- {
		if f.ev.raised != nil {
			return
		}
		value = f.CallValue(decorators[i], &Call{Func: decorators[i], Args: []Named{{Value: value}}, Decorator: s.Decorators[i], Decorated: fn})
	}
	f.Bind(s.Name.ID, value, s.Name.Range.Span())
}

// defaults are the values of parameters' defaults; nil if there are none.
func (f *Frame) defaults(params *ast.Params) map[string]Value {
	var defaults map[string]Value
	for i := range params.List {
		p := &params.List[i]
		if p.Default == nil || p.Name == nil {
			continue
		}
		if defaults == nil {
			defaults = make(map[string]Value)
		}
		defaults[p.Name.ID] = f.Eval(p.Default)
	}
	return defaults
}

// Params are the function's parameters, without those that a bound method is
// given its object by.
func (fn *Function) Params() []ast.Param {
	var params []ast.Param
	switch {
	case fn.Def != nil:
		params = fn.Def.Params.List
	case fn.Lambda != nil:
		params = fn.Lambda.Params.List
	}
	if fn.Bound != nil && len(params) > 0 {
		return params[1:]
	}
	return params
}

// CallFunction evaluates the function's body with the arguments of a call.
func (f *Frame) CallFunction(fn *Function, c *Call) Value {
	code, why := f.enter(fn)
	if why != "" {
		f.escape(c)
		f.ev.mayRaise = true
		return &Unknown{Reason: why, Expr: c.at()}
	}
	ev := f.ev
	if f.Context != nil {
		ev.defined = slices.DeleteFunc(ev.defined, func(defined *Function) bool { return defined.sameCode(fn) })
	}
	ev.calls = append(ev.calls, activation{code, ev.region})
	region, repeated, asked := ev.region, ev.repeated, ev.asked
	ev.asked = nil
	defer func() {
		ev.calls = ev.calls[:len(ev.calls)-1]
		ev.region, ev.repeated, ev.asked = region, repeated, asked
	}()
	scope := &Scope{Module: fn.In.Module, Parent: fn.In, kind: functionScope, by: ev, function: fn}
	if why := f.bindArguments(scope, fn, c); why != "" {
		return f.fail("TypeError", why, c.at())
	}
	body := &Frame{Context: f.Context, ev: ev, module: fn.In.Module, scope: scope, function: fn, stmt: f.stmt, startMark: len(ev.journal)}
	if fn.Lambda != nil {
		return body.Eval(fn.Lambda.Body)
	}
	value := body.result(body.block(fn.Def.Body()))
	if body.generator {
		f.escape(c) // what it goes on to do isn't looked at
	}
	return value
}

// enter tells the code of a function that may be looked into, or why it may
// not.
func (f *Frame) enter(fn *Function) (code ast.Node, why string) {
	switch {
	case fn.Def != nil:
		code = fn.Def
	case fn.Lambda != nil:
		code = fn.Lambda
	default:
		return nil, "what " + fn.Name + " gives isn't known"
	}
	ev := f.ev
	if fn.In.Module.Stub {
		return nil, "what " + fn.Name + " gives is only known when it runs: there is only a stub of it"
	}
	if len(ev.calls) >= maxCalls {
		return nil, "what " + fn.Name + " gives isn't known: calls are nested too deep"
	}
	for _, call := range ev.calls {
		if call.code == code && call.region != ev.region {
			return nil, "what " + fn.Name + " gives isn't known: it calls itself under a condition that isn't known"
		}
	}
	return code, ""
}

// result is what a function returns whose body was left in a way, or in one of
// the ways that are pending.
func (f *Frame) result(way flow) Value {
	if f.generator {
		return &Unknown{Reason: "what the generator " + f.function.Name + " yields is only known when it runs"}
	}
	var value Value
	switch way.kind {
	case returns:
		value = way.value
	case raises:
		if len(f.pending) == 0 {
			if f.ev.tries > 0 {
				f.ev.raised = way.value
			}
			return &Unknown{Reason: f.function.Name + " raises an exception"}
		}
		f.undo(f.startMark)
		f.restore(f.pending[0].state)
		value, f.pending = f.pending[0].value, f.pending[1:]
	default:
		value = None{}
	}
	for i := range f.pending {
		p := &f.pending[i]
		f.join(f.startMark, p.state)
		if p.kind == returns {
			value = Join(p.value, value)
		}
	}
	return value
}

// bindArguments binds the parameters; why says what doesn't fit.
func (f *Frame) bindArguments(scope *Scope, fn *Function, c *Call) (why string) {
	params := &fn.paramsOf().List
	args := c.Args
	if fn.Bound != nil {
		args = make([]Named, 0, len(c.Args)+1)
		args = append(append(args, Named{Value: fn.Bound}), c.Args...)
	}
	scope.list = make([]Binding, 0, len(*params)+4)
	used := 0
	next := 0
	for i := range *params {
		p := &(*params)[i]
		if p.Name == nil {
			continue
		}
		name := p.Name.ID
		var value Value
		switch p.Kind {
		case ast.VarPositional:
			rest := args[min(next, len(args)):]
			next = len(args)
			if c.Open {
				value = &Unknown{Reason: "the arguments of the call aren't all known", Expr: c.at()}
				break
			}
			tuple := &Tuple{Elems: make([]Value, len(rest))}
			for i, arg := range rest {
				tuple.Elems[i] = arg.Value
			}
			value = tuple
		case ast.VarKeyword:
			dict := &Dict{Open: c.Open, owned: f.own()}
			for _, keyword := range c.Keywords {
				if !named(*params, keyword.Name) {
					dict.Items = append(dict.Items, Item{Str(keyword.Name), keyword.Value})
					used++
				}
			}
			value = dict
		default:
			if p.Kind != ast.KeywordOnly && next < len(args) {
				value = args[next].Value
				next++
				break
			}
			if p.Kind != ast.PositionalOnly {
				for _, keyword := range c.Keywords {
					if keyword.Name == name {
						value = keyword.Value
						used++
					}
				}
			}
			if value == nil {
				value = fn.Defaults[name]
				if c.Open {
					value = &Unknown{Reason: "the arguments of the call aren't all known", Expr: c.at()}
				}
			}
			if value == nil {
				return fn.Name + " isn't given " + name
			}
		}
		scope.list = append(scope.list, Binding{Name: name, Value: value, Span: p.Range.Span(), NameSpan: p.Name.Range.Span()})
	}
	if len(scope.list) > smallScope {
		scope.index = make(map[string]int, 2*len(scope.list))
		for i := range scope.list {
			scope.index[scope.list[i].Name] = i
		}
	}
	if next < len(args) {
		return fn.Name + " is given too many arguments"
	}
	if used < len(c.Keywords) && !c.Open {
		return fn.Name + " is given an argument that it doesn't have"
	}
	return ""
}

func (fn *Function) paramsOf() *ast.Params {
	if fn.Lambda != nil {
		return &fn.Lambda.Params
	}
	return &fn.Def.Params
}

// named tells whether a parameter takes a keyword argument of that name.
func named(params []ast.Param, name string) bool {
	return slices.ContainsFunc(params, func(p ast.Param) bool {
		return (p.Kind == ast.PositionalOrKeyword || p.Kind == ast.KeywordOnly) && p.Name != nil && p.Name.ID == name
	})
}

// span is where the call stands.
func (c *Call) span() ast.Span {
	if at := c.at(); at != nil {
		return at.Span()
	}
	return ast.Span{}
}
