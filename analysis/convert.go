package analysis

import (
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// convert are the fixes that write a constant as the type wants it, where
// nothing of it is lost.
func (p *pass) convert(m *misfit) []Fix {
	if m.Expr == nil {
		return nil
	}
	text, safe := converted(m.Value, m.Expr, p.Text(m.Expr.Span()), m.Type)
	if text == "" {
		return nil
	}
	return []Fix{{Title: "Write " + text, Edits: []Edit{p.Edit(m.Expr.Span(), text)}, Safe: safe}}
}

// converted is a constant as one of another type, "" where it isn't one. safe:
// it is the same value.
func converted(value pyeval.Value, expr ast.Expr, text string, to pyeval.Value) (converted string, safe bool) {
	switch expr.(type) {
	case *ast.Tuple, *ast.Set:
		return asList(value, text, to)
	case *ast.Constant, *ast.UnaryOp:
	default:
		return "", false
	}
	native, ok := to.(*pyeval.Native)
	if !ok {
		return "", false
	}
	switch given := value.(type) {
	case pyeval.Int:
		switch {
		case native.Name == "builtins.float" && isDecimal(text):
			return text + ".0", true
		case native.Name == "builtins.str":
			return quoted(text), false
		case native.Name == "builtins.bool" && given.IsInt64() && given.Int64() == 0:
			return "False", false
		case native.Name == "builtins.bool" && given.IsInt64() && given.Int64() == 1:
			return "True", false
		}
	case pyeval.Float:
		whole := strings.TrimSuffix(text, ".0")
		switch {
		case native.Name == "builtins.int" && whole != text && isDecimal(whole):
			return whole, true
		case native.Name == "builtins.str":
			return quoted(text), false
		}
	case pyeval.Bool:
		switch {
		case native.Name == "builtins.str":
			return quoted(text), false
		case native.Name == "builtins.int" && bool(given):
			return "1", false
		case native.Name == "builtins.int":
			return "0", false
		}
	case pyeval.Str:
		switch {
		case native.Name == "builtins.int" && isDecimal(string(given)):
			return string(given), false
		case native.Name == "builtins.float" && isDecimal(string(given)):
			return string(given) + ".0", false
		case native.Name == "builtins.float" && isFraction(string(given)):
			return string(given), false
		case native.Name == "builtins.bool" && (given == "True" || given == "False"):
			return string(given), false
		}
	}
	return "", false
}

// asList is a tuple or a set as it is written, as a list.
func asList(value pyeval.Value, text string, to pyeval.Value) (string, bool) {
	alias, ok := to.(*pyeval.Alias)
	if !ok {
		return "", false
	}
	if origin, ok := alias.Origin.(*pyeval.Native); !ok || origin.Name != "builtins.list" {
		return "", false
	}
	_, safe := value.(*pyeval.Tuple)
	inner := text
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") || strings.HasPrefix(text, "{") {
		inner = text[1 : len(text)-1]
	}
	return "[" + strings.TrimSuffix(strings.TrimSpace(inner), ",") + "]", safe
}

func quoted(text string) string { return `"` + text + `"` }

// isDecimal tells whether Python reads a text as an int in decimal digits.
func isDecimal(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return false
	}
	return digits == "0" || digits[0] != '0'
}

// isFraction tells whether Python reads a text as a float like 2.5.
func isFraction(text string) bool {
	before, after, found := strings.Cut(text, ".")
	_, err := strconv.ParseFloat(text, 64)
	return err == nil && found && isDecimal(before) && after != "" && strings.Trim(after, "0123456789") == ""
}

// constant is an expression that is a constant; false of others.
func constant(expr ast.Expr) (*ast.Constant, bool) {
	constant, ok := expr.(*ast.Constant)
	return constant, ok
}

// listed writes a text as the one that a Literal lists and that it is likely a
// misspelling of.
func (p *pass) listed(m *misfit) []Fix {
	alias, ok := m.Type.(*pyeval.Alias)
	given, isText := m.Value.(pyeval.Str)
	if _, written := constant(m.Expr); !ok || !isText || !written {
		return nil
	}
	var values []string
	for _, arg := range alias.Args {
		if text, ok := arg.(pyeval.Str); ok {
			values = append(values, string(text))
		}
	}
	meant := Nearest(string(given), values)
	if meant == "" {
		return nil
	}
	text := strconv.Quote(meant)
	return []Fix{{Title: "Write " + text, Edits: []Edit{p.Edit(m.Expr.Span(), text)}}}
}
