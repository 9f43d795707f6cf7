package services

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/flyte-lsp/flyte-lsp/sandbox/objects"
)

// maxExpiry is the longest that a signed URL holds, and its default.
const maxExpiry = time.Hour

// dataProxy is flyteadmin's DataProxyService.
type dataProxy struct {
	service.UnimplementedDataProxyServiceServer
	admin   *Admin
	objects *objects.Store
}

func expiry(asked *durationpb.Duration) (time.Time, error) {
	holds := maxExpiry
	if asked != nil {
		holds = asked.AsDuration()
	}
	if holds <= 0 || holds > maxExpiry {
		return time.Time{}, invalid("invalid value for expires_in: %v, at most %v", holds, maxExpiry)
	}
	return time.Now().Add(holds), nil
}

// CreateUploadLocation signs a URL to PUT a file to.
func (d *dataProxy) CreateUploadLocation(ctx context.Context, request *service.CreateUploadLocationRequest) (*service.CreateUploadLocationResponse, error) {
	if err := d.admin.engine.CheckProject(ctx, request.GetProject(), request.GetDomain()); err != nil {
		return nil, err
	}
	d.admin.engine.Warm()
	name, err := d.location(request)
	if err != nil {
		return nil, err
	}
	expires, err := expiry(request.GetExpiresIn())
	if err != nil {
		return nil, err
	}
	return &service.CreateUploadLocationResponse{
		SignedUrl: d.objects.UploadURL(name, request.GetContentMd5(), expires), NativeUrl: d.objects.Path(name), ExpiresAt: timestamppb.New(expires),
	}, nil
}

// location is where the upload goes: below project and domain, in the folder
// that the request names or that its content's hash names.
func (d *dataProxy) location(request *service.CreateUploadLocationRequest) (string, error) {
	sum := request.GetContentMd5()
	root, file := request.GetFilenameRoot(), request.GetFilename()
	if root == "" && len(sum) == 0 {
		return "", invalid("content_md5 or filename_root is required")
	}
	if root == "" {
		root = base32.StdEncoding.EncodeToString(sum)
	}
	if file == "" {
		file = rand.Text()[:20]
	}
	for _, part := range []string{request.GetProject(), request.GetDomain(), root, file} {
		if !filepath.IsLocal(filepath.FromSlash(part)) {
			return "", invalid("invalid value for filename: %q leads out of its folder", part)
		}
	}
	name := path.Join("uploads", request.GetProject(), request.GetDomain(), root, file)
	if request.GetFilenameRoot() == "" || request.GetFilename() == "" {
		return name, nil
	}
	stored, err := d.objects.MD5(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return name, nil
	case err != nil:
		return "", err
	case len(sum) == 0 || !bytes.Equal(stored, sum):
		return "", status.Errorf(codes.AlreadyExists, "file already exists at location [%s], specify a matching hash if you wish to rewrite", d.objects.Path(name))
	}
	return name, nil
}

// CreateDownloadLocation signs a URL to GET a file of the sandbox from.
func (d *dataProxy) CreateDownloadLocation(_ context.Context, request *service.CreateDownloadLocationRequest) (*service.CreateDownloadLocationResponse, error) {
	expires, err := expiry(request.GetExpiresIn())
	if err != nil {
		return nil, err
	}
	signed, err := d.sign(request.GetNativeUrl(), expires)
	return &service.CreateDownloadLocationResponse{SignedUrl: signed, ExpiresAt: timestamppb.New(expires)}, err
}

func (d *dataProxy) sign(native string, expires time.Time) (string, error) {
	name, err := d.objects.Name(native)
	if err != nil {
		return "", invalid("invalid value for native_url: %v", err)
	}
	if _, err := d.objects.Stat(name); err != nil {
		return "", status.Errorf(codes.NotFound, "there is no file %s", native)
	}
	return d.objects.DownloadURL(name, expires), nil
}

// CreateDownloadLink signs a URL for a node's deck.
func (d *dataProxy) CreateDownloadLink(ctx context.Context, request *service.CreateDownloadLinkRequest) (*service.CreateDownloadLinkResponse, error) {
	if request.GetArtifactType() != service.ArtifactType_ARTIFACT_TYPE_DECK {
		return nil, invalid("invalid value for artifact_type: %v", request.GetArtifactType())
	}
	expires, err := expiry(request.GetExpiresIn())
	if err != nil {
		return nil, err
	}
	node, err := d.admin.node(ctx, request.GetNodeExecutionId())
	if err != nil {
		return nil, err
	}
	if node.GetClosure().GetDeckUri() == "" {
		return nil, status.Errorf(codes.NotFound, "node execution %s has no deck", request.GetNodeExecutionId().GetNodeId())
	}
	signed, err := d.sign(node.GetClosure().GetDeckUri(), expires)
	if err != nil {
		return nil, err
	}
	at := timestamppb.New(expires)
	return &service.CreateDownloadLinkResponse{
		SignedUrl: []string{signed}, ExpiresAt: at, PreSignedUrls: &service.PreSignedURLs{SignedUrl: []string{signed}, ExpiresAt: at},
	}, nil
}
