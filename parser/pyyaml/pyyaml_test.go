package pyyaml_test

import (
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/parser/pyyaml"
)

// values are texts of which PyYAML and YAML 1.2 think differently, and others.
var values = []string{
	"3", "+3", "-3", "010", "08", "0o7", "0x1F", "0b101", "1_000", "1:24", "1:2:3", "-1:30", "99999999999999999999",
	"2.5", "1.", ".5", "1e3", "1.0e3", "1.5e+3", "1:30.5", "-2.5", "1_0.5",
	"yes", "No", "ON", "y", "true", "True", "TRUE", "tRue", "null", "~", "Null", "nUll", "",
	"a", "'3'", `"yes"`, "'it''s'", `"a\nb"`, "a b  # c", "'2024-01-02'", "!!str 3", "!!int '3'", "!!float 3",
	"[1, a, [x]]", "{a: 1, b: [y]}", "{1: a, false: b, null: c, 2.5: d}", "[]", "{}", "|\n  one\n  two", ">-\n  one\n  two",
	"\n  - 1\n  - b: 2\n    c: 3", "&a [1, 2]", "{<<: {a: 1, b: 2}, b: 3}", "{<<: [{a: 1}, {a: 2, b: 2}]}", "=", "<<", "-", "a:b",
}

func TestValuesAreThoseOfPyYAML(t *testing.T) {
	var texts, got []string
	for _, value := range values {
		text := "x: " + value + "\ny: &b 1\nz: *b\n"
		root, err := pyyaml.Parse(parser.NewSource([]byte(text)))
		if err != nil {
			root = &pyyaml.Node{Scalar: "error"}
		}
		read, err := json.Marshal(root.Value())
		if err != nil {
			t.Fatal(err)
		}
		texts, got = append(texts, text), append(got, string(read))
	}
	asked, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	const script = `
import json, sys, yaml
for text in json.load(sys.stdin):
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        value = "error"
    print(json.dumps(json.loads(json.dumps(value)), sort_keys=True, separators=(",", ":"), ensure_ascii=False))
`
	cmd := exec.Command(testenv.Python(t), "-c", script)
	cmd.Stdin = strings.NewReader(string(asked))
	printed, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(printed)), "\n") {
		var want, is any
		if json.Unmarshal([]byte(line), &want) != nil || json.Unmarshal([]byte(got[i]), &is) != nil {
			t.Fatal(line, got[i])
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(is)
		if string(a) != string(b) {
			t.Errorf("%q: got %s, PyYAML has %s", texts[i], b, a)
		}
	}
}

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"red": "red", "on": `"on"`, "y": "y", "null": `"null"`, "3": `"3"`, "2024-01-02": `"2024-01-02"`, "": `""`, "a b": "a b",
		"a: b": `"a: b"`, "a #b": `"a #b"`, "s3://a/b": "s3://a/b", "./data.csv": "./data.csv", "é": "é", "1h": `"1h"`, ".5": `".5"`, "-": `"-"`,
		"a\nb": `"a\nb"`, "a ": `"a "`,
	} {
		got := pyyaml.Quote(text)
		root, err := pyyaml.Parse(parser.NewSource([]byte("x: " + got)))
		if got != want || err != nil || root.Get("x").Kind != pyyaml.Text || root.Get("x").Text != text {
			t.Errorf("%q: %s (%v), want %s", text, got, err, want)
		}
	}
}

// Each value and key stands where its text is.
func TestSpans(t *testing.T) {
	const text = "# é\né: 'a ''b'\nlist:\n- 1\n- {k: \"v\\\"\", e: } # x ]\nempty:\nnext: [a,\n  b]\nblock: |\n  one\nplain: a b # c\nal: &x y\nias: *x\n"
	source := parser.NewSource([]byte(text))
	root, err := pyyaml.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var walk func(n *pyyaml.Node)
	walk = func(n *pyyaml.Node) {
		for _, entry := range n.Entries {
			got = append(got, source.Slice(entry.Key.Span)+"="+source.Slice(entry.Value.Span))
			walk(entry.Value)
		}
		for _, item := range n.Items {
			got = append(got, "-"+source.Slice(item.Span))
			walk(item)
		}
	}
	walk(root)
	want := []string{
		"é='a ''b'", "list=- 1\n- {k: \"v\\\"\", e: }", "-1", `-{k: "v\"", e: }`, `k="v\""`, "e=", "empty=", "next=[a,\n  b]", "-a", "-b",
		"block=|", "plain=a b", "al=&x y", "ias=*x",
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if at := root.Get("empty").Span; at.Start != strings.Index(text, "empty:")+len("empty:") {
		t.Errorf("the missing value stands at %d", at.Start)
	}
}

func TestMistakes(t *testing.T) {
	for _, test := range []struct{ text, at, said string }{
		{"a: 1\n  b: 2\n", "b: 2", "mapping values are not allowed"},
		{"b: 1\nna\n", "na", "could not find expected ':'"},
		{"a: [1\nb: 2\n", "b: 2", "did not find expected"},
		{"a: {x: 1", "a: {x: 1", "did not find expected"},
		{"a: *x\n", "a: *x", "unknown anchor"},
		{"a: 1\n---\nb: 2\n", "---", "a second document"},
		{"a: &a [*a]\n", "a: &a [*a]", "stands in what it repeats"},
	} {
		source := parser.NewSource([]byte(test.text))
		_, err := pyyaml.Parse(source)
		var mistake *pyyaml.Error
		if !errors.As(err, &mistake) {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		if at := source.Slice(mistake.Span); at != test.at || !strings.Contains(mistake.Message, test.said) {
			t.Errorf("%q: %v at %q, want %q at %q", test.text, mistake, at, test.said, test.at)
		}
	}
}
