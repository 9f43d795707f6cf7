package typeengine

import (
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const structuredDataset = "flytekit.types.structured.structured_dataset.StructuredDataset"

// datasetType is StructuredDatasetTransformerEngine.get_literal_type
// (types/structured/structured_dataset.py), of StructuredDataset and of all
// dataframes that have handlers.
func datasetType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	dataset := &core.StructuredDatasetType{}
	alias, ok := annotated(c.resolve(t))
	if !ok {
		return ofDataset(dataset), nil
	}
	var columns []column
	hasSchema := false
	for _, arg := range alias.Args[1:] {
		switch arg := c.resolve(arg).(type) {
		case *pyeval.Dict:
			given, err := c.columnsOf(arg)
			if err != nil {
				return nil, err
			}
			columns = given
		case pyeval.Str:
			if dataset.Format != "" {
				return nil, rejected("A format was already specified %s, cannot use %s", dataset.Format, arg)
			}
			dataset.Format = string(arg)
		case *pyeval.Class:
			given, err := c.classColumns(arg)
			if err != nil {
				return nil, err
			}
			columns = given
		case *pyeval.Instance:
			switch name := nativeName(c.resolve(arg.Class)); name {
			case "pyarrow.schema", "pyarrow.Schema", "pyarrow.lib.Schema":
				schema, err := c.arrowSchema(arg)
				if err != nil {
					return nil, err
				}
				if hasSchema {
					return nil, rejected("Arrow schema was already found, cannot use another")
				}
				hasSchema = true
				dataset.ExternalSchemaType = "arrow"
				dataset.ExternalSchemaBytes = []byte(schema)
			default:
				if class, ok := c.resolve(arg.Class).(*pyeval.Class); ok && len(class.Annotations) > 0 {
					given, err := c.classColumns(class)
					if err != nil {
						return nil, err
					}
					columns = given
				}
			}
		default:
			if reason, ok := c.uncertain(arg); ok {
				return nil, unknown("an annotation of the type isn't known: %s", reason)
			}
		}
	}
	flat, err := c.flatten("", columns)
	if err != nil {
		return nil, err
	}
	for _, col := range flat {
		literalType, err := c.columnType(col.of)
		if err != nil {
			return nil, err
		}
		dataset.Columns = append(dataset.Columns, &core.StructuredDatasetType_DatasetColumn{
			Name: col.name, LiteralType: literalType,
		})
	}
	return ofDataset(dataset), nil
}

func ofDataset(dataset *core.StructuredDatasetType) *core.LiteralType {
	return &core.LiteralType{Type: &core.LiteralType_StructuredDatasetType{StructuredDatasetType: dataset}}
}

// column is a column of a dataset, or a group of columns.
type column struct {
	name string
	of   pyeval.Value
}

func (c *conversion) columnsOf(dict *pyeval.Dict) ([]column, error) {
	if dict.Open {
		return nil, unknown("not all columns are known")
	}
	var columns []column
	for _, item := range dict.Items {
		name, ok := c.resolve(item.Key).(pyeval.Str)
		if !ok {
			return nil, unknown("the name of a column isn't known")
		}
		columns = append(columns, column{string(name), item.Value})
	}
	return columns, nil
}

// classColumns are the annotations of a class, as extract_cols_and_format takes
// them: those of the class itself.
func (c *conversion) classColumns(class *pyeval.Class) ([]column, error) {
	var columns []column
	for _, annotation := range class.Annotations {
		columns = append(columns, column{annotation.Name, c.annotation(annotation)})
	}
	return columns, nil
}

// flatten joins the names of columns in groups (flatten_dict).
func (c *conversion) flatten(parent string, columns []column) ([]column, error) {
	var flat []column
	for _, col := range columns {
		if parent != "" {
			col.name = parent + "." + col.name
		}
		var inner []column
		var err error
		switch of := c.resolve(col.of).(type) {
		case *pyeval.Dict:
			inner, err = c.columnsOf(of)
		case *pyeval.Class:
			if !c.isDataclass(of) {
				flat = append(flat, col)
				continue
			}
			var fields []*field
			fields, err = c.fields(of)
			for _, f := range fields {
				inner = append(inner, column{f.name, f.of})
			}
		default:
			flat = append(flat, col)
			continue
		}
		if err != nil {
			return nil, err
		}
		inner, err = c.flatten(col.name, inner)
		if err != nil {
			return nil, err
		}
		flat = append(flat, inner...)
	}
	return flat, nil
}

