package typeengine

import (
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/pyeval"
)

const (
	flyteFile      = "flytekit.types.file.file.FlyteFile"
	flyteDirectory = "flytekit.types.directory.types.FlyteDirectory"
)

// fileType is FlyteFilePathTransformer.get_literal_type (types/file/file.py).
func fileType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	if nativeName(c.resolve(t)) == "os.PathLike" {
		return file(""), nil
	}
	format, err := c.format(t)
	if err != nil {
		return nil, err
	}
	return file(format), nil
}

// directoryType is FlyteDirToMultipartBlobTransformer.get_literal_type
// (types/directory/types.py).
func directoryType(c *conversion, t pyeval.Value) (*core.LiteralType, error) {
	format, err := c.format(t)
	if err != nil {
		return nil, err
	}
	return blob(format, core.BlobType_MULTIPART), nil
}

// format is the extension() of FlyteFile or FlyteDirectory, of FlyteFile["csv"]
// and of a class that derives from them.
func (c *conversion) format(t pyeval.Value) (string, error) {
	switch t := c.underlying(t).(type) {
	case *pyeval.Alias:
		if nativeName(c.resolve(t.Origin)) == "os.PathLike" {
			return "", rejected("type object 'PathLike' has no attribute 'extension'")
		}
		if len(t.Args) != 1 {
			return "", unknown("the format of %s isn't known", describe(t))
		}
		return c.extension(t.Args[0])
	case *pyeval.Class:
		if c.attribute(t, "extension") != nil {
			return "", unknown("%s has an extension() of its own", t.Name)
		}
		for _, base := range c.linear(t, nil) {
			if alias, ok := base.(*pyeval.Alias); ok {
				return c.format(alias)
			}
		}
		if derives, _ := c.derives(t, "os.PathLike"); derives {
			if isFile, _ := c.derives(t, flyteFile); !isFile {
				return "", rejected("type object '%s' has no attribute 'extension'", t.Name)
			}
		}
	}
	return "", nil
}

// extension is what FlyteFile.__class_getitem__ makes of its argument.
func (c *conversion) extension(arg pyeval.Value) (string, error) {
	arg = c.resolve(arg)
	if reason, ok := c.uncertain(arg); ok {
		return "", unknown("the format isn't known: %s", reason)
	}
	if alias, ok := annotated(arg); ok {
		if nativeName(c.resolve(alias.Args[0])) != "builtins.str" {
			return "", rejected("Underlying type of File Extension must be of type <str>")
		}
		arg = c.resolve(alias.Args[1])
		if ext, ok := arg.(*pyeval.Instance); ok && c.isInstanceOf(ext, "flytekit.types.file.FileExt") {
			arg = c.resolve(argument(ext, 0, "ext", pyeval.None{}))
		}
	}
	var text string
	switch arg := arg.(type) {
	case pyeval.None:
		return "", nil
	case pyeval.Str:
		text = string(arg)
	default:
		var err error
		if text, err = c.typeText(arg); err != nil {
			return "", unknown("the format isn't known: it is %s", describe(arg))
		}
	}
	text = strings.TrimLeft(strings.TrimSpace(text), "~")
	return strings.TrimLeft(text, "."), nil
}

// remote tells whether a path has a protocol other than file, so that flytekit
// doesn't look for it on this machine (FileAccessProvider.is_remote).
func remote(path string) bool {
	protocol, _, ok := strings.Cut(path, "://")
	if !ok {
		protocol, _, ok = strings.Cut(path, "::")
	}
	return ok && protocol != "file"
}

// remoteURI is the address of a FlyteFile or FlyteDirectory that lies in a
// store; others are uploaded, or looked for where the code runs.
func (c *conversion) remoteURI(v *pyeval.Instance) (string, error) {
	path, ok := c.resolve(argument(v, 0, "path", pyeval.None{})).(pyeval.Str)
	if !ok {
		return "", unknown("the path of %s isn't known", describe(v))
	}
	for position, name := range []string{"path", "downloader", "remote_path", "metadata"} {
		if position > 0 && argument(v, position, name, nil) != nil || v.Open {
			return "", unknown("what flytekit does with %s isn't known", describe(v))
		}
	}
	for _, keyword := range v.Keywords {
		if keyword.Name == "remote_directory" {
			return "", unknown("where %s is uploaded to isn't known", describe(v))
		}
	}
	if !remote(string(path)) {
		return "", unknown("%s is on the machine that runs the code", path)
	}
	if strings.HasPrefix(string(path), "flyte://") {
		return "", unknown("where %s leads to is only known to the backend", path)
	}
	return string(path), nil
}

// fileLiteral is FlyteFilePathTransformer.async_to_literal for files that
// aren't uploaded.
func fileLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	of, err := fileType(c, t)
	if err != nil {
		return nil, err
	}
	isPathLike := nativeName(c.underlying(t)) == "os.PathLike"
	uri, err := c.blobURI(v, flyteFile, isPathLike)
	if err != nil {
		return nil, err
	}
	return blobLiteral(of, uri), nil
}

// directoryLiteral is FlyteDirToMultipartBlobTransformer.async_to_literal for
// folders that aren't uploaded.
func directoryLiteral(c *conversion, t, v pyeval.Value) (*core.Literal, error) {
	of, err := directoryType(c, t)
	if err != nil {
		return nil, err
	}
	uri, err := c.blobURI(v, flyteDirectory, false)
	if err != nil {
		return nil, err
	}
	return blobLiteral(of, uri), nil
}

func afterDot(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// blobURI is the address of a file or folder: a string, or an object of
// flytekit's class. asWritten: paths of this machine stay as they are.
func (c *conversion) blobURI(v pyeval.Value, class string, asWritten bool) (string, error) {
	switch v := v.(type) {
	case pyeval.Str:
		if asWritten || remote(string(v)) && !strings.HasPrefix(string(v), "flyte://") {
			return string(v), nil
		}
		return "", unknown("%s is on the machine that runs the code", v)
	case *pyeval.Instance:
		if c.isInstanceOf(v, class) {
			return c.remoteURI(v)
		}
		if alias, ok := c.resolve(v.Class).(*pyeval.Alias); ok && nativeName(c.resolve(alias.Origin)) == class {
			return c.remoteURI(v)
		}
		for _, other := range []string{flyteFile, flyteDirectory} {
			if other != class && !asWritten && c.isInstanceOf(v, other) {
				return "", rejectedAs("constant-file", "No automatic conversion found from type %s to %s.", c.typeOf(v), afterDot(class))
			}
		}
		return "", unknown("what flytekit does with %s isn't known", describe(v))
	}
	return "", rejectedAs("constant-file", "No automatic conversion found from type %s to %s.", c.typeOf(v), afterDot(class))
}

func blobLiteral(of *core.LiteralType, uri string) *core.Literal {
	return scalarLiteral(&core.Scalar{Value: &core.Scalar_Blob{Blob: &core.Blob{
		Metadata: &core.BlobMetadata{Type: of.GetBlob()}, Uri: uri,
	}}})
}
