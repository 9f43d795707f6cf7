"""Decorators and factories that the team's tasks share."""

import functools
import time

from flytekit import Resources, task

# The team's own task: what all of them have in common.
small_task = functools.partial(task, requests=Resources(cpu="100m", mem="64Mi"), retries=2)


def timed(fn):
    """Say how long a call took."""

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        begin = time.perf_counter()
        try:
            return fn(*args, **kwargs)
        finally:
            print(f"{fn.__name__} took {time.perf_counter() - begin:.3f} s")

    return wrapper


def logged(level="info"):
    """Say with which inputs a task was called."""

    def decorate(fn):
        @functools.wraps(fn)
        def wrapper(**kwargs):
            print(f"{level}: {fn.__name__}({kwargs})")
            return fn(**kwargs)

        return wrapper

    return decorate
