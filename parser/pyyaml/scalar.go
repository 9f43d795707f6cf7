package pyyaml

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// What plain scalars are (PyYAML, resolver.py:Resolver).
var (
	boolText  = regexp.MustCompile(`^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$`)
	trueText  = regexp.MustCompile(`^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$`)
	nullText  = regexp.MustCompile(`^(?:~|null|Null|NULL|)$`)
	floatText = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?` +
		`|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	intText = regexp.MustCompile(`^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+` +
		`|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	timeText = regexp.MustCompile(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?` +
		`(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)$`)
)

// tagKinds are the kinds of the tags that a scalar may be given.
var tagKinds = map[string]Kind{"!!null": Null, "!!bool": Bool, "!!int": Int, "!!float": Float, "!!str": Text, "!!timestamp": Time}

func (r *reader) scalar(n *yaml.Node) *Node {
	made := &Node{Text: n.Value, Scalar: n.Value, Span: r.written(n, r.span(n).Start)}
	quotes := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	switch {
	case n.Style&yaml.TaggedStyle != 0:
		kind, known := tagKinds[n.ShortTag()]
		if !known {
			kind = Other
		}
		made.Kind = kind
		if made.read(); made.Kind != kind {
			r.fail(n, strconv.Quote(n.Value)+" is no "+n.ShortTag())
		}
		made.Span = lineFrom(r.source, made.Span.Start)
	case quotes:
		made.Kind = Text
	default:
		made.Plain, made.Kind = true, plainKind(n.Value)
		made.read()
		if n.Value == "=" || n.Value == "<<" {
			r.fail(n, n.Value+" has a meaning of its own: quote it")
		}
	}
	return made
}

// plainKind is what PyYAML takes a plain scalar for.
func plainKind(text string) Kind {
	switch {
	case boolText.MatchString(text):
		return Bool
	case floatText.MatchString(text):
		return Float
	case intText.MatchString(text):
		return Int
	case nullText.MatchString(text):
		return Null
	case timeText.MatchString(text):
		return Time
	}
	return Text
}

// plainText are texts that mean themselves without quotes, wherever they stand.
var plainText = regexp.MustCompile(`^[\pL_/.][\pL\pN_/.\-]*(?:(?: |:[\pL\pN/])[\pL\pN_/.\-]+)*$`)

// Quote is a text as a scalar of YAML, in quotes if it would mean something else
// without.
func Quote(text string) string {
	if plainText.MatchString(text) && plainKind(text) == Text {
		return text
	}
	return strconv.Quote(text)
}

// read makes the scalar of its text (PyYAML, constructor.py:SafeConstructor). What
// can't be read is a Text.
func (n *Node) read() {
	text := strings.ReplaceAll(n.Text, "_", "")
	ok := true
	switch n.Kind {
	case Null:
		n.Scalar = nil
	case Bool:
		n.Scalar, ok = trueText.MatchString(n.Text), boolText.MatchString(n.Text)
	case Int:
		n.Scalar, ok = integer(text)
	case Float:
		n.Scalar, ok = float(text)
	case Time:
		n.Scalar = moment(n.Text)
	}
	if !ok {
		n.Kind, n.Scalar = Text, n.Text
	}
}

// integer is an int64 if it fits, as in most texts.
func integer(text string) (any, bool) {
	sign, digits := sign(text)
	value := new(big.Int)
	ok := true
	switch {
	case digits == "0":
	case strings.HasPrefix(digits, "0b"), strings.HasPrefix(digits, "0x"):
		_, ok = value.SetString(digits, 0)
	case strings.HasPrefix(digits, "0"):
		_, ok = value.SetString(digits, 8)
	default:
		for part := range strings.SplitSeq(digits, ":") {
			of, fits := new(big.Int).SetString(part, 10)
			if !fits {
				return nil, false
			}
			value.Add(value.Mul(value, big.NewInt(60)), of)
		}
	}
	if sign < 0 {
		value.Neg(value)
	}
	if value.IsInt64() {
		return int(value.Int64()), ok
	}
	return value, ok
}

func float(text string) (float64, bool) {
	sign, digits := sign(strings.ToLower(text))
	switch digits {
	case ".inf":
		return math.Inf(sign), true
	case ".nan":
		return math.NaN(), true
	}
	var value float64
	for part := range strings.SplitSeq(digits, ":") {
		of, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0, false
		}
		value = value*60 + of
	}
	return value * float64(sign), true
}

func sign(text string) (int, string) {
	if rest, minus := strings.CutPrefix(text, "-"); minus {
		return -1, rest
	}
	return 1, strings.TrimPrefix(text, "+")
}

// moment is the text of a timestamp: a date as it is, else RFC 3339. A moment that
// isn't in a zone is in none there either.
func moment(text string) string {
	var read time.Time
	if len(text) == len(time.DateOnly) || yaml.Unmarshal([]byte(text), &read) != nil {
		return text
	}
	if strings.ContainsAny(text[len(time.DateOnly):], "Zz+-") {
		return read.Format(time.RFC3339Nano)
	}
	return read.Format("2006-01-02T15:04:05.999999999")
}
