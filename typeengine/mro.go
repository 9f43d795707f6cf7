package typeengine

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

//go:generate sh -c "../.build/venv/bin/python natives.py > natives.txt"

//go:embed natives.txt
var nativesText string

// nativeClass is what natives.txt tells of a class.
type nativeClass struct {
	own   string   // the name that the class gives itself
	bases []string // the own names of its bases that matter
	// distribution and version that this is true of.
	distribution, version string
}

var nativeClasses = sync.OnceValue(func() map[string]nativeClass {
	classes := make(map[string]nativeClass, strings.Count(nativesText, "\n"))
	var distribution, version string
	for line := range strings.Lines(nativesText) {
		words := strings.Fields(line)
		if len(words) < 3 {
			continue
		}
		if words[0] == "#" {
			distribution, version = words[1], words[2]
			continue
		}
		class := nativeClass{own: words[1], distribution: distribution, version: version}
		if class.own == "-" {
			class.own = words[0]
		}
		if words[2] != "-" {
			class.bases = strings.Split(words[2], ",")
		}
		classes[words[0]] = class
		if _, ok := classes[class.own]; !ok {
			classes[class.own] = class
		}
	}
	for public, own := range frames {
		class := nativeClass{own: own, distribution: strings.SplitN(public, ".", 2)[0]}
		classes[public], classes[own] = class, class
	}
	return classes
})

// frames are the own names of dataframes that natives.py doesn't import, for
// interpreters without the plugin that knows them.
var frames = map[string]string{
	"polars.DataFrame":         "polars.dataframe.frame.DataFrame",
	"polars.LazyFrame":         "polars.lazyframe.frame.LazyFrame",
	"polars.Series":            "polars.series.series.Series",
	"polars.Expr":              "polars.expr.expr.Expr",
	"pyspark.sql.DataFrame":    "pyspark.sql.dataframe.DataFrame",
	"pyspark.sql.SparkSession": "pyspark.sql.session.SparkSession",
}

// mro are the classes that flytekit asks for one after another, from the class
// itself to the outermost base without object; nil of what has none
// (TypeEngine.get_transformer: hasattr(python_type, "__mro__")).
func (c *conversion) mro(t pyeval.Value) ([]pyeval.Value, error) {
	switch t := t.(type) {
	case *pyeval.Class:
		return c.linear(t, nil), nil
	case *pyeval.NamedTuple:
		return []pyeval.Value{t, tupleNative}, nil
	case *pyeval.Native:
		return c.nativeMRO(t)
	case *pyeval.Alias:
		if c.isGenericAlias(t) {
			return c.mro(c.resolve(t.Origin))
		}
	}
	return nil, nil
}

var tupleNative = &pyeval.Native{Name: "builtins.tuple"}

func (c *conversion) nativeMRO(n *pyeval.Native) ([]pyeval.Value, error) {
	if class, ok := nativeClasses()[n.Name]; ok {
		return class.mro(n), nil
	}
	if isSpecialForm(n.Name) {
		return nil, nil
	}
	return nil, c.notKnown(n)
}

func (c *conversion) notKnown(n *pyeval.Native) error {
	if n.Missing != "" {
		return &UnknownError{Reason: n.Missing}
	}
	return unknown("what flytekit makes of %s isn't known", n.Name)
}

func (class nativeClass) mro(n *pyeval.Native) []pyeval.Value {
	mro := []pyeval.Value{n}
	for _, base := range class.bases {
		mro = append(mro, &pyeval.Native{Name: base})
	}
	return mro
}

// isGenericAlias tells whether `origin[args]` is a types.GenericAlias, which
// passes attributes on to its origin, and not one of typing's aliases.
func (c *conversion) isGenericAlias(a *pyeval.Alias) bool {
	if _, ok := c.resolve(a.Origin).(*pyeval.Native); !ok {
		return false
	}
	spelled := nativeName(a.Spelled)
	if spelled == "" {
		spelled = nativeName(c.resolve(a.Origin))
	}
	return !strings.HasPrefix(spelled, "typing.") && !strings.HasPrefix(spelled, "typing_extensions.")
}

// isSpecialForm tells whether a native of typing is no class: Any, Callable,
// Optional and the like. (Any is one, but has no base that would matter.)
func isSpecialForm(name string) bool {
	rest, ok := strings.CutPrefix(name, "typing.")
	return ok && !strings.Contains(rest, ".")
}

