package remote_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/remote"
)

// surroundings is a home and a working folder with files in them.
type surroundings struct {
	home, work string
	env        map[string]string
}

func newSurroundings(t *testing.T, files map[string]string, env map[string]string) surroundings {
	t.Helper()
	dir := t.TempDir()
	s := surroundings{home: filepath.Join(dir, "home"), work: filepath.Join(dir, "work"), env: map[string]string{}}
	for _, folder := range []string{s.home, s.work} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range env {
		s.env[name] = strings.ReplaceAll(value, "$DIR", dir)
	}
	return s
}

func (s surroundings) load(file string) (remote.Config, error) {
	getenv := func(name string) string { return s.env[name] }
	return remote.LoadConfig(remote.LoadOptions{File: file, Getenv: getenv, Home: s.home, WorkDir: s.work})
}

const homeFile = `
admin:
  endpoint: dns:///flyte.example.org:443
  insecureSkipVerify: true
  caCertFilePath: /certs/ca.pem
  authType: Pkce
console:
  endpoint: https://console.example.org
task:
  project: shop
  domain: staging
images:
  default: example.org/image:1
storage:
  connection: {endpoint: "http://localhost:9000"}
`

func TestConfigOfAFile(t *testing.T) {
	s := newSurroundings(t, map[string]string{"home/.flyte/config.yaml": homeFile}, nil)
	got, err := s.load("")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.home, ".flyte", "config.yaml")
	looked := []string{
		"FLYTECTL_CONFIG (not set)",
		filepath.Join(s.work, "flytekit.config") + " (doesn't exist)",
		filepath.Join(s.home, ".flyte", "config") + " (doesn't exist)",
		file,
		"FLYTE_PLATFORM_URL (not set)",
	}
	if !slices.Equal(got.Looked, looked) {
		t.Errorf("looked at %q, want %q", got.Looked, looked)
	}
	got.Looked = nil
	want := remote.Config{
		Endpoint: "flyte.example.org:443", InsecureSkipVerify: true, CACertFile: "/certs/ca.pem", AuthType: "Pkce",
		ConsoleEndpoint: "https://console.example.org", Project: "shop", Domain: "staging", Source: file,
	}
	if !sameConfig(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func sameConfig(a, b remote.Config) bool {
	a.Looked, b.Looked = nil, nil
	return a.Endpoint == b.Endpoint && a.Insecure == b.Insecure && a.InsecureSkipVerify == b.InsecureSkipVerify &&
		a.CACertFile == b.CACertFile && a.Project == b.Project && a.Domain == b.Domain &&
		a.ConsoleEndpoint == b.ConsoleEndpoint && a.AuthType == b.AuthType && a.Source == b.Source
}

// TestWhichConfigCounts checks flytekit's order.
func TestWhichConfigCounts(t *testing.T) {
	file := func(endpoint string) string { return "admin: {endpoint: \"" + endpoint + "\", insecure: true}\n" }
	all := map[string]string{
		"named.yaml":              file("named:1"),
		"variable.yaml":           file("variable:1"),
		"home/.flyte/config.yaml": file("home:1"),
	}
	for _, test := range []struct {
		name, file   string
		env          map[string]string
		endpoint     string
		insecure     bool
		sourceSuffix string
	}{
		{"home", "", nil, "home:1", true, "config.yaml"},
		{"variable beats home", "", map[string]string{"FLYTECTL_CONFIG": "$DIR/variable.yaml"}, "variable:1", true, "variable.yaml"},
		{"a missing variable's file is passed over", "", map[string]string{"FLYTECTL_CONFIG": "$DIR/none.yaml"}, "home:1", true, "config.yaml"},
		{"the named file beats the variable", "../named.yaml", map[string]string{"FLYTECTL_CONFIG": "$DIR/variable.yaml"}, "named:1", true, "named.yaml"},
		{"the environment beats the file", "", map[string]string{"FLYTE_PLATFORM_URL": "dns:///env:1", "FLYTE_PLATFORM_INSECURE": "false"}, "env:1", false, "FLYTE_PLATFORM_URL"},
		{"one by one", "", map[string]string{"FLYTE_PLATFORM_URL": "env:1"}, "env:1", true, "FLYTE_PLATFORM_URL"},
		{"flytectl's names aren't flytekit's", "", map[string]string{"FLYTE_ADMIN_ENDPOINT": "env:1"}, "home:1", true, "config.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := newSurroundings(t, all, test.env).load(test.file)
			if err != nil {
				t.Fatal(err)
			}
			if got.Endpoint != test.endpoint || got.Insecure != test.insecure || !strings.HasSuffix(got.Source, test.sourceSuffix) {
				t.Errorf("got %s, insecure %v, from %s", got.Endpoint, got.Insecure, got.Source)
			}
			if got.Project != remote.DefaultProject || got.Domain != remote.DefaultDomain {
				t.Errorf("project %s, domain %s", got.Project, got.Domain)
			}
		})
	}
}