// columnTypes are the types of columns (get_supported_types).
var columnTypes = map[string]*core.LiteralType{
	"builtins.int": typeInt, "numpy.int32": typeInt, "numpy.int64": typeInt, "numpy.uint32": typeInt, "numpy.uint64": typeInt,
	"builtins.float": typeFloat, "numpy.float32": typeFloat, "numpy.float64": typeFloat,
	"builtins.bool": typeBool, "numpy.bool_": typeBool, "numpy.bool": typeBool,
	"datetime.datetime": typeDatetime, "numpy.datetime64": typeDatetime,
	"datetime.timedelta": typeDuration, "numpy.timedelta64": typeDuration,
	"builtins.str": typeStr, "numpy.str_": typeStr, "numpy.bytes_": typeStr, "numpy.object_": typeStr,
}

// columnType is StructuredDatasetTransformerEngine._get_dataset_column_literal_type.
func (c *conversion) columnType(t pyeval.Value) (*core.LiteralType, error) {
	t = c.resolve(t)
	if reason, ok := c.uncertain(t); ok {
		return nil, unknown("the type of a column isn't known: %s", reason)
	}
	if literalType, ok := columnTypes[nativeName(t)]; ok {
		return literalType, nil
	}
	if alias, ok := t.(*pyeval.Alias); ok {
		switch origin := nativeName(c.resolve(alias.Origin)); {
		case origin == "builtins.list" && len(alias.Args) > 0:
			of, err := c.columnType(alias.Args[0])
			if err != nil {
				return nil, err
			}
			return collection(of), nil
		case origin == "builtins.dict" && len(alias.Args) > 1:
			of, err := c.columnType(alias.Args[1])
			if err != nil {
				return nil, err
			}
			return &core.LiteralType{Type: &core.LiteralType_MapValueType{MapValueType: of}}, nil
		}
	}
	return nil, rejected("type %s is currently not supported by StructuredDataset", c.reprOr(t))
}

// arrowTypes is what pyarrow says of the types that its functions make.
var arrowTypes = map[string]string{
	"bool_": "bool", "int8": "int8", "int16": "int16", "int32": "int32", "int64": "int64",
	"uint8": "uint8", "uint16": "uint16", "uint32": "uint32", "uint64": "uint64",
	"float16": "halffloat", "float32": "float", "float64": "double",
	"string": "string", "utf8": "string", "large_string": "large_string", "binary": "binary",
	"date32": "date32[day]", "date64": "date64[ms]",
}

// arrowSchema is what `pyarrow.schema([(name, type), ...]).to_string()` gives.
func (c *conversion) arrowSchema(schema *pyeval.Instance) (string, error) {
	cannot := unknown("the pyarrow schema isn't known")
	list, ok := c.resolve(argument(schema, 0, "fields", pyeval.None{})).(*pyeval.List)
	if !ok || list.Open || len(schema.Args)+len(schema.Keywords) != 1 {
		return "", cannot
	}
	var text strings.Builder
	for i, elem := range list.Elems {
		pair, ok := c.resolve(elem).(*pyeval.Tuple)
		if !ok || len(pair.Elems) != 2 {
			return "", cannot
		}
		name, ok := c.resolve(pair.Elems[0]).(pyeval.Str)
		if !ok {
			return "", cannot
		}
		of, ok := c.arrowType(pair.Elems[1])
		if !ok {
			return "", cannot
		}
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString(string(name) + ": " + of)
	}
	return text.String(), nil
}

func (c *conversion) arrowType(v pyeval.Value) (string, bool) {
	name, call := c.callee(v)
	const prefix = "pyarrow."
	if call == nil || len(call.Args)+len(call.Keywords) > 0 || len(name) < len(prefix) {
		return "", false
	}
	text, ok := arrowTypes[name[len(prefix):]]
	return text, ok
}

// schemaColumns are the types of a FlyteSchema's columns
// (FlyteSchemaTransformer._SUPPORTED_TYPES in types/schema/types.py).
var schemaColumns = map[string]core.SchemaType_SchemaColumn_SchemaColumnType{
	"builtins.int": core.SchemaType_SchemaColumn_INTEGER, "builtins.float": core.SchemaType_SchemaColumn_FLOAT,
	"builtins.bool": core.SchemaType_SchemaColumn_BOOLEAN, "builtins.str": core.SchemaType_SchemaColumn_STRING,
	"datetime.datetime": core.SchemaType_SchemaColumn_DATETIME, "datetime.timedelta": core.SchemaType_SchemaColumn_DURATION,
}

