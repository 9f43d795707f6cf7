package pyeval

import (
	"strings"
	"unicode"
)

func stringMethod(apply func(string) string) func(*Frame, Value, *Call) Value {
	return func(_ *Frame, self Value, _ *Call) Value { return Str(apply(string(self.(Str)))) }
}

// asciiMethod is one of which the rules for other letters aren't known here.
func asciiMethod(apply func(string) string) func(*Frame, Value, *Call) Value {
	return func(_ *Frame, self Value, _ *Call) Value {
		if !isASCII(string(self.(Str))) {
			return nil
		}
		return Str(apply(string(self.(Str))))
	}
}

func title(s string) string {
	letters := []byte(strings.ToLower(s))
	for i, c := range letters {
		if (i == 0 || !unicode.IsLetter(rune(letters[i-1]))) && c >= 'a' && c <= 'z' {
			letters[i] = c - 'a' + 'A'
		}
	}
	return string(letters)
}

func capitalize(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.ToLower(s[1:])
}

func trimMethod(space func(string, func(rune) bool) string, cut func(string, string) string) func(*Frame, Value, *Call) Value {
	return func(_ *Frame, self Value, c *Call) Value {
		switch chars := c.Value(0, "", None{}).(type) {
		case None:
			return Str(space(string(self.(Str)), unicode.IsSpace))
		case Str:
			return Str(cut(string(self.(Str)), string(chars)))
		}
		return nil
	}
}

func affixMethod(has func(s, affix string) bool) func(*Frame, Value, *Call) Value {
	return func(_ *Frame, self Value, c *Call) Value {
		if len(c.Args) != 1 {
			return nil
		}
		affixes := []Value{c.Args[0].Value}
		if tuple, ok := affixes[0].(*Tuple); ok {
			affixes = tuple.Elems
		}
		found := false
		for _, affix := range affixes {
			text, ok := affix.(Str)
			if !ok {
				return nil
			}
			found = found || has(string(self.(Str)), string(text))
		}
		return Bool(found)
	}
}

func twoStrings(apply func(s, by string) Value) func(*Frame, Value, *Call) Value {
	return func(_ *Frame, self Value, c *Call) Value {
		by, ok := c.Value(0, "", nil).(Str)
		if !ok || len(c.Args) != 1 {
			return nil
		}
		return apply(string(self.(Str)), string(by))
	}
}

func runesMethod(is func(rune) bool) func(*Frame, Value, *Call) Value {
	return func(_ *Frame, self Value, _ *Call) Value {
		s := string(self.(Str))
		if !isASCII(s) {
			return nil
		}
		return Bool(s != "" && strings.IndexFunc(s, func(r rune) bool { return !is(r) }) < 0)
	}
}

func splitMethod(f *Frame, self Value, c *Call) Value {
	limit := -1
	if n, ok := c.Value(1, "maxsplit", NewInt(-1)).(Int); ok && n.IsInt64() && n.Int64() < maxText {
		limit = int(n.Int64())
	}
	var parts []string
	switch separator := c.Value(0, "sep", None{}).(type) {
	case None:
		if limit >= 0 {
			return nil
		}
		parts = strings.Fields(string(self.(Str)))
	case Str:
		if separator == "" {
			return f.fail("ValueError", "the separator is empty", c.at())
		}
		if limit >= 0 {
			limit++
		}
		parts = strings.SplitN(string(self.(Str)), string(separator), limit)
		if limit == 0 {
			parts = []string{string(self.(Str))}
		}
	default:
		return nil
	}
	return f.texts(parts)
}

func splitLines(f *Frame, self Value, c *Call) Value {
	s := string(self.(Str))
	if len(c.Args)+len(c.Keywords) > 0 || strings.ContainsAny(s, "\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029") {
		return nil
	}
	if s == "" {
		return f.NewList(nil)
	}
	return f.texts(strings.Split(strings.TrimSuffix(s, "\n"), "\n"))
}

func (f *Frame) texts(parts []string) Value {
	if len(parts) > maxElems {
		return nil
	}
	values := make([]Value, len(parts))
	for i, part := range parts {
		values[i] = Str(part)
	}
	return f.NewList(values)
}
