package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// probeTimeout bounds the start of an interpreter.
const probeTimeout = 20 * time.Second

// Interpreter is the Python that runs a user's file.
type Interpreter struct {
	// Path is the program that is started. A link stays one: Python finds its
	// virtual environment by it.
	Path string
	// FoundBy tells which rule chose it: "setting", "VIRTUAL_ENV", ".venv" or "PATH".
	FoundBy string
	// Looked lists the places that were tried, the chosen one last.
	Looked []string
}

// Info tells what an interpreter brings.
type Info struct {
	// Python and Flytekit are versions, for example "3.11.4" and "1.16.31".
	Python, Flytekit string
}

// InterpreterOf is the rule that chooses the interpreter of a folder's files as
// FindInterpreter does for a run: the program's path, or "" and why there is
// none.
func InterpreterOf(dir, setting string) (python, why string) {
	found, err := FindInterpreter(filepath.Join(dir, "module.py"), setting, os.Getenv)
	if err != nil {
		return "", err.Error()
	}
	return found.Path, ""
}

// FindInterpreter chooses the Python for a file: the setting (a program, or a
// virtual environment's folder), else the environment that VIRTUAL_ENV names,
// else a .venv or venv folder beside the file or upwards of it, else python3
// on PATH. The error is a *NoInterpreterError, or an *InterpreterError for a
// setting that names no program: a setting is never passed over.
func FindInterpreter(file, setting string, getenv func(string) string) (Interpreter, error) {
	found := Interpreter{}
	try := func(rule, path string) bool {
		found.Looked = append(found.Looked, path)
		if !program(path) {
			return false
		}
		found.Path, found.FoundBy = path, rule
		return true
	}
	if setting != "" {
		path, err := fromSetting(file, setting, getenv)
		if err == nil && try("setting", path) {
			return found, nil
		}
		return Interpreter{}, &InterpreterError{Python: setting, Problem: "the setting flyte.python names no program", Err: err}
	}
	if env := getenv("VIRTUAL_ENV"); env != "" && try("VIRTUAL_ENV", filepath.Join(env, "bin", "python")) {
		return found, nil
	}
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		for _, name := range []string{".venv", "venv"} {
			if try(".venv", filepath.Join(dir, name, "bin", "python")) {
				return found, nil
			}
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	for _, dir := range filepath.SplitList(getenv("PATH")) {
		if filepath.IsAbs(dir) && try("PATH", filepath.Join(dir, "python3")) {
			return found, nil
		}
	}
	return Interpreter{}, &NoInterpreterError{Looked: found.Looked}
}

// fromSetting takes a program's path, a name on PATH, or a virtual
// environment. A relative path starts at the file's folder.
func fromSetting(file, setting string, getenv func(string) string) (string, error) {
	if rest, ok := strings.CutPrefix(setting, "~"+string(filepath.Separator)); ok {
		setting = filepath.Join(getenv("HOME"), rest)
	}
	if !strings.ContainsRune(setting, filepath.Separator) {
		for _, dir := range filepath.SplitList(getenv("PATH")) {
			if path := filepath.Join(dir, setting); filepath.IsAbs(dir) && program(path) {
				return path, nil
			}
		}
	}
	if !filepath.IsAbs(setting) {
		setting = filepath.Join(filepath.Dir(file), setting)
	}
	info, err := os.Stat(setting)
	if err == nil && info.IsDir() {
		setting = filepath.Join(setting, "bin", "python")
		_, err = os.Stat(setting)
	}
	return setting, err
}

func program(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// Probe asks an interpreter for its version and flytekit's, which takes the
// start of Python but no import of flytekit. Errors are *InterpreterError,
// *NoFlytekitError, *OldFlytekitError or ctx.Err(); Info has what was learnt.
func Probe(ctx context.Context, python string) (Info, error) {
	script, err := sources.ReadFile("worker/versions.py")
	if err != nil {
		return Info{}, err
	}
	limited, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	var stderr tail
	cmd := exec.CommandContext(limited, python, "-c", string(script)+"\nimport json\nprint(json.dumps(versions()))\n")
	cmd.Dir = string(os.PathSeparator)
	cmd.Stderr = &stderr
	cmd.WaitDelay = time.Second
	printed, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return Info{}, ctx.Err()
	case limited.Err() != nil:
		return Info{}, &InterpreterError{Python: python, Problem: fmt.Sprintf("it didn't answer within %s", probeTimeout)}
	case err != nil:
		return Info{}, &InterpreterError{Python: python, Problem: "it can't be started", Err: errors.Join(err, stderr.err())}
	}
	// What a sitecustomize prints comes before.
	lines := bytes.Split(bytes.TrimSpace(printed), []byte("\n"))
	var answer notice
	if err := json.Unmarshal(lines[len(lines)-1], &answer); err != nil {
		return Info{}, &InterpreterError{Python: python, Problem: "it isn't a Python: it doesn't tell its version", Err: err}
	}
	info := Info{Python: answer.Python}
	if answer.Flytekit != nil {
		info.Flytekit = *answer.Flytekit
	}
	return info, check(python, answer.Python, answer.Flytekit)
}

// check tells what keeps an interpreter of these versions from being used.
func check(python, version string, flytekit *string) error {
	if older(version, "3.9.0") {
		return &InterpreterError{Python: python, Problem: fmt.Sprintf("Python %s is too old: 3.9 or newer is needed", version)}
	}
	hint := python + " -m pip install "
	if flytekit == nil {
		return &NoFlytekitError{Python: python, InstallHint: hint + "flytekit"}
	}
	// A checkout's version is 0.0.0: it is newer than any release.
	if !strings.HasPrefix(*flytekit, "0.0.0") && older(*flytekit, MinFlytekit) {
		return &OldFlytekitError{Python: python, Version: *flytekit, InstallHint: hint + "--upgrade flytekit"}
	}
	return nil
}

// older compares the first two numbers of versions.
func older(version, least string) bool {
	have, want := numbers(version), numbers(least)
	if have[0] != want[0] {
		return have[0] < want[0]
	}
	return have[1] < want[1]
}

func numbers(version string) (n [2]int) {
	for i, part := range strings.SplitN(version, ".", 3) {
		if i < len(n) {
			n[i], _ = strconv.Atoi(part)
		}
	}
	return n
}
