package remote_test

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/remote"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/admin"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/protobuf/proto"
)

// store is an object store that fails as told.
type store struct {
	mu      sync.Mutex
	objects map[string][]byte
	// answers are given first, one a request.
	answers []int
	flat    bool
	url     string
}

func newStore(t *testing.T) *store {
	t.Helper()
	s := &store{objects: map[string][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.answers) > 0 {
		code := s.answers[0]
		s.answers = s.answers[1:]
		w.WriteHeader(code)
		io.WriteString(w, "the store's words")
		return
	}
	sum := md5.Sum(body)
	if r.Header.Get("Content-MD5") != base64.StdEncoding.EncodeToString(sum[:]) || r.Header.Get("x-meta") != "signed" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.objects[r.URL.Path] = body
	w.WriteHeader(http.StatusCreated)
}

// sign is the backend's part.
func (s *store) sign(_ context.Context, req any) (proto.Message, error) {
	r, ok := req.(*service.CreateUploadLocationRequest)
	if !ok {
		return nil, nil
	}
	name := r.GetFilename()
	if s.flat {
		name = path.Base(name)
	}
	key := path.Join("/", r.GetProject(), r.GetDomain(), firstOf(r.GetFilenameRoot(), "md5"), name)
	return &service.CreateUploadLocationResponse{
		SignedUrl: s.url + (&url.URL{Path: key}).EscapedPath() + "?signature=secret", NativeUrl: "s3://bucket" + key, Headers: map[string]string{"x-meta": "signed"},
	}, nil
}

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUploadOutlivesServerErrors(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.answers = []int{503, 500}
	for name, text := range map[string]string{"bundle.tar.gz": "content", "empty": ""} {
		uri, err := dialStub(t, s.sign).Upload(t.Context(), "p", "d", writeFile(t, filepath.Join(t.TempDir(), name), text))
		if err != nil || uri != "s3://bucket/p/d/md5/"+name {
			t.Fatalf("%q, %v", uri, err)
		}
		if got, ok := s.objects["/p/d/md5/"+name]; !ok || string(got) != text {
			t.Errorf("stored %v", s.objects)
		}
	}
}

func TestUploadErrors(t *testing.T) {
	t.Parallel()
	file := writeFile(t, filepath.Join(t.TempDir(), "data.csv"), "a,b")
	refusing := newStore(t)
	refusing.answers = []int{403}
	gone := newStore(t)
	gone.url = "http://" + closedPort(t)
	for _, test := range []struct {
		name  string
		store *store
		file  string
		says  []string
	}{
		{"refused", refusing, file, []string{"the object store at 127.0.0.1:", "refuses the upload of " + file, "403 Forbidden: the store's words"}},
		{"unreachable", gone, file, []string{strings.TrimPrefix(gone.url, "http://") + " doesn't answer (upload of " + file, "connection refused"}},
		{"no file", gone, "/none", []string{"the file to upload: stat /none"}},
		{"a folder", gone, filepath.Dir(file), []string{"it is no regular file"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := dialStub(t, test.store.sign).Upload(t.Context(), "p", "d", test.file)
			for _, want := range test.says {
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
					t.Errorf("%v doesn't tell %q, or tells the signature", err, want)
				}
			}
			var unreachable *remote.UnreachableError
			if errors.As(err, &unreachable) != (test.name == "unreachable") {
				t.Errorf("%T", err)
			}
		})
	}
}

func blob(uri string) *core.Literal {
	return &core.Literal{Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Blob{Blob: &core.Blob{Uri: uri}}}}}
}

