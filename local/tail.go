package local

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
)

// tailSize is how much of an output an error shows.
const tailSize = 2000

// tail is a writer that keeps the end of what was written.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, data...)
	if over := len(t.kept) - tailSize; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(data), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(strings.ToValidUTF8(string(t.kept), ""))
}

// err is what was written as an error, nil for nothing.
func (t *tail) err() error {
	if text := t.String(); text != "" {
		return errors.New(text)
	}
	return nil
}

// tailOf is the end of what was added to a file after an offset.
func tailOf(file *os.File, offset int64) string {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	text := make([]byte, min(size-offset, tailSize))
	if len(text) == 0 {
		return ""
	}
	n, _ := file.ReadAt(text, size-int64(len(text)))
	return strings.TrimSpace(strings.ToValidUTF8(string(text[:n]), ""))
}
