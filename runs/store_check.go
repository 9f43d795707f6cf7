package runs

import (
	"errors"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// alive reports whether a process with this id exists.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// isCorrupt reports whether SQLite found the file not to be a database.
func isCorrupt(err error) bool {
	var coded *sqlite.Error
	return errors.As(err, &coded) && (coded.Code()&0xff == sqlite3.SQLITE_CORRUPT || coded.Code()&0xff == sqlite3.SQLITE_NOTADB)
}
