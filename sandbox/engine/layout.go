package engine

import (
	"encoding/base32"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/protobuf/proto"
)

// Layout says where data lies below the sandbox's data folder. All paths are
// absolute and plain: flytekit doesn't take file:// for data.
type Layout struct{ Data, Work string }

func executionFolder(id *core.WorkflowExecutionIdentifier) string {
	return id.GetProject() + "-" + id.GetDomain() + "-" + id.GetName()
}

// Inputs is the file of an execution's full inputs.
func (l Layout) Inputs(id *core.WorkflowExecutionIdentifier) string {
	return filepath.Join(l.Data, "metadata", id.GetProject(), id.GetDomain(), id.GetName(), "inputs")
}

// UserInputs is the file of the inputs that the caller gave.
func (l Layout) UserInputs(id *core.WorkflowExecutionIdentifier) string {
	return filepath.Join(l.Data, "metadata", id.GetProject(), id.GetDomain(), id.GetName(), "user_inputs")
}

// Nodes is the folder of an execution's nodes' data.
func (l Layout) Nodes(id *core.WorkflowExecutionIdentifier) string {
	return filepath.Join(l.Data, "metadata", "propeller", executionFolder(id))
}

// raw is where an attempt writes files, folders and dataframes.
func (l Layout) raw(prefix, generatedName string) string {
	if prefix == "" {
		prefix = filepath.Join(l.Data, "raw")
	}
	shard := shardOf(generatedName)
	if strings.Contains(prefix, "://") {
		return strings.TrimSuffix(prefix, "/") + "/" + shard + "/" + generatedName
	}
	return filepath.Join(prefix, shard, generatedName)
}

func shardOf(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return fmt.Sprintf("%02x", h.Sum32()&0xff)
}

// idEncoding is propeller's alphabet for shortened ids.
var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz123456").WithPadding(base32.NoPadding)

const maxIDLength = 20

// nodeExecutionID is the id of a nested node execution: the parts joined, or
// their hash where that is longer than 20 characters (propeller
// utils/encoding.FixedLengthUniqueID).
func nodeExecutionID(parts ...string) string {
	joined := strings.Join(parts, "-")
	if len(joined) <= maxIDLength {
		return joined
	}
	h := fnv.New32a()
	h.Write([]byte(joined))
	return "f" + idEncoding.EncodeToString(h.Sum(nil))
}

// childExecutionName names the execution that a launch plan node starts.
func childExecutionName(parts ...string) string {
	joined := strings.Join(parts, "-")
	if len(joined) <= maxIDLength {
		return joined
	}
	h := fnv.New64a()
	h.Write([]byte(joined))
	return "f" + idEncoding.EncodeToString(h.Sum(nil))
}

// writeMessage writes a message to a file that is either whole or absent.
func writeMessage(path string, message proto.Message) error {
	data, err := proto.Marshal(message)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return writeFile(path, data)
}

func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	partial, err := os.CreateTemp(filepath.Dir(path), ".partial-*")
	if err != nil {
		return err
	}
	_, err = partial.Write(data)
	err = errors.Join(err, partial.Close())
	if err == nil {
		err = os.Rename(partial.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(partial.Name()))
	}
	return nil
}

// ReadMessage reads a message from a file into m.
func ReadMessage(path string, m proto.Message) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(data, m); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}

// ReadLiterals reads a literal map; an absent file is an empty map, as
// flyteadmin has it.
func ReadLiterals(path string) (*core.LiteralMap, error) {
	literals := &core.LiteralMap{}
	if path == "" {
		return literals, nil
	}
	err := ReadMessage(path, literals)
	if errors.Is(err, fs.ErrNotExist) {
		return literals, nil
	}
	return literals, err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
