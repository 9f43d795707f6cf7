package pyeval

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// String is str(value); false if it isn't known.
func (f *Frame) String(value Value) (string, bool) { return f.str(value) }

func (f *Frame) str(value Value) (string, bool) {
	switch v := value.(type) {
	case Str:
		return string(v), true
	case *EnumMember:
		if method, ok := f.inMRO(v.Class, "__str__"); ok {
			if fn, ok := method.(*Function); ok {
				text, ok := f.CallFunction(f.bindTo(fn, v), &Call{}).(Str)
				return string(text), ok
			}
		}
		switch {
		case v.Class.derivesFromNative("enum.StrEnum", "enum.ReprEnum", "enum.IntEnum", "enum.IntFlag"):
			if f.Program().finder.Version()[1] < 11 {
				return v.Class.Name + "." + v.Name, true
			}
			return f.str(v.Value)
		case v.Class.derivesFromNative("enum.Flag"):
			return "", false
		}
		return v.Class.Name + "." + v.Name, true
	case *Instance:
		if method, ok := f.special(v, "__str__"); ok {
			text, ok := f.CallValue(method, &Call{}).(Str)
			return string(text), ok
		}
		if isNative(v.Class, "pathlib.Path") {
			return pathText(v)
		}
		if length, ok := Timedelta(v); ok {
			return deltaText(length), true
		}
		if m, ok := MomentOf(v); ok {
			return m.ISO(" ")
		}
	}
	return f.repr(value)
}

// Repr is repr(value); false if it isn't known.
func (f *Frame) Repr(value Value) (string, bool) { return f.repr(value) }

func (f *Frame) repr(value Value) (string, bool) {
	if !f.descend() {
		return "", false
	}
	defer f.ascend()
	switch v := value.(type) {
	case Party:
		f.used(value, AsText, f.ev.asked)
	case None:
		return "None", true
	case Bool:
		if v {
			return "True", true
		}
		return "False", true
	case Int:
		if v.BitLen() > 3*maxDigits {
			return "", false
		}
		return v.String(), true
	case Float:
		return reprFloat(float64(v)), true
	case Str:
		return quote(string(v)), true
	case Bytes:
		return "b" + quoteBytes(string(v)), true
	case Ellipsis:
		return "Ellipsis", true
	case *List:
		if v.Open || !f.intact(v) {
			return "", false
		}
		return f.reprAll("[", v.Elems, "]")
	case *Tuple:
		if len(v.Elems) == 1 {
			return f.reprAll("(", v.Elems, ",)")
		}
		return f.reprAll("(", v.Elems, ")")
	case *Set:
		// The order of more elements is up to the interpreter.
		if v.Open || v.Frozen || len(v.Elems) != 1 || !f.intact(v) {
			return "", false
		}
		return f.reprAll("{", v.Elems, "}")
	case *Dict:
		if v.Open || v.Factory != nil || !f.intact(v) {
			return "", false
		}
		pairs := make([]string, len(v.Items))
		for i, item := range v.Items {
			key, ok1 := f.repr(item.Key)
			value, ok2 := f.repr(item.Value)
			if !ok1 || !ok2 {
				return "", false
			}
			pairs[i] = key + ": " + value
		}
		return "{" + strings.Join(pairs, ", ") + "}", true
	case *Class:
		return "<class '" + v.Module.Name + "." + v.Qualname + "'>", v.Module.Name != ""
	case *Native:
		if name, ok := strings.CutPrefix(v.Name, "builtins."); ok && f.nativeClass(v) {
			return "<class '" + name + "'>", true
		}
	}
	return "", false
}

func (f *Frame) reprAll(open string, values []Value, end string) (string, bool) {
	texts := make([]string, len(values))
	for i, value := range values {
		text, ok := f.repr(value)
		if !ok {
			return "", false
		}
		texts[i] = text
	}
	return open + strings.Join(texts, ", ") + end, true
}

// reprFloat writes a float as Python does: the shortest text that reads as it.
func reprFloat(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	case math.IsNaN(x):
		return "nan"
	}
	if exponent := math.Abs(x); x != 0 && (exponent < 1e-4 || exponent >= 1e16) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// quote is repr of a str.
