package remote

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
)

const (
	uploadTries = 3
	// uploadBase and uploadRate (bytes a second) make an upload's deadline:
	// a slow line at home is still fast enough.
	uploadBase = 30 * time.Second
	uploadRate = 128 << 10
	// answerLimit bounds what is read of an error's body, in bytes.
	answerLimit = 2 << 10
)

// Upload puts a file where the backend's tasks can read it and returns its
// address there, as pyflyte does (flytekit/remote/remote.py, upload_file):
// the backend signs a URL for the file's MD5, and the file goes there.
func (c *Client) Upload(ctx context.Context, project, domain, file string) (nativeURI string, err error) {
	sum, size, err := hashFile(file)
	if err != nil {
		return "", err
	}
	return c.put(ctx, upload{project: project, domain: domain, file: file, name: filepath.Base(file), sum: sum, size: size})
}

// upload is one file on its way.
type upload struct {
	project, domain string
	file            string
	// name is what the file is called there, root the folder it lies in: ""
	// lets the backend take the MD5.
	name, root string
	sum        []byte
	size       int64
}

func (c *Client) put(ctx context.Context, u upload) (string, error) {
	location, err := c.uploads.CreateUploadLocation(ctx, &service.CreateUploadLocationRequest{
		Project: u.project, Domain: u.domain, Filename: u.name, FilenameRoot: u.root,
		ContentMd5: u.sum, AddContentMd5Metadata: true,
	})
	if err != nil {
		return "", about("the upload of "+u.file, err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, u.deadline(), fmt.Errorf("the upload of %d bytes took longer than %v", u.size, u.deadline()))
	defer cancel()
	_, err = backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, c.putOnce(ctx, u, location) },
		backoff.WithMaxTries(uploadTries), backoff.WithBackOff(backoff.NewExponentialBackOff()))
	if err != nil {
		return "", c.uploadError(ctx, u, location, err)
	}
	return location.GetNativeUrl(), nil
}

func (u upload) deadline() time.Duration {
	return uploadBase + time.Duration(u.size/uploadRate)*time.Second
}

// storeError is an answer of the object store other than success.
type storeError struct {
	status, body string
}

func (e *storeError) Error() string {
	if e.body == "" {
		return e.status
	}
	return e.status + ": " + e.body
}

func (c *Client) putOnce(ctx context.Context, u upload, location *service.CreateUploadLocationResponse) error {
	file, err := os.Open(u.file)
	if err != nil {
		return backoff.Permanent(err)
	}
	defer file.Close()
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, location.GetSignedUrl(), file)
	if err != nil {
		return backoff.Permanent(errors.New("the backend gave no usable URL to upload to"))
	}
	request.ContentLength = u.size
	if u.size == 0 {
		request.Body = http.NoBody
	}
	request.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(u.sum))
	if strings.HasPrefix(location.GetNativeUrl(), "abfs") {
		request.Header.Set("x-ms-blob-type", "BlockBlob")
	}
	for key, value := range location.GetHeaders() {
		request.Header.Set(key, value)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusCreated {
		return nil
	}
	// A body that can't be read leaves the status.
	body, _ := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
	err = &storeError{status: answer.Status, body: strings.TrimSpace(string(body))}
	if answer.StatusCode < 500 {
		return backoff.Permanent(err)
	}
	return err
}

// uploadError names file and host; the signed URL is a secret and stays out.
func (c *Client) uploadError(ctx context.Context, u upload, location *service.CreateUploadLocationResponse, err error) error {
	host := location.GetSignedUrl()
	if parsed, parseErr := url.Parse(host); parseErr == nil {
		host = parsed.Host
	}
	var answer *storeError
	var transport *url.Error
	switch {
	case errors.As(err, &answer):
		return fmt.Errorf("the object store at %s refuses the upload of %s: %w", host, u.file, answer)
	case ctx.Err() != nil:
		return fmt.Errorf("the upload of %s to %s: %w", u.file, host, context.Cause(ctx))
	case errors.As(err, &transport):
		return &UnreachableError{Endpoint: host, Call: "upload of " + u.file, Err: transport.Err}
	default:
		return fmt.Errorf("the upload of %s: %w", u.file, err)
	}
}

func hashFile(file string) (sum []byte, size int64, err error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, 0, fmt.Errorf("the file to upload: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s can't be uploaded: it is no regular file", file)
	}
	in, err := os.Open(file)
	if err != nil {
		return nil, 0, fmt.Errorf("the file to upload: %w", err)
	}
	defer in.Close()
	hash := md5.New()
	if size, err = io.Copy(hash, in); err != nil {
		return nil, 0, fmt.Errorf("the file to upload, %s: %w", file, err)
	}
	return hash.Sum(nil), size, nil
}
