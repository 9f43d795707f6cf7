package parser

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

var byteOrderMark = []byte("\ufeff")

// Decode is the text of a Python file as UTF-8, the way an editor has it:
// without a byte order mark. encoding is the name of what it is written in, as
// PEP 263 lets the file say it, "utf-8" if it doesn't. Where Python refuses the
// file on account of its encoding there is an error, and text is the bytes as
// they are.
func Decode(file []byte) (text []byte, encoding string, err error) {
	encoding = "utf-8"
	text, marked := bytes.CutPrefix(file, byteOrderMark)
	declared := declaredEncoding(text)
	if declared != "" {
		encoding = declared
	}
	if normal := normalEncoding(encoding); normal == "utf-8" || normal == "utf-8-sig" {
		if !utf8.Valid(text) {
			return text, encoding, fmt.Errorf("line %d isn't UTF-8: save the file as UTF-8, or name its encoding in the first line, e.g. # -*- coding: cp1252 -*-", invalidLine(text))
		}
		return text, encoding, nil
	} else if marked {
		return text, encoding, fmt.Errorf("the file says that it is written in %s, but begins as UTF-8: take out one of both", encoding)
	}
	codec := codecOf(encoding)
	if codec == nil {
		return text, encoding, fmt.Errorf("the file says that it is written in %s, which isn't known: name another encoding, or save the file as UTF-8", encoding)
	}
	decoded, err := codec.NewDecoder().Bytes(file)
	if err != nil {
		return text, encoding, fmt.Errorf("the file says that it is written in %s, but isn't: %w", encoding, err)
	}
	if bytes.ContainsRune(decoded, utf8.RuneError) {
		return text, encoding, fmt.Errorf("line %d isn't written in %s, as the file says: save the file as UTF-8, or name its encoding in the first line", invalidLine(decoded), encoding)
	}
	return decoded, encoding, nil
}

// invalidLine is the number of the first line with a byte that is no UTF-8, or
// that couldn't be decoded.
func invalidLine(text []byte) int {
	line := 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError {
			break
		}
		if r == '\n' {
			line++
		}
		text = text[size:]
	}
	return line
}

// codingLine finds the encoding in a comment line, as PEP 263 has it.
var codingLine = regexp.MustCompile(`^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)`)

// emptyLine are first lines after which the second may name the encoding.
var emptyLine = regexp.MustCompile(`^[ \t\f]*(?:#.*)?$`)

// declaredEncoding is the encoding that one of the first two lines names.
func declaredEncoding(text []byte) string {
	for range 2 {
		length := lineLength(text)
		line := text[:length]
		if found := codingLine.FindSubmatch(line); found != nil {
			return string(found[1])
		}
		if !emptyLine.Match(line) {
			return ""
		}
		text = bytes.TrimPrefix(text[length:], []byte("\r"))
		text = bytes.TrimPrefix(text, []byte("\n"))
	}
	return ""
}

// normalEncoding is how Python compares names of encodings
// (Parser/tokenizer.c:get_normal_name, encodings/__init__.py).
func normalEncoding(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	switch {
	case name == "utf-8" || strings.HasPrefix(name, "utf-8-") && name != "utf-8-sig" || name == "utf8" || name == "u8" || name == "utf":
		return "utf-8"
	case name == "utf-8-sig" || name == "utf8-sig":
		return "utf-8-sig"
	case name == "latin-1" || name == "iso-8859-1" || name == "iso-latin-1" ||
		strings.HasPrefix(name, "latin-1-") || strings.HasPrefix(name, "iso-8859-1-") || strings.HasPrefix(name, "iso-latin-1-"):
		return "iso-8859-1"
	}
	return name
}

// pythonEncodings are names that Python has for encodings beside those that
// IANA lists.
var pythonEncodings = map[string]string{
	"latin1": "iso-8859-1", "l1": "iso-8859-1", "8859": "iso-8859-1", "cp819": "iso-8859-1",
	"euckr": "euc-kr", "eucjp": "euc-jp", "sjis": "shift_jis", "shiftjis": "shift_jis", "s-jis": "shift_jis",
	"cp932": "shift_jis", "cp949": "euc-kr", "cp936": "gbk", "936": "gbk", "ms936": "gbk",
	"cp950": "big5", "hz": "hz-gb-2312", "gb2312": "gbk", "euc-cn": "gbk", "big5-tw": "big5",
	"ascii": "us-ascii", "646": "us-ascii", "koi8": "koi8-r", "tis620": "windows-874", "cp874": "windows-874",
	"latin9": "iso-8859-15", "mac-roman": "macintosh", "macroman": "macintosh", "iso2022-jp": "iso-2022-jp",
}

// codecOf is the codec of an encoding that Python knows, nil if it isn't known.
func codecOf(name string) encoding.Encoding {
	name = normalEncoding(name)
	if alias, ok := pythonEncodings[name]; ok {
		name = alias
	}
	if strings.HasPrefix(name, "utf-") {
		return nil // no text that begins with ASCII
	}
	names := []string{name}
	if page, ok := strings.CutPrefix(name, "cp"); ok {
		names = append(names, "windows-"+page, "ibm"+page)
	}
	names = append(names, strings.ReplaceAll(name, "-", "_"), strings.ReplaceAll(name, "iso8859", "iso-8859"))
	for _, name := range names {
		if codec, err := ianaindex.IANA.Encoding(name); err == nil && codec != nil && codec != encoding.Nop {
			return codec
		}
	}
	return nil
}
