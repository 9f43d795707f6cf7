package pyeval

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// builtinNames are the names that every module has.
var builtinNames = map[string]Value{"NotImplemented": &Native{Name: "builtins.NotImplemented"}, "__debug__": Bool(true)}

func init() {
	for name := range strings.FieldsSeq("abs aiter all anext any ascii bin breakpoint callable chr compile delattr dir divmod enumerate eval exec exit " +
		"filter format getattr globals hasattr hash help hex id input isinstance issubclass iter len locals map max min next oct open ord pow " +
		"print quit range repr reversed round setattr sorted sum vars zip __import__ " + builtinTypes) {
		builtinNames[name] = &Native{Name: "builtins." + name}
	}
}

const builtinTypes = "bool bytearray bytes classmethod complex dict float frozenset int list memoryview object property set slice staticmethod str super tuple type"

// exceptions are the bases of the builtin exceptions.
var exceptions = map[string]string{}

func init() {
	for pair := range strings.FieldsSeq(builtinExceptions) {
		name, base, _ := strings.Cut(pair, "=")
		pythonNatives["builtins."+name] = Behaviour{Class: true, Bases: []string{"builtins." + base}}
		exceptions["builtins."+name] = "builtins." + base
		builtinNames[name] = &Native{Name: "builtins." + name}
	}
	for alias, name := range map[string]string{"EnvironmentError": "OSError", "IOError": "OSError"} {
		builtinNames[alias] = &Native{Name: "builtins." + name}
	}
}

const builtinExceptions = `BaseException=object Exception=BaseException BaseExceptionGroup=BaseException ExceptionGroup=BaseExceptionGroup
GeneratorExit=BaseException KeyboardInterrupt=BaseException SystemExit=BaseException
ArithmeticError=Exception AssertionError=Exception AttributeError=Exception BufferError=Exception EOFError=Exception
ImportError=Exception LookupError=Exception MemoryError=Exception NameError=Exception OSError=Exception ReferenceError=Exception
RuntimeError=Exception StopAsyncIteration=Exception StopIteration=Exception SyntaxError=Exception SystemError=Exception
TypeError=Exception ValueError=Exception Warning=Exception
FloatingPointError=ArithmeticError OverflowError=ArithmeticError ZeroDivisionError=ArithmeticError
ModuleNotFoundError=ImportError IndexError=LookupError KeyError=LookupError UnboundLocalError=NameError
BlockingIOError=OSError ChildProcessError=OSError ConnectionError=OSError FileExistsError=OSError FileNotFoundError=OSError
InterruptedError=OSError IsADirectoryError=OSError NotADirectoryError=OSError PermissionError=OSError ProcessLookupError=OSError
TimeoutError=OSError BrokenPipeError=ConnectionError ConnectionAbortedError=ConnectionError
ConnectionRefusedError=ConnectionError ConnectionResetError=ConnectionError
NotImplementedError=RuntimeError RecursionError=RuntimeError IndentationError=SyntaxError TabError=IndentationError
UnicodeError=ValueError UnicodeDecodeError=UnicodeError UnicodeEncodeError=UnicodeError UnicodeTranslateError=UnicodeError
BytesWarning=Warning DeprecationWarning=Warning EncodingWarning=Warning FutureWarning=Warning ImportWarning=Warning
PendingDeprecationWarning=Warning ResourceWarning=Warning RuntimeWarning=Warning SyntaxWarning=Warning
UnicodeWarning=Warning UserWarning=Warning`

// exceptionIs tells whether a builtin exception is another or derives from it.
// An import that fails raises ModuleNotFoundError, which an ImportError of this
// package stands for, too.
func exceptionIs(name, base string) bool {
	for name != "" {
		if name == base {
			return true
		}
		name = exceptions[name]
	}
	return false
}

// pythonNatives are the behaviours of Python's builtins and standard library.
var pythonNatives = Natives{}

