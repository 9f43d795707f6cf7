package services

import (
	"context"
	"os/user"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/service"
)

// authMetadata answers clients that look for a login: there is none.
type authMetadata struct {
	service.UnimplementedAuthMetadataServiceServer
}

func (authMetadata) GetOAuth2Metadata(context.Context, *service.OAuth2MetadataRequest) (*service.OAuth2MetadataResponse, error) {
	return &service.OAuth2MetadataResponse{}, nil
}

func (authMetadata) GetPublicClientConfig(context.Context, *service.PublicClientAuthConfigRequest) (*service.PublicClientAuthConfigResponse, error) {
	return &service.PublicClientAuthConfigResponse{
		ClientId: "flytectl", RedirectUri: "http://localhost:53593/callback", Scopes: []string{"all", "offline"}, AuthorizationMetadataKey: "flyte-authorization",
	}, nil
}

type identity struct {
	service.UnimplementedIdentityServiceServer
}

// UserInfo tells who runs the sandbox.
func (identity) UserInfo(context.Context, *service.UserInfoRequest) (*service.UserInfoResponse, error) {
	current, err := user.Current()
	if err != nil {
		return &service.UserInfoResponse{}, nil
	}
	return &service.UserInfoResponse{Subject: current.Username, Name: current.Name, PreferredUsername: current.Username}, nil
}

// signals has no method yet: executions with gates fail and say so.
type signals struct {
	service.UnimplementedSignalServiceServer
}
