package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// What runs use where nothing is configured, as pyflyte does
// (flytekit/configuration/__init__.py, TaskConfig).
const (
	DefaultProject = "flytesnacks"
	DefaultDomain  = "development"
)

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
	// Project and Domain are where runs go; [DefaultProject] and
	// [DefaultDomain] where nothing else is configured.
	Project, Domain string
	// ConsoleEndpoint is the web console's address, such as
	// https://console.example.org; "" where it is the endpoint's own.
	ConsoleEndpoint string
	// AuthType is admin.authType as written: it says in errors which login
	// the backend asks for.
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
	// Getenv reads an environment variable; nil is os.Getenv. An empty
	// variable counts as not set.
	Getenv func(string) string
	// Home is the user's home folder; "" is os.UserHomeDir's.
	Home string
	// WorkDir is where ./flytekit.config would lie; "" is the process's.
	WorkDir string
}

// NoConfigError tells that nothing names a backend.
type NoConfigError struct {
	// Looked lists what was looked at, with what was found there.
	Looked []string
}

func (e *NoConfigError) Error() string {
	return "no Flyte backend is configured: set admin.endpoint in ~/.flyte/config.yaml, name a configuration file, or start the sandbox with `flyte-lsp sandbox start` (looked at: " + strings.Join(e.Looked, "; ") + ")"
}

// ConfigError is a configuration file or variable that can't be used.
type ConfigError struct {
	// File is the file's path, or the variable's name.
	File string
	// Line is 1-based, 0 where the mistake has no line.
	Line int
	// Problem says what is wrong and what to do.
	Problem string
	Err     error
}

func (e *ConfigError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Problem)
	}
	return e.File + ": " + e.Problem
}

// Unwrap returns the cause, nil if there is none.
func (e *ConfigError) Unwrap() error { return e.Err }

// LoadConfig finds the configuration as flytekit does
// (flytekit/configuration/file.py, get_config_file): opts.File, the file in
// FLYTECTL_CONFIG if it exists, ./flytekit.config, ~/.flyte/config,
// ~/.flyte/config.yaml. One file only is read, and the variables
// FLYTE_PLATFORM_URL, _INSECURE and so on beat it. The ini files are named as
// unsupported where flytekit would take them.
//
// Where nothing names an endpoint it returns *NoConfigError, beside a Config
// with all else that was found. A file that can't be read or used gives
// *ConfigError.
func LoadConfig(opts LoadOptions) (Config, error) {
	opts, err := opts.filled()
	if err != nil {
		return Config{}, err
	}
	cfg := Config{}
	file, err := findFile(opts, &cfg.Looked)
	if err != nil {
		return cfg, err
	}
	if file != "" {
		if err := readFile(file, &cfg); err != nil {
			return cfg, err
		}
	}
	readEnv(opts.Getenv, &cfg)
	cfg.Project = firstOf(cfg.Project, DefaultProject)
	cfg.Domain = firstOf(cfg.Domain, DefaultDomain)
	if cfg.Endpoint == "" {
		return cfg, &NoConfigError{Looked: cfg.Looked}
	}
	return cfg, cfg.checkEndpoint()
}

func (o LoadOptions) filled() (LoadOptions, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	var err error
	if o.Home == "" {
		// No home only means that nothing lies there.
		o.Home, _ = os.UserHomeDir()
	}
	if o.WorkDir == "" {
		if o.WorkDir, err = os.Getwd(); err != nil {
			return o, fmt.Errorf("the working folder, where flytekit.config could lie, can't be told: %w", err)
		}
	}
	return o, nil
}

