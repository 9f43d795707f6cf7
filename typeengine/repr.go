package typeengine

import (
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// typeText is what Python's str() says of a type, which is how flytekit names a
// pickled one (types/pickle/pickle.py).
func (c *conversion) typeText(t pyeval.Value) (string, error) {
	switch t := c.resolve(t).(type) {
	case pyeval.None:
		return "<class 'NoneType'>", nil
	case *pyeval.Class:
		if c.isEnum(t) {
			return "<enum '" + t.Name + "'>", nil
		}
		return "<class '" + classPath(t) + "'>", nil
	case *pyeval.Native:
		if own, class, err := c.ownName(t); err != nil {
			return "", err
		} else if class {
			return "<class '" + strings.TrimPrefix(own, "builtins.") + "'>", nil
		} else {
			return own, nil
		}
	case *pyeval.Alias, *pyeval.Union, *pyeval.TypeVar, *pyeval.NewType, *pyeval.TypeAliasValue:
		text, err := c.innerText(t, true)
		if strings.HasSuffix(text, "._SpecificFormatClass") {
			text = "<class '" + text + "'>"
		}
		return text, err
	default:
		return "", unknown("what Python calls %s isn't known", describe(t))
	}
}

// reprOr is typeText for messages, with words of ours where it isn't known.
func (c *conversion) reprOr(t pyeval.Value) string {
	if text, err := c.typeText(t); err == nil {
		return text
	}
	return describe(t)
}

func classPath(class *pyeval.Class) string {
	if class.Module == nil || class.Module.Source == nil || class.Module.Name == "" {
		return class.Qualname
	}
	return class.Module.Name + "." + class.Qualname
}

// ownName is the name that a native gives itself, and whether it is a class.
func (c *conversion) ownName(n *pyeval.Native) (own string, class bool, err error) {
	if known, ok := nativeClasses()[n.Name]; ok {
		if !c.trueHere(known) {
			if old, ok := pandas2[n.Name]; ok && c.Version != nil && major(c.Version("pandas")) == "2" {
				return old, true, nil
			}
			return "", false, unknown("what the installed version of %s calls %s isn't known", known.distribution, n.Name)
		}
		if n.Name == "typing.Any" {
			return n.Name, false, nil // its metaclass has a repr of its own
		}
		return known.own, true, nil
	}
	if isSpecialForm(n.Name) {
		return n.Name, false, nil
	}
	if _, ok := registry[n.Name]; ok && isFlyteClass(n) {
		return n.Name, true, nil
	}
	return "", false, c.notKnown(n)
}

// pandas2 are the own names of classes that pandas 3 gave others.
var pandas2 = map[string]string{
	"pandas.Series":    "pandas.core.series.Series",
	"pandas.Index":     "pandas.core.indexes.base.Index",
	"pandas.DataFrame": "pandas.core.frame.DataFrame",
}

// trueHere tells whether what natives.txt says of a class's own name is true of
// what is installed. Names that programs import stay; the modules behind them
// change with the first number of a version.
func (c *conversion) trueHere(class nativeClass) bool {
	if class.distribution == "python" {
		return c.python()[1] < 13 || !strings.HasPrefix(class.own, "pathlib.")
	}
	if class.version == "" {
		return true
	}
	if c.Version == nil || c.Version(class.distribution) == "" {
		c.assume(class.distribution + " is " + class.version)
		return true
	}
	return major(c.Version(class.distribution)) == major(class.version)
}

func major(version string) string {
	first, _, _ := strings.Cut(version, ".")
	return first
}

// innerText is a type as it stands within another, in typing's words or in
// those of types.GenericAlias (typing._type_repr, ga_repr_item of CPython).
func (c *conversion) innerText(t pyeval.Value, typing bool) (string, error) {
	switch t := c.resolve(t).(type) {
	case pyeval.None:
		if typing {
			return "NoneType", nil
		}
		return "None", nil
	case pyeval.Ellipsis:
		return "...", nil
	case *pyeval.Class:
		return classPath(t), nil
	case *pyeval.Native:
		own, _, err := c.ownName(t)
		return strings.TrimPrefix(own, "builtins."), err
	case *pyeval.TypeVar:
		return "~" + t.Name, nil
	case *pyeval.TypeAliasValue:
		return t.Name, nil
	case *pyeval.NewType:
		return c.newTypeText(t)
	case *pyeval.List: // the parameters of Callable
		return c.joined("[", t.Elems, typing, "]")
	case *pyeval.Union:
		return c.unionText(t)
	case *pyeval.Alias:
		return c.aliasText(t)
	default:
		return "", unknown("what Python calls %s isn't known", describe(t))
	}
}

func (c *conversion) joined(open string, args []pyeval.Value, typing bool, closing string) (string, error) {
	texts := make([]string, len(args))
	for i, arg := range args {
		text, err := c.innerText(arg, typing)
		if err != nil {
			return "", err
		}
		texts[i] = text
	}
	return open + strings.Join(texts, ", ") + closing, nil
}

func (c *conversion) unionText(u *pyeval.Union) (string, error) {
	if u.Pipe && !c.holdsTyping(u) {
		texts := make([]string, len(u.Args))
		for i, arg := range u.Args {
			text, err := c.innerText(arg, false)
			if err != nil {
				return "", err
			}
			texts[i] = text
		}
		return strings.Join(texts, " | "), nil
	}
	if len(u.Args) == 2 {
		for i, arg := range u.Args {
			if _, ok := c.resolve(arg).(pyeval.None); ok {
				return c.joined("typing.Optional[", u.Args[1-i:2-i], true, "]")
			}
		}
	}
	return c.joined("typing.Union[", u.Args, true, "]")
}

// holdsTyping tells whether `X | Y` holds an object of typing, which makes it a
// typing.Union.
func (c *conversion) holdsTyping(u *pyeval.Union) bool {
	for _, arg := range u.Args {
		switch arg := c.resolve(arg).(type) {
		case *pyeval.TypeVar, *pyeval.ForwardRef:
			return true
		case *pyeval.Alias:
			if !c.isGenericAlias(arg) && !isFlyteClass(c.resolve(arg.Origin)) {
				return true
			}
		case *pyeval.Native:
			if isSpecialForm(arg.Name) && arg.Name != "typing.Any" {
				return true
			}
		}
	}
	return false
}

// isFlyteClass tells whether indexing a class of flytekit gives a class.
func isFlyteClass(origin pyeval.Value) bool {
	return strings.HasPrefix(nativeName(origin), "flytekit.")
}

func (c *conversion) aliasText(a *pyeval.Alias) (string, error) {
	origin := c.resolve(a.Origin)
	if nativeName(origin) == "flytekit.types.pickle.pickle.FlytePickle" {
		return "flytekit.types.pickle.pickle.FlytePickle.__class_getitem__.<locals>._SpecificFormatClass", nil
	}
	if isFlyteClass(origin) {
		return "", unknown("what Python calls %s isn't known", describe(a))
	}
	switch nativeName(origin) {
	case "typing.Literal":
		return c.literalText("typing.Literal[", a.Args)
	case "typing.Annotated":
		return c.annotatedText(a)
	}
	generic := c.isGenericAlias(a)
	name, err := c.innerText(origin, true)
	if err != nil {
		return "", err
	}
	if spelled := nativeName(a.Spelled); spelled != "" && !generic {
		name = strings.Replace(spelled, "typing_extensions.", "typing.", 1)
	}
	return c.joined(name+"[", a.Args, !generic, "]")
}

func (c *conversion) literalText(open string, args []pyeval.Value) (string, error) {
	texts := make([]string, len(args))
	for i, arg := range args {
		text, ok := c.valueText(arg)
		if !ok {
			return "", unknown("what Python calls %s isn't known", describe(arg))
		}
		texts[i] = text
	}
	return open + strings.Join(texts, ", ") + "]", nil
}

func (c *conversion) annotatedText(a *pyeval.Alias) (string, error) {
	flat, ok := annotated(a)
	if !ok {
		return "", unknown("Annotated has no type")
	}
	of, err := c.innerText(flat.Args[0], true)
	if err != nil {
		return "", err
	}
	return c.literalText("typing.Annotated["+of+", ", flat.Args[1:])
}

func (c *conversion) newTypeText(t *pyeval.NewType) (string, error) {
	if t.Module == nil || t.Module.Source == nil || t.Module.Name == "" {
		return "", unknown("the module of the type %s isn't known", t.Name)
	}
	return t.Module.Name + "." + t.Name, nil
}

// valueText is Python's repr() of a value; false where the source doesn't tell
// it (it has an address).
func (c *conversion) valueText(v pyeval.Value) (string, bool) {
	switch v := c.resolve(v).(type) {
	case *pyeval.List:
		return c.valuesText("[", v.Elems, "]", v.Open)
	case *pyeval.Tuple:
		if len(v.Elems) == 1 {
			return c.valuesText("(", v.Elems, ",)", false)
		}
		return c.valuesText("(", v.Elems, ")", false)
	case *pyeval.Dict:
		texts := make([]string, len(v.Items))
		for i, item := range v.Items {
			key, ok := c.valueText(item.Key)
			value, also := c.valueText(item.Value)
			if !ok || !also {
				return "", false
			}
			texts[i] = key + ": " + value
		}
		return "{" + strings.Join(texts, ", ") + "}", !v.Open
	case *pyeval.Class, *pyeval.Native, *pyeval.Alias, *pyeval.Union:
		text, err := c.typeText(v)
		return text, err == nil
	case *pyeval.Instance:
		return "", false // it mostly has its address in it
	default:
		if c.frame == nil {
			return "", false
		}
		return c.frame.Repr(v)
	}
}

func (c *conversion) valuesText(open string, values []pyeval.Value, closing string, more bool) (string, bool) {
	texts := make([]string, len(values))
	for i, value := range values {
		text, ok := c.valueText(value)
		if !ok {
			return "", false
		}
		texts[i] = text
	}
	return open + strings.Join(texts, ", ") + closing, !more
}