func init() {
	for name, call := range map[string]func(*Frame, *Call) Value{
		"abs": func(f *Frame, c *Call) Value {
			switch v := c.Value(0, "", nil).(type) {
			case Float:
				return Float(math.Abs(float64(v)))
			case Int:
				return Int{new(big.Int).Abs(v.Int)}
			}
			return nil
		},
		"all":   func(f *Frame, c *Call) Value { return f.quantified(c, false) },
		"any":   func(f *Frame, c *Call) Value { return f.quantified(c, true) },
		"bool":  callBool,
		"bytes": callBytes,
		"callable": func(f *Frame, c *Call) Value {
			switch v := c.Value(0, "", nil).(type) {
			case *Function, *Class, *Partial, Caller:
				return Bool(true)
			case *Instance:
				if f.plain(v.Class) {
					_, ok := f.special(v, "__call__")
					return Bool(ok)
				}
			case None, Bool, Int, Float, Str, Bytes, *List, *Dict, *Tuple, *Set:
				return Bool(false)
			}
			return nil
		},
		"chr": func(f *Frame, c *Call) Value {
			if n, ok := c.Value(0, "", nil).(Int); ok && n.IsInt64() && n.Int64() >= 0 && n.Int64() < 0xd800 {
				return Str(string(rune(n.Int64())))
			}
			return nil
		},
		"ord": func(f *Frame, c *Call) Value {
			if s, ok := c.Value(0, "", nil).(Str); ok {
				if runes := []rune(string(s)); len(runes) == 1 {
					return NewInt(int64(runes[0]))
				}
			}
			return nil
		},
		"classmethod":  func(f *Frame, c *Call) Value { return f.binding(c, "classmethod") },
		"staticmethod": func(f *Frame, c *Call) Value { return f.binding(c, "staticmethod") },
		"property":     func(f *Frame, c *Call) Value { return f.binding(c, "property") },
		"dict":         callDict,
		"enumerate": func(f *Frame, c *Call) Value {
			start, ok := integer(c.Value(1, "start", NewInt(0)))
			values, known := f.Iterate(c.Value(0, "iterable", None{}))
			if !ok {
				return nil
			}
			pairs := make([]Value, len(values))
			for i, value := range values {
				pairs[i] = &Tuple{Elems: []Value{Int{new(big.Int).Add(start, big.NewInt(int64(i)))}, value}}
			}
			return f.generated(pairs, known)
		},
		"filter":    callFilter,
		"float":     callFloat,
		"format":    callFormat,
		"frozenset": func(f *Frame, c *Call) Value { return f.newSet(c, true) },
		"set":       func(f *Frame, c *Call) Value { return f.newSet(c, false) },
		"getattr":   callGetattr,
		"hasattr":   callHasattr,
		"setattr": func(f *Frame, c *Call) Value {
			if name, ok := c.Value(1, "", nil).(Str); ok && len(c.Args) == 3 {
				f.SetAttr(c.Args[0].Value, string(name), c.Args[2].Value)
			}
			return None{}
		},
		"int": callInt,
		"isinstance": func(f *Frame, c *Call) Value {
			if len(c.Args) != 2 {
				return nil
			}
			return f.isInstance(c.Args[0].Value, c.Args[1].Value)
		},
		"issubclass": func(f *Frame, c *Call) Value {
			if len(c.Args) == 2 {
				if is, known := f.subclass(c.Args[0].Value, c.Args[1].Value); known {
					return Bool(is)
				}
			}
			return nil
		},
		"iter": func(f *Frame, c *Call) Value {
			values, known := f.Iterate(c.Value(0, "", None{}))
			return f.generated(values, known)
		},
		"next": callNext,
		"len": func(f *Frame, c *Call) Value {
			if n, known := f.length(c.Value(0, "", None{})); known {
				return NewInt(int64(n))
			}
			return nil
		},
		"list": func(f *Frame, c *Call) Value {
			if len(c.Args) == 0 {
				return f.NewList(nil)
			}
			return f.copyList(c.Args[0].Value)
		},
		"map":   callMap,
		"max":   func(f *Frame, c *Call) Value { return f.extreme(c, 1) },
		"min":   func(f *Frame, c *Call) Value { return f.extreme(c, -1) },
		"print": func(*Frame, *Call) Value { return None{} },
		"range": func(f *Frame, c *Call) Value { return f.newInstance(&Native{Name: "builtins.range"}, c) },
		"repr": func(f *Frame, c *Call) Value {
			if text, ok := f.repr(c.Value(0, "", None{})); ok {
				return Str(text)
			}
			return nil
		},
		"reversed": func(f *Frame, c *Call) Value {
			values, known := f.Iterate(c.Value(0, "", None{}))
			if !known {
				return nil
			}
			values = slices.Clone(values)
			slices.Reverse(values)
			return f.generated(values, true)
		},
		"round": callRound,
		"sorted": func(f *Frame, c *Call) Value {
			values, known := f.unordered(c.Value(0, "", None{}))
			if !known {
				return nil
			}
			sorted, ok := f.sorted(values, c)
			if !ok {
				return nil
			}
			return f.NewList(sorted)
		},
		"str":   callStr,
		"sum":   callSum,
		"super": callSuper,
		"tuple": func(f *Frame, c *Call) Value {
			if len(c.Args) == 0 {
				return &Tuple{}
			}
			values, known := f.Iterate(c.Args[0].Value)
			if !known {
				return nil
			}
			return &Tuple{Elems: slices.Clone(values)}
		},
		"type":   callType,
		"zip":    callZip,
		"object": func(f *Frame, c *Call) Value { return f.newInstance(&Native{Name: "builtins.object"}, c) },
		"open": func(f *Frame, c *Call) Value {
			f.MayRaise()
			return &Unknown{Reason: "what a file has is only known when it runs", Expr: c.at()}
		},
	} {
		pythonNatives["builtins."+name] = Behaviour{Call: call}
	}
	for name := range strings.FieldsSeq(builtinTypes) {
		behaviour := pythonNatives["builtins."+name]
		behaviour.Class = true
		if name == "bool" {
			behaviour.Bases = []string{"builtins.int"}
		}
		pythonNatives["builtins."+name] = behaviour
	}
}

