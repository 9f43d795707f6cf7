package pyeval

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// boundMethod is a method of a builtin type, bound to an object.
type boundMethod struct {
	name string // "str.join"
	self Value
}

func (m *boundMethod) Describe() string { return m.name }

func (m *boundMethod) call(f *Frame, c *Call) Value {
	was := f.asking(nil)
	defer func() { f.ev.asked = was }()
	if m.name != "str.format" {
		f.passed(m.name, c)
	}
	if u := firstUncertain(c); u >= 0 {
		return f.each(c.Args[u].Value.(*Uncertain), func(v Value) Value {
			call := *c
			call.Args = slices.Clone(c.Args)
			call.Args[u].Value = v
			return m.call(f, &call)
		})
	}
	if method, ok := builtinMethods[m.name]; ok && !c.Open {
		if value := method(f, m.self, c); value != nil {
			return value
		}
	}
	f.ev.mayRaise = true
	f.forget(m.self)
	return &Unknown{Reason: "the result of " + m.name + " isn't known", Expr: c.at()}
}

// firstUncertain is the place of an argument that may be one of several
// constants; -1 if there is none.
func firstUncertain(c *Call) int {
	return slices.IndexFunc(c.Args, func(arg Named) bool { _, ok := arg.Value.(*Uncertain); return ok })
}

// methodNames are the methods of the builtin types: those that aren't in
// builtinMethods give what isn't known.
var methodNames = map[string]map[string]bool{}

func init() {
	for kind, names := range map[string]string{
		"str": "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii " +
			"isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans " +
			"partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip " +
			"swapcase title translate upper zfill",
		"bytes": "decode hex startswith endswith split strip join replace upper lower count find",
		"list":  "append clear copy count extend index insert pop remove reverse sort",
		"tuple": "count index",
		"dict":  "clear copy fromkeys get items keys pop popitem setdefault update values",
		"set": "add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset issuperset " +
			"pop remove symmetric_difference symmetric_difference_update union update",
		"int":   "bit_length bit_count to_bytes as_integer_ratio conjugate",
		"float": "is_integer hex as_integer_ratio conjugate",
	} {
		methodNames[kind] = map[string]bool{}
		for name := range strings.FieldsSeq(names) {
			methodNames[kind][name] = true
		}
	}
}

// builtinMethod is a method of a builtin type's object; nil if it has none of
// that name.
func builtinMethod(value Value, name string) Value {
	kind := ""
	switch value.(type) {
	case Str:
		kind = "str"
	case Bytes:
		kind = "bytes"
	case *List:
		kind = "list"
	case *Tuple:
		kind = "tuple"
	case *Dict:
		kind = "dict"
	case *Set:
		kind = "set"
	case Int, Bool:
		kind = "int"
	case Float:
		kind = "float"
	}
	if !methodNames[kind][name] {
		return nil
	}
	return &boundMethod{kind + "." + name, value}
}

// builtinMethods are the methods that are known: nil says that what they give
// isn't.
var builtinMethods map[string]func(f *Frame, self Value, c *Call) Value

