package parser_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
)

// decodeOracle prints the texts of files, each in base64 in a line, as Python
// reads them before it compiles them; null for one that it refuses.
const decodeOracle = `
import base64, io, json, sys, tokenize
texts = []
for line in sys.stdin:
    file = base64.b64decode(line)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(file).readline)
        texts.append(file.decode(encoding))
    except (SyntaxError, UnicodeError, LookupError):
        texts.append(None)
json.dump(texts, sys.stdout)
`

// Files in other encodings are read as Python reads them, or refused as Python
// refuses them.
func TestDecodeEqualsPython(t *testing.T) {
	var files []string
	for name := range strings.FieldsSeq(`utf-8 UTF_8 utf8 latin-1 latin1 iso-8859-1 ISO8859-1 iso-latin-1-unix l1 cp1252
		windows-1252 cp1250 cp1251 iso8859-15 latin9 iso-8859-2 latin2 koi8-r cp437 cp850 cp866 mac-roman
		ascii us-ascii no-such-encoding`) {
		for b := 0xA0; b <= 0xFF; b++ {
			files = append(files, fmt.Sprintf("# -*- coding: %s -*-\nx = '%c%c'\n", name, 'a', 'b'))
			last := len(files) - 1
			files[last] = strings.Replace(files[last], "ab", "a"+string([]byte{byte(b)})+"b", 1)
		}
	}
	for name, text := range map[string]string{
		"gbk": "\xc4\xe3\xba\xc3", "gb2312": "\xc4\xe3\xba\xc3", "gb18030": "\xc4\xe3\xba\xc3", "big5": "\xa7\x41\xa6\x6e",
		"shift_jis": "\x93\xfa\x96\x7b", "cp932": "\x93\xfa\x96\x7b", "euc-jp": "\xc6\xfc\xcb\xdc", "euc_kr": "\xc7\xd1\xb1\xdb",
		"utf-8": "日本語 é 😀", "utf-8-sig": "é",
	} {
		files = append(files,
			"# vim: set fileencoding="+name+" :\nx = '"+text+"'\n",
			"#!/usr/bin/env python\n# coding="+name+"\nx = '"+text+"'\n",
			"x = 1\n# coding="+name+"\nx = '"+text+"'\n",
			"\n# coding="+name+"\r\nx = '"+text+"'\r\n")
	}
	files = append(files, "", "\ufeff", "\ufeffx = 'é'\n", "\ufeff# coding: utf-8\nx = 'é'\n", "\ufeff# coding: latin-1\nx = 1\n",
		"x = '\xe9'\n", "# coding: utf-8\nx = '\xe9'\n")

	var input strings.Builder
	for _, file := range files {
		input.WriteString(base64.StdEncoding.EncodeToString([]byte(file)) + "\n")
	}
	oracle := exec.Command(testenv.Python(t), "-c", decodeOracle)
	oracle.Stdin = strings.NewReader(input.String())
	printed, err := oracle.Output()
	if err != nil {
		t.Fatal(err)
	}
	var texts []*string
	if err := json.Unmarshal(printed, &texts); err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		text, encoding, err := parser.Decode([]byte(file))
		switch want := texts[i]; {
		case want == nil && err == nil:
			t.Errorf("%q is read as %q in %s, and Python refuses it", file, text, encoding)
		case want != nil && err != nil:
			t.Errorf("%q: %v", file, err)
		case want != nil && string(text) != *want:
			t.Errorf("%q is read as %q, want %q", file, text, *want)
		}
	}
}

// What can't be decoded is still there to be read, with what to do.
func TestDecodeErrors(t *testing.T) {
	text, encoding, err := parser.Decode([]byte("x = 1\ny = '\xe9'\n"))
	if string(text) != "x = 1\ny = '\xe9'\n" || encoding != "utf-8" || err == nil || !strings.Contains(err.Error(), "line 2 isn't UTF-8") {
		t.Errorf("got %q, %s, %v", text, encoding, err)
	}
}
