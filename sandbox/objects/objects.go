// Package objects is the sandbox's object store: files below one folder,
// written and read over HTTP by URLs that carry a signature and expire.
package objects

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Prefix begins the path of every object's URL.
const Prefix = "/objects/"

// Store is a folder of objects. An object's name is its slash-separated path
// in the folder.
type Store struct {
	folder string
	root   *os.Root // nothing outside of it can be reached, not even by links
	base   string
	secret []byte
}

// New opens the folder; base is the URL of the HTTP server that serves
// Handler. Signatures hold as long as the store is open.
func New(folder, base string) (*Store, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("the sandbox's data: %w", err)
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return &Store{folder: folder, root: root, base: base, secret: secret}, nil
}

// Close closes the folder.
func (s *Store) Close() error { return s.root.Close() }

// Path is the absolute path of an object: its native URL.
func (s *Store) Path(name string) string { return filepath.Join(s.folder, filepath.FromSlash(name)) }

// Name is the name of the object with that native URL; an error if it isn't
// one of this store's.
func (s *Store) Name(native string) (string, error) {
	native = strings.TrimPrefix(native, "file://")
	relative, err := filepath.Rel(s.folder, native)
	if err != nil || !filepath.IsAbs(native) || !filepath.IsLocal(relative) || relative == "." {
		return "", fmt.Errorf("%q isn't in the sandbox's data", native)
	}
	return filepath.ToSlash(relative), nil
}

// Stat tells of an object; fs.ErrNotExist if there is none.
func (s *Store) Stat(name string) (fs.FileInfo, error) { return s.root.Stat(filepath.FromSlash(name)) }

// MD5 is the hash of an object's content; fs.ErrNotExist if there is none.
func (s *Store) MD5(name string) ([]byte, error) {
	file, err := s.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	sum := md5.New()
	if _, err := io.Copy(sum, file); err != nil {
		return nil, fmt.Errorf("reading %s: %w", s.Path(name), err)
	}
	return sum.Sum(nil), nil
}

// UploadURL signs a PUT of an object until expires; a body with another MD5
// is refused if sum isn't empty.
func (s *Store) UploadURL(name string, sum []byte, expires time.Time) string {
	return s.url(http.MethodPut, name, base64.StdEncoding.EncodeToString(sum), expires)
}

// DownloadURL signs a GET of an object until expires.
func (s *Store) DownloadURL(name string, expires time.Time) string {
	return s.url(http.MethodGet, name, "", expires)
}

func (s *Store) url(method, name, sum string, expires time.Time) string {
	until := strconv.FormatInt(expires.Unix(), 10)
	query := url.Values{"expires": {until}, "signature": {s.sign(method, name, until, sum)}}
	if sum != "" {
		query.Set("md5", sum)
	}
	address := url.URL{Path: Prefix + name, RawQuery: query.Encode()}
	return s.base + address.String()
}

func (s *Store) sign(method, name, expires, sum string) string {
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "%s\n%q\n%s\n%s", method, name, expires, sum)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Handler serves the objects below Prefix.
func (s *Store) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		if err := s.allowed(r, name); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		if r.Method == http.MethodPut {
			s.put(w, r, name)
			return
		}
		s.get(w, r, name)
	})
}

// allowed checks the request's signature. HEAD goes with a GET's.
func (s *Store) allowed(r *http.Request, name string) error {
	method, query := r.Method, r.URL.Query()
	if method == http.MethodHead {
		method = http.MethodGet
	}
	want := s.sign(method, name, query.Get("expires"), query.Get("md5"))
	if !hmac.Equal([]byte(want), []byte(query.Get("signature"))) {
		return errors.New("the signature doesn't fit this address: ask for a new location")
	}
	until, err := strconv.ParseInt(query.Get("expires"), 10, 64)
	if err != nil || time.Now().Unix() > until {
		return errors.New("this address has expired: ask for a new location")
	}
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return errors.New("this address leads out of the sandbox's data")
	}
	return nil
}

func (s *Store) get(w http.ResponseWriter, r *http.Request, name string) {
	file, err := s.root.Open(filepath.FromSlash(name))
	if err != nil {
		http.Error(w, "there is no object "+name, http.StatusNotFound)
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		http.Error(w, "there is no object "+name, http.StatusNotFound)
		return
	}
	// The browser must not run what a task wrote as a page of this server.
	w.Header().Set("Content-Security-Policy", "sandbox allow-scripts")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, path.Base(name), info.ModTime(), file)
}

func (s *Store) put(w http.ResponseWriter, r *http.Request, name string) {
	want := r.URL.Query().Get("md5")
	if given := r.Header.Get("Content-MD5"); given != "" {
		if want != "" && want != given {
			http.Error(w, "Content-MD5 isn't the one that this location was made for", http.StatusBadRequest)
			return
		}
		want = given
	}
	err := s.write(filepath.FromSlash(name), r.Body, want)
	var mismatch *mismatchError
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case errors.As(err, &mismatch):
		http.Error(w, err.Error(), http.StatusBadRequest)
	default:
		http.Error(w, "the object can't be stored: "+err.Error(), http.StatusInsufficientStorage)
	}
}

// mismatchError: the body isn't the one that was announced.
type mismatchError struct{ want, got string }

func (e *mismatchError) Error() string {
	return fmt.Sprintf("the body's MD5 is %s, not %s as announced", e.got, e.want)
}

// write stores a body under a name, whole or not at all; want is the base64 of
// its MD5, "" if unknown.
func (s *Store) write(name string, body io.Reader, want string) (err error) {
	if err := s.root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	partial := filepath.Join(filepath.Dir(name), ".partial-"+rand.Text())
	file, err := s.root.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.root.Remove(partial))
		}
	}()
	sum := md5.New()
	_, err = io.Copy(io.MultiWriter(file, sum), body)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(sum.Sum(nil)); want != "" && got != want {
		return &mismatchError{want: want, got: got}
	}
	return s.root.Rename(partial, name)
}
