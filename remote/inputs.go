package remote

import (
	"context"
	"crypto/md5"
	"encoding/base32"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"golang.org/x/sync/errgroup"
)

const uploadConcurrency = 4

// UploadInputs uploads the local files and folders that blobs, schemas and
// structured datasets among the inputs refer to (an absolute path, or a
// file:// address, of something that exists), and puts their new addresses in
// their place. A path that occurs twice is uploaded once. Paths inside
// dataclasses are left alone: only the type's author knows that they are
// paths.
//
// A folder's files keep their places in it. Links in it are passed over, as
// flytekit does (flytekit/remote/remote_fs.py, get_hashes_and_lengths).
func (c *Client) UploadInputs(ctx context.Context, project, domain string, inputs *core.LiteralMap) error {
	u := inputUploader{client: c, project: project, domain: domain, uploaded: map[string]string{}}
	for name, input := range inputs.GetLiterals() {
		if err := u.literal(ctx, input); err != nil {
			return fmt.Errorf("input %s: %w", name, err)
		}
	}
	return nil
}

type inputUploader struct {
	client          *Client
	project, domain string
	uploaded        map[string]string
}

func (u *inputUploader) literal(ctx context.Context, l *core.Literal) error {
	for _, item := range l.GetCollection().GetLiterals() {
		if err := u.literal(ctx, item); err != nil {
			return err
		}
	}
	for key, item := range l.GetMap().GetLiterals() {
		if err := u.literal(ctx, item); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	scalar := l.GetScalar()
	if inner := scalar.GetUnion().GetValue(); inner != nil {
		return u.literal(ctx, inner)
	}
	for _, uri := range []*string{uriOf(scalar.GetBlob()), uriOf(scalar.GetSchema()), uriOf(scalar.GetStructuredDataset())} {
		if uri == nil {
			continue
		}
		if err := u.uri(ctx, uri); err != nil {
			return err
		}
	}
	return nil
}

func uriOf[T core.Blob | core.Schema | core.StructuredDataset](value *T) *string {
	switch v := any(value).(type) {
	case *core.Blob:
		if v != nil {
			return &v.Uri
		}
	case *core.Schema:
		if v != nil {
			return &v.Uri
		}
	case *core.StructuredDataset:
		if v != nil {
			return &v.Uri
		}
	}
	return nil
}

func (u *inputUploader) uri(ctx context.Context, uri *string) error {
	local, isFolder := localPath(*uri)
	if local == "" {
		return nil
	}
	if _, done := u.uploaded[local]; !done {
		send := u.client.Upload
		if isFolder {
			send = u.client.uploadFolder
		}
		address, err := send(ctx, u.project, u.domain, local)
		if err != nil {
			return err
		}
		u.uploaded[local] = address
	}
	*uri = u.uploaded[local]
	return nil
}

// localPath returns the path of an existing local file or folder, "" where
// the address is none.
func localPath(uri string) (local string, isFolder bool) {
	local = uri
	if parsed, err := url.Parse(uri); err == nil && parsed.Scheme == "file" {
		local = parsed.Path
	}
	if !filepath.IsAbs(local) {
		return "", false
	}
	info, err := os.Stat(local)
	if err != nil {
		return "", false
	}
	return local, info.IsDir()
}

// uploadFolder sends each file to a location under one root, which is made of
// the MD5s of all of them (flytekit/remote/remote_fs.py, get_filename_root),
// and returns the root's address.
func (c *Client) uploadFolder(ctx context.Context, project, domain, folder string) (string, error) {
	files, err := folderFiles(folder)
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", fmt.Errorf("the folder %s has no files: a backend keeps no empty folders", folder)
	}
	all := md5.New()
	for i := range files {
		files[i].project, files[i].domain = project, domain
		if files[i].sum, files[i].size, err = hashFile(files[i].file); err != nil {
			return "", err
		}
		all.Write(files[i].sum)
	}
	root := base32.StdEncoding.EncodeToString(all.Sum(nil))
	addresses := make([]string, len(files))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(uploadConcurrency)
	for i, file := range files {
		group.Go(func() (err error) {
			file.root = root
			addresses[i], err = c.put(ctx, file)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	return commonRoot(folder, files, addresses)
}

// folderFiles lists the regular files of a folder in the order of their
// paths.
func folderFiles(folder string) ([]upload, error) {
	var files []upload
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(folder, file)
		files = append(files, upload{file: file, name: filepath.ToSlash(name)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the folder to upload, %s: %w", folder, err)
	}
	return files, nil
}

// commonRoot checks that each file lies at its place below one address: a
// backend that drops the subfolders would hand another folder to the task.
func commonRoot(folder string, files []upload, addresses []string) (string, error) {
	root := ""
	for i, file := range files {
		base, ok := cutName(addresses[i], file.name)
		if !ok || i > 0 && base != root {
			return "", fmt.Errorf("the folder %s can't be an input: the backend put its file %s at %s, outside of the folder", folder, file.name, addresses[i])
		}
		root = base
	}
	return root, nil
}

func cutName(address, name string) (string, bool) {
	for _, form := range []string{name, (&url.URL{Path: name}).EscapedPath()} {
		if base, ok := strings.CutSuffix(address, "/"+form); ok {
			return base, true
		}
	}
	if !strings.Contains(name, "/") {
		// One file straight in the folder: its parent is the folder, however
		// the backend spelled the name.
		scheme, rest, ok := strings.Cut(address, "://")
		if ok {
			return scheme + "://" + path.Dir(rest), true
		}
		return path.Dir(address), true
	}
	return "", false
}
