package pyeval

import (
	"math"
	"math/big"
	"runtime"
	"slices"
	"strings"
)

// pythonNames are names of the standard library that mean an object which has
// another name.
var pythonNames = map[string]string{
	"typing.Text": "builtins.str", "collections.Mapping": "collections.abc.Mapping",
	"pathlib.PosixPath": "pathlib.Path", "pathlib.PurePath": "pathlib.Path", "pathlib.PurePosixPath": "pathlib.Path",
	"posixpath.join": "os.path.join", "datetime.UTC": "datetime.timezone.utc",
}

// nativeConstant is the value of a native name that is a constant; nil if it
// is none.
func (f *Frame) nativeConstant(name string) Value {
	switch name {
	case "sys.version_info":
		return f.versionInfo()
	case "sys.platform":
		return Str(runtime.GOOS)
	case "typing.TYPE_CHECKING":
		return Bool(false)
	}
	if constant, ok := constants[name]; ok {
		return constant
	}
	return nil
}

var constants = map[string]Value{
	"os.name": Str("posix"), "os.sep": Str("/"), "os.path.sep": Str("/"), "os.linesep": Str("\n"), "os.pathsep": Str(":"),
	"os.curdir": Str("."), "os.pardir": Str(".."), "os.devnull": Str("/dev/null"),
	"sys.maxsize": Int{big.NewInt(math.MaxInt64)}, "sys.byteorder": Str("little"),
	"math.pi": Float(math.Pi), "math.e": Float(math.E), "math.tau": Float(2 * math.Pi), "math.inf": Float(math.Inf(1)), "math.nan": Float(math.NaN()),
	"string.ascii_lowercase": Str("abcdefghijklmnopqrstuvwxyz"), "string.ascii_uppercase": Str("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
	"string.ascii_letters": Str("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
	"string.digits":        Str("0123456789"), "string.hexdigits": Str("0123456789abcdefABCDEF"), "string.octdigits": Str("01234567"),
	"string.punctuation": Str("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), "string.whitespace": Str(" \t\n\r\v\f"),
}

// versionTuple is the class of sys.version_info.
var versionTuple = &NamedTuple{Name: "version_info", Fields: []Annotation{
	{Name: "major"}, {Name: "minor"}, {Name: "micro"}, {Name: "releaselevel"}, {Name: "serial"},
}}

func (f *Frame) versionInfo() Value {
	version := f.Program().finder.Version()
	return &Instance{Class: versionTuple, Attrs: map[string]Value{
		"major": NewInt(int64(version[0])), "minor": NewInt(int64(version[1])),
		"micro": &Unknown{Reason: "the interpreter's patch version isn't looked at"}, "releaselevel": Str("final"), "serial": NewInt(0),
	}, owned: f.own()}
}

func init() {
	itself := Behaviour{Call: func(_ *Frame, c *Call) Value { return c.Value(0, "", nil) }}
	for _, name := range []string{
		"typing.overload", "typing.final", "typing.runtime_checkable", "typing.no_type_check", "typing.override", "abc.abstractmethod",
		"contextlib.contextmanager", "contextlib.asynccontextmanager", "functools.total_ordering", "functools.cache",
		"functools.singledispatch", "enum.unique", "asyncio.run", "atexit.register",
	} {
		pythonNatives[name] = itself
	}
	// They decorate, with arguments or without.
	for _, name := range []string{
		"functools.lru_cache", "typing.dataclass_transform", "typing.deprecated", "warnings.deprecated",
		"dataclasses_json.dataclass_json", "dataclasses_json.api.dataclass_json",
	} {
		pythonNatives[name] = Behaviour{
			Call: func(f *Frame, c *Call) Value {
				switch decorated := c.Value(0, "cls", nil).(type) {
				case *Class, *Function:
					return decorated
				}
				return f.newInstance(c.Func, c)
			},
			Apply: func(_ *Frame, _ *Instance, c *Call) Value { return c.Value(0, "", nil) },
		}
	}
	for name := range dataclassDecorators {
		pythonNatives[name] = Behaviour{
			Call: func(f *Frame, c *Call) Value {
				options := f.newInstance(c.Func, c)
				if class, ok := c.Value(0, "cls", nil).(*Class); ok {
					options.Args = nil
					return f.makeDataclass(class, options, c)
				}
				return options
			},
			Apply: func(f *Frame, self *Instance, c *Call) Value {
				class, ok := c.Value(0, "cls", nil).(*Class)
				if !ok {
					return nil
				}
				return f.makeDataclass(class, self, c)
			},
		}
	}
	calls := map[string]func(*Frame, *Call) Value{
		"dataclasses.field":          func(f *Frame, c *Call) Value { return f.newInstance(c.Func, c) },
		"dataclasses.replace":        replaceFields,
		"dataclasses.make_dataclass": dataclassOf,
		"typing.cast":                func(_ *Frame, c *Call) Value { return c.Value(1, "val", nil) },
		"typing.TypeVar":             newTypeVar,
		"typing.ParamSpec":           newTypeVar,
		"typing.TypeVarTuple":        newTypeVar,
		"typing.NewType":             newNewType,
		"typing.NamedTuple":          newTypedTuple,
		"typing.TypedDict":           newTypedDict,
		"collections.namedtuple":     newPlainTuple,
		"collections.OrderedDict":    callDict,
		"collections.defaultdict":    newDefaultDict,
		"functools.partial":          newPartial,
		"functools.update_wrapper":   func(f *Frame, c *Call) Value { return f.wrap(c.Value(0, "wrapper", nil), c.Value(1, "wrapped", nil)) },
		"functools.cached_property":  newCachedProperty,
		"functools.reduce":           reduce,
		"itertools.chain":            chain,
		"itertools.product":          product,
		"copy.copy":                  func(f *Frame, c *Call) Value { return f.copied(c.Value(0, "", nil), false) },
		"copy.deepcopy":              func(f *Frame, c *Call) Value { return f.copied(c.Value(0, "", nil), true) },
		"os.path.join":               joinPath,
		"os.path.basename":           pathPart(func(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }),
	}
	for name, call := range calls {
		if call != nil {
			pythonNatives[name] = Behaviour{Call: call}
		}
	}
	pythonNatives["functools.wraps"] = Behaviour{
		Call: func(f *Frame, c *Call) Value { return f.newInstance(c.Func, c) },
		Apply: func(f *Frame, self *Instance, c *Call) Value {
			if len(self.Args) == 0 {
				return nil
			}
			return f.wrap(c.Value(0, "", nil), self.Args[0])
		},
	}
	for _, name := range []string{
		"collections.deque", "collections.defaultdict", "collections.OrderedDict", "datetime.timezone", "datetime.tzinfo", "functools.partial", "functools.cached_property", "uuid.UUID", "enum.auto",
		"enum.member", "enum.nonmember", "typing.NamedTuple", "typing.TypedDict", "itertools.chain", "itertools.product",
	} {
		behaviour := pythonNatives[name]
		behaviour.Class = true
		pythonNatives[name] = behaviour
	}
	for name := range enumBases {
		pythonNatives[name] = Behaviour{Class: true, Call: func(f *Frame, c *Call) Value { return f.functionalEnum(c.Func, c) }}
	}
	pythonNatives["types.SimpleNamespace"] = Behaviour{Class: true, Init: func(f *Frame, self *Instance, c *Call) {
		for _, keyword := range c.Keywords {
			f.setIn(&self.Attrs, &self.owned, self, keyword.Name, keyword.Value)
		}
	}}
	pythonNatives["pathlib.Path"] = Behaviour{Class: true, Member: pathMember}
}

// replaceFields is dataclasses.replace.
func replaceFields(f *Frame, c *Call) Value {
	of, ok := c.Value(0, "obj", nil).(*Instance)
	if !ok || c.Open || of.Open || !f.intact(of) {
		return nil
	}
	class, ok := of.Class.(*Class)
	if !ok {
		return nil
	}
	call := &Call{Func: class, Expr: c.Expr, Keywords: slices.Clone(c.Keywords)}
	for _, field := range f.Fields(class) {
		if _, given := c.Arg(-1, field.Name); !given && field.Init && of.Attrs[field.Name] != nil {
			call.Keywords = append(call.Keywords, Named{Name: field.Name, Value: of.Attrs[field.Name]})
		}
	}
	return f.instantiate(class, call)
}

func newDefaultDict(f *Frame, c *Call) Value {
	call := &Call{Keywords: c.Keywords, Open: c.Open}
	if len(c.Args) > 1 {
		call.Args = c.Args[1:]
	}
	dict := callDict(f, call).(*Dict)
	if factory := c.Value(0, "", None{}); factory != Value(None{}) {
		dict.Factory = factory
	}
	return dict
}

func newPartial(f *Frame, c *Call) Value {
	if len(c.Args) == 0 || c.Open {
		return nil
	}
	partial := &Partial{Func: c.Args[0].Value, Keywords: slices.Clone(c.Keywords)}
	for _, arg := range c.Args[1:] {
		partial.Args = append(partial.Args, arg.Value)
	}
	if inner, ok := partial.Func.(*Partial); ok {
		call := inner.with(&Call{Args: c.Args[1:], Keywords: c.Keywords})
		partial = &Partial{Func: inner.Func, Keywords: call.Keywords}
		for _, arg := range call.Args {
			partial.Args = append(partial.Args, arg.Value)
		}
	}
	return partial
}

// wrap is functools.update_wrapper. An object keeps what it wraps in its
// attribute __wrapped__, a function in Wraps.
func (f *Frame) wrap(wrapper, wrapped Value) Value {
	if object, ok := wrapper.(*Instance); ok && wrapped != nil {
		f.setIn(&object.Attrs, &object.owned, object, "__wrapped__", wrapped)
		return object
	}
	fn, ok := wrapper.(*Function)
	if !ok || wrapped == nil {
		return wrapper
	}
	if may, certain := f.mine(&fn.owned, fn); !may || !certain {
		other := *fn
		other.owned = f.own()
		fn = &other
	}
	fn.Wraps = wrapped
	for name, set := range map[string]*string{"__name__": &fn.Name, "__qualname__": &fn.Qualname} {
		if text, ok := f.quietAttr(wrapped, name).(Str); ok {
			*set = string(text)
		}
	}
	if inner, ok := wrapped.(*Function); ok {
		fn.Module = inner.Module
		for name, value := range inner.Attrs {
			f.setIn(&fn.Attrs, &fn.owned, fn, name, value)
		}
	}
	return fn
}

// quietAttr is an attribute, nil if it isn't known, without an exception.
func (f *Frame) quietAttr(value Value, name string) Value {
	attr, _, _ := f.hasAttr(value, name)
	return attr
}

// cachedProperty is functools.cached_property(fn).
type cachedProperty struct{ fn *Function }

func (*cachedProperty) Describe() string { return "a cached property" }

func newCachedProperty(_ *Frame, c *Call) Value {
	if fn, ok := c.Value(0, "func", nil).(*Function); ok {
		return &cachedProperty{fn}
	}
	return nil
}

func reduce(f *Frame, c *Call) Value {
	if len(c.Args) < 2 {
		return nil
	}
	values, known := f.Iterate(f.interleaved(c.Args[1].Value))
	if !known {
		return nil
	}
	var result Value
	if len(c.Args) > 2 {
		result = c.Args[2].Value
	}
	for _, value := range values {
		if result == nil {
			result = value
			continue
		}
		result = f.CallValue(c.Args[0].Value, &Call{Args: []Named{{Value: result}, {Value: value}}, Expr: c.Expr})
	}
	return result
}

func chain(f *Frame, c *Call) Value {
	var all []Value
	for _, arg := range c.Args {
		values, known := f.Iterate(f.interleaved(arg.Value))
		if !known {
			return nil
		}
		all = append(all, values...)
	}
	return f.generated(all, !c.Open)
}

func product(f *Frame, c *Call) Value {
	if c.Open || len(c.Keywords) > 0 {
		return nil
	}
	rows := [][]Value{{}}
	for _, arg := range c.Args {
		values, known := f.Iterate(arg.Value)
		if !known || len(values)*len(rows) > maxTurns {
			return nil
		}
		var next [][]Value
		for _, row := range rows {
			for _, value := range values {
				next = append(next, append(slices.Clip(row), value))
			}
		}
		rows = next
	}
	tuples := make([]Value, len(rows))
	for i, row := range rows {
		tuples[i] = &Tuple{Elems: row}
	}
	return f.generated(tuples, true)
}

// copied is copy.copy or copy.deepcopy of a value; nil for objects, which may
// say themselves how they are copied.
func (f *Frame) copied(value Value, deep bool) Value {
	if !f.descend() {
		return nil
	}
	defer f.ascend()
	inner := func(v Value) Value {
		if !deep {
			return v
		}
		if c := f.copied(v, true); c != nil {
			return c
		}
		return &Unknown{Reason: "the copy of " + v.Describe() + " isn't known"}
	}
	switch v := value.(type) {
	case *List:
		list := f.copyList(v).(*List)
		for i, elem := range list.Elems {
			list.Elems[i] = inner(elem)
		}
		return list
	case *Dict:
		dict := &Dict{Factory: v.Factory, owned: f.own()}
		f.updateDict(dict, v)
		for i := range dict.Items {
			dict.Items[i].Value = inner(dict.Items[i].Value)
		}
		return dict
	case *Set, *Tuple, *Instance, *Uncertain:
		return nil
	}
	if certain(value) {
		return value
	}
	return nil
}
