package pyeval

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// builtinNames are the names that every module has.
var builtinNames = map[string]Value{"NotImplemented": &Native{Name: "builtins.NotImplemented"}, "__debug__": Bool(true), "Ellipsis": Ellipsis{}}

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
			case *Instance:
				if length, ok := Timedelta(v); ok {
					return f.NewTimedelta(length.Abs(length))
				}
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
		"dir":     callDir,
		"globals": func(f *Frame, _ *Call) Value { return &namespace{f.scope.global()} },
		"locals":  callLocals,
		"vars":    callVars,
		"int":     callInt,
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