func init() {
	// In a function, since methods lead to calls, which lead to methods.
	builtinMethods = map[string]func(f *Frame, self Value, c *Call) Value{
		"str.format": func(f *Frame, self Value, c *Call) Value { return f.formatMethod(string(self.(Str)), c) },
		"str.join": func(f *Frame, self Value, c *Call) Value {
			values, known := f.Iterate(c.Value(0, "", None{}))
			texts := make([]string, len(values))
			for i, value := range values {
				text, ok := text(value)
				if !ok {
					return nil
				}
				texts[i] = text
			}
			if !known {
				return nil
			}
			return Str(strings.Join(texts, string(self.(Str))))
		},
		"str.lower":        stringMethod(strings.ToLower),
		"str.casefold":     stringMethod(strings.ToLower),
		"str.upper":        stringMethod(strings.ToUpper),
		"str.title":        asciiMethod(title),
		"str.capitalize":   asciiMethod(capitalize),
		"str.strip":        trimMethod(strings.TrimFunc, strings.Trim),
		"str.lstrip":       trimMethod(strings.TrimLeftFunc, strings.TrimLeft),
		"str.rstrip":       trimMethod(strings.TrimRightFunc, strings.TrimRight),
		"str.startswith":   affixMethod(strings.HasPrefix),
		"str.endswith":     affixMethod(strings.HasSuffix),
		"str.removeprefix": twoStrings(func(s, by string) Value { return Str(strings.TrimPrefix(s, by)) }),
		"str.removesuffix": twoStrings(func(s, by string) Value { return Str(strings.TrimSuffix(s, by)) }),
		"str.count": twoStrings(func(s, by string) Value {
			if by == "" {
				return nil
			}
			return NewInt(int64(strings.Count(s, by)))
		}),
		"str.find": twoStrings(func(s, by string) Value {
			if !isASCII(s) {
				return nil
			}
			return NewInt(int64(strings.Index(s, by)))
		}),
		"str.rfind": twoStrings(func(s, by string) Value {
			if !isASCII(s) {
				return nil
			}
			return NewInt(int64(strings.LastIndex(s, by)))
		}),
		"str.partition": twoStrings(func(s, by string) Value {
			before, after, found := strings.Cut(s, by)
			if !found || by == "" {
				by = ""
			}
			return &Tuple{Elems: []Value{Str(before), Str(by), Str(after)}}
		}),
		"str.rpartition": twoStrings(func(s, by string) Value {
			i := strings.LastIndex(s, by)
			if i < 0 || by == "" {
				return &Tuple{Elems: []Value{Str(""), Str(""), Str(s)}}
			}
			return &Tuple{Elems: []Value{Str(s[:i]), Str(by), Str(s[i+len(by):])}}
		}),
		"str.replace": func(f *Frame, self Value, c *Call) Value {
			old, ok1 := c.Value(0, "old", nil).(Str)
			by, ok2 := c.Value(1, "new", nil).(Str)
			if !ok1 || !ok2 || len(c.Args) != 2 || len(self.(Str))*(len(by)+1) > maxText {
				return nil
			}
			return Str(strings.ReplaceAll(string(self.(Str)), string(old), string(by)))
		},
		"str.split":      splitMethod,
		"str.splitlines": splitLines,
		"str.zfill": func(f *Frame, self Value, c *Call) Value {
			n, ok := c.Value(0, "", nil).(Int)
			s := string(self.(Str))
			if !ok || !n.IsInt64() || n.Int64() > maxText || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
				return nil
			}
			return Str(strings.Repeat("0", max(0, int(n.Int64())-len([]rune(s)))) + s)
		},
		"str.encode": func(f *Frame, self Value, c *Call) Value {
			if encoding := c.Value(0, "encoding", Str("utf-8")); encoding != Value(Str("utf-8")) && encoding != Value(Str("utf8")) || len(c.Args)+len(c.Keywords) > 1 {
				return nil
			}
			return Bytes(self.(Str))
		},
		"bytes.decode": func(f *Frame, self Value, c *Call) Value {
			if len(c.Args)+len(c.Keywords) > 0 || !isASCII(string(self.(Bytes))) {
				return nil
			}
			return Str(self.(Bytes))
		},
		"str.isidentifier": runesMethod(func(r rune) bool { return r == '_' || unicode.IsLetter(r) }),
		"str.isalpha":      runesMethod(unicode.IsLetter),
		"str.isdigit":      runesMethod(unicode.IsDigit),

		"list.append": func(f *Frame, self Value, c *Call) Value {
			if len(c.Args) == 1 {
				f.appendTo(self.(*List), c.Args[0].Value)
			}
			return None{}
		},
		"list.extend": func(f *Frame, self Value, c *Call) Value {
			f.extend(self.(*List), c.Value(0, "", None{}))
			return None{}
		},
		"list.insert": func(f *Frame, self Value, c *Call) Value {
			list := self.(*List)
			n, ok := c.Value(0, "", nil).(Int)
			if !ok || len(c.Args) != 2 || !n.IsInt64() || !f.change(list) {
				f.forget(list)
				return None{}
			}
			i := n.Int64()
			if i < 0 {
				i += int64(len(list.Elems))
			}
			list.Elems = slices.Insert(list.Elems, int(max(0, min(i, int64(len(list.Elems))))), c.Args[1].Value)
			return None{}
		},
		"list.pop": func(f *Frame, self Value, c *Call) Value {
			list := self.(*List)
			n, ok := c.Value(0, "", NewInt(-1)).(Int)
			if !ok || !n.IsInt64() || !f.change(list) {
				return nil
			}
			i, ok := position(n.Int64(), len(list.Elems))
			if !ok {
				return f.fail("IndexError", "the list is shorter", c.at())
			}
			value := list.Elems[i]
			list.Elems = slices.Delete(slices.Clone(list.Elems), i, i+1)
			return value
		},
		"list.remove": func(f *Frame, self Value, c *Call) Value {
			list := self.(*List)
			if len(c.Args) != 1 || !f.change(list) {
				f.forget(list)
				return None{}
			}
			i, known := f.findKey(c.Args[0].Value, len(list.Elems), func(i int) Value { return list.Elems[i] }, nil, true)
			switch {
			case i >= 0 && known:
				list.Elems = slices.Delete(slices.Clone(list.Elems), i, i+1)
			case known:
				return f.fail("ValueError", "the list has no such element", c.at())
			default:
				f.forget(list)
			}
			return None{}
		},
		"list.reverse": func(f *Frame, self Value, c *Call) Value {
			if list := self.(*List); f.change(list) {
				list.Elems = slices.Clone(list.Elems)
				slices.Reverse(list.Elems)
			}
			return None{}
		},
		"list.sort": func(f *Frame, self Value, c *Call) Value {
			list := self.(*List)
			if sorted, ok := f.sorted(list.Elems, c); ok && f.change(list) {
				list.Elems = sorted
			} else {
				f.forget(list)
			}
			return None{}
		},
		"list.clear": func(f *Frame, self Value, c *Call) Value {
			list := self.(*List)
			if may, certain := f.mine(&list.owned, list); may && certain {
				list.Elems, list.Open = nil, false
			} else {
				f.forget(list)
			}
			return None{}
		},
		"list.copy":  func(f *Frame, self Value, c *Call) Value { return f.copyList(self) },
		"list.index": indexMethod, "tuple.index": indexMethod,
		"list.count": countMethod, "tuple.count": countMethod,

		"dict.get": func(f *Frame, self Value, c *Call) Value {
			value, found, known := f.item(self.(*Dict), c.Value(0, "", None{}))
			switch {
			case found:
				return value
			case known:
				return c.Value(1, "", None{})
			}
			return nil
		},
		"dict.setdefault": func(f *Frame, self Value, c *Call) Value {
			value, found, known := f.item(self.(*Dict), c.Value(0, "", None{}))
			switch {
			case found:
				return value
			case known:
				value = c.Value(1, "", None{})
				f.setItem(self.(*Dict), c.Value(0, "", None{}), value)
				return value
			}
			return nil
		},
		"dict.update": func(f *Frame, self Value, c *Call) Value {
			if len(c.Args) > 0 {
				f.updateDict(self.(*Dict), c.Args[0].Value)
			}
			for _, keyword := range c.Keywords {
				f.setItem(self.(*Dict), Str(keyword.Name), keyword.Value)
			}
			return None{}
		},
		"dict.pop": func(f *Frame, self Value, c *Call) Value {
			key := c.Value(0, "", None{})
			value, found, known := f.item(self.(*Dict), key)
			switch {
			case found:
				f.deleteIndex(self, key)
				return value
			case known:
				if len(c.Args) > 1 {
					return c.Args[1].Value
				}
				return f.fail("KeyError", "the dict has no such key", c.at())
			}
			return nil
		},
		"dict.keys": func(f *Frame, self Value, c *Call) Value {
			keys, known := f.Iterate(self)
			return &List{Elems: keys, Open: !known, owned: f.own()}
		},
		"dict.values": func(f *Frame, self Value, c *Call) Value {
			return f.dictView(self.(*Dict), func(item Item) Value { return item.Value })
		},
		"dict.items": func(f *Frame, self Value, c *Call) Value {
			return f.dictView(self.(*Dict), func(item Item) Value { return &Tuple{Elems: []Value{item.Key, item.Value}} })
		},
		"dict.copy": func(f *Frame, self Value, c *Call) Value {
			dict := &Dict{Factory: self.(*Dict).Factory, owned: f.own()}
			f.updateDict(dict, self)
			return dict
		},
		"dict.clear": func(f *Frame, self Value, c *Call) Value {
			dict := self.(*Dict)
			may, certain := f.mine(&dict.owned, dict)
			if f.forget(dict); may && certain {
				dict.Open = false
			}
			return None{}
		},

		"set.add": func(f *Frame, self Value, c *Call) Value {
			f.addTo(self.(*Set), c.Value(0, "", None{}))
			return None{}
		},
		"set.update": func(f *Frame, self Value, c *Call) Value {
			for _, arg := range c.Args {
				f.addAll(self.(*Set), arg.Value)
			}
			return None{}
		},
		"set.copy": func(f *Frame, self Value, c *Call) Value {
			set := &Set{owned: f.own()}
			f.addAll(set, self)
			return set
		},
		"set.union":        setMethod("|"),
		"set.intersection": setMethod("&"),
		"set.difference":   setMethod("-"),

		"float.is_integer": func(f *Frame, self Value, c *Call) Value {
			x := float64(self.(Float))
			return Bool(x == float64(int64(x)))
		},

		"object.__init__":          func(*Frame, Value, *Call) Value { return None{} },
		"object.__init_subclass__": func(*Frame, Value, *Call) Value { return None{} },
		"object.__post_init__":     func(*Frame, Value, *Call) Value { return None{} },
		"object.__setattr__": func(f *Frame, self Value, c *Call) Value {
			if name, ok := c.Value(0, "", nil).(Str); ok && len(c.Args) == 2 {
				if i, ok := self.(*Instance); ok {
					f.setIn(&i.Attrs, &i.owned, i, string(name), c.Args[1].Value)
					return None{}
				}
			}
			return nil
		},
		"object.__new__": func(f *Frame, self Value, c *Call) Value {
			if class, ok := c.Value(0, "", nil).(*Class); ok {
				return &Instance{Class: class, owned: f.own()}
			}
			return nil
		},
		"property.setter": func(f *Frame, self Value, c *Call) Value {
			property := *self.(*Function)
			property.owned = f.own()
			property.Attrs = map[string]Value{"fset": c.Value(0, "", None{})}
			return &property
		},
		"property.getter":  func(f *Frame, self Value, c *Call) Value { return self },
		"property.deleter": func(f *Frame, self Value, c *Call) Value { return self },
		"namedtuple._make": func(f *Frame, self Value, c *Call) Value {
			values, known := f.Iterate(c.Value(0, "", None{}))
			call := &Call{Func: self, Expr: c.Expr, Open: !known}
			for _, value := range values {
				call.Args = append(call.Args, Named{Value: value})
			}
			return f.newNamedTuple(self.(*NamedTuple), call)
		},
	}
	maps.Copy(builtinMethods, namespaceMethods)
	maps.Copy(builtinMethods, momentMethods)
	builtinMethods["timedelta.total_seconds"] = totalSeconds
}

