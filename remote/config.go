package remote

import "fmt"

// Config says where the backend is and how to talk to it.
type Config struct {
	// Endpoint is host:port, or another gRPC target such as unix:///path.
	Endpoint string
	// Insecure is plaintext instead of TLS.
	Insecure bool
	// InsecureSkipVerify is TLS that trusts whatever certificate is served.
	InsecureSkipVerify bool
	// CACertFile is a PEM file whose certificates are trusted beside the
	// system's.
	CACertFile string
	// Project and Domain are where runs go; flytesnacks and development
	// where nothing else is configured, as with pyflyte.
	Project, Domain string
	// ConsoleEndpoint is the web console's address where it isn't the
	// endpoint's own.
	ConsoleEndpoint string
	// AuthType is admin.authType as written; no kind of login works yet.
	AuthType string
	// Source is the file or the variable that named the endpoint.
	Source string
	// Looked lists what was looked at, in order, with what was found.
	Looked []string
}

// LoadOptions is the surroundings in which [LoadConfig] looks.
type LoadOptions struct {
	// File is a configuration file that the user named, as with --config; ""
	// lets LoadConfig look for one.
	File string
	// Getenv reads an environment variable; nil is os.Getenv.
	Getenv func(string) string
	// Home is the user's home folder; "" is os.UserHomeDir's.
	Home string
	// WorkDir is where ./flytekit.config would lie; "" is the process's.
	WorkDir string
}

// NoConfigError tells that nothing names a backend.
type NoConfigError struct {
	Looked []string
}

func (e *NoConfigError) Error() string { return "" }

// ConfigError is a configuration file that can't be used.
type ConfigError struct {
	File string
	// Line is 1-based, 0 where the mistake has no line.
	Line    int
	Problem string
	Err     error
}

func (e *ConfigError) Error() string { return fmt.Sprint(e.File, e.Line, e.Problem) }

// Unwrap returns the cause, nil if there is none.
func (e *ConfigError) Unwrap() error { return e.Err }

// LoadConfig finds the configuration as flytekit does.
func LoadConfig(opts LoadOptions) (Config, error) {
	return Config{}, &NoConfigError{}
}
