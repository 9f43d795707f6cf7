//go:build unix

package local

import (
	"fmt"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// newLine makes a connection: our end, and the end that a Python process gets.
func newLine() (ours *net.UnixConn, theirs *os.File, err error) {
	syscall.ForkLock.RLock()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(pair[0])
		unix.CloseOnExec(pair[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, fmt.Errorf("a line to the Python worker can't be made: %w", err)
	}
	theirs = os.NewFile(uintptr(pair[1]), "line")
	file := os.NewFile(uintptr(pair[0]), "line")
	defer file.Close()
	conn, err := net.FileConn(file)
	if err != nil {
		theirs.Close()
		return nil, nil, fmt.Errorf("a line to the Python worker can't be made: %w", err)
	}
	return conn.(*net.UnixConn), theirs, nil
}

// sendFiles sends a message that carries descriptors.
func sendFiles(conn *net.UnixConn, message []byte, files ...*os.File) error {
	descriptors := make([]int, len(files))
	for i, file := range files {
		descriptors[i] = int(file.Fd())
	}
	_, _, err := conn.WriteMsgUnix(message, unix.UnixRights(descriptors...), nil)
	return err
}

// ownGroup keeps the terminal's Ctrl-C from the worker: the server cancels its jobs.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(pid int) { _ = unix.Kill(-pid, unix.SIGKILL) }

// signalName names a signal as the user knows it, for example "SIGSEGV".
func signalName(number int) string {
	if name := unix.SignalName(syscall.Signal(number)); name != "" {
		return name
	}
	return fmt.Sprintf("signal %d", number)
}