// generated is an iterator over values that are evaluated already.
func (f *Frame) generated(values []Value, known bool) Value {
	return &generator{list: &List{Elems: values, Open: !known}, owned: f.own()}
}

func rangeValues(i *Instance) ([]Value, bool) {
	bounds := [3]int64{0, 0, 1}
	for n, arg := range i.Args {
		value, ok := integer(arg)
		if !ok || n > 2 || !value.IsInt64() {
			return nil, false
		}
		bounds[n] = value.Int64()
	}
	if len(i.Args) == 1 {
		bounds[0], bounds[1] = 0, bounds[0]
	}
	if len(i.Args) == 0 || i.Open || bounds[2] == 0 {
		return nil, false
	}
	var values []Value
	for n := bounds[0]; bounds[2] > 0 && n < bounds[1] || bounds[2] < 0 && n > bounds[1]; n += bounds[2] {
		if len(values) == maxElems {
			return nil, false
		}
		values = append(values, NewInt(n))
	}
	return values, true
}

// quantified is all() or any().
func (f *Frame) quantified(c *Call, any bool) Value {
	values, known := f.unordered(c.Value(0, "", None{}))
	for _, value := range values {
		truth, k := f.Truth(value)
		if k && truth == any {
			return Bool(any)
		}
		known = known && k
	}
	if !known {
		return nil
	}
	return Bool(!any)
}

// binding is classmethod(function), staticmethod(function) or
// property(function).
func (f *Frame) binding(c *Call, kind string) Value {
	fn, ok := c.Value(0, "fget", nil).(*Function)
	if !ok {
		if kind == "staticmethod" {
			return c.Value(0, "", nil)
		}
		return nil
	}
	method := *fn
	method.Binds, method.owned = kind, f.own()
	return &method
}

func callBool(f *Frame, c *Call) Value {
	if len(c.Args) == 0 {
		return Bool(false)
	}
	if truth, known := f.Truth(c.Args[0].Value); known {
		return Bool(truth)
	}
	return nil
}

func callBytes(f *Frame, c *Call) Value {
	switch v := c.Value(0, "", Bytes("")).(type) {
	case Bytes:
		return v
	case Str:
		return Bytes(v)
	}
	return nil
}

