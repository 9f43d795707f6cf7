package engine

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// processMark names a process so that a later one with the same id isn't
// taken for it: "<pid> <when it started>".
func processMark(pid int) string { return fmt.Sprintf("%d %s", pid, startOf(pid)) }

// startOf is when a process started, in whatever form the system tells it,
// "" if it doesn't run.
func startOf(pid int) string {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		// The name, in parentheses, may hold spaces; field 22 is the start.
		if end := bytes.LastIndexByte(stat, ')'); end >= 0 {
			if fields := strings.Fields(string(stat[end+1:])); len(fields) > 19 {
				return fields[19]
			}
		}
		return ""
	}
	started, err := exec.Command("ps", "-o", "lstart=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(started))
}

// killOrphans kills the groups of processes that an earlier sandbox started
// and couldn't end; marks are joined by ";". It tells whether one was alive.
func killOrphans(marks string) bool {
	alive := false
	for mark := range strings.SplitSeq(marks, ";") {
		text, start, _ := strings.Cut(mark, " ")
		pid, err := strconv.Atoi(text)
		if err != nil || pid <= 1 || start == "" || startOf(pid) != start {
			continue
		}
		alive = true
		_ = syscall.Kill(-pid, syscall.SIGKILL) // ESRCH: it ended meanwhile
	}
	return alive
}
