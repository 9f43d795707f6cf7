"""The warm parent: it has flytekit imported, forks a child for each job, tells
the server when the child ended, and kills what must end. It runs one thread,
so that a fork is safe, and no code of the user."""

import dataclasses
import gc
import importlib
import json
import os
import select
import signal
import socket
import time
import traceback
import typing

from flyte_lsp_worker import versions

KILL_AFTER = 2.0  # seconds between SIGTERM and SIGKILL

# What a run imports that `import flytekit` leaves for later.
WARM = (
    "flytekit.clis.sdk_in_container.run",
    "flytekit.interaction.click_types",
    "mashumaro.jsonschema",
    "mashumaro.codecs.json",
    "mashumaro.codecs.msgpack",
)


def main(descriptor, imported):
    control = socket.socket(fileno=descriptor)
    control.set_inheritable(False)
    found = versions.versions()
    send(control, kind="hello", **found)
    try:
        for name in WARM:
            warm(name)
        rehearse()
        from flyte_lsp_worker import child  # after flytekit: it imports from it
    except BaseException:
        send(control, kind="broken", problem=traceback.format_exc()[-4000:])
        return 1
    imported()
    send(control, kind="ready")
    gc.collect()
    gc.freeze()  # a child's collections then leave the parent's pages shared
    Parent(control, child.main).serve()
    return 0


def warm(name):
    try:
        importlib.import_module(name)
    except ImportError:
        # Other versions of flytekit do without it; a flytekit that is broken
        # shows with its command line, which comes first.
        if name == WARM[0]:
            raise


def rehearse():
    """Have libraries make what they make once a process, at the first dataclass
    and docstring. flytekit itself stays untouched: what it sets up at its first
    type depends on what the user imported before."""
    try:
        from docstring_parser import parse
        from mashumaro.jsonschema import build_json_schema

        parse("What it does.\n\nArgs:\n    name: What it is.\n")
        sample = dataclasses.make_dataclass("Sample", [("text", str), ("number", int), ("list", typing.List[float])])
        build_json_schema(sample).to_dict()
    except Exception:
        pass  # other versions: their first run does it


def send(line, **fields):
    line.sendall(json.dumps(fields).encode("ascii") + b"\n")


class Job:
    """A child that runs."""

    def __init__(self, pid, connection):
        self.pid = pid
        self.connection = connection  # the child's end, to hang up for it
        self.kill_at = None

    def kill(self, number):
        try:
            os.killpg(self.pid, number)
        except OSError:
            # The group is gone, or the child hasn't made it yet.
            try:
                os.kill(self.pid, number)
            except OSError:
                pass


class Parent:
    def __init__(self, control, run):
        self.control = control
        self.run = run  # what a child does: run(connection, log descriptor)
        self.jobs = {}
        self.received = b""
        self.descriptors = []

    def serve(self):
        """Serve until the server hangs up."""
        wake, wakened = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(wakened, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)
        try:
            while True:
                ready, _, _ = select.select([self.control, wake], [], [], self.patience())
                if wake in ready:
                    os.read(wake, 4096)
                self.reap()
                self.kill_overdue()
                if self.control in ready and not self.receive():
                    return
        except (BrokenPipeError, ConnectionError):
            return
        finally:
            for job in self.jobs.values():
                job.kill(signal.SIGKILL)

    def patience(self):
        overdue = [job.kill_at for job in self.jobs.values() if job.kill_at]
        return max(0, min(overdue) - time.monotonic()) if overdue else None

    def kill_overdue(self):
        for job in self.jobs.values():
            if job.kill_at and job.kill_at <= time.monotonic():
                job.kill_at = None
                job.kill(signal.SIGKILL)

    def reap(self):
        for number, job in list(self.jobs.items()):
            pid, status = os.waitpid(job.pid, os.WNOHANG)
            if pid == 0:
                continue
            del self.jobs[number]
            try:
                os.killpg(job.pid, signal.SIGKILL)  # what it left behind
            except OSError:
                pass
            try:
                # A process that left the group may hold the line still open.
                job.connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            job.connection.close()
            died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            code = 0 if died else os.WEXITSTATUS(status)
            send(self.control, kind="ended", job=number, code=code, signal=died)

    def receive(self):
        """Take the server's messages; False once it hung up."""
        data, descriptors, _, _ = socket.recv_fds(self.control, 4096, 16)
        self.descriptors += descriptors
        if not data:
            return False
        *lines, self.received = (self.received + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if message["kind"] == "job":
                self.start(message["job"])
            elif message["job"] in self.jobs:
                job = self.jobs[message["job"]]
                job.kill(signal.SIGTERM)
                job.kill_at = job.kill_at or time.monotonic() + KILL_AFTER
        return True

    def start(self, number):
        line, log = self.descriptors[:2]
        del self.descriptors[:2]
        connection = socket.socket(fileno=line)
        try:
            pid = os.fork()
        except OSError as error:
            os.close(log)
            send(connection, kind="problem", problem="the run's process can't be made: %s" % error)
            connection.close()
            send(self.control, kind="ended", job=number, code=1, signal=0)
            return
        if pid == 0:
            self.become_child(connection, log)
        os.close(log)
        self.jobs[number] = Job(pid, connection)
        send(self.control, kind="started", job=number, pid=pid)

    def become_child(self, connection, log):
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            self.control.close()
            for job in self.jobs.values():
                job.connection.close()
            status = self.run(connection, log)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
