package typeengine_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"

	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
	"github.com/flyte-lsp/flyte-lsp/model"
	"github.com/flyte-lsp/flyte-lsp/parser"
	"github.com/flyte-lsp/flyte-lsp/pyeval"
	"github.com/flyte-lsp/flyte-lsp/typeengine"
)

// attributes evaluates a class Cases of a source text.
func attributes(t testing.TB, source string) (*pyeval.Frame, []pyeval.Annotation) {
	t.Helper()
	program := pyeval.NewProgram(noModules{}, model.Natives(), model.Options())
	parsed := parser.ParseFile(parser.Python, []byte(source))
	module := program.Module(&pyeval.Source{Path: "m.py", Name: "m", AST: parsed.AST})
	binding, ok := module.Scope.Get("Cases")
	if !ok {
		t.Fatal("there is no class Cases")
	}
	class, ok := binding.Value.(*pyeval.Class)
	if !ok {
		t.Fatalf("Cases is %s", binding.Value.Describe())
	}
	return program.Frame(module), class.Annotations
}

func compact(t *testing.T, text []byte) string {
	t.Helper()
	var decoded any
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(decoded); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

// What plugins and libraries that the tests don't install make of their types,
// and what is said to be taken for it.
func TestLibraries(t *testing.T) {
	const source = `
import polars as pl
import torch
import tensorflow as tf
import PIL.Image
from pyspark.sql import DataFrame
from flytekit.extras.pytorch import PyTorchCheckpoint
from flytekit.types.file import TFRecordFile

class Net(torch.nn.Module):
    pass

class Block(torch.nn.Sequential):
    pass

class Strange(unheard.Of):
    pass

class Cases:
    frame: pl.DataFrame
    lazy: pl.LazyFrame
    spark: DataFrame
    tensor: torch.Tensor
    net: Net
    block: Block
    linear: torch.nn.Linear
    checkpoint: PyTorchCheckpoint
    keras: tf.keras.Model
    image: PIL.Image.Image
    records: TFRecordFile
    strange: Strange
`
	frame, annotations := attributes(t, source)
	want := map[string]string{
		"frame":      `{"structuredDatasetType":{}}`,
		"lazy":       `{"structuredDatasetType":{}}`,
		"spark":      `{"structuredDatasetType":{}}`,
		"tensor":     `{"blob":{"format":"PyTorchTensor"}}`,
		"net":        `{"blob":{"format":"PyTorchModule"}}`,
		"block":      `{"blob":{"format":"PyTorchModule"}}`,
		"linear":     `{"blob":{"format":"PyTorchModule"}}`,
		"checkpoint": `{"blob":{"format":"PyTorchCheckpoint"}}`,
		"keras":      `{"blob":{"format":"TensorFlowModel"}}`,
		"image":      `{"blob":{"format":"PIL.Image"}}`,
		"records":    `{"blob":{"format":"TensorFlowRecord"}}`,
	}
	engine := &typeengine.Engine{}
	for _, annotation := range annotations {
		literalType, assumed, err := engine.Explain(frame, frame.FieldType(annotation))
		expected, known := want[annotation.Name]
		if !known {
			if unknown := (*typeengine.UnknownError)(nil); !errors.As(err, &unknown) {
				t.Errorf("%s: %v, %v; want it unknown", annotation.Name, literalType, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", annotation.Name, err)
			continue
		}
		text, err := protojson.Marshal(literalType)
		if err != nil {
			t.Fatal(err)
		}
		if got := compact(t, text); got != expected {
			t.Errorf("%s: %s, want %s", annotation.Name, got, expected)
		}
		if fact := "flytekitplugins.polars is installed"; annotation.Name == "frame" && !slices.Contains(assumed, fact) {
			t.Errorf("%s: assumed %q, without %q", annotation.Name, assumed, fact)
		}
	}
}

// An interpreter without a plugin, or with older libraries, gives other types.
func TestInstalledVersions(t *testing.T) {
	const source = `
import pandas as pd
import polars as pl
from dataclasses import dataclass
from typing import Any, Dict, Generic, Optional, TypeVar
from pydantic import BaseModel

T = TypeVar("T")

class Model(BaseModel):
    a: Dict[str, Any]

@dataclass
class Node:
    next: Optional["Node"] = None

@dataclass
class Box(Generic[T]):
    item: T

@dataclass
class IntBox(Box[int]):
    pass

class Cases:
    frame: pl.DataFrame
    series: pd.Series
    model: Model
    node: Node
    box: IntBox
`
	frame, annotations := attributes(t, source)
	versions := map[string]string{"pandas": "2.2.3", "pydantic": "2.10.6", "mashumaro": "3.15"}
	engine := &typeengine.Engine{
		Installed: func(pkg string) (bool, bool) { return pkg == "polars", true },
		Version:   func(distribution string) string { return versions[distribution] },
	}
	want := map[string]string{
		"frame":  `"python_class_name":"<class 'polars.dataframe.frame.DataFrame'>"`,
		"series": `"python_class_name":"<class 'pandas.core.series.Series'>"`,
		"model":  `"a":{"title":"A","type":"object"}`,
		"node":   `{"annotation":{"annotations":{"cache-key-metadata":{"serialization-format":"msgpack"}}},"simple":"STRUCT"`,
		"box":    `"properties":{"item":{}}`,
	}
	for _, annotation := range annotations {
		got := ""
		literalType, err := engine.LiteralType(frame, frame.FieldType(annotation))
		if err != nil {
			got = "unknown: " + err.Error()
		} else {
			text, err := protojson.Marshal(literalType)
			if err != nil {
				t.Fatal(err)
			}
			got = compact(t, text)
		}
		if !strings.Contains(got, want[annotation.Name]) {
			t.Errorf("%s: %s, want %s in it", annotation.Name, got, want[annotation.Name])
		}
	}
}

// Types that Python 3.12 has a statement for.
func TestTypeStatement(t *testing.T) {
	const source = `
from dataclasses import dataclass

type Ints = list[int]
type Tree = dict[str, Tree] | int

class Box[T]:
    pass

@dataclass
class Pair[A, B]:
    left: A
    right: B

@dataclass
class Named(Pair[int, str]):
    ints: Ints

class Cases:
    ints: Ints
    box: Box[int]
    named: Named
`
	frame, annotations := attributes(t, source)
	engine := &typeengine.Engine{Python: [2]int{3, 12}}
	want := map[string]string{
		"ints": `"python_class_name":"Ints"`,
		"box":  `"python_class_name":"m.Box[int]"`,
		"named": `"properties":{"ints":{"items":{"type":"integer"},"type":"array"},"left":{"type":"integer"},"right":{"type":"string"}},` +
			`"required":["left","right","ints"]`,
	}
	for _, annotation := range annotations {
		literalType, err := engine.LiteralType(frame, frame.FieldType(annotation))
		if err != nil {
			t.Errorf("%s: %v", annotation.Name, err)
			continue
		}
		text, err := protojson.Marshal(literalType)
		if err != nil {
			t.Fatal(err)
		}
		if got := compact(t, text); !strings.Contains(got, want[annotation.Name]) {
			t.Errorf("%s: %s, want %s in it", annotation.Name, got, want[annotation.Name])
		}
	}
}

// What natives.txt tells of other libraries than Python's is what natives.py
// prints for the pinned versions.
func TestNativesAreFresh(t *testing.T) {
	t.Parallel()
	got, err := exec.CommandContext(t.Context(), testenv.Python(t), "natives.py").Output()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("natives.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, fresh, _ := strings.Cut(string(got), "# numpy")
	_, old, _ := strings.Cut(string(kept), "# numpy")
	if fresh == "" || fresh != old {
		t.Error("natives.txt is stale: run go generate ./typeengine")
	}
}

func BenchmarkSimpleType(b *testing.B) {
	frame, annotations := attributes(b, "class Cases:\n    a: int\n")
	of := frame.FieldType(annotations[0])
	engine := &typeengine.Engine{}
	for b.Loop() {
		if _, err := engine.LiteralType(frame, of); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkContainer(b *testing.B) {
	frame, annotations := attributes(b, "from typing import *\nclass Cases:\n    a: Dict[str, List[Optional[int]]]\n")
	of := frame.FieldType(annotations[0])
	engine := &typeengine.Engine{}
	for b.Loop() {
		if _, err := engine.LiteralType(frame, of); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDataclass(b *testing.B) {
	const source = `
from dataclasses import dataclass, field
from typing import *

@dataclass
class Inner:
    x: int
    y: List[str] = field(default_factory=list)

@dataclass
class Outer:
    a: int
    inner: Inner
    b: Optional[float] = None
    c: Dict[str, Inner] = field(default_factory=dict)

class Cases:
    a: Outer
`
	frame, annotations := attributes(b, source)
	of := frame.FieldType(annotations[0])
	for b.Loop() {
		engine := &typeengine.Engine{}
		if _, err := engine.LiteralType(frame, of); err != nil {
			b.Fatal(err)
		}
	}
}