// linear is the C3 linearisation of a class, without object. What isn't known
// of its bases stands in it as Unknown.
func (c *conversion) linear(class *pyeval.Class, within []*pyeval.Class) []pyeval.Value {
	if slices.Contains(within, class) {
		return []pyeval.Value{&pyeval.Unknown{Reason: "the class " + class.Name + " derives from itself"}}
	}
	within = append(within, class)
	var lists [][]pyeval.Value
	var bases []pyeval.Value
	for _, base := range class.Bases {
		list := c.baseMRO(c.resolve(base), within)
		if len(list) == 0 {
			continue
		}
		lists = append(lists, list)
		bases = append(bases, list[0])
	}
	lists = append(lists, bases)
	out := []pyeval.Value{class}
	for {
		lists = slices.DeleteFunc(lists, func(list []pyeval.Value) bool { return len(list) == 0 })
		if len(lists) == 0 {
			return out
		}
		next := candidate(lists)
		if next == nil {
			return append(out, &pyeval.Unknown{Reason: "the bases of " + class.Name + " have no order"})
		}
		out = append(out, next)
		for i, list := range lists {
			if sameClass(list[0], next) {
				lists[i] = list[1:]
			}
		}
	}
}

// candidate is the first head that is in no tail.
func candidate(lists [][]pyeval.Value) pyeval.Value {
	for _, list := range lists {
		head := list[0]
		blocked := slices.ContainsFunc(lists, func(other []pyeval.Value) bool {
			return slices.ContainsFunc(other[1:], func(v pyeval.Value) bool { return sameClass(v, head) })
		})
		if !blocked {
			return head
		}
	}
	return nil
}

func (c *conversion) baseMRO(base pyeval.Value, within []*pyeval.Class) []pyeval.Value {
	switch base := base.(type) {
	case *pyeval.Class:
		return c.linear(base, within)
	case *pyeval.Native:
		switch base.Name {
		case "builtins.object":
			return nil
		case "typing.TypedDict":
			return []pyeval.Value{dictNative}
		case "typing.NamedTuple":
			return []pyeval.Value{tupleNative}
		}
		if class, ok := nativeClasses()[base.Name]; ok {
			return class.mro(base)
		}
		return []pyeval.Value{base}
	case *pyeval.NamedTuple:
		return []pyeval.Value{base, tupleNative}
	case *pyeval.Alias:
		origin := c.resolve(base.Origin)
		if _, ok := registry[nativeName(origin)]; ok && strings.HasPrefix(nativeName(origin), "flytekit.") {
			return []pyeval.Value{base} // FlyteFile["csv"] is a class of its own
		}
		return c.baseMRO(origin, within)
	case *pyeval.Unknown:
		return []pyeval.Value{base}
	default:
		return []pyeval.Value{&pyeval.Unknown{Reason: "a base class is " + describe(base)}}
	}
}

func sameClass(a, b pyeval.Value) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case *pyeval.Native:
		return a.Name != "" && a.Name == nativeName(b)
	case *pyeval.Class:
		other, ok := b.(*pyeval.Class)
		return ok && sameDefinition(a, other)
	}
	return false
}

// sameDefinition tells whether two values are the class of one statement, which
// two evaluations may have made.
func sameDefinition(a, b *pyeval.Class) bool {
	return a == b || a.Def != nil && a.Def == b.Def && a.Qualname == b.Qualname
}

// derives tells whether a class has a native among its bases; known is false
// if a base before it isn't known.
func (c *conversion) derives(class *pyeval.Class, names ...string) (derives, known bool) {
	for _, base := range c.linear(class, nil) {
		switch base := base.(type) {
		case *pyeval.Native:
			if slices.Contains(names, base.Name) {
				return true, true
			}
		case *pyeval.Unknown:
			return false, false
		}
	}
	return false, true
}

// derivesFrom tells whether a class derives from another one of source.
func (c *conversion) derivesFrom(class, base *pyeval.Class) bool {
	return slices.ContainsFunc(c.linear(class, nil), func(v pyeval.Value) bool { return sameClass(v, base) })
}

// isInstanceOf tells whether an object is of a class of that name, or of one
// that is known to derive from it.
func (c *conversion) isInstanceOf(i *pyeval.Instance, name string) bool {
	switch class := c.resolve(i.Class).(type) {
	case *pyeval.Native:
		if class.Name == name {
			return true
		}
		return slices.Contains(nativeClasses()[class.Name].bases, name)
	case *pyeval.Class:
		derives, _ := c.derives(class, name)
		return derives
	}
	return false
}

func (c *conversion) isEnum(class *pyeval.Class) bool {
	for _, base := range c.linear(class, nil) {
		if c.isEnumNative(nativeName(base)) {
			return true
		}
	}
	return false
}

// isEnumNative tells whether a native is an enum class.
func (c *conversion) isEnumNative(name string) bool {
	return name == "enum.Enum" || slices.Contains(nativeClasses()[name].bases, "enum.Enum")
}
