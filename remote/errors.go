package remote

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/flyteorg/flyte/flyteidl/gen/pb-go/flyteidl/core"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// UnreachableError tells that the backend, or its object store, didn't
// answer: it can't be found, refuses, speaks another protocol or stays
// silent.
type UnreachableError struct {
	// Endpoint is the address as configured.
	Endpoint string
	// Call is the RPC's name, or the HTTP method.
	Call string
	Err  error
}

func (e *UnreachableError) Error() string {
	cause := connectionCause(e.Err)
	return fmt.Sprintf("%s doesn't answer (%s): %s. %s", e.Endpoint, e.Call, cause, nextStep(cause))
}

// Unwrap returns what the connection failed with.
func (e *UnreachableError) Unwrap() error { return e.Err }

// grpcDescription is the innermost part of gRPC's connection errors.
var grpcDescription = regexp.MustCompile(`desc = "(?:transport: )?(.*)"$`)

func connectionCause(err error) string {
	text := err.Error()
	if answer, ok := status.FromError(err); ok {
		text = answer.Message()
	}
	if match := grpcDescription.FindStringSubmatch(text); match != nil {
		text = strings.ReplaceAll(match[1], `\"`, `"`)
	}
	if _, inner, ok := strings.Cut(text, "rpc error: code = Unavailable desc = "); ok {
		text = inner // of gRPC's "max retries exhausted"
	}
	if strings.Contains(text, "server preface") && strings.Contains(text, "use of closed network connection") {
		// gRPC closed it when the time was over.
		text = fmt.Sprintf("it took the connection and stayed silent for %v", connectTimeout)
	}
	return strings.TrimSuffix(text, ".")
}

// nextSteps say what to do about a cause that contains a text; the first that
// fits counts.
var nextSteps = []struct{ cause, step string }{
	{"connection refused", "Nothing listens there: start the backend (the sandbox: `flyte-lsp sandbox start`) or correct admin.endpoint"},
	{"no such host", "The name isn't known: correct admin.endpoint, or check the network or VPN"},
	{"produced zero addresses", "The name isn't known: correct admin.endpoint, or check the network or VPN"},
	{"name resolver error", "The name isn't known: correct admin.endpoint, or check the network or VPN"},
	{"first record does not look like a TLS handshake", "It speaks no TLS: set admin.insecure: true"},
	{"x509:", "Its certificate isn't trusted: name the CA in admin.caCertFilePath, or set admin.insecureSkipVerify: true"},
	{"tls:", "TLS failed: check admin.insecure and admin.caCertFilePath"},
	{"stayed silent", "It isn't a gRPC server, or it speaks TLS: check admin.endpoint, and admin.insecure where it is true"},
	{"server preface", "It isn't a gRPC server, or it speaks TLS: check admin.endpoint, and admin.insecure where it is true"},
	{"no route to host", "Check the network or VPN"},
	{"network is unreachable", "Check the network or VPN"},
}

func nextStep(cause string) string {
	for _, entry := range nextSteps {
		if strings.Contains(cause, entry.cause) {
			return entry.step
		}
	}
	return "Check that the backend runs and that admin.endpoint is its gRPC address, then try again"
}

// CallError is an answer of the backend other than success.
type CallError struct {
	// Endpoint is the address as configured.
	Endpoint string
	// Call is the RPC's name.
	Call string
	// Subject names what the call was about, "" if nothing in particular.
	Subject string
	Code    codes.Code
	// Message is the backend's own.
	Message string
	// AuthType is the configured kind of login, "" if there is none.
	AuthType string
	Err      error
}

// answers turn a code into a sentence; %[1]s is the subject, %[2]s the
// endpoint, %[3]s the call.
var answers = map[codes.Code]string{
	codes.NotFound:           "%[1]s doesn't exist on %[2]s",
	codes.AlreadyExists:      "%[1]s exists on %[2]s already",
	codes.InvalidArgument:    "%[2]s rejects %[1]s",
	codes.PermissionDenied:   "%[2]s doesn't allow you %[3]s for %[1]s",
	codes.ResourceExhausted:  "%[2]s or its answer to %[3]s for %[1]s is over a limit of size or rate",
	codes.FailedPrecondition: "%[2]s can't do %[3]s for %[1]s as things stand",
	codes.Unimplemented:      "%[2]s doesn't know the call %[3]s: check that admin.endpoint is the gRPC address of a Flyte backend",
}

func (e *CallError) Error() string {
	if e.Code == codes.Unauthenticated {
		return e.loginNeeded()
	}
	format, ok := answers[e.Code]
	if !ok {
		format = "%[2]s failed at %[3]s for %[1]s (" + e.Code.String() + "; its log tells more)"
	}
	sentence := fmt.Sprintf(format, firstOf(e.Subject, "this request"), e.Endpoint, e.Call)
	if e.Message == "" {
		return sentence
	}
	return sentence + ": " + e.Message
}

func (e *CallError) loginNeeded() string {
	login := "its default, Pkce"
	if e.AuthType != "" {
		login = e.AuthType
	}
	return fmt.Sprintf("%s asks for a login (%s: %s), which flyte-lsp doesn't support yet (admin.authType: %s): use a backend without authentication, or `pyflyte run --remote` for this one",
		e.Endpoint, e.Call, firstOf(e.Message, "UNAUTHENTICATED"), login)
}

// Unwrap returns the gRPC status.
func (e *CallError) Unwrap() error { return e.Err }

// ConflictError tells that an entity is registered already under the same
// version with another content.
type ConflictError struct {
	ID *core.Identifier
	// Difference is the backend's list of what differs, a line each (path,
	// then "- old" and "+ new"); "" if it gave none.
	Difference string
	Err        error
}

func (e *ConflictError) Error() string {
	text := describe(e.ID) + " is registered already with another content: a registered version never changes, so register this one under a new version"
	if e.Difference != "" {
		text += ". What differs:\n" + e.Difference
	}
	return text
}

// Unwrap returns the backend's answer.
func (e *ConflictError) Unwrap() error { return e.Err }

// kinds are the words for what an identifier names.
var kinds = map[core.ResourceType]string{
	core.ResourceType_TASK:        "task",
	core.ResourceType_WORKFLOW:    "workflow",
	core.ResourceType_LAUNCH_PLAN: "launch plan",
}

// describe names an entity in an error.
func describe(id *core.Identifier) string {
	text := fmt.Sprintf("%s %s in %s/%s", firstOf(kinds[id.GetResourceType()], "entity"), id.GetName(), id.GetProject(), id.GetDomain())
	if id.GetVersion() != "" {
		text += ", version " + id.GetVersion()
	}
	return text
}

func describeExecution(id *core.WorkflowExecutionIdentifier) string {
	return fmt.Sprintf("execution %s in %s/%s", id.GetName(), id.GetProject(), id.GetDomain())
}