func callDict(f *Frame, c *Call) Value {
	dict := &Dict{owned: f.own()}
	if len(c.Args) > 0 {
		f.updateDict(dict, c.Args[0].Value)
	}
	for _, keyword := range c.Keywords {
		f.setItem(dict, Str(keyword.Name), keyword.Value)
	}
	if c.Open {
		f.openDict(dict)
	}
	return dict
}

func callFloat(f *Frame, c *Call) Value {
	v := c.Value(0, "", Float(0))
	if x, ok := number(v); ok {
		return Float(x)
	}
	text, ok := v.(Str)
	if !ok {
		return nil
	}
	cleaned := strings.ToLower(strings.TrimSpace(string(text)))
	if strings.ContainsAny(cleaned, "_xp") {
		return nil
	}
	x, err := strconv.ParseFloat(cleaned, 64)
	if err != nil && !math.IsInf(x, 0) {
		return f.fail("ValueError", "the string is no float", c.at())
	}
	return Float(x)
}

func callInt(f *Frame, c *Call) Value {
	v := c.Value(0, "", NewInt(0))
	if n, ok := integer(v); ok {
		return Int{n}
	}
	switch v := v.(type) {
	case Float:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil
		}
		n, _ := new(big.Float).SetFloat64(float64(v)).Int(nil)
		return Int{n}
	case Str:
		if len(c.Args)+len(c.Keywords) > 1 {
			return nil
		}
		text := strings.TrimSpace(string(v))
		digits := strings.TrimLeft(text, "+-0123456789_")
		if digits == "" && len(text) <= maxDigits && !strings.Contains(text, "_") {
			if n, ok := new(big.Int).SetString(text, 10); ok {
				return Int{n}
			}
		}
		if !strings.Contains(text, "_") && isASCII(text) {
			return f.fail("ValueError", "the string is no int", c.at())
		}
	}
	return nil
}

func callFormat(f *Frame, c *Call) Value {
	spec, ok := c.Value(1, "", Str("")).(Str)
	if !ok || len(c.Args) == 0 {
		return nil
	}
	if text, ok := f.format(c.Args[0].Value, string(spec)); ok {
		return Str(text)
	}
	return nil
}

func (f *Frame) newSet(c *Call, frozen bool) Value {
	set := &Set{Frozen: frozen, owned: f.own()}
	if len(c.Args) > 0 {
		f.addAll(set, c.Args[0].Value)
	}
	return set
}

func callGetattr(f *Frame, c *Call) Value {
	if len(c.Args) < 2 {
		return nil
	}
	name, ok := c.Args[1].Value.(Str)
	if !ok {
		return nil
	}
	if len(c.Args) == 2 {
		return f.Attr(c.Args[0].Value, string(name))
	}
	value, has, known := f.hasAttr(c.Args[0].Value, string(name))
	switch {
	case has:
		return value
	case known:
		return c.Args[2].Value
	}
	return nil
}

func callHasattr(f *Frame, c *Call) Value {
	if len(c.Args) != 2 {
		return nil
	}
	name, ok := c.Args[1].Value.(Str)
	if !ok {
		return nil
	}
	_, has, known := f.hasAttr(c.Args[0].Value, string(name))
	if !known {
		return nil
	}
	return Bool(has)
}

// hasAttr is an attribute, if the value has it.
func (f *Frame) hasAttr(value Value, name string) (attr Value, has, known bool) {
	switch v := value.(type) {
	case *Native:
		if behaviour, ok := f.behaviour(v); ok && behaviour.Attr != nil {
			if attr := behaviour.Attr(f, name); attr != nil {
				return attr, true, true
			}
		}
		return nil, false, false
	case *ModuleRef:
		if v.Source == nil {
			return nil, false, false
		}
		module, done := f.load(v.Source)
		if module == nil || !done || module.UnknownNames() != "" {
			return nil, false, false
		}
		binding, ok := module.Scope.Get(name)
		if !ok {
			return nil, false, true
		}
		return f.Resolve(binding.Value), !binding.Maybe, !binding.Maybe
	}
	tries, raised, mayRaise := f.ev.tries, f.ev.raised, f.ev.mayRaise
	f.ev.tries, f.ev.raised = 0, nil
	attr = f.attr(value, name, nil)
	f.ev.tries, f.ev.raised, f.ev.mayRaise = tries, raised, mayRaise
	if attr == nil {
		return nil, false, certain(value)
	}
	_, isUnknown := attr.(*Unknown)
	return attr, !isUnknown, !isUnknown
}