func quote(s string) string {
	mark := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		mark = '"'
	}
	var b strings.Builder
	b.WriteRune(mark)
	for _, r := range s {
		switch {
		case r == mark || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteRune(mark)
	return b.String()
}

func quoteBytes(s string) string {
	mark := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		mark = '"'
	}
	var b strings.Builder
	b.WriteByte(mark)
	for _, c := range []byte(s) {
		switch {
		case c == mark || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c >= 0x20 && c < 0x7f:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	b.WriteByte(mark)
	return b.String()
}

// joinedStr is an f-string.
func (f *Frame) joinedStr(e *ast.JoinedStr) Value {
	var b strings.Builder
	var why Value
	for _, part := range e.Values {
		text, unknown := f.fPart(part)
		if unknown != nil && why == nil {
			why = unknown
		}
		b.WriteString(text)
	}
	if why != nil {
		if u, ok := why.(*Unknown); ok {
			return &Unknown{Reason: u.Reason, Expr: e}
		}
		return &Unknown{Reason: "the text of " + why.Describe() + " isn't known", Expr: e}
	}
	if b.Len() > maxText {
		return &Unknown{Reason: "the string is too long", Expr: e}
	}
	return Str(b.String())
}

// fPart is the text of a part of an f-string; why is the value of which the
// text isn't known.
func (f *Frame) fPart(part ast.Expr) (text string, why Value) {
	formatted, ok := part.(*ast.FormattedValue)
	if !ok {
		if constant, ok := part.(*ast.Constant); ok {
			return constant.Text, nil
		}
		formatted = &ast.FormattedValue{Value: part}
	}
	value := f.Eval(formatted.Value)
	was := f.asking(formatted.Value)
	defer func() { f.ev.asked = was }()
	spec := ""
	if formatted.Spec != nil {
		text, ok := f.joinedStr(formatted.Spec).(Str)
		if !ok {
			return "", value
		}
		spec = string(text)
	}
	switch formatted.Conversion {
	case 'r', 'a':
		text, ok := f.repr(value)
		if !ok || formatted.Conversion == 'a' && !isASCII(text) {
			return "", value
		}
		value = Str(text)
	case 's':
		text, ok := f.str(value)
		if !ok {
			return "", value
		}
		value = Str(text)
	}
	text, ok = f.format(value, spec)
	if !ok {
		return "", value
	}
	return text, nil
}

func isASCII(s string) bool {
	for _, b := range []byte(s) {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// format is format(value, spec).
func (f *Frame) format(value Value, spec string) (string, bool) {
	if m, ok := value.(*EnumMember); ok && m.mixin() != "" && !m.Class.derivesFromNative("enum.StrEnum", "enum.IntEnum") {
		return "", false // Python's versions differ
	}
	if i, ok := value.(*Instance); ok {
		if method, ok := f.special(i, "__format__"); ok {
			text, ok := f.CallValue(method, &Call{Args: []Named{{Value: Str(spec)}}}).(Str)
			return string(text), ok
		}
		if m, ok := MomentOf(i); ok && spec != "" {
			return m.format(spec)
		}
	}
	if spec == "" {
		return f.str(value)
	}
	f.used(value, AsFormatted, f.ev.asked)
	layout, ok := parseFormat(spec)
	if !ok {
		return "", false
	}
	return layout.apply(value)
}

// percent is `format % values`, of which %s, %d, %r and %f are known.
func (f *Frame) percent(format string, values Value) Value {
	args := []Value{values}
	if tuple, ok := values.(*Tuple); ok {
		args = tuple.Elems
	}
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(format, "%")
		b.WriteString(text)
		if !found {
			break
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("0123456789.-+ ", r) })
		if end < 0 {
			return nil
		}
		spec, kind := rest[:end], rest[end]
		format = rest[end+1:]
		if kind == '%' {
			b.WriteByte('%')
			continue
		}
		if len(args) == 0 {
			return f.fail("TypeError", "there are too few values for the format", nil)
		}
		value := args[0]
		args = args[1:]
		if left, ok := strings.CutPrefix(spec, "-"); ok {
			spec = "<" + left
		} else if spec != "" && !strings.HasPrefix(spec, "0") {
			spec = ">" + spec
		}
		if kind != 's' && kind != 'r' {
			f.used(value, AsFormatted, f.ev.asked)
		}
		ok := true
		switch kind {
		case 's':
			text, ok = f.str(value)
			value = Str(text)
		case 'r':
			text, ok = f.repr(value)
			value = Str(text)
		case 'd', 'i':
			n, isInt := integer(value)
			ok, value, spec = isInt, Int{n}, spec+"d"
		case 'f', 'e', 'x', 'X', 'o':
			spec += string(kind)
		default:
			return nil
		}
		if !ok {
			return nil
		}
		if text, ok = f.format(value, spec); !ok {
			return nil
		}
		b.WriteString(text)
	}
	if len(args) > 0 {
		if _, dict := values.(*Dict); !dict {
			return f.fail("TypeError", "there are too many values for the format", nil)
		}
	}
	return Str(b.String())
}

// formatMethod is format.format(args, keywords).
func (f *Frame) formatMethod(format string, c *Call) Value {
	var b strings.Builder
	next := 0
	for format != "" {
		i := strings.IndexAny(format, "{}")
		if i < 0 {
			b.WriteString(format)
			break
		}
		b.WriteString(format[:i])
		brace := format[i]
		format = format[i+1:]
		if strings.HasPrefix(format, string(brace)) {
			b.WriteByte(brace)
			format = format[1:]
			continue
		}
		if brace == '}' {
			return nil
		}
		field, rest, found := strings.Cut(format, "}")
		if !found || strings.Contains(field, "{") {
			return nil
		}
		format = rest
		name, spec, _ := strings.Cut(field, ":")
		name, conversion, _ := strings.Cut(name, "!")
		value := f.formatField(name, c, &next)
		ok := value != nil
		text := ""
		switch {
		case !ok:
		case conversion == "r":
			text, ok = f.repr(value)
			value = Str(text)
		case conversion == "s":
			text, ok = f.str(value)
			value = Str(text)
		case conversion != "":
			ok = false
		}
		if ok {
			text, ok = f.format(value, spec)
		}
		if !ok {
			return nil
		}
		b.WriteString(text)
	}
	return Str(b.String())
}

// formatField is the value that a replacement field names; nil if it isn't
// known.
func (f *Frame) formatField(name string, c *Call, next *int) Value {
	path := strings.Split(name, ".")
	if strings.Contains(name, "[") {
		return nil
	}
	var arg Named
	if path[0] == "" {
		arg, _ = c.Arg(*next, "")
		*next++
	} else if n, err := strconv.Atoi(path[0]); err == nil {
		arg, _ = c.Arg(n, "")
	} else {
		arg, _ = c.Arg(-1, path[0])
	}
	value := arg.Value
	f.ev.asked = arg.Expr
	for _, attr := range path[1:] {
		if value == nil {
			return nil
		}
		value = f.Attr(value, attr)
	}
	return value
}