// findFile returns the one file that counts, "" if there is none.
func findFile(opts LoadOptions, looked *[]string) (string, error) {
	if opts.File != "" {
		file := absolute(opts.WorkDir, opts.File)
		*looked = append(*looked, file+" (named by the user)")
		return file, iniError(file)
	}
	if named := opts.Getenv("FLYTECTL_CONFIG"); named != "" {
		file := absolute(opts.WorkDir, named)
		if exists(file) {
			*looked = append(*looked, "FLYTECTL_CONFIG="+file)
			return file, iniError(file)
		}
		*looked = append(*looked, "FLYTECTL_CONFIG="+file+" (doesn't exist)")
	} else {
		*looked = append(*looked, "FLYTECTL_CONFIG (not set)")
	}
	places := []string{filepath.Join(opts.WorkDir, "flytekit.config")}
	if opts.Home != "" {
		places = append(places, filepath.Join(opts.Home, ".flyte", "config"), filepath.Join(opts.Home, ".flyte", "config.yaml"))
	}
	for _, file := range places {
		if exists(file) {
			*looked = append(*looked, file)
			return file, iniError(file)
		}
		*looked = append(*looked, file+" (doesn't exist)")
	}
	return "", nil
}

// iniError refuses what flytekit would read as an ini file.
func iniError(file string) error {
	if strings.HasSuffix(file, "yaml") || strings.HasSuffix(file, "yml") {
		return nil
	}
	return &ConfigError{File: file, Problem: "flytekit reads this as its old ini format, which flyte-lsp doesn't: " +
		"write a YAML file (admin.endpoint, admin.insecure), and name it in FLYTECTL_CONFIG or in the setting flyte.config"}
}

// readEnv lets the environment beat the file; the names are flytekit's,
// FLYTE_<ini section>_<option> (flytekit/configuration/internal.py).
func readEnv(getenv func(string) string, cfg *Config) {
	for name, field := range map[string]*string{
		"FLYTE_PLATFORM_CA_CERT_FILE_PATH": &cfg.CACertFile,
		"FLYTE_PLATFORM_CONSOLE_ENDPOINT":  &cfg.ConsoleEndpoint,
		"FLYTE_CREDENTIALS_AUTH_MODE":      &cfg.AuthType,
		"FLYTE_LOCAL_PROJECT":              &cfg.Project,
		"FLYTE_LOCAL_DOMAIN":               &cfg.Domain,
	} {
		*field = firstOf(getenv(name), *field)
	}
	for name, field := range map[string]*bool{
		"FLYTE_PLATFORM_INSECURE":             &cfg.Insecure,
		"FLYTE_PLATFORM_INSECURE_SKIP_VERIFY": &cfg.InsecureSkipVerify,
	} {
		if text := getenv(name); text != "" {
			*field = isTrue(text)
		}
	}
	if url := getenv("FLYTE_PLATFORM_URL"); url != "" {
		cfg.Endpoint, cfg.Source = cleanEndpoint(url), "FLYTE_PLATFORM_URL"
		cfg.Looked = append(cfg.Looked, "FLYTE_PLATFORM_URL="+url)
	} else {
		cfg.Looked = append(cfg.Looked, "FLYTE_PLATFORM_URL (not set)")
	}
}

func (c Config) checkEndpoint() error {
	for _, scheme := range []string{"http://", "https://"} {
		if after, ok := strings.CutPrefix(c.Endpoint, scheme); ok {
			return &ConfigError{File: c.Source, Problem: fmt.Sprintf(
				"the endpoint %q is a gRPC address: write it without %s, as %s, and admin.insecure: true where it speaks no TLS",
				c.Endpoint, scheme, after)}
		}
	}
	return nil
}

// cleanEndpoint strips dns:/// (flytekit/configuration/internal.py,
// Platform.URL).
func cleanEndpoint(s string) string {
	return strings.ReplaceAll(strings.TrimSpace(s), "dns:///", "")
}

// isTrue is flytekit's bool_transformer (flytekit/configuration/file.py).
func isTrue(text string) bool {
	switch strings.ToLower(text) {
	case "", "false", "0", "off", "no":
		return false
	}
	return true
}

// exists counts what can't be looked at as there, so that reading it tells
// why.
func exists(file string) bool {
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist)
}

func absolute(dir, file string) string {
	if filepath.IsAbs(file) {
		return filepath.Clean(file)
	}
	return filepath.Join(dir, file)
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
