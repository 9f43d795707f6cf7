package engine

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"

	"github.com/flyte-lsp/flyte-lsp/literal"
)

// place matches what the engine fills in in a container's arguments.
var place = regexp.MustCompile(`(?i)\{\{\s*\.(\w+)(?:\.(\w+))?\s*\}\}`)

// filled are a container's command and arguments with their places filled, as
// propeller does (flyteplugins core/template).
func (j *job) filled() ([]string, error) {
	container := j.template.GetContainer()
	raw := append(append([]string{}, container.GetCommand()...), container.GetArgs()...)
	args := make([]string, 0, len(raw))
	for _, arg := range raw {
		var failed error
		arg = place.ReplaceAllStringFunc(arg, func(match string) string {
			parts := place.FindStringSubmatch(match)
			value, err := j.value(strings.ToLower(parts[1]), parts[2], match)
			if err != nil {
				failed = err
			}
			return value
		})
		if failed != nil {
			return nil, failed
		}
		args = append(args, arg)
	}
	return args, nil
}

func (j *job) value(name, input, match string) (string, error) {
	switch name {
	case "input":
		return j.inputsFile, nil
	case "inputprefix":
		return filepath.Dir(j.inputsFile), nil
	case "outputprefix":
		return j.output, nil
	case "rawoutputdataprefix":
		return j.raw, nil
	case "checkpointoutputprefix":
		return j.checkpoint(), nil
	case "prevcheckpointprefix":
		if j.previousCheckpoint == "" {
			return `""`, nil
		}
		return j.previousCheckpoint, nil
	case "perretryuniquekey":
		return strings.NewReplacer("-", "_", ".", "_").Replace(j.name), nil
	case "namespace":
		id := j.execution.GetId()
		return id.GetProject() + "-" + id.GetDomain(), nil
	case "inputs":
		return j.inputValue(input)
	}
	return match, nil // another program's place, such as a shell template
}

func (j *job) inputValue(name string) (string, error) {
	value := j.inputs.GetLiterals()[name]
	if value == nil {
		return "", failed(userError, "BadTaskSpecification", "the command of task %s names input %q, which it doesn't have", j.template.GetId().GetName(), name)
	}
	return argument(value)
}

// argument is a literal as a command's argument: a primitive, a uri, or a list
// of them as [a,b].
func argument(value *core.Literal) (string, error) {
	switch v := value.GetValue().(type) {
	case *core.Literal_Collection:
		items := make([]string, 0, len(v.Collection.GetLiterals()))
		for _, item := range v.Collection.GetLiterals() {
			text, err := argument(item)
			if err != nil {
				return "", err
			}
			items = append(items, text)
		}
		return "[" + strings.Join(items, ",") + "]", nil
	case *core.Literal_Scalar:
		switch scalar := v.Scalar.GetValue().(type) {
		case *core.Scalar_Blob:
			return scalar.Blob.GetUri(), nil
		case *core.Scalar_Schema:
			return scalar.Schema.GetUri(), nil
		case *core.Scalar_StructuredDataset:
			return scalar.StructuredDataset.GetUri(), nil
		case *core.Scalar_Union:
			return argument(scalar.Union.GetValue())
		case *core.Scalar_Primitive:
			if text, isString := scalar.Primitive.GetValue().(*core.Primitive_StringValue); isString {
				return text.StringValue, nil
			}
			return literal.TextLimit(value, maxArgument), nil
		case *core.Scalar_Binary:
			return literal.TextLimit(value, maxArgument), nil
		}
	}
	return "", fmt.Errorf("an input of this type can't be an argument of a command: %s", literal.Text(value))
}

// maxArgument is the most of a value that a command's argument takes, in runes.
const maxArgument = 1 << 20
