package typeengine

import (
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

// libraryType is the type of a library for which flytekit, or a plugin of it,
// has a transformer.
type libraryType struct {
	transformer *transformer
	// plugin is the package that registers it through flytekit's entry point
	// "flytekit.plugins"; "" where flytekit does so itself when the library is
	// imported (TypeEngine.lazy_import_transformers).
	plugin string
}

// libraries has them by the name of the type. A type that is named in a file
// has been imported by it, so that flytekit's own are there.
var libraries map[string]libraryType

// registerLibraries fills libraries; the transformers are there then.
func registerLibraries() {
	multipart := func(format string) *core.LiteralType { return blob(format, core.BlobType_MULTIPART) }
	libraries = map[string]libraryType{}
	add := func(plugin string, tr *transformer, names ...string) {
		for _, name := range names {
			libraries[name] = libraryType{tr, plugin}
		}
	}
	// types/structured/__init__.py
	add("", datasetTransformer, "pandas.DataFrame", "pandas.core.frame.DataFrame", "pyarrow.Table", "pyarrow.lib.Table")
	// types/numpy, types/file/image.py
	add("", constant("Numpy Array", file("NumpyArray"), nil), "numpy.ndarray")
	add("", constant("PIL.Image", file("PIL.Image"), nil), "PIL.Image.Image")
	// extras/pytorch, extras/sklearn, extras/tensorflow
	add("", constant("PyTorch Tensor", file("PyTorchTensor"), nil), "torch.Tensor", "torch._tensor.Tensor", "torch.nn.Parameter")
	add("", constant("PyTorch Module", file("PyTorchModule"), nil), "torch.nn.Module", "torch.nn.modules.module.Module")
	add("", constant("PyTorch Checkpoint", file("PyTorchCheckpoint"), nil),
		"flytekit.extras.pytorch.checkpoint.PyTorchCheckpoint", "flytekit.extras.pytorch.PyTorchCheckpoint")
	add("", constant("Sklearn Estimator", file("SklearnEstimator"), nil), "sklearn.base.BaseEstimator")
	add("", constant("TensorFlow Model", file("TensorFlowModel"), nil),
		"tensorflow.keras.Model", "tensorflow.keras.models.Model", "keras.Model", "keras.models.Model")
	add("", constant("TensorFlow Record File", file("TensorFlowRecord"), nil), "flytekit.types.file.TFRecordFile")
	add("", constant("TensorFlow Record Directory", multipart("TensorFlowRecord"), nil), "flytekit.types.directory.TFRecordsDirectory")
	// core/type_engine.py, ProtobufTransformer
	add("", &transformer{"Protobuf-Transformer", protobufType, nil}, "google.protobuf.message.Message")

	add("flytekitplugins.polars", datasetTransformer, "polars.DataFrame", "polars.LazyFrame",
		"polars.dataframe.frame.DataFrame", "polars.lazyframe.frame.LazyFrame")
	add("flytekitplugins.spark", datasetTransformer, "pyspark.sql.DataFrame", "pyspark.sql.dataframe.DataFrame")
	add("flytekitplugins.spark", constant("PySparkPipelineModel", multipart("binary"), nil), "pyspark.ml.PipelineModel", "pyspark.ml.pipeline.PipelineModel")
	add("flytekitplugins.vaex", datasetTransformer, "vaex.dataframe.DataFrameLocal")
	add("flytekitplugins.huggingface", datasetTransformer, "datasets.Dataset", "datasets.arrow_dataset.Dataset")
	add("flytekitplugins.geopandas", datasetTransformer, "geopandas.GeoDataFrame", "geopandas.geodataframe.GeoDataFrame")
	add("flytekitplugins.pandera", &transformer{"Pandera Transformer", panderaType, nil},
		"pandera.typing.DataFrame", "pandera.typing.pandas.DataFrame")
	add("flytekitplugins.whylogs", constant("whylogs-profile-transformer", file("binary"), nil),
		"whylogs.core.DatasetProfileView", "whylogs.core.view.dataset_profile_view.DatasetProfileView")
	add("flytekitplugins.omegaconf", constant("DictConfig", simple(core.SimpleType_STRUCT), nil),
		"omegaconf.DictConfig", "omegaconf.dictconfig.DictConfig")
	add("flytekitplugins.omegaconf", constant("ListConfig", simple(core.SimpleType_STRUCT), nil),
		"omegaconf.ListConfig", "omegaconf.listconfig.ListConfig")
	add("flytekitplugins.xarray", constant("Xarray Dataset", multipart("binary"), nil), "xarray.Dataset", "xarray.core.dataset.Dataset")
	add("flytekitplugins.xarray", constant("Xarray DataArray", multipart("binary"), nil), "xarray.DataArray", "xarray.core.dataarray.DataArray")

	// These register when they are imported, and their types are their own.
	add("", constant("PyTorch ONNX", file("onnx"), nil), "flytekitplugins.onnxpytorch.schema.PyTorch2ONNX", "flytekitplugins.onnxpytorch.PyTorch2ONNX")
	add("", constant("ScikitLearn ONNX", file("onnx"), nil), "flytekitplugins.onnxscikitlearn.schema.ScikitLearn2ONNX", "flytekitplugins.onnxscikitlearn.ScikitLearn2ONNX")
	add("", constant("TensorFlow2 ONNX", file("onnx"), nil), "flytekitplugins.onnxtensorflow.schema.TensorFlow2ONNX", "flytekitplugins.onnxtensorflow.TensorFlow2ONNX")
	for _, name := range []string{"BaseModel", "main.BaseModel"} {
		libraries["pydantic."+name] = libraryType{pydanticTransformer, ""}
	}
	for _, message := range wellKnownMessages {
		libraries[message] = libraries["google.protobuf.message.Message"]
	}
}

// wellKnownMessages are the classes that protobuf ships.
var wellKnownMessages = []string{
	"google.protobuf.any_pb2.Any",
	"google.protobuf.duration_pb2.Duration",
	"google.protobuf.empty_pb2.Empty",
	"google.protobuf.field_mask_pb2.FieldMask",
	"google.protobuf.struct_pb2.ListValue",
	"google.protobuf.struct_pb2.Struct",
	"google.protobuf.struct_pb2.Value",
	"google.protobuf.timestamp_pb2.Timestamp",
	"google.protobuf.wrappers_pb2.BoolValue",
	"google.protobuf.wrappers_pb2.BytesValue",
	"google.protobuf.wrappers_pb2.DoubleValue",
	"google.protobuf.wrappers_pb2.FloatValue",
	"google.protobuf.wrappers_pb2.Int32Value",
	"google.protobuf.wrappers_pb2.Int64Value",
	"google.protobuf.wrappers_pb2.StringValue",
	"google.protobuf.wrappers_pb2.UInt32Value",
	"google.protobuf.wrappers_pb2.UInt64Value",
}

// knownLibrary tells whether types of a module are known without the module.
func knownLibrary(name string) bool {
	if _, ok := libraries[name]; ok {
		return true
	}
	if _, ok := registry[name]; ok {
		return true
	}
	_, ok := nativeClasses()[name]
	return ok || isTorchModule(name)
}

// isTorchModule tells whether a class is one of torch.nn, which are all modules
// but those for parameters.
func isTorchModule(name string) bool {
	class, ok := strings.CutPrefix(name, "torch.nn.")
	if !ok || class == "" || strings.Contains(class, ".") || class[0] < 'A' || class[0] > 'Z' {
		return false
	}
	switch class {
	case "Parameter", "Buffer", "UninitializedParameter", "UninitializedBuffer":
		return false
	}
	return true
}

// ofLibrary is the transformer of a library's type, nil if there is none, or
// if the plugin that has it isn't installed.
func (c *conversion) ofLibrary(name string) *transformer {
	library, ok := libraries[name]
	if !ok {
		if isTorchModule(name) {
			return libraries["torch.nn.Module"].transformer
		}
		return nil
	}
	if library.transformer == pydanticTransformer && !c.hasPydantic2() {
		return nil
	}
	if library.plugin != "" && !c.hasPlugin(library.plugin, name) {
		return nil
	}
	return library.transformer
}

// hasPlugin tells whether a plugin is there to make something of a library's
// type. An interpreter that doesn't have the library can't import the file, and
// tells nothing of the one that runs it.
func (c *conversion) hasPlugin(plugin, name string) bool {
	library, _, _ := strings.Cut(name, ".")
	if c.Installed != nil {
		if installed, known := c.Installed(library); known && !installed {
			c.assume(plugin + " is installed")
			return true
		}
	}
	return c.installed(plugin, true)
}

// hasPydantic2 tells whether flytekit registers its transformer of pydantic's
// models: it needs the functions of version 2 (extras/pydantic_transformer).
func (c *conversion) hasPydantic2() bool {
	return c.Version == nil || !strings.HasPrefix(c.Version("pydantic"), "1.")
}

// protobufType is ProtobufTransformer.get_literal_type.
func protobufType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	name := nativeName(c.resolve(t))
	if name == "" || name == "google.protobuf.message.Message" {
		return nil, unknown("what Python calls %s isn't known", describe(t))
	}
	return &core.LiteralType{
		Type:     &core.LiteralType_Simple{Simple: core.SimpleType_STRUCT},
		Metadata: structOf(map[string]any{"pb_type": name}),
	}, nil
}

// panderaType is PanderaPandasTransformer.get_literal_type of the plugin.
func panderaType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	return datasetType(c, c.underlying(t))
}

// pickleType is FlytePickleTransformer.get_literal_type (types/pickle/pickle.py).
func pickleType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	text, err := c.typeText(t)
	if err != nil {
		return nil, err
	}
	return &core.LiteralType{
		Type:     file("PythonPickle").Type,
		Metadata: structOf(map[string]any{"python_class_name": text}),
	}, nil
}
