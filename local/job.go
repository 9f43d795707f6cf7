package local

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// order is what a child is told to do (worker/child.py).
type order struct {
	Kind    string         `json:"kind"`
	File    string         `json:"file"`
	Entity  string         `json:"entity"`
	WorkDir string         `json:"workdir"`
	Inputs  map[string]any `json:"inputs"`
	Project string         `json:"project"`
	Domain  string         `json:"domain"`
	Version string         `json:"version"`
	Image   string         `json:"image"`
}

// message is what a child tells; the kind says which fields are set.
type message struct {
	Kind string

	Node     string // node
	Phase    string
	Call     int
	At       *Place
	Literals map[string][]byte // as protobuf
	Seconds  float64           // node, loaded

	Outputs []struct { // result
		Name, Type, Text string
		JSON             *string
	}

	Input   string // input
	Problem string // input, log, problem

	Type, Message, Traceback string // failure
	Frames                   []Frame

	Path   string // upload
	Entity []byte // registered, compiled
	// compiled: requests as protobuf
	Skipped          bool
	Inputs           []byte
	Tasks, Workflows [][]byte
	LaunchPlans      [][]byte `json:"launch_plans"`
	Activations      [][]byte
}

// reply answers a child's question.
type reply struct {
	URI        string `json:"uri,omitempty"`
	Registered bool   `json:"registered"`
	// Stop tells that the server wants no more of the job.
	Stop bool `json:"stop"`
}

// do has a worker do a job. handle gets the child's messages but for its
// failures, which become do's error, and returns what to reply, nil for
// nothing. An error of handle stops the job and is do's error.
func (p *Pool) do(ctx context.Context, python string, env []string, logPath string, what order, handle func(message) (*reply, error)) error {
	if err := complete(&what); err != nil {
		return err
	}
	log, err := openLog(logPath)
	if err != nil {
		return err
	}
	defer log.Close()
	for {
		w, err := p.worker(ctx, python, env)
		if err != nil {
			return err
		}
		err = w.do(ctx, log, what, handle)
		if !errors.Is(err, errRetired) {
			return err
		}
	}
}

func complete(what *order) error {
	file, err := filepath.Abs(what.File)
	if err != nil {
		return err
	}
	what.File = file
	if what.WorkDir == "" {
		what.WorkDir = filepath.Dir(file)
	}
	if what.Inputs == nil {
		what.Inputs = map[string]any{}
	}
	return nil
}

// openLog opens a job's log; without a path what is printed is dropped.
func openLog(path string) (*os.File, error) {
	if path == "" {
		path = os.DevNull
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, &LogError{Path: path, Err: err}
	}
	return log, nil
}

// do does one job in a child of this worker.
func (w *worker) do(ctx context.Context, log *os.File, what order, handle func(message) (*reply, error)) error {
	payload, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("the inputs can't be passed to Python: %w", err)
	}
	line, theirs, err := newLine()
	if err != nil {
		return err
	}
	defer line.Close()
	offset, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		offset = 0 // a device
	}
	number, job, err := w.start(theirs, log)
	theirs.Close()
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		w.cancel(number)
		_ = line.SetDeadline(time.Now()) // ends the talk
	})
	defer stop()

	told, err := talk(line, append(payload, '\n'), what.Entity, handle)
	select {
	case <-job.ended: // what the code does at its exit belongs to the run
	case <-ctx.Done():
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case told:
		return err
	}
	return job.verdict(log, offset)
}

// talk is the conversation with a child, until it hangs up. told is false
// where the child didn't say how the job went.
func talk(line *net.UnixConn, payload []byte, entity string, handle func(message) (*reply, error)) (told bool, err error) {
	if _, err := line.Write(payload); err != nil {
		return false, nil // the child is gone, or the job was cancelled
	}
	lines := bufio.NewReader(line)
	for {
		text, readErr := lines.ReadBytes('\n')
		if readErr != nil {
			return told, err
		}
		var m message
		if err := json.Unmarshal(text, &m); err != nil {
			return true, &WorkerError{Problem: fmt.Sprintf("the run's process sent %.200q", text)}
		}
		var answer *reply
		switch m.Kind {
		case "input":
			told, err = true, &InputError{Entity: entity, Input: m.Input, Problem: m.Problem}
		case "failure":
			told, err = true, &Failure{Type: m.Type, Message: m.Message, Traceback: m.Traceback, Frames: m.Frames}
		case "problem":
			told, err = true, &WorkerError{Problem: m.Problem}
		default:
			told = told || m.Kind == "result" || m.Kind == "compiled"
			if answer, err = handle(m); err != nil {
				told, answer = true, &reply{Stop: true}
			}
		}
		if answer == nil {
			continue
		}
		// A child that doesn't hear the answer is gone, which the next read tells.
		_ = json.NewEncoder(line).Encode(answer)
	}
}

// verdict tells how a child ended that didn't say it itself.
func (j *running) verdict(log *os.File, offset int64) error {
	problem := fmt.Sprintf("the run's process exited with code %d before the entity returned", j.code)
	switch {
	case j.workerDied:
		problem = "the Python worker died during the run (the next run starts another)"
	case j.signal != 0:
		problem = fmt.Sprintf("the run's process was killed by %s", signalName(j.signal))
	}
	return &WorkerError{Problem: problem, Tail: tailOf(log, offset)}
}