func TestConfigOfTheEnvironmentAlone(t *testing.T) {
	s := newSurroundings(t, nil, map[string]string{
		"FLYTE_PLATFORM_URL": "env:1", "FLYTE_PLATFORM_INSECURE": "True", "FLYTE_LOCAL_PROJECT": "p", "FLYTE_LOCAL_DOMAIN": "d",
	})
	got, err := s.load("")
	if err != nil || got.Endpoint != "env:1" || !got.Insecure || got.Project != "p" || got.Domain != "d" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestNoConfig(t *testing.T) {
	s := newSurroundings(t, map[string]string{"home/.flyte/config.yaml": "task: {project: shop}\n"}, nil)
	got, err := s.load("")
	var none *remote.NoConfigError
	if !errors.As(err, &none) {
		t.Fatalf("got %v", err)
	}
	if got.Project != "shop" {
		t.Errorf("the file's project is lost: %+v", got)
	}
	for _, want := range []string{"config.yaml (has no admin.endpoint)", "FLYTE_PLATFORM_URL (not set)", "flyte-lsp sandbox start"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q doesn't tell %q", err, want)
		}
	}
}

func TestUnusableConfig(t *testing.T) {
	for _, test := range []struct {
		name  string
		files map[string]string
		file  string
		line  int
		says  string
	}{
		{"a mistake of YAML", map[string]string{"home/.flyte/config.yaml": "admin:\n\tendpoint: a:1\n"}, "", 2, "config.yaml:2: found character"},
		{"another type", map[string]string{"home/.flyte/config.yaml": "admin:\n  endpoint: [a]\n"}, "", 2, "config.yaml:2: cannot construct"},
		{"a flag that isn't one", map[string]string{"home/.flyte/config.yaml": "admin:\n  insecure: {}\n"}, "", 2, "true or false"},
		{"an ini file of the folder", map[string]string{"work/flytekit.config": "[platform]\nurl=a:1\n"}, "", 0, "ini format"},
		{"an ini file of the user", map[string]string{"home/.flyte/config": "[platform]\nurl=a:1\n", "home/.flyte/config.yaml": homeFile}, "", 0, "ini format"},
		{"a named file that isn't there", nil, "none.yaml", 0, "it can't be read"},
		{"a web address", map[string]string{"home/.flyte/config.yaml": "admin: {endpoint: https://a.example.org}\n"}, "", 0, "write it without https://, as a.example.org"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := newSurroundings(t, test.files, nil).load(test.file)
			var unusable *remote.ConfigError
			if !errors.As(err, &unusable) {
				t.Fatalf("got %v", err)
			}
			if unusable.Line != test.line || !strings.Contains(err.Error(), test.says) {
				t.Errorf("line %d, %q; want line %d, %q", unusable.Line, err, test.line, test.says)
			}
		})
	}
}
