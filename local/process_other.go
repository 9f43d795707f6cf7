//go:build !unix

package local

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

var errPlatform = errors.New("running Python files isn't supported on this platform yet: use Linux, macOS or WSL")

func newLine() (*net.UnixConn, *os.File, error) { return nil, nil, errPlatform }

func sendFiles(*net.UnixConn, []byte, ...*os.File) error { return errPlatform }

func ownGroup() *syscall.SysProcAttr { return nil }

func killGroup(int) {}

func signalName(number int) string { return fmt.Sprintf("signal %d", number) }
