package analysis_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/flyte-lsp/flyte-lsp/analysis"
	"github.com/flyte-lsp/flyte-lsp/internal/testenv"
)

// verdict is how flytekit and the backend take a module.
type verdict struct {
	Stage analysis.Stage
	Error string
	// Specs are the kind and the base64 of each message that flytekit serialized.
	Specs [][2]string
}

// flytekit asks flytekit, and then the backend, about each example.
func flytekit(t *testing.T, examples []*example) []*verdict {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("testdata", "verdicts.py"))
	if err != nil {
		t.Fatal(err)
	}
	const processes = 2
	verdicts := make([]*verdict, len(examples))
	var group sync.WaitGroup
	for first := range processes {
		group.Go(func() {
			var requests bytes.Buffer
			for i := first; i < len(examples); i += processes {
				request, _ := json.Marshal(map[string]string{"folder": examples[i].folder, "module": examples[i].module, "version": fmt.Sprint("v", i)})
				requests.Write(append(request, '\n'))
			}
			if requests.Len() == 0 {
				return
			}
			cmd := exec.CommandContext(t.Context(), testenv.Python(t), script)
			var stdout, stderr bytes.Buffer
			cmd.Stdin, cmd.Stdout, cmd.Stderr = &requests, &stdout, &stderr
			if err := cmd.Run(); err != nil {
				t.Errorf("%v\n%s", err, stderr.String())
			}
			lines := bufio.NewScanner(&stdout)
			lines.Buffer(nil, 1<<26)
			for i := first; i < len(examples) && lines.Scan(); i += processes {
				verdicts[i] = new(verdict)
				if err := json.Unmarshal(lines.Bytes(), verdicts[i]); err != nil {
					t.Errorf("%v in %s", err, lines.Text())
				}
			}
		})
	}
	group.Wait()
	backend := startBackend(t)
	for i, said := range verdicts {
		if said == nil {
			t.Fatalf("flytekit gives no verdict about %s in %s", examples[i].name, examples[i].folder)
		}
		switch said.Stage {
		case "", analysis.AtRun, analysis.OnCluster:
			if problem := backend.refuses(t, said.Specs); problem != "" {
				said.Stage, said.Error = analysis.AtBackend, problem
			}
		}
	}
	return verdicts
}

func flagValue(name string) string { return flag.Lookup(name).Value.String() }

func matches(pattern, text string) bool {
	matched, err := regexp.MatchString(pattern, text)
	return err == nil && matched
}