func (f *Frame) isInstance(value, of Value) Value {
	if u, ok := value.(*Uncertain); ok {
		return f.each(u, func(v Value) Value {
			if is := f.isInstance(v, of); is != nil {
				return is
			}
			return &Unknown{Reason: "whether it is an instance isn't known"}
		})
	}
	class := f.TypeOf(value)
	if class == nil {
		return nil
	}
	if is, known := f.subclass(class, of); known {
		return Bool(is)
	}
	// A builtin type is no subclass of another, and of no class of source.
	builtin, ok := class.(*Native)
	if !ok || !strings.HasPrefix(builtin.Name, "builtins.") && builtin.Name != "types.NoneType" {
		return nil
	}
	types := []Value{of}
	if tuple, ok := of.(*Tuple); ok {
		types = tuple.Elems
	}
	for _, t := range types {
		native, ok := t.(*Native)
		if !ok || !strings.HasPrefix(native.Name, "builtins.") {
			return nil
		}
		if native.Name == builtin.Name || native.Name == "builtins.int" && builtin.Name == "builtins.bool" {
			return Bool(true)
		}
	}
	return Bool(false)
}

func callNext(f *Frame, c *Call) Value {
	g, ok := c.Value(0, "", nil).(*generator)
	if !ok {
		return nil
	}
	may, certain := f.mine(&g.owned, g)
	if !may || !certain || g.used || g.list.Open {
		g.used = g.used || may
		return nil
	}
	if len(g.list.Elems) == 0 {
		if len(c.Args) > 1 {
			return c.Args[1].Value
		}
		return f.fail("StopIteration", "the iterator is at its end", c.at())
	}
	value := g.list.Elems[0]
	g.list.Elems = g.list.Elems[1:]
	return value
}

func callMap(f *Frame, c *Call) Value {
	if len(c.Args) != 2 {
		return nil
	}
	values, known := f.Iterate(c.Args[1].Value)
	mapped := make([]Value, len(values))
	for i, value := range values {
		mapped[i] = f.CallValue(c.Args[0].Value, &Call{Args: []Named{{Value: value}}, Expr: c.Expr})
	}
	return f.generated(mapped, known)
}

func callFilter(f *Frame, c *Call) Value {
	if len(c.Args) != 2 {
		return nil
	}
	values, known := f.Iterate(c.Args[1].Value)
	var kept []Value
	for _, value := range values {
		test := value
		if _, none := c.Args[0].Value.(None); !none {
			test = f.CallValue(c.Args[0].Value, &Call{Args: []Named{{Value: value}}, Expr: c.Expr})
		}
		truth, k := f.Truth(test)
		if !k {
			known = false
			break
		}
		if truth {
			kept = append(kept, value)
		}
	}
	return f.generated(kept, known)
}

// extreme is max() or min().
func (f *Frame) extreme(c *Call, sign int) Value {
	var values []Value
	if len(c.Args) == 1 {
		elems, known := f.unordered(c.Args[0].Value)
		if !known {
			return nil
		}
		values = elems
	} else {
		for _, arg := range c.Args {
			values = append(values, arg.Value)
		}
	}
	if len(values) == 0 {
		return c.Value(-1, "default", nil)
	}
	key := c.Value(-1, "key", None{})
	var best, bestKey Value
	for _, value := range values {
		by := f.sortKey(key, value)
		if best == nil {
			best, bestKey = value, by
			continue
		}
		order, known := f.order(by, bestKey)
		if !known {
			return nil
		}
		if order*sign > 0 {
			best, bestKey = value, by
		}
	}
	return best
}

