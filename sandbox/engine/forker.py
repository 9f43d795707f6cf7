"""Parent of task processes: imports flytekit once, then forks a child for each task.

A child does what flytekit's console scripts do (flytekit/bin/entrypoint.py); what it can't do the
same way, it hands to a fresh interpreter. Requests come over the socket on stdin: four bytes of
length with a file descriptor for the output, then JSON. Answers are lines of JSON.
"""

import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tarfile
import tempfile
import threading
import traceback

ENTRY_POINTS = {
    "pyflyte-execute": "execute_task_cmd",
    "pyflyte-map-execute": "map_execute_task_cmd",
}


class Plain(Exception):
    """The task needs an interpreter of its own."""


def folders_state():
    """Changes when packages are installed or removed: a new parent is needed then."""
    state = []
    for folder in sys.path:
        try:
            state.append((folder, os.stat(folder).st_mtime_ns))
        except OSError:
            pass
    return state


def unpack(command, args):
    """Do what pyflyte-fast-execute does with a local bundle; return the command to go on with."""
    context = command.make_context("pyflyte-fast-execute", list(args))
    bundle = context.params["additional_distribution"]
    destination = context.params["dest_dir"] or os.getcwd()
    inner = list(context.params["task_execute_cmd"])
    if bundle is not None:
        path = bundle[len("file://") :] if bundle.startswith("file://") else bundle
        if "://" in path or not path.endswith(".tar.gz") or not os.path.isfile(path) or not os.path.isdir(destination):
            raise Plain
        shutil.copy(path, destination)
        with tarfile.open(path) as archive:
            if hasattr(tarfile, "fully_trusted_filter"):
                archive.extractall(destination, filter="fully_trusted")
            else:
                archive.extractall(destination)
    filled = []
    for arg in inner:
        if arg == "--resolver":
            filled += ["--dynamic-addl-distro", bundle, "--dynamic-dest-dir", destination]
        filled.append(arg)
    resolved = os.path.realpath(os.path.expanduser(destination))
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = before + os.pathsep + resolved if before else resolved
    shadowed = {name.partition(".")[0] for name in os.listdir(resolved)} & set(sys.modules)
    if shadowed:
        raise Plain  # the user's module has the name of one that is imported already
    return filled


def start_anew():
    """Drop what the parent's import took from its own environment."""
    tempfile.tempdir = None
    sys.modules["flytekit.core.context_manager"].FlyteContextManager.initialize()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def become(request, output):
    """Turn this forked child into the task's process; return the entry point to call."""
    os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    for descriptor in {null, output}:
        if descriptor > 2:
            os.close(descriptor)
    os.chdir(request["dir"])
    # Python names its own locale where none is set (PEP 538), for all that it
    # starts: the parent's start did, and a process of its own would.
    coerced = os.environ.get("LC_CTYPE")
    os.environ.clear()
    os.environ.update(request["env"])
    if coerced and not any(name in os.environ for name in ("LC_ALL", "LC_CTYPE", "LANG")):
        os.environ["LC_CTYPE"] = coerced
    start_anew()
    original = list(request["command"])
    try:
        entrypoint = sys.modules["flytekit.bin.entrypoint"]
        name, args = os.path.basename(original[0]), original[1:]
        if name == "pyflyte-fast-execute":
            command = unpack(entrypoint.fast_execute_task_cmd, args)
            name, args = command[0], command[1:]
        if name not in ENTRY_POINTS:
            raise Plain
        function = getattr(entrypoint, ENTRY_POINTS[name])
    except Plain:
        os.environ.clear()
        os.environ.update(request["env"])
        os.execve(original[0], original, dict(os.environ))
    sys.argv = [os.path.join(os.path.dirname(original[0]), name), *args]
    extra = [os.path.abspath(p) for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    sys.path[:] = [os.path.dirname(original[0]), *extra, *sys.path[1:]]
    importlib.invalidate_caches()
    return function


class Parent:
    def __init__(self, control):
        self.control = control
        self.children = set()
        self.folders = folders_state()
        woken, waker = os.pipe()
        os.set_blocking(waker, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(waker)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.woken, self.waker = woken, waker

    def say(self, **message):
        self.control.sendall(json.dumps(message).encode() + b"\n")

    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.control.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def receive(self):
        """The next request and the descriptor of its output."""
        head, descriptors, _, _ = socket.recv_fds(self.control, 4, 1)
        if not head:
            raise EOFError
        head += self.read(4 - len(head))
        return json.loads(self.read(int.from_bytes(head, "big"))), descriptors[0]

    def collect(self):
        try:
            os.read(self.woken, 4096)
        except BlockingIOError:
            pass
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.children.discard(pid)
                self.say(pid=pid, status=status)

    def serve(self):
        """Fork children until the sandbox hangs up. In a child, return what it is to call."""
        while True:
            ready, _, _ = select.select([self.control, self.woken], [], [])
            if self.woken in ready:
                self.collect()
            if self.control not in ready:
                continue
            request, output = self.receive()
            if folders_state() != self.folders:
                os.close(output)
                self.say(id=request["id"], error="packages were installed or removed")
                continue
            pid = os.fork()
            if pid == 0:
                self.children = set()
                self.control.close()
                os.close(self.woken)
                os.close(self.waker)
                try:
                    return become(request, output)
                except BaseException:
                    traceback.print_exc()
                    sys.exit(1)
            try:
                os.setpgid(pid, pid)
            except OSError:
                pass  # the child did it, or has ended
            os.close(output)
            self.children.add(pid)
            self.say(id=request["id"], pid=pid)

    def end(self):
        for pid in self.children:
            try:
                os.killpg(pid, signal.SIGKILL)
            except OSError:
                pass


def main():
    control = socket.socket(fileno=os.dup(0))
    importlib.import_module("flytekit.bin.entrypoint")
    parent = Parent(control)
    if threading.active_count() > 1:
        parent.say(error="flytekit or one of its plugins starts threads when it is imported")
        return None
    gc.collect()
    gc.freeze()
    parent.say(ready=True)
    try:
        return parent.serve()
    except (EOFError, ConnectionError):
        parent.end()
        return None


call = main()
if call is not None:
    del main
    try:
        sys.exit(call())
    except SystemExit:
        raise
    except BaseException:
        traceback.print_exc()
        sys.exit(1)
