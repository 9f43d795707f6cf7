package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const greeting = `syntax = "proto3";
package flyteidl.core;
option go_package = "github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core";
import "google/api/annotations.proto";
message Greeting { string text = 1; }
service Greeter {
  rpc Greet(Greeting) returns (Greeting) { option (google.api.http) = {get: "/greet"}; }
}
`

func TestProtosBecomeMessagesAndServices(t *testing.T) {
	protos, err := readProtos(archiveOf(t, map[string]string{
		"package/protos/flyteidl/core/greeting.proto": greeting,
		"package/protos/other/ignored.proto":          "not a proto",
		"package/gen/pb-js/flyteidl.js":               "",
	}))
	if err != nil {
		t.Fatal(err)
	}
	request, err := compile(protos)
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	for _, plugin := range []string{"protoc-gen-go", "protoc-gen-go-grpc"} {
		if err := generate(plugin, request, out); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]string{
		"gen/pb-go/flyteidl/core/greeting.pb.go":      "type Greeting struct",
		"gen/pb-go/flyteidl/core/greeting_grpc.pb.go": "type GreeterServer interface",
	} {
		text, err := os.ReadFile(filepath.Join(out, file))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %q", file, want)
		}
	}
}

func TestArchiveWithoutProtosIsRefused(t *testing.T) {
	_, err := readProtos(archiveOf(t, map[string]string{"package/package.json": "{}"}))
	if err == nil || !strings.Contains(err.Error(), "no .proto files") {
		t.Fatalf("got %v", err)
	}
}

func TestSamePinLeavesTheOutputAlone(t *testing.T) {
	dir := t.TempDir()
	pin := filepath.Join(dir, "pin")
	write(t, pin, "a-package-that-is-not-there@1.0.0 sha512-x")
	stamp, err := stampOf([]byte("a-package-that-is-not-there@1.0.0 sha512-x"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "out", stampName), stamp)
	if err := run(pin, filepath.Join(dir, "out")); err != nil {
		t.Fatalf("it tried to make the bindings again: %v", err)
	}
}

func TestPinIsTwoWords(t *testing.T) {
	pin := filepath.Join(t.TempDir(), "pin")
	write(t, pin, "@flyteorg/flyteidl@1.16.5")
	err := run(pin, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "want two words") {
		t.Fatalf("got %v", err)
	}
}

func archiveOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	w := tar.NewWriter(zipped)
	for name, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
