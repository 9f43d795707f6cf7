package model

import (
	_ "embed"
	"encoding/json"
	"maps"
	"strings"
	"sync"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

//go:generate sh -c "../.build/venv/bin/python canonical.py >canonical.txt"

// flytekitNames says where flytekit defines the names that its modules offer,
// see canonical.py.
//
//go:embed canonical.txt
var flytekitNames string

// names is what canonical.txt tells.
type names struct {
	// canonical are the full names of what modules took over from where it is
	// defined.
	canonical map[string]string
	// bases are the base classes of each class.
	bases map[string][]string
	// files are the types of files and directories with a format.
	files map[string]fileType
	// texts are the strings.
	texts map[string]string
	// exports are the names that each module offers, in alphabetical order.
	exports map[string][]string
}

type fileType struct{ base, format string }

// table reads canonical.txt once.
var table = sync.OnceValue(func() *names {
	t := &names{
		canonical: map[string]string{}, bases: map[string][]string{},
		files: map[string]fileType{}, texts: map[string]string{}, exports: map[string][]string{},
	}
	for line := range strings.Lines(flytekitNames) {
		fields := strings.Fields(line)
		name := fields[1]
		switch fields[0] {
		case "name":
			t.canonical[name] = fields[2]
		case "class":
			t.bases[name] = fields[2:]
		case "file":
			t.files[name] = fileType{fields[2], fields[3]}
		case "text":
			var text string
			if json.Unmarshal([]byte(line[len("text ")+len(name):]), &text) == nil {
				t.texts[name] = text
			}
		}
		dot := strings.LastIndexByte(name, '.')
		t.exports[name[:dot]] = append(t.exports[name[:dot]], name[dot+1:])
	}
	maps.Copy(t.canonical, optional)
	return t
})

// optional are names of flytekit's modules that need libraries which the
// flytekit of canonical.txt doesn't come with.
var optional = map[string]string{
	"flytekit.extras.pytorch.PyTorchCheckpoint":                   "flytekit.extras.pytorch.checkpoint.PyTorchCheckpoint",
	"flytekit.extras.pytorch.PyTorchCheckpointTransformer":        "flytekit.extras.pytorch.checkpoint.PyTorchCheckpointTransformer",
	"flytekit.extras.pytorch.PyTorchModuleTransformer":            "flytekit.extras.pytorch.native.PyTorchModuleTransformer",
	"flytekit.extras.pytorch.PyTorchTensorTransformer":            "flytekit.extras.pytorch.native.PyTorchTensorTransformer",
	"flytekit.extras.tensorflow.TensorFlowRecordFileTransformer":  "flytekit.extras.tensorflow.record.TensorFlowRecordFileTransformer",
	"flytekit.extras.tensorflow.TensorFlowRecordsDirTransformer":  "flytekit.extras.tensorflow.record.TensorFlowRecordsDirTransformer",
	"flytekit.extras.tensorflow.TensorFlowModelTransformer":       "flytekit.extras.tensorflow.model.TensorFlowModelTransformer",
	"flytekit.extras.webhook.WebhookTask":                         "flytekit.extras.webhook.task.WebhookTask",
	"flytekit.extras.webhook.WebhookConnector":                    "flytekit.extras.webhook.connector.WebhookConnector",
	"flytekit.types.structured.BigQueryToPandasDecodingHandler":   "flytekit.types.structured.bigquery.BQToPandasDecodingHandler",
	"flytekit.types.structured.SnowflakeToPandasDecodingHandlers": "flytekit.types.structured.snowflake.SnowflakeToPandasDecodingHandlers",
}

// thirdParty are the public names of what other libraries define in modules
// that users may import from, too.
var thirdParty = map[string]string{
	"pandas.core.frame.DataFrame":              "pandas.DataFrame",
	"pandas.core.api.DataFrame":                "pandas.DataFrame",
	"pandas.core.series.Series":                "pandas.Series",
	"polars.dataframe.DataFrame":               "polars.DataFrame",
	"polars.dataframe.frame.DataFrame":         "polars.DataFrame",
	"polars.lazyframe.LazyFrame":               "polars.LazyFrame",
	"polars.lazyframe.frame.LazyFrame":         "polars.LazyFrame",
	"pyarrow.lib.Table":                        "pyarrow.Table",
	"pyarrow.lib.Schema":                       "pyarrow.Schema",
	"numpy.core.multiarray.ndarray":            "numpy.ndarray",
	"pyspark.sql.dataframe.DataFrame":          "pyspark.sql.DataFrame",
	"pyspark.sql.session.SparkSession":         "pyspark.sql.SparkSession",
	"pyspark.sql.connect.dataframe.DataFrame":  "pyspark.sql.connect.dataframe.DataFrame",
	"torch.nn.modules.Module":                  "torch.nn.Module",
	"torch.nn.modules.module.Module":           "torch.nn.Module",
	"torch._tensor.Tensor":                     "torch.Tensor",
	"PIL.Image.Image":                          "PIL.Image.Image",
	"pydantic.main.BaseModel":                  "pydantic.BaseModel",
	"pydantic.fields.Field":                    "pydantic.Field",
	"vaex.dataframe.DataFrameLocal":            "vaex.dataframe.DataFrameLocal",
	"modin.pandas.dataframe.DataFrame":         "modin.pandas.DataFrame",
	"dataclasses_json.api.DataClassJsonMixin":  "dataclasses_json.DataClassJsonMixin",
	"dataclasses_json.api.dataclass_json":      "dataclasses_json.dataclass_json",
	"mashumaro.mixins.dict.DataClassDictMixin": "mashumaro.DataClassDictMixin",
	"mashumaro.config.BaseConfig":              "mashumaro.config.BaseConfig",
	"sklearn.base.BaseEstimator":               "sklearn.base.BaseEstimator",
}

// Canonical is the name under which natives and types know an object that has
// the given public name: of flytekit's objects the module that defines them,
// of other libraries' the name that their documentation uses.
func Canonical(name string) string {
	if strings.HasPrefix(name, "flytekit.") {
		return canonicalFlytekit(name)
	}
	if public, ok := thirdParty[name]; ok {
		return public
	}
	return name
}

// canonicalFlytekit also knows the members of classes: flytekit.Cache.policies.
func canonicalFlytekit(name string) string {
	t := table()
	for end := len(name); end > len("flytekit"); end = strings.LastIndexByte(name[:end], '.') {
		if canonical, ok := t.canonical[name[:end]]; ok {
			return canonical + name[end:]
		}
	}
	return name
}

// Exports are the names that a module of flytekit, or one of some of Python's,
// offers to `from module import *`; nil if they aren't known.
func Exports(module string) []string { return table().exports[module] }

// natively are the libraries that are never read from source: what a model
// needs to know of them is their classes' names.
var natively = map[string]bool{
	"flytekit": true, "flyteidl": true, "pandas": true, "polars": true, "numpy": true, "pyarrow": true,
	"torch": true, "torchvision": true, "sklearn": true, "tensorflow": true, "keras": true, "scipy": true,
	"pyspark": true, "vaex": true, "modin": true, "dask": true, "ray": true, "xgboost": true, "lightgbm": true,
	"pydantic": true, "pydantic_core": true, "annotated_types": true, "mashumaro": true, "marshmallow": true, "marshmallow_enum": true,
	"dataclasses_json": true, "matplotlib": true, "seaborn": true, "plotly": true, "PIL": true, "requests": true,
	"yaml": true, "click": true, "rich": true, "kubernetes": true, "google": true, "boto3": true, "fsspec": true,
	"transformers": true, "datasets": true, "onnx": true, "onnxruntime": true, "pandera": true, "whylogs": true,
	"great_expectations": true, "duckdb": true, "sqlalchemy": true, "jsonschema": true, "msgpack": true,
	"attr": true, "attrs": true, "cloudpickle": true, "joblib": true, "tqdm": true, "pytest": true, "mlflow": true,
	"wandb": true, "comet_ml": true, "neptune": true, "openai": true, "snowflake": true, "cv2": true,
	pluginUnread: true,
}

// NativeModule tells whether a module is never read from source.
func NativeModule(module string) bool {
	library, _, _ := strings.Cut(module, ".")
	return natively[library]
}

// Options are the options of the program whose modules this package reads.
func Options() pyeval.Options {
	return pyeval.Options{Canonical: Canonical, NativeModule: NativeModule, Exports: Exports, StandIn: pluginModule, Finish: name, Observer: observer{}}
}
