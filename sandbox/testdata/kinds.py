"""Each kind of node that the sandbox runs."""

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from typing import Dict, List, Optional

from flytekit import LaunchPlan, conditional, dynamic, map_task, task, workflow
from flytekit.exceptions.user import FlyteRecoverableException
from flytekit.types.error import FlyteError
from flytekit.types.file import FlyteFile


@dataclass
class Point:
    x: int
    tags: List[str]


@task
def double(n: int) -> int:
    return 2 * n


@task
def point(n: int) -> Point:
    return Point(x=n, tags=["a", "b"])


@task
def total(values: List[int]) -> int:
    return sum(values)


@task
def write(n: int) -> FlyteFile:
    with open("answer.txt", "w") as f:
        f.write(str(n))
    return FlyteFile("answer.txt")


@task
def read(file: FlyteFile) -> str:
    with open(file) as f:
        return f.read()


@task(cache=True, cache_version="1")
def slow(n: int) -> float:
    return time.time()


@workflow
def inner(n: int) -> int:
    return double(n=double(n=n))


inner_plan = LaunchPlan.get_or_create(inner, name="inner_plan", default_inputs={"n": 5})


@dynamic
def fan(n: int) -> List[int]:
    return [double(n=i) for i in range(n)]


@workflow
def kinds(n: int = 3, words: Optional[Dict[str, int]] = None) -> (int, int, int, int, str, int):
    sub = inner(n=n)
    launched = inner_plan(n=n)
    p = point(n=n)
    chosen = conditional("size").if_(n > 2).then(double(n=p.x)).else_().then(inner(n=p.x))
    mapped = map_task(double)(n=fan(n=n))
    text = read(file=write(n=n))
    return sub, launched, chosen, total(values=mapped), text, total(values=[sub, p.x, 1])


@workflow
def cached(n: int = 1) -> (float, float):
    first = slow(n=n)
    second = slow(n=n)
    first_node = first.ref.node
    first_node >> second.ref.node
    return first, second


@task
def boom(n: int) -> int:
    if n:
        raise ValueError(f"boom {n}")
    return n


@task
def clean(n: int, err: Optional[FlyteError] = None):
    print("cleaned after", err.message if err else None)


@workflow(on_failure=clean)
def failing(n: int = 1) -> int:
    return boom(n=n)


@task(retries=2)
def flaky() -> int:
    attempt = int(os.environ["FLYTE_ATTEMPT_NUMBER"])
    if attempt < 2:
        raise FlyteRecoverableException(f"attempt {attempt}")
    return attempt


@workflow
def retried() -> int:
    return flaky()


@task
def sleepy(seconds: int) -> int:
    print("sleeping", flush=True)
    time.sleep(seconds)
    return seconds


@workflow
def long(seconds: int = 600) -> int:
    return sleepy(seconds=seconds)


@task
def surroundings() -> str:
    """All that a task can see of the process it runs in, the random state excepted."""
    home = os.getcwd()
    handlers = {}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        handler = signal.getsignal(number)
        handlers[number.name] = getattr(handler, "__qualname__", str(handler))
    seen = {
        "argv": sys.argv,
        "path": sys.path,
        "executable": sys.executable,
        "environment": dict(os.environ),
        "temporary": tempfile.gettempdir(),
        "terminals": [os.isatty(i) for i in range(3)],
        "stdin": sys.stdin.read(),
        "line buffering": [sys.stdout.line_buffering, sys.stdout.write_through, sys.stdout.encoding],
        "threads": threading.main_thread().name,
        "files": sorted(os.listdir(home)),
        "umask": os.umask(0o022),
        "handlers": handlers,
    }
    return json.dumps(seen).replace(home, "HOME")


@task
def dice() -> float:
    return random.random()


@workflow
def twice() -> (float, float):
    return dice(), dice()


@workflow
def about() -> str:
    return surroundings()