// schemaType is FlyteSchemaTransformer.get_literal_type (types/schema/types.py).
func schemaType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	schema := &core.SchemaType{}
	of := &core.LiteralType{Type: &core.LiteralType_Schema{Schema: schema}}
	t = c.underlying(t)
	if class, ok := t.(*pyeval.Class); ok {
		if c.attribute(class, "columns") != nil {
			return nil, unknown("%s has a columns() of its own", class.Name)
		}
		for _, base := range c.linear(class, nil) {
			if alias, ok := base.(*pyeval.Alias); ok {
				t = alias
			}
		}
	}
	alias, ok := t.(*pyeval.Alias)
	if !ok {
		return of, nil
	}
	if len(alias.Args) != 1 {
		return nil, unknown("the columns of %s aren't known", describe(t))
	}
	arg := c.resolve(alias.Args[0])
	if _, none := arg.(pyeval.None); none {
		return of, nil
	}
	dict, ok := arg.(*pyeval.Dict)
	if !ok {
		if reason, uncertain := c.uncertain(arg); uncertain {
			return nil, unknown("the columns aren't known: %s", reason)
		}
		return nil, rejected("Columns should be specified as an ordered dict of column names and their types, received %s", c.typeOf(arg))
	}
	columns, err := c.columnsOf(dict)
	if err != nil {
		return nil, err
	}
	for _, col := range columns {
		if reason, ok := c.uncertain(col.of); ok {
			return nil, unknown("the type of the column %s isn't known: %s", col.name, reason)
		}
		kind, ok := c.schemaColumn(col.of)
		if !ok {
			return nil, rejected("type %s is currently not supported by FlyteSchema", c.reprOr(col.of))
		}
		schema.Columns = append(schema.Columns, &core.SchemaType_SchemaColumn{Name: col.name, Type: kind})
	}
	return of, nil
}

func (c *conversion) schemaColumn(t pyeval.Value) (core.SchemaType_SchemaColumn_SchemaColumnType, bool) {
	name := nativeName(c.resolve(t))
	if kind, ok := schemaColumns[name]; ok {
		return kind, true
	}
	// types/schema/types.py, _get_numpy_type_mappings
	if literalType, ok := columnTypes[name]; ok && len(name) > 6 && name[:6] == "numpy." {
		switch literalType {
		case typeInt:
			return core.SchemaType_SchemaColumn_INTEGER, true
		case typeFloat:
			return core.SchemaType_SchemaColumn_FLOAT, true
		case typeBool:
			return core.SchemaType_SchemaColumn_BOOLEAN, true
		case typeDatetime:
			return core.SchemaType_SchemaColumn_DATETIME, true
		case typeDuration:
			return core.SchemaType_SchemaColumn_DURATION, true
		case typeStr:
			return core.SchemaType_SchemaColumn_STRING, true
		}
	}
	return 0, false
}

// datasetLiteral is StructuredDatasetTransformerEngine.async_to_literal for
// datasets that lie in a store.
func datasetLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	of, err := datasetType(c, t)
	if err != nil {
		return nil, err
	}
	instance, ok := v.(*pyeval.Instance)
	if !ok || !c.isInstanceOf(instance, structuredDataset) {
		if nativeName(c.underlying(t)) == structuredDataset {
			return nil, rejectedAs("constant-type", "Expected a StructuredDataset instance, but got %s instead. Did you forget to wrap your dataframe in a StructuredDataset instance?", c.typeOf(v))
		}
		switch v.(type) {
		case pyeval.None, pyeval.Bool, pyeval.Int, pyeval.Float, pyeval.Str, *pyeval.List, *pyeval.Dict:
			return nil, rejectedAs("constant-type", "'%s' object has no attribute 'to_parquet'", strings.TrimSuffix(strings.TrimPrefix(c.typeOf(v), "<class '"), "'>"))
		}
		return nil, unknown("a dataframe is kept in a file, whose address isn't known before it runs")
	}
	cannot := unknown("where %s is kept isn't known", describe(v))
	if _, none := c.resolve(argument(instance, 0, "dataframe", pyeval.None{})).(pyeval.None); !none || instance.Open {
		return nil, cannot
	}
	uri, ok := c.resolve(argument(instance, 1, "uri", pyeval.None{})).(pyeval.Str)
	if !ok || !remote(string(uri)) || strings.HasPrefix(string(uri), "flyte://") {
		return nil, cannot
	}
	if _, none := c.resolve(argument(instance, 2, "metadata", pyeval.None{})).(pyeval.None); !none {
		return nil, cannot
	}
	dataset := of.GetStructuredDatasetType()
	if format := c.resolve(argument(instance, -1, "file_format", pyeval.Str(""))); dataset.Format == "" && format != pyeval.Value(pyeval.Str("")) {
		text, ok := format.(pyeval.Str)
		if !ok {
			return nil, cannot
		}
		dataset = proto.CloneOf(dataset)
		dataset.Format = string(text)
	}
	return scalarLiteral(&core.Scalar{Value: &core.Scalar_StructuredDataset{StructuredDataset: &core.StructuredDataset{
		Uri: string(uri), Metadata: &core.StructuredDatasetMetadata{StructuredDatasetType: dataset},
	}}}), nil
}
