package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/parser/ast"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const (
	artifactQuery         = "flytekit.core.artifact.ArtifactQuery"
	artifactSpecification = "flytekit.core.artifact.ArtifactIDSpecification"
	artifactInputs        = "flytekit.core.artifact.Inputs."
	timePartition         = "time_partition"
)

// artifactNatives are flytekit's artifacts (core/artifact.py).
var artifactNatives = pyeval.Natives{
	"flytekit.core.artifact.Artifact": {
		// Calling it says which partition an annotated output goes to.
		Apply: func(f *pyeval.Frame, self *pyeval.Instance, c *pyeval.Call) pyeval.Value {
			checkPartitions(f, self, c)
			return &pyeval.Instance{
				Class:    &pyeval.Native{Name: artifactSpecification},
				Keywords: c.Keywords, Open: c.Open, Call: c.Expr, Extra: self,
			}
		},
		Member: func(_ *pyeval.Frame, _ *pyeval.Instance, name string) pyeval.Value {
			if name != "query" {
				return nil
			}
			return &method{name, func(_ *pyeval.Frame, c *pyeval.Call) pyeval.Value {
				return &pyeval.Instance{Class: &pyeval.Native{Name: artifactQuery}, Keywords: c.Keywords, Call: c.Expr}
			}}
		},
	},
}

// partitionKeys are the keys that an artifact is made with; known is false where
// the source doesn't tell. timed: it has a time partition.
func partitionKeys(artifact *pyeval.Instance) (keys []string, timed, known bool) {
	call := &pyeval.Call{Args: positional(artifact.Args), Keywords: artifact.Keywords}
	of := func(values []pyeval.Value) bool {
		for _, value := range values {
			key, ok := value.(pyeval.Str)
			if !ok {
				return false
			}
			keys = append(keys, string(key))
		}
		return true
	}
	switch partitioned := call.Value(4, "time_partitioned", pyeval.Bool(false)).(type) {
	case pyeval.Bool:
		timed = bool(partitioned)
	default:
		return nil, false, false
	}
	if _, given := call.Arg(8, "partitions"); given || artifact.Open {
		return nil, timed, false
	}
	switch given := call.Value(7, "partition_keys", pyeval.None{}).(type) {
	case pyeval.None:
		return nil, timed, true
	case *pyeval.List:
		return keys, timed, !given.Open && of(given.Elems)
	case *pyeval.Tuple:
		return keys, timed, of(given.Elems)
	}
	return nil, timed, false
}

// checkPartitions tells of partitions that an artifact doesn't have, or that
// have no value of theirs
// (core/artifact.py:ArtifactIDSpecification.bind_partitions).
func checkPartitions(f *pyeval.Frame, artifact *pyeval.Instance, c *pyeval.Call) {
	tell := func(at ast.Span, message string) { remarked(f, "artifact-spec", at, message) }
	if len(c.Args) > 0 {
		tell(span(c.Args[0].Expr), "the partitions of an artifact are given by name")
		return
	}
	keys, timed, known := partitionKeys(artifact)
	for _, keyword := range c.Keywords {
		if keyword.Name != timePartition && len(keys) == 0 {
			continue
		}
		switch keyword.Value.(type) {
		case pyeval.Int, pyeval.Float, pyeval.Bool, pyeval.None:
			tell(span(keyword.Expr), "the value of a partition is a string or one of Inputs, and this is "+keyword.Value.Describe())
		case pyeval.Str:
			if keyword.Name == timePartition {
				tell(span(keyword.Expr), "a time partition is a datetime or one of Inputs, and this is a string")
			}
		}
		switch {
		case !known:
		case keyword.Name == timePartition && !timed:
			tell(keywordSpan(c, keyword), "the artifact has no time partition: time_partitioned=True gives it one")
		case keyword.Name != timePartition && !slices.Contains(keys, keyword.Name):
			tell(keywordSpan(c, keyword), fmt.Sprintf("the artifact has no partition %s; it has %s", keyword.Name, strings.Join(keys, ", ")))
		}
	}
}

// keywordSpan is the name of a keyword argument.
func keywordSpan(c *pyeval.Call, of pyeval.Named) ast.Span {
	if c.Expr != nil {
		for _, keyword := range c.Expr.Keywords {
			if keyword.Arg == of.Name {
				return keyword.ArgSpan
			}
		}
	}
	return span(of.Expr)
}

// Partitions says to which partitions of an artifact an output goes.
type Partitions struct {
	// Bound are the inputs that partitions take their values from, with where
	// they are written.
	Bound []pyeval.Named
	// Unbound are the partitions that get no value; known only if Known.
	Unbound []string
	Known   bool
}

// Partitions are those of the artifact that a variable's type is annotated with;
// nil if there is none.
func (v *Variable) Partitions() *Partitions {
	alias, ok := v.PyType.(*pyeval.Alias)
	if !ok {
		return nil
	}
	for _, argument := range alias.Args {
		instance, ok := argument.(*pyeval.Instance)
		if !ok {
			continue
		}
		native, _ := instance.Class.(*pyeval.Native)
		artifact, given := instance, []pyeval.Named(nil)
		switch {
		case native == nil:
			continue
		case native.Name == artifactSpecification:
			if artifact, ok = instance.Extra.(*pyeval.Instance); !ok {
				continue
			}
			given = instance.Keywords
		case native.Name != "flytekit.core.artifact.Artifact":
			continue
		}
		return partitionsOf(artifact, given, instance.Open)
	}
	return nil
}

func partitionsOf(artifact *pyeval.Instance, given []pyeval.Named, open bool) *Partitions {
	keys, timed, known := partitionKeys(artifact)
	if timed {
		keys = append(keys, timePartition)
	}
	p := &Partitions{Known: known && !open}
	for _, key := range keys {
		i := slices.IndexFunc(given, func(n pyeval.Named) bool { return n.Name == key })
		if i < 0 {
			p.Unbound = append(p.Unbound, key)
			continue
		}
		if native, ok := given[i].Value.(*pyeval.Native); ok && strings.HasPrefix(native.Name, artifactInputs) {
			p.Bound = append(p.Bound, pyeval.Named{Name: cut(native.Name, artifactInputs), Value: native, Expr: given[i].Expr})
		}
	}
	return p
}
