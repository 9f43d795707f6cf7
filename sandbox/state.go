package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// saved is the state file, Dir/sandbox.json. It stays after the sandbox has
// ended: its ports are taken again, so that addresses stay the same.
type saved struct {
	PID      int       `json:"pid"`
	Port     int       `json:"port"`
	HTTPPort int       `json:"httpPort"`
	Python   string    `json:"python"`
	Started  time.Time `json:"started"`
}

func stateFile(dir string) string { return filepath.Join(dir, "sandbox.json") }

// readState reads the state file; one that is missing or can't be read is as
// if no sandbox ever ran.
func readState(dir string) (saved, error) {
	var s saved
	data, err := os.ReadFile(stateFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("the sandbox's state file: %w", err)
	}
	if json.Unmarshal(data, &s) != nil {
		return saved{}, nil
	}
	return s, nil
}

func (s saved) write(dir string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(stateFile(dir), append(data, '\n'))
}

func (s saved) status(dir string) Status {
	status := Status{Dir: dir, ConfigFile: configFile(dir), LogFile: logFile(dir)}
	if s.Port == 0 {
		return status
	}
	status.PID, status.Python, status.Started = s.PID, s.Python, s.Started
	status.Endpoint = fmt.Sprintf("127.0.0.1:%d", s.Port)
	status.HTTP = fmt.Sprintf("http://127.0.0.1:%d", s.HTTPPort)
	return status
}

// replaceFile writes a file that is never seen half written.
func replaceFile(path string, data []byte) error {
	partial := path + ".partial"
	if err := os.WriteFile(partial, data, 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return os.Rename(partial, path)
}

// writeConfig writes the configuration that pyflyte and flytectl read where
// FLYTECTL_CONFIG names it.
func writeConfig(status Status) error {
	text := fmt.Sprintf(`# Written by flyte-lsp's sandbox at each start.
admin:
  endpoint: dns:///%s
  insecure: true
console:
  endpoint: %s
`, status.Endpoint, status.HTTP)
	return replaceFile(status.ConfigFile, []byte(text))
}
