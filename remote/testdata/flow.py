"""Tasks that end in every way."""

import os
import time

from flytekit import LaunchPlan, task, workflow
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile


@task
def divide(by: int) -> float:
    return 1 / by


@workflow
def inner(by: int) -> float:
    return divide(by=by)


@workflow
def failing(by: int = 0) -> float:
    return inner(by=by)


@task
def nap() -> int:
    time.sleep(600)
    return 1


@task
def read(file: FlyteFile, folder: FlyteDirectory) -> str:
    with open(file) as f:
        text = f.read()
    names = sorted(
        os.path.relpath(os.path.join(root, name), folder.path)
        for root, _, files in os.walk(folder.download())
        for name in files
    )
    return f"{text} {names}"


inner_plan = LaunchPlan.get_or_create(inner, name="inner_plan", default_inputs={"by": 4})


@workflow
def launching() -> float:
    return inner_plan(by=2)
