package parser_test

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
)

// dumper writes nodes as testdata/ast_oracle.py does.
type dumper struct {
	strings.Builder
	spans, formatted bool
}

// dumpStatements are the lines that say what statements are.
func dumpStatements(statements []ast.Stmt) []string {
	var lines []string
	for _, statement := range statements {
		d := dumper{spans: true}
		d.value(reflect.ValueOf(statement))
		lines = append(lines, d.String())
	}
	return lines
}

var plainText = regexp.MustCompile(`^[\w .*+/%@<>=!|^&~-]*$`)

func dumpText(text string) string {
	if plainText.MatchString(text) {
		return "'" + text + "'"
	}
	return hex.EncodeToString([]byte(text))
}

func (d *dumper) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			d.WriteString("nil")
			return
		}
		if f, ok := v.Interface().(*ast.FunctionDef); ok {
			d.function(f)
			return
		}
		d.value(v.Elem())
	case reflect.Struct:
		d.node(v)
	case reflect.Slice:
		d.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				d.WriteByte(' ')
			}
			d.value(v.Index(i))
		}
		d.WriteByte(']')
	case reflect.String:
		d.WriteString(dumpText(v.String()))
	case reflect.Bool:
		d.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int:
		d.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Uint8:
		d.WriteString(strconv.FormatUint(v.Uint(), 10))
	default:
		panic(v.Kind())
	}
}

// spanless are nodes whose place Python's trees don't have, or have otherwise.
var spanless = map[string]bool{"Param": true, "TypeParam": true}

func (d *dumper) node(v reflect.Value) {
	name := v.Type().Name()
	d.WriteString(name)
	place := v.FieldByName("Range")
	if place.IsValid() && d.spans && !spanless[name] {
		fmt.Fprintf(d, "[%d:%d]", place.Field(0).Int(), place.Field(1).Int())
	}
	spans, formatted := d.spans, d.formatted
	if name == "JoinedStr" || name == "FormattedValue" {
		d.spans, d.formatted = false, true
	}
	d.WriteByte('(')
	first := true
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Name == "Range" || field.Name == "DefStart" || field.Name == "Inner" || field.Name == "TypeParams" ||
			field.Type == reflect.TypeFor[ast.Span]() {
			continue
		}
		if !first {
			d.WriteByte(' ')
		}
		first = false
		if field.Type == reflect.TypeFor[*ast.Name]() || field.Type == reflect.TypeFor[[]*ast.Name]() {
			inner := dumper{}
			inner.value(v.Field(i))
			d.WriteString(inner.String())
			continue
		}
		if name == "Constant" && field.Name == "Text" && d.formatted && v.FieldByName("Kind").Uint() < uint64(ast.StringConst) &&
			v.Field(i).Len() > 0 {
			d.WriteString("3f")
			continue
		}
		d.value(v.Field(i))
	}
	d.WriteByte(')')
	d.spans, d.formatted = spans, formatted
}

func (d *dumper) function(f *ast.FunctionDef) {
	d.WriteString("FunctionDef")
	if d.spans {
		fmt.Fprintf(d, "[%d:%d]", f.Start, f.End)
	}
	fmt.Fprintf(d, "(Name(%s) ", dumpText(f.Name.ID))
	d.value(reflect.ValueOf(f.Decorators))
	d.WriteByte(' ')
	d.value(reflect.ValueOf(f.Params))
	d.WriteByte(' ')
	if f.Returns == nil {
		d.WriteString("nil")
	} else {
		d.value(reflect.ValueOf(f.Returns))
	}
	fmt.Fprintf(d, " %s %v ", dumpText(f.Doc), f.Async)
	d.value(reflect.ValueOf(f.Body()))
	d.WriteByte(')')
}

// dumpPlain is what a node is, without places.
func dumpPlain(n ast.Node) string {
	d := dumper{}
	d.value(reflect.ValueOf(n))
	return d.String()
}
