"""Tells the server of each task and sub-workflow that a local run goes through."""

import base64
import contextvars
import inspect
import itertools
import sys
import time

from flytekit import LaunchPlan
from flytekit.core.base_task import Task
from flytekit.core.promise import Promise
from flytekit.core.workflow import WorkflowBase

LARGEST_OUTPUT = 1 << 16  # bytes of a literal

numbers = itertools.count(1)
depth = contextvars.ContextVar("depth", default=0)


def watch(channel, entity):
    """Hook flytekit's local execution. What an entity does and raises stays as it is."""
    workflow = isinstance(entity, (WorkflowBase, LaunchPlan))
    code, own = code_of(entity), 1 if workflow else 2
    observe(Task, channel, code, own, skip=0)
    # The first workflow is the run itself, where the run isn't a task's.
    observe(WorkflowBase, channel, code, own, skip=1 if workflow else 0)


def code_of(entity):
    """The code of the function that an entity runs, None if it has none."""
    entity = entity.workflow if isinstance(entity, LaunchPlan) else entity
    function = getattr(entity, "_workflow_function", None) or getattr(entity, "task_function", None)
    return getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None


def observe(owner, channel, code, own, skip):
    """Own is the depth of the calls that the entity's own code makes."""
    original = owner.local_execute
    calls = itertools.count()

    def local_execute(self, ctx, **kwargs):
        if next(calls) < skip:
            return original(self, ctx, **kwargs)
        number, started = next(numbers), time.perf_counter()
        outermost = depth.set(depth.get() + 1)
        at = place(code) if depth.get() == own else None
        tell(channel, self, number, "running", at=at)
        phase, outputs = "failed", None
        try:
            result = original(self, ctx, **kwargs)
            phase, outputs = "succeeded", literals(result) if at else None
            return result
        finally:
            depth.reset(outermost)
            tell(channel, self, number, phase, seconds=time.perf_counter() - started, literals=outputs)

    owner.local_execute = local_execute


def tell(channel, entity, number, phase, **more):
    try:
        channel.send("node", node=str(entity.name).rpartition(".")[2], call=number, phase=phase, **more)
    except Exception:
        pass  # the run goes on, whoever watches


def place(code):
    """Where the code makes the call that runs now: its first and last line from the code's first one, and the
    column in bytes at which it ends, None before Python 3.11."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code is not code:
        frame = frame.f_back
    if frame is None:
        return None
    line = frame.f_lineno - code.co_firstlineno
    if not hasattr(code, "co_positions"):
        return {"line": line}
    _, last, _, column = next(itertools.islice(code.co_positions(), frame.f_lasti // 2, None))
    if column is None:
        return {"line": line}
    return {"line": line, "last": last - code.co_firstlineno, "column": column}


def literals(result):
    """What a call gave, by output, without what is large."""
    try:
        found = {}
        for promise in result if isinstance(result, tuple) else (result,):
            if isinstance(promise, Promise) and promise.is_ready:
                literal = promise.val.to_flyte_idl().SerializeToString()
                if len(literal) <= LARGEST_OUTPUT:
                    found[promise.var] = base64.b64encode(literal).decode()
        return found
    except Exception:
        return None  # it is an ornament of the run