func indexMethod(f *Frame, self Value, c *Call) Value {
	values, known := f.Iterate(self)
	if !known || len(c.Args) != 1 {
		return nil
	}
	i, known := f.findKey(c.Args[0].Value, len(values), func(i int) Value { return values[i] }, nil, true)
	switch {
	case !known:
		return nil
	case i < 0:
		return f.fail("ValueError", "there is no such element", c.at())
	}
	return NewInt(int64(i))
}

func countMethod(f *Frame, self Value, c *Call) Value {
	values, known := f.Iterate(self)
	if !known || len(c.Args) != 1 {
		return nil
	}
	n := int64(0)
	for _, value := range values {
		same, known := f.Equal(value, c.Args[0].Value)
		if !known {
			return nil
		}
		if same {
			n++
		}
	}
	return NewInt(n)
}

func setMethod(op string) func(*Frame, Value, *Call) Value {
	return func(f *Frame, self Value, c *Call) Value {
		result := self.(*Set)
		for _, arg := range c.Args {
			other := &Set{owned: f.own()}
			f.addAll(other, arg.Value)
			next, ok := f.setOperation(result, op, other).(*Set)
			if !ok {
				return nil
			}
			result = next
		}
		return result
	}
}

func (f *Frame) copyList(of Value) Value {
	values, known := f.Iterate(of)
	return &List{Elems: slices.Clone(values), Open: !known, owned: f.own()}
}

func (f *Frame) dictView(d *Dict, part func(Item) Value) Value {
	if !f.intact(d) {
		return &List{Open: true, owned: f.own()}
	}
	values := make([]Value, len(d.Items))
	for i, item := range d.Items {
		values[i] = part(item)
	}
	return &List{Elems: values, Open: d.Open, owned: f.own()}
}
