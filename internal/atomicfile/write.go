// Package atomicfile replaces files so that no reader sees half of one.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Write replaces what a file holds, or makes the file. One that is there keeps
// its mode and, where the user may give it away, its owner; where the path is a
// link, the file that it leads to is replaced. A file that may not be written
// stays as it is.
func Write(path string, text []byte) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	before, err := writable(path)
	if err != nil {
		return err
	}
	partial, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = partial.Write(text)
	err = errors.Join(err, like(partial, before), partial.Close())
	if err == nil {
		err = os.Rename(partial.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("replace %s: %w", path, errors.Join(err, os.Remove(partial.Name())))
	}
	return nil
}

// writable is what is known of the file at a path, nil if there is none, or why
// it may not be written.
func writable(path string) (fs.FileInfo, error) {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	return info, errors.Join(err, file.Close())
}

// like gives a file the mode and the owner that another one has.
func like(file *os.File, before fs.FileInfo) error {
	if before == nil {
		return file.Chmod(0o644)
	}
	if owner, ok := before.Sys().(*syscall.Stat_t); ok {
		// Only root may; others own what they write.
		_ = file.Chown(int(owner.Uid), int(owner.Gid))
	}
	return file.Chmod(before.Mode().Perm())
}
