package objects_test

import (
	"crypto/md5"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flyte-lsp/flyte-lsp/sandbox/objects"
)

// serve gives a store with its server.
func serve(t *testing.T) (*objects.Store, string) {
	t.Helper()
	folder := t.TempDir()
	var store *objects.Store
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { store.Handler().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	store, err := objects.New(folder, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store, folder
}

func send(t *testing.T, method, address, body, sum string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if sum != "" {
		request.Header.Set("Content-MD5", sum)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func soon() time.Time { return time.Now().Add(time.Minute) }

// What is uploaded can be downloaded, under the names that flytekit makes.
func TestUploadAndDownload(t *testing.T) {
	store, folder := serve(t)
	sum := md5.Sum([]byte("content"))
	encoded := base64.StdEncoding.EncodeToString(sum[:])
	for _, name := range []string{"p/d/ABC======/fast.tar.gz", "p/d/r/a b%41+ü?.txt"} {
		if code, text := send(t, http.MethodPut, store.UploadURL(name, sum[:], soon()), "content", encoded); code != http.StatusOK {
			t.Fatalf("%s: %d %s", name, code, text)
		}
		if data, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(data) != "content" || store.Path(name) != filepath.Join(folder, name) {
			t.Errorf("%s holds %q (%v)", name, data, err)
		}
		if code, text := send(t, http.MethodGet, store.DownloadURL(name, soon()), "", ""); code != http.StatusOK || text != "content" {
			t.Errorf("%s: %d %q", name, code, text)
		}
	}
}

// An address holds for one method, one object and its time; a body that isn't
// the announced one leaves nothing.
func TestRefusals(t *testing.T) {
	store, folder := serve(t)
	if err := os.WriteFile(filepath.Join(folder, "there"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "file"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum([]byte("content"))
	other := md5.Sum([]byte("other"))
	changed := func(address string, change func(*url.URL, url.Values)) string {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		query := parsed.Query()
		change(parsed, query)
		parsed.RawQuery = query.Encode()
		return parsed.String()
	}
	get := store.DownloadURL("there", soon())
	for what, test := range map[string]struct {
		method, address, body, sum string
		code                       int
		message                    string
	}{
		"expired":           {http.MethodGet, store.DownloadURL("there", time.Now().Add(-2*time.Second)), "", "", 403, "has expired"},
		"a longer time":     {http.MethodGet, changed(get, func(_ *url.URL, q url.Values) { q.Set("expires", "99999999999") }), "", "", 403, "signature"},
		"another object":    {http.MethodGet, changed(get, func(u *url.URL, _ url.Values) { u.Path = "/objects/link/file" }), "", "", 403, "signature"},
		"no signature":      {http.MethodGet, changed(get, func(_ *url.URL, q url.Values) { q.Del("signature") }), "", "", 403, "signature"},
		"put with a get's":  {http.MethodPut, get, "x", "", 403, "signature"},
		"delete":            {http.MethodDelete, get, "", "", 403, "signature"},
		"a way up":          {http.MethodGet, store.DownloadURL("../"+filepath.Base(outside)+"/file", soon()), "", "", 404, ""},
		"an absolute path":  {http.MethodGet, store.DownloadURL(filepath.Join(outside, "file"), soon()), "", "", 404, ""},
		"a link out":        {http.MethodGet, store.DownloadURL("link/file", soon()), "", "", 404, "no object"},
		"writing by a link": {http.MethodPut, store.UploadURL("link/new", nil, soon()), "x", "", 507, "can't be stored"},
		"another body":      {http.MethodPut, store.UploadURL("new", sum[:], soon()), "other", "", 400, "not " + base64.StdEncoding.EncodeToString(sum[:])},
		"another sum":       {http.MethodPut, store.UploadURL("new", sum[:], soon()), "other", base64.StdEncoding.EncodeToString(other[:]), 400, "isn't the one"},
		"nothing":           {http.MethodGet, store.DownloadURL("nothing", soon()), "", "", 404, "no object"},
		"a folder":          {http.MethodGet, store.DownloadURL("link", soon()), "", "", 404, "no object"},
	} {
		code, text := send(t, test.method, test.address, test.body, test.sum)
		refused := code == test.code || test.code == 404 && code == 403
		if !refused || !strings.Contains(text, test.message) || strings.Contains(text, "secret") {
			t.Errorf("%s: %d %s", what, code, text)
		}
	}
	entries, err := os.ReadDir(outside)
	if err != nil || len(entries) != 1 {
		t.Errorf("outside there is %v (%v)", entries, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "new")); !os.IsNotExist(err) {
		t.Errorf("a refused upload stays: %v", err)
	}
	for _, native := range []string{"/etc/passwd", filepath.Join(folder, "..", "x"), folder, "relative", "s3://bucket/key"} {
		if name, err := store.Name(native); err == nil {
			t.Errorf("%s is taken for the object %s", native, name)
		}
	}
}
