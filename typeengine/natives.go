package typeengine

import (
	"math/big"
	"strings"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// Natives are the classes of libraries other than Python's own and flytekit
// that types are made of, so that pyeval keeps what they are called with:
// pydantic's Field(...), the constraints of mashumaro and annotated_types,
// pyarrow's schemas.
func Natives() pyeval.Natives {
	natives := pyeval.Natives{}
	class := pyeval.Behaviour{Class: true}
	for name, known := range nativeClasses() {
		if known.distribution != "python" {
			natives[name] = pyeval.Behaviour{Class: true, Bases: known.bases}
		}
	}
	for name := range libraries {
		if !strings.HasPrefix(name, "flytekit.") {
			natives[name] = class
		}
	}
	for name := range modelSchemas {
		if strings.HasPrefix(name, "pydantic.") {
			natives[name] = class
		}
	}
	for name, of := range constrainedTypes() {
		natives["pydantic."+name], natives["pydantic.types."+name] = of, of
	}
	for name := range constraints {
		natives["mashumaro.jsonschema.annotations."+name] = class
	}
	for name := range annotatedTypes {
		natives["annotated_types."+name] = class
	}
	for name := range arrowTypes {
		natives["pyarrow."+name] = class
	}
	for _, name := range []string{
		"pydantic.Field", "pydantic.Strict", "pydantic.PrivateAttr", "pydantic.ConfigDict", "pydantic.config.ConfigDict",
		"pyarrow.schema", "mashumaro.types.Alias", "mashumaro.config.BaseConfig", "mashumaro.types.SerializableType",
	} {
		natives[name] = class
	}
	for _, name := range []string{"dataclasses_json.config", "dataclasses_json.cfg.config"} {
		natives[name] = pyeval.Behaviour{Call: dataclassesJSONConfig}
	}
	for _, name := range harmless {
		if strings.HasPrefix(name, "dataclasses_json.") || strings.HasPrefix(name, "mashumaro.") {
			natives[name] = class
		}
	}
	model := pyeval.Behaviour{Class: true, Annotated: true, Member: modelAttribute}
	natives["pydantic.BaseModel"], natives["pydantic.main.BaseModel"] = model, model
	return natives
}

// modelAttribute is what an object of a pydantic model holds in a field.
func modelAttribute(f *pyeval.Frame, self *pyeval.Instance, name string) pyeval.Value {
	c := &conversion{Engine: &Engine{}, frame: f}
	class, ok := self.Class.(*pyeval.Class)
	if !ok || self.Open || len(self.Args) > 0 || c.hasHooks(class) {
		return nil
	}
	config, err := c.modelConfig(class)
	if err != nil {
		return nil
	}
	fields, err := c.modelFields(class)
	if err != nil {
		return nil
	}
	for _, of := range fields {
		if of.name != name {
			continue
		}
		value, err := (&modelBuilder{conversion: c, config: config}).value(self, of)
		if err != nil {
			return nil
		}
		return value
	}
	return nil
}

// dataclassesJSONConfig is dataclasses_json.config(...): metadata for a field
// that mashumaro doesn't look at.
func dataclassesJSONConfig(f *pyeval.Frame, _ *pyeval.Call) pyeval.Value {
	settings := &pyeval.Unknown{Reason: "it is what dataclasses_json keeps of a field"}
	return f.NewDict([]pyeval.Item{{Key: pyeval.Str("dataclasses_json"), Value: settings}})
}

// constrainedTypes are pydantic's annotated types: PositiveInt is
// Annotated[int, Gt(0)], and conint(gt=1) is Annotated[int, Field(gt=1)], as far
// as schemas are concerned.
func constrainedTypes() pyeval.Natives {
	field := &pyeval.Native{Name: "pydantic.Field"}
	annotate := func(of pyeval.Value, keywords []pyeval.Named, open bool) pyeval.Value {
		settings := &pyeval.Instance{Class: field, Keywords: keywords, Open: open}
		return &pyeval.Alias{Origin: &pyeval.Native{Name: "typing.Annotated"}, Args: []pyeval.Value{of, settings}}
	}
	natives := pyeval.Natives{}
	for suffix, of := range map[string]string{"Int": "builtins.int", "Float": "builtins.float"} {
		of := &pyeval.Native{Name: of}
		zero := pyeval.Int{Int: new(big.Int)}
		for prefix, setting := range map[string]string{"Positive": "gt", "Negative": "lt", "NonNegative": "ge", "NonPositive": "le"} {
			natives[prefix+suffix] = pyeval.Behaviour{Value: annotate(of, []pyeval.Named{{Name: setting, Value: zero}}, false)}
		}
	}
	for suffix, of := range map[string]string{"Int": "builtins.int", "Float": "builtins.float", "Bool": "builtins.bool", "Str": "builtins.str", "Bytes": "builtins.bytes"} {
		natives["Strict"+suffix] = pyeval.Behaviour{Value: annotate(&pyeval.Native{Name: of}, nil, false)}
	}
	for name, of := range map[string]string{"conint": "builtins.int", "confloat": "builtins.float", "constr": "builtins.str"} {
		of := &pyeval.Native{Name: of}
		natives[name] = pyeval.Behaviour{Call: func(_ *pyeval.Frame, call *pyeval.Call) pyeval.Value {
			return annotate(of, call.Keywords, call.Open || len(call.Args) > 0)
		}}
	}
	natives["conlist"] = pyeval.Behaviour{Call: func(_ *pyeval.Frame, call *pyeval.Call) pyeval.Value {
		of := &pyeval.Alias{Origin: listNative, Args: []pyeval.Value{call.Value(0, "item_type", anyNative)}, Spelled: typingList}
		var keywords []pyeval.Named
		for _, keyword := range call.Keywords {
			if keyword.Name != "item_type" {
				keywords = append(keywords, keyword)
			}
		}
		return annotate(of, keywords, call.Open || len(call.Args) > 1)
	}}
	return natives
}