func TestUploadInputs(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, filepath.Join(dir, "data.csv"), "a,b")
	writeFile(t, filepath.Join(dir, "folder", "a.txt"), "a")
	writeFile(t, filepath.Join(dir, "folder", "sub", "a.txt"), "b")
	single := filepath.Dir(writeFile(t, filepath.Join(dir, "single", "100% x.txt"), "c"))
	if err := os.Symlink(file, filepath.Join(dir, "folder", "link")); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "folder")
	inputs := &core.LiteralMap{Literals: map[string]*core.Literal{
		"file": blob(file),
		"list": {Value: &core.Literal_Collection{Collection: &core.LiteralCollection{Literals: []*core.Literal{blob("file://" + file), blob("s3://b/x")}}}},
		"map":  {Value: &core.Literal_Map{Map: &core.LiteralMap{Literals: map[string]*core.Literal{"k": blob(folder)}}}},
		"optional": {Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_Union{Union: &core.Union{
			Value: blob(single)}}}}},
		"dataset": {Value: &core.Literal_Scalar{Scalar: &core.Scalar{Value: &core.Scalar_StructuredDataset{
			StructuredDataset: &core.StructuredDataset{Uri: file}}}}},
		"missing": blob(filepath.Join(dir, "none")),
	}}
	s := newStore(t)
	if err := dialStub(t, s.sign).UploadInputs(t.Context(), "p", "d", inputs); err != nil {
		t.Fatal(err)
	}
	at := inputs.GetLiterals()
	const uploaded = "s3://bucket/p/d/md5/data.csv"
	root := at["map"].GetMap().GetLiterals()["k"].GetScalar().GetBlob().GetUri()
	for what, pair := range map[string][2]string{
		"file":      {at["file"].GetScalar().GetBlob().GetUri(), uploaded},
		"list":      {at["list"].GetCollection().GetLiterals()[0].GetScalar().GetBlob().GetUri(), uploaded},
		"elsewhere": {at["list"].GetCollection().GetLiterals()[1].GetScalar().GetBlob().GetUri(), "s3://b/x"},
		"dataset":   {at["dataset"].GetScalar().GetStructuredDataset().GetUri(), uploaded},
		"missing":   {at["missing"].GetScalar().GetBlob().GetUri(), filepath.Join(dir, "none")},
		"folder":    {root[:strings.LastIndex(root, "/")], "s3://bucket/p/d"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is at %s, want %s", what, pair[0], pair[1])
		}
	}
	key := strings.TrimPrefix(root, "s3://bucket")
	if string(s.objects[key+"/a.txt"]) != "a" || string(s.objects[key+"/sub/a.txt"]) != "b" || len(s.objects) != 4 {
		t.Errorf("stored %v, the folder at %s", s.objects, key)
	}
	optional := at["optional"].GetScalar().GetUnion().GetValue().GetScalar().GetBlob().GetUri()
	if string(s.objects[strings.TrimPrefix(optional, "s3://bucket")+"/100% x.txt"]) != "c" {
		t.Errorf("the folder with one file is at %s", optional)
	}
}

func TestUploadInputsThatCannotWork(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "nested", "sub", "a.txt"), "a")
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := newStore(t)
	s.flat = true
	client := dialStub(t, s.sign)
	for folder, says := range map[string]string{
		"nested": "outside of the folder",
		"empty":  "has no files",
	} {
		inputs := &core.LiteralMap{Literals: map[string]*core.Literal{"data": blob(filepath.Join(dir, folder))}}
		err := client.UploadInputs(t.Context(), "p", "d", inputs)
		if err == nil || !strings.HasPrefix(err.Error(), "input data: ") || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", folder, err)
		}
	}
}

func TestOutputs(t *testing.T) {
	want := &core.LiteralMap{Literals: map[string]*core.Literal{"o0": blob("s3://b/x")}}
	data, err := proto.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	objects := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/outputs.pb":
			w.Write(data)
		case "/large":
			io.Copy(w, io.LimitReader(zeros{}, 21<<20))
		default:
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer objects.Close()
	for _, test := range []struct {
		name   string
		answer *admin.WorkflowExecutionGetDataResponse
		want   *core.LiteralMap
		says   string
	}{
		{"inline", &admin.WorkflowExecutionGetDataResponse{FullOutputs: want}, want, ""},
		{"none", &admin.WorkflowExecutionGetDataResponse{Outputs: &admin.UrlBlob{}}, &core.LiteralMap{}, ""},
		{"by URL", &admin.WorkflowExecutionGetDataResponse{Outputs: &admin.UrlBlob{Url: objects.URL + "/outputs.pb?secret", Bytes: 1}}, want, ""},
		{"expired", &admin.WorkflowExecutionGetDataResponse{Outputs: &admin.UrlBlob{Url: objects.URL + "/expired?secret", Bytes: 1}}, nil, "answers 403 Forbidden"},
		{"too large", &admin.WorkflowExecutionGetDataResponse{Outputs: &admin.UrlBlob{Url: objects.URL + "/large?secret", Bytes: 1}}, nil, "too large to show"},
		{"no URL", &admin.WorkflowExecutionGetDataResponse{Outputs: &admin.UrlBlob{Url: "/secret", Bytes: 1}}, nil, "no usable URL"},
		{"gone", &admin.WorkflowExecutionGetDataResponse{Outputs: &admin.UrlBlob{Url: "http://" + closedPort(t) + "/secret", Bytes: 1}}, nil, "connection refused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := dialStub(t, func(context.Context, any) (proto.Message, error) { return test.answer, nil })
			got, err := client.Outputs(t.Context(), execution("x"))
			if test.says == "" {
				if err != nil || !proto.Equal(got, test.want) {
					t.Errorf("got %v, %v", got, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "the outputs of execution x in p/d") {
				t.Errorf("got %v", err)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
