package pyeval

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// layout is a format specification:
// [[fill]align][sign][#][0][width][grouping][.precision][type].
type layout struct {
	fill      rune
	align     byte
	sign      byte
	zero      bool
	width     int
	grouping  byte
	precision int // -1 if there is none
	kind      byte
}

func parseFormat(spec string) (l layout, ok bool) {
	l = layout{fill: ' ', precision: -1}
	fill, size := utf8.DecodeRuneInString(spec)
	if len(spec) > size && strings.IndexByte("<>^=", spec[size]) >= 0 {
		l.fill, l.align, spec = fill, spec[size], spec[size+1:]
	} else if spec != "" && strings.IndexByte("<>^=", spec[0]) >= 0 {
		l.align, spec = spec[0], spec[1:]
	}
	if spec != "" && strings.IndexByte("+- ", spec[0]) >= 0 {
		l.sign, spec = spec[0], spec[1:]
	}
	if strings.HasPrefix(spec, "0") {
		l.zero, spec = true, spec[1:]
	}
	digits := func() (n int, any bool) {
		for spec != "" && spec[0] >= '0' && spec[0] <= '9' && n < 10_000 {
			n, any, spec = 10*n+int(spec[0]-'0'), true, spec[1:]
		}
		return n, any
	}
	l.width, _ = digits()
	if spec != "" && (spec[0] == ',' || spec[0] == '_') {
		l.grouping, spec = spec[0], spec[1:]
	}
	if strings.HasPrefix(spec, ".") {
		spec = spec[1:]
		precision, any := digits()
		if !any {
			return l, false
		}
		l.precision = precision
	}
	if len(spec) > 1 {
		return l, false
	}
	if spec != "" {
		l.kind = spec[0]
	}
	return l, true
}

func (l layout) apply(value Value) (string, bool) {
	if text, ok := value.(Str); ok {
		if l.kind != 0 && l.kind != 's' || l.sign != 0 || l.grouping != 0 || l.align == '=' || l.zero {
			return "", false
		}
		s := string(text)
		if runes := []rune(s); l.precision >= 0 && len(runes) > l.precision {
			s = string(runes[:l.precision])
		}
		return l.pad("", s, '<'), true
	}
	var digits string
	negative := false
	switch v := value.(type) {
	case Int:
		negative = v.Sign() < 0
		absolute := new(big.Int).Abs(v.Int)
		switch l.kind {
		case 0, 'd':
			digits = absolute.String()
		case 'x':
			digits = absolute.Text(16)
		case 'X':
			digits = strings.ToUpper(absolute.Text(16))
		case 'o':
			digits = absolute.Text(8)
		case 'b':
			digits = absolute.Text(2)
		case 'f', 'F', 'e', 'E', '%':
			x, _ := number(v)
			return l.apply(Float(x))
		default:
			return "", false
		}
		if l.precision >= 0 || l.grouping != 0 && l.kind != 0 && l.kind != 'd' {
			return "", false
		}
	case Float:
		x := float64(v)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return "", false
		}
		negative = math.Signbit(x)
		x = math.Abs(x)
		precision := l.precision
		if precision < 0 {
			precision = 6
		}
		switch l.kind {
		case 'f', 'F':
			digits = strconv.FormatFloat(x, 'f', precision, 64)
		case 'e', 'E':
			digits = strconv.FormatFloat(x, l.kind, precision, 64)
		case '%':
			digits = strconv.FormatFloat(x*100, 'f', precision, 64) + "%"
		case 0:
			if l.precision >= 0 {
				return "", false
			}
			digits = reprFloat(x)
		default:
			return "", false
		}
	default:
		return "", false
	}
	if l.grouping != 0 {
		digits = grouped(digits, l.grouping)
		if l.zero {
			return "", false
		}
	}
	sign := ""
	switch {
	case negative:
		sign = "-"
	case l.sign == '+' || l.sign == ' ':
		sign = string(l.sign)
	}
	if l.zero && l.align == 0 {
		l.fill, l.align = '0', '='
	}
	return l.pad(sign, digits, '>'), true
}

// grouped puts a separator between the thousands.
func grouped(digits string, separator byte) string {
	end := strings.IndexAny(digits, ".%e")
	if end < 0 {
		end = len(digits)
	}
	whole, rest := digits[:end], digits[end:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + string(separator) + whole[i:]
	}
	return whole + rest
}

func (l layout) pad(sign, text string, align byte) string {
	if l.align != 0 {
		align = l.align
	}
	missing := l.width - utf8.RuneCountInString(sign) - utf8.RuneCountInString(text)
	if missing <= 0 {
		return sign + text
	}
	fill := func(n int) string { return strings.Repeat(string(l.fill), n) }
	switch align {
	case '<':
		return sign + text + fill(missing)
	case '^':
		return fill(missing/2) + sign + text + fill(missing-missing/2)
	case '=':
		return sign + fill(missing) + text
	}
	return fill(missing) + sign + text
}
