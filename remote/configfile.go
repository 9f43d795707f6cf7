package remote

import (
	"errors"
	"os"

	"go.yaml.in/yaml/v4"
)

// configFile is the part of flytectl's YAML file that says where the backend
// is. What else stands there (images, storage, logger) is left alone.
type configFile struct {
	Admin struct {
		Endpoint           string   `yaml:"endpoint"`
		Insecure           flagText `yaml:"insecure"`
		InsecureSkipVerify flagText `yaml:"insecureSkipVerify"`
		CACertFilePath     string   `yaml:"caCertFilePath"`
		AuthType           string   `yaml:"authType"`
	} `yaml:"admin"`
	Console struct {
		Endpoint string `yaml:"endpoint"`
	} `yaml:"console"`
	Task struct {
		Project string `yaml:"project"`
		Domain  string `yaml:"domain"`
	} `yaml:"task"`
}

// flagText takes true and "true" alike, as flytekit does.
type flagText bool

func (f *flagText) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.ScalarNode {
		return errors.New("this must be true or false")
	}
	*f = flagText(node.Tag != "!!null" && isTrue(node.Value))
	return nil
}

// readFile fills cfg from a YAML file.
func readFile(file string, cfg *Config) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return &ConfigError{File: file, Problem: "it can't be read (" + err.Error() + ")", Err: err}
	}
	var parsed configFile
	if err := yaml.Unmarshal(data, &parsed); err != nil {
		return yamlError(file, err)
	}
	cfg.Endpoint = cleanEndpoint(parsed.Admin.Endpoint)
	cfg.Insecure = bool(parsed.Admin.Insecure)
	cfg.InsecureSkipVerify = bool(parsed.Admin.InsecureSkipVerify)
	cfg.CACertFile = parsed.Admin.CACertFilePath
	cfg.AuthType = parsed.Admin.AuthType
	cfg.ConsoleEndpoint = parsed.Console.Endpoint
	cfg.Project, cfg.Domain = parsed.Task.Project, parsed.Task.Domain
	if cfg.Endpoint == "" {
		cfg.Looked[len(cfg.Looked)-1] += " (has no admin.endpoint)"
		return nil
	}
	cfg.Source = file
	return nil
}

func yamlError(file string, err error) error {
	out := &ConfigError{File: file, Problem: err.Error(), Err: err}
	var (
		all   *yaml.LoadErrors
		first *yaml.LoadError
	)
	if errors.As(err, &all) && len(all.Errors) > 0 {
		first = all.Errors[0]
	}
	if first != nil || errors.As(err, &first) {
		out.Line, out.Problem = first.Mark.Line, first.Message
	}
	return out
}