func (f *Frame) sortKey(key, value Value) Value {
	if _, none := key.(None); none {
		return value
	}
	return f.CallValue(key, &Call{Args: []Named{{Value: value}}})
}

// sorted are values in order, as the call's key and reverse say.
func (f *Frame) sorted(values []Value, c *Call) ([]Value, bool) {
	type keyed struct{ key, value Value }
	by := c.Value(-1, "key", None{})
	pairs := make([]keyed, len(values))
	for i, value := range values {
		pairs[i] = keyed{f.sortKey(by, value), value}
	}
	reverse, known := f.Truth(c.Value(-1, "reverse", Bool(false)))
	slices.SortStableFunc(pairs, func(a, b keyed) int {
		order, k := f.order(a.key, b.key)
		known = known && k
		if reverse {
			return -order
		}
		return order
	})
	sorted := make([]Value, len(pairs))
	for i, pair := range pairs {
		sorted[i] = pair.value
	}
	return sorted, known
}

func callRound(f *Frame, c *Call) Value {
	if len(c.Args) != 1 {
		return nil
	}
	switch v := c.Args[0].Value.(type) {
	case Int:
		return v
	case Float:
		if rounded := math.RoundToEven(float64(v)); math.Abs(rounded) < 1<<53 {
			return NewInt(int64(rounded))
		}
	}
	return nil
}

func callStr(f *Frame, c *Call) Value {
	if len(c.Args)+len(c.Keywords) == 0 {
		return Str("")
	}
	if len(c.Args) == 1 {
		if text, ok := f.str(c.Args[0].Value); ok {
			return Str(text)
		}
		return f.unknownFrom(c.Args[0].Value, "the text of "+c.Args[0].Value.Describe(), c.at())
	}
	return nil
}

func callSum(f *Frame, c *Call) Value {
	values, known := f.unordered(c.Value(0, "", None{}))
	if !known {
		return nil
	}
	sum := c.Value(1, "start", NewInt(0))
	for _, value := range values {
		sum = f.operate(sum, "+", value, c.at())
	}
	return sum
}

// callSuper is super() in a method, or super(Class, self).
func callSuper(f *Frame, c *Call) Value {
	if len(c.Args) == 2 {
		if class, ok := c.Args[0].Value.(*Class); ok {
			return superOf(class, c.Args[1].Value)
		}
		return nil
	}
	for fn := f.function; fn != nil; fn = fn.In.enclosingFunction() {
		if fn.In.kind != classScope || fn.In.class == nil || fn.Def == nil || len(fn.Def.Params.List) == 0 {
			continue
		}
		self := f.lookup(f.scope, fn.Def.Params.List[0].Name.Id, nil)
		return superOf(fn.In.class, self)
	}
	return nil
}

// enclosingFunction is the function in whose call the scope lies.
func (s *Scope) enclosingFunction() *Function {
	for ; s != nil; s = s.Parent {
		if s.kind == functionScope {
			return s.function
		}
	}
	return nil
}

func superOf(class *Class, self Value) Value {
	switch self := self.(type) {
	case *Instance:
		if of, ok := self.Class.(*Class); ok {
			return &super{class, of, self}
		}
	case *Class:
		return &super{class, self, self}
	case *EnumMember:
		return &super{class, self.Class, self}
	}
	return nil
}

func callType(f *Frame, c *Call) Value {
	if len(c.Args) != 1 {
		return nil
	}
	return f.TypeOf(c.Args[0].Value)
}

func callZip(f *Frame, c *Call) Value {
	known := true
	var columns [][]Value
	rows := -1
	for _, arg := range c.Args {
		values, k := f.Iterate(arg.Value)
		known = known && k
		columns = append(columns, values)
		if rows < 0 || len(values) < rows {
			rows = len(values)
		}
	}
	zipped := make([]Value, max(rows, 0))
	for i := range zipped {
		row := make([]Value, len(columns))
		for j, column := range columns {
			row[j] = column[i]
		}
		zipped[i] = &Tuple{Elems: row}
	}
	if !known {
		zipped = nil
	}
	return f.generated(zipped, known)
}
