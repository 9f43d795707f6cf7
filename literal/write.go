package literal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writeJSON writes v; path is where v stands in the whole value.
func writeJSON(out *bytes.Buffer, v value, path string) error {
	switch v := v.(type) {
	case nil:
		out.WriteString("null")
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case int64:
		out.WriteString(strconv.FormatInt(v, 10))
	case uint64:
		out.WriteString(strconv.FormatUint(v, 10))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			writeJSONString(out, floatText(v))
		} else {
			out.WriteString(floatText(v))
		}
	case string:
		writeJSONString(out, v)
	case bare:
		writeJSONString(out, v.json)
	case []byte:
		writeJSONString(out, base64.StdEncoding.EncodeToString(v))
	case []any:
		return writeJSONList(out, v, path)
	case *object:
		return writeJSONObject(out, v, path)
	case unshowable:
		return &UnshowableError{Path: path, What: string(v)}
	default:
		return &UnshowableError{Path: path, What: fmt.Sprintf("a value of the Go type %T", v)}
	}
	return nil
}

func writeJSONList(out *bytes.Buffer, items []any, path string) error {
	out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := writeJSON(out, item, path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	out.WriteByte(']')
	return nil
}

func writeJSONObject(out *bytes.Buffer, o *object, path string) error {
	out.WriteByte('{')
	for i, key := range o.keys {
		if i > 0 {
			out.WriteByte(',')
		}
		writeJSONString(out, key)
		out.WriteByte(':')
		if err := writeJSON(out, o.values[i], strings.TrimPrefix(path+"."+key, ".")); err != nil {
			return err
		}
	}
	out.WriteByte('}')
	return nil
}

func writeJSONString(out *bytes.Buffer, s string) {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	// A string always encodes, and a buffer takes all; the encoder's line end
	// goes away again.
	_ = enc.Encode(s)
	out.Truncate(out.Len() - 1)
}

// lineWriter collects one line and stops at its limit, so that the text of a
// list of a million items costs as much as that of ten.
type lineWriter struct {
	out   strings.Builder
	runes int
	limit int
	cut   bool
}

func (w *lineWriter) String() string {
	if w.cut {
		return w.out.String() + "…"
	}
	return w.out.String()
}

func (w *lineWriter) write(s string) {
	if w.cut {
		return
	}
	n := utf8.RuneCountInString(s)
	if w.runes+n <= w.limit {
		w.out.WriteString(s)
		w.runes += n
		return
	}
	w.shorten(s)
}

// shorten fills what room is left, with one rune kept for the "…".
func (w *lineWriter) shorten(s string) {
	w.cut = true
	kept := []rune(w.out.String() + s)
	kept = kept[:max(w.limit-1, 0)]
	w.out.Reset()
	w.out.WriteString(string(kept))
}

func (w *lineWriter) value(v value) {
	switch v := v.(type) {
	case nil:
		w.write("None")
	case bool:
		w.write(map[bool]string{true: "True", false: "False"}[v])
	case int64:
		w.write(strconv.FormatInt(v, 10))
	case uint64:
		w.write(strconv.FormatUint(v, 10))
	case float64:
		w.write(floatText(v))
	case string:
		w.write(w.quoted(v))
	case []byte:
		w.write("b" + w.quoted(string(v)))
	case bare:
		w.write(oneLine(v.text))
	case unshowable:
		w.write("<" + oneLine(string(v)) + ">")
	case []any:
		w.list(v)
	case *object:
		w.object(v)
	}
}

func (w *lineWriter) list(items []any) {
	w.write("[")
	for i, item := range items {
		if w.cut {
			return
		}
		if i > 0 {
			w.write(", ")
		}
		w.value(item)
	}
	w.write("]")
}

func (w *lineWriter) object(o *object) {
	w.write("{")
	for i, key := range o.keys {
		if w.cut {
			return
		}
		if i > 0 {
			w.write(", ")
		}
		w.write(w.quoted(key) + ": ")
		w.value(o.values[i])
	}
	w.write("}")
}

// quoted quotes no more of s than can be seen: a string may hold megabytes.
func (w *lineWriter) quoted(s string) string {
	if most := w.limit * utf8.UTFMax; len(s) > most {
		s = s[:most]
	}
	return strconv.Quote(s)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// floatText is a float as Python prints it, so that it is seen to be one: 1.0
// and not 1. Where it is finite it is a JSON number too.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+"))
	}
	if abs := math.Abs(f); f != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
