"""A job's own process, forked from the warm parent: it makes itself look as
`pyflyte run FILE ENTITY` would, does the job, and tells how it went."""

import asyncio
import atexit
import inspect
import io
import os
import pathlib
import shutil
import sys
import sysconfig
import tempfile
import threading
import time
import types

from flyte_lsp_worker import failure, inputs, nodes, outputs, registration
from flyte_lsp_worker.channel import Channel
from flytekit.clis.sdk_in_container.run import load_naive_entity
from flytekit.core import context_manager, data_persistence
from flytekit.core.context_manager import FlyteContextManager
from flytekit.loggers import logger
from flytekit.tools.script_mode import _find_project_root

MAIN_FOLDER = os.getcwd()
MADE = []  # folders of this run


def main(connection, log):
    """Do the job that comes over the connection; the return value is the exit code."""
    channel = Channel(connection)
    redirect(log, channel)
    job = channel.receive()
    try:
        status = work(job, channel)
    finally:
        flush()
    finish()
    flush()
    for folder in MADE:
        remove_empty(folder)
    return status


def work(job, channel):
    try:
        enter(job)
        module, root = module_of(job["file"])
        started = time.perf_counter()
        entity = load(job["file"], module, job["entity"], root)
        channel.send("loaded", seconds=time.perf_counter() - started)
        if job["kind"] == "compile":
            registration.record(channel, job, entity, module, root)
        else:
            nodes.watch(channel, entity)
            result = call(entity, inputs.arguments(entity, job["inputs"]))
            channel.send("result", outputs=outputs.describe(entity, result))
        return 0
    except inputs.InputError as error:
        channel.send("input", input=error.name, problem=error.problem)
    except registration.Stopped:
        pass
    except BaseException as error:
        channel.send("failure", **failure.describe(error))
    return 1


def call(entity, arguments):
    """Call the entity as flytekit's run_command does."""
    result = entity(**arguments)
    if inspect.iscoroutine(result):
        result = asyncio.run(result)
    return result


def module_of(file):
    """The module's name and the folder it is imported from: flytekit's rule, in
    WorkflowCommand.get_command of clis/sdk_in_container/run.py."""
    path = pathlib.Path(file).resolve()
    root = _find_project_root(path)
    module = os.path.splitext(path.relative_to(root))[0].replace(os.path.sep, ".")
    return module, root


def load(file, module, name, root):
    with FreshBytecode():
        try:
            entity = load_naive_entity(module, name, root)
        except Exception as error:
            if module in sys.modules and not hasattr(sys.modules[module], name):
                raise failure.EntityNotFound(file, name) from error
            raise
    if not (hasattr(entity, "python_interface") and callable(entity)):
        raise failure.EntityNotFound(file, name)
    return entity


class FreshBytecode:
    """Keeps Python from caching the bytecode of files that were edited just
    now: a cached file is told from its source by size and whole seconds, and a
    second edit within the same second would go unseen."""

    def __enter__(self):
        from importlib._bootstrap_external import SourceFileLoader

        self.loader, self.original = SourceFileLoader, SourceFileLoader._cache_bytecode
        original = self.original

        def cache_bytecode(loader, source_path, bytecode_path, data):
            if time.time() - os.stat(source_path).st_mtime > 2:
                original(loader, source_path, bytecode_path, data)

        SourceFileLoader._cache_bytecode = cache_bytecode

    def __exit__(self, *_):
        self.loader._cache_bytecode = self.original


def enter(job):
    """Give the process what pyflyte has when it loads the file."""
    os.chdir(job["workdir"])
    os.environ["PWD"] = job["workdir"]  # as a shell has it
    scripts = sysconfig.get_path("scripts")
    pyflyte = shutil.which("pyflyte", path=scripts) or os.path.join(scripts, "pyflyte")
    sys.argv = [pyflyte, "run", job["file"], job["entity"]]
    sys.path[:] = [os.path.dirname(pyflyte)] + [anew(path) for path in sys.path]
    sys.modules["__main__"] = types.ModuleType("__main__")
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # else each run draws the same numbers
    logger.setLevel("CRITICAL")  # what pyflyte sets without -v
    fresh_context()


def anew(path):
    """A relative entry of PYTHONPATH belongs to the folder that the code runs in."""
    for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        there = os.path.abspath(os.path.join(MAIN_FOLDER, entry))
        if entry and not os.path.isabs(entry) and os.path.realpath(path) == os.path.realpath(there):
            return os.path.abspath(entry)
    return path


def fresh_context():
    """Make flytekit's context anew, with folders that no other run writes to:
    the parent made its own when it imported flytekit."""
    folder = tempfile.mkdtemp(prefix="flyte-")
    MADE.append(folder)
    old = data_persistence.default_local_file_access_provider
    provider = data_persistence.FileAccessProvider(
        local_sandbox_dir=os.path.join(folder, "sandbox"),
        raw_output_prefix=os.path.join(folder, "raw"),
        data_config=old.data_config,
    )
    data_persistence.flyte_tmp_dir = folder
    data_persistence.default_local_file_access_provider = provider
    context_manager.default_local_file_access_provider = provider
    FlyteContextManager.initialize()
    parameters = FlyteContextManager.current_context().user_space_params
    working = os.path.join(folder, "user_space")
    os.makedirs(working)
    parameters._working_directory = working


def remove_empty(folder):
    """Remove a run's folders, but for those that hold data: outputs may point there."""
    for path, _, _ in os.walk(folder, topdown=False):
        try:
            os.rmdir(path)
        except OSError:
            pass


class Log(io.FileIO):
    """The run's log: where it can't be written (a full disk), what is printed
    is dropped and the run goes on. The server is told once."""

    def __init__(self, descriptor, channel):
        super().__init__(descriptor, "w", closefd=False)
        self._channel = channel

    def write(self, data):
        try:
            return super().write(data)
        except OSError as error:
            if self._channel:
                self._channel.send("log", problem=error.strerror or str(error))
                self._channel = None
            return len(data)


def redirect(log, channel):
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(null)
    os.close(log)
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # noqa: SIM115 (open as long as the process)
    sys.stdout = sys.__stdout__ = stream(1, channel, sys.stdout)
    sys.stderr = sys.__stderr__ = stream(2, channel, sys.stderr)


def stream(descriptor, channel, old):
    raw = io.BufferedWriter(Log(descriptor, channel))
    return io.TextIOWrapper(raw, encoding=old.encoding, errors=old.errors, line_buffering=True)


def flush():
    for output in (sys.stdout, sys.stderr):
        try:
            output.flush()
        except Exception:
            pass  # the code closed or replaced it


def finish():
    """End as an interpreter ends, but for taking all objects apart."""
    threading._shutdown()
    atexit._run_exitfuncs()
