// Command genidl writes the Go bindings of Flyte's API, a module that the
// main go.mod's replace points at. The published bindings can't be had as a
// Go module, so they are compiled from the .proto files of the npm package
// that is named, with its integrity hash, in flyteidl.pin.
//
// It does nothing when the output was made from the same pin and the same
// generators.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"github.com/bufbuild/protocompile"
	_ "github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-openapiv2/options"
	_ "google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/pluginpb"
)

const (
	modulePath = "github.com/flyteorg/flyte/flyteidl"
	stampName  = ".made-from"
)

func main() {
	pin := flag.String("pin", "flyteidl.pin", "file with the npm package and its integrity, a line each")
	out := flag.String("out", "third_party/flyteidl", "folder of the generated module; it is replaced")
	flag.Parse()
	if err := run(*pin, *out); err != nil {
		fmt.Fprintln(os.Stderr, "genidl:", err)
		os.Exit(1)
	}
}

func run(pinFile, out string) error {
	pin, err := os.ReadFile(pinFile)
	if err != nil {
		return err
	}
	fields := strings.Fields(string(pin))
	if len(fields) != 2 {
		return fmt.Errorf("%s: want two words, the package and its integrity, found %d", pinFile, len(fields))
	}
	stamp, err := stampOf(pin)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(filepath.Join(out, stampName)); err == nil && string(old) == stamp {
		return nil
	}
	archive, err := download(fields[0], fields[1])
	if err != nil {
		return err
	}
	protos, err := readProtos(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", fields[0], err)
	}
	request, err := compile(protos)
	if err != nil {
		return err
	}
	// The new module is complete before it takes the old one's place.
	fresh := out + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	for _, plugin := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		if err := generate(plugin, request, fresh); err != nil {
			return err
		}
	}
	gomod := "module " + modulePath + "\n\ngo 1.26\n"
	if err := os.WriteFile(filepath.Join(fresh, "go.mod"), []byte(gomod), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(fresh, stampName), []byte(stamp), 0o644); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	return os.Rename(fresh, out)
}

// stampOf identifies what the output depends on: the pin and the generators,
// whose versions this module's go.mod states.
func stampOf(pin []byte) (string, error) {
	gomod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	text, err := os.ReadFile(strings.TrimSpace(string(gomod)))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append(append([]byte{}, pin...), text...))
	return hex.EncodeToString(sum[:]) + "\n", nil
}

// download has npm fetch the package and returns its archive once the hash
// is the pinned one.
func download(pkg, integrity string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "genidl")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("npm", "pack", "--silent", "--pack-destination", dir, pkg)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("npm is missing: install Node.js 20 or newer")
		}
		return nil, fmt.Errorf("npm pack %s: %w\n%s", pkg, err, stderr.Bytes())
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("npm pack %s left %d archives, want one", pkg, len(found))
	}
	archive, err := os.ReadFile(found[0])
	if err != nil {
		return nil, err
	}
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity {
		return nil, fmt.Errorf("%s has integrity %s, pinned is %s", pkg, got, integrity)
	}
	return archive, nil
}

// readProtos returns the archive's .proto files by their import path.
func readProtos(archive []byte) (map[string]string, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	protos := map[string]string{}
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		path, ok := strings.CutPrefix(header.Name, "package/protos/")
		if !ok || !strings.HasPrefix(path, "flyteidl/") || !strings.HasSuffix(path, ".proto") {
			continue
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		protos[path] = string(text)
	}
	if len(protos) == 0 {
		return nil, errors.New("no .proto files under protos/flyteidl")
	}
	return protos, nil
}

// compile returns the request that protoc would send its plugins.
func compile(protos map[string]string) ([]byte, error) {
	names := make([]string, 0, len(protos))
	for name := range protos {
		names = append(names, name)
	}
	sort.Strings(names)
	compiler := protocompile.Compiler{
		// Imports that the package lacks (google/api, openapiv2) are
		// registered by the modules imported above.
		Resolver: protocompile.WithStandardImports(&protocompile.CompositeResolver{
			&protocompile.SourceResolver{Accessor: protocompile.SourceAccessorFromMap(protos)},
			protocompile.ResolverFunc(registered),
		}),
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	files, err := compiler.Compile(context.Background(), names...)
	if err != nil {
		return nil, fmt.Errorf("compile the .proto files: %w", err)
	}
	request := &pluginpb.CodeGeneratorRequest{
		FileToGenerate: names,
		Parameter:      proto.String("module=" + modulePath),
	}
	seen := map[string]bool{}
	var add func(protoreflect.FileDescriptor)
	add = func(file protoreflect.FileDescriptor) {
		if seen[file.Path()] {
			return
		}
		seen[file.Path()] = true
		for i := range file.Imports().Len() {
			add(file.Imports().Get(i).FileDescriptor)
		}
		request.ProtoFile = append(request.ProtoFile, protodesc.ToFileDescriptorProto(file))
	}
	for _, file := range files {
		add(file)
	}
	return proto.Marshal(request)
}

func registered(path string) (protocompile.SearchResult, error) {
	file, err := protoregistry.GlobalFiles.FindFileByPath(path)
	if err != nil {
		return protocompile.SearchResult{}, err
	}
	return protocompile.SearchResult{Proto: protodesc.ToFileDescriptorProto(file)}, nil
}

// generate has a plugin write its files below dir.
func generate(plugin string, request []byte, dir string) error {
	cmd := exec.Command("go", "tool", plugin)
	cmd.Stdin = bytes.NewReader(request)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", plugin, err, stderr.Bytes())
	}
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal(stdout.Bytes(), &response); err != nil {
		return fmt.Errorf("%s: %w", plugin, err)
	}
	if response.Error != nil {
		return fmt.Errorf("%s: %s", plugin, response.GetError())
	}
	for _, file := range response.File {
		path := filepath.Join(dir, filepath.FromSlash(file.GetName()))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(file.GetContent()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
