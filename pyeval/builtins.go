package pyeval

import (
	"math"
	"math/big"
	"slices"
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
			values, known := f.Iterate(f.interleaved(c.Value(0, "iterable", None{})))
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
