"""Serialize and run the examples with the real flytekit, each in a process of its own.

Reads {"folder": ..., "without": [...], "commands": [{"folder", "args", "stdin"}, ...]} from stdin and writes
{"roots": {root: {"modules": [...], "entities": [[kind, name], ...]} or {"error": ...}},
"commands": [{"exit", "output"}, ...]}: what every source root below the folder, but for those in the
folders "without", serializes to, and what `pyflyte args` printed in its folder.
"""

import importlib
import json
import multiprocessing
import os
import sys
import tempfile
import traceback
from pathlib import Path

from flytekit.clis.sdk_in_container.pyflyte import main as pyflyte
from flytekit.configuration import ImageConfig, SerializationSettings
from flytekit.core.context_manager import FlyteContextManager
from flytekit.image_spec.image_spec import ImageBuildEngine
from flytekit.interfaces.random import random
from flytekit.models.launch_plan import LaunchPlan
from flytekit.models.task import TaskSpec
from flytekit.tools.script_mode import _find_project_root
from flytekit.tools.serialize_helpers import get_registrable_entities


def main():
    # flytekit logs to stdout.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    job = json.load(sys.stdin)
    roots = source_roots(Path(job["folder"]), ["testdata", *job["without"]])
    # Seeded anew, else all children choose the same names for their temporary files.
    with multiprocessing.get_context("fork").Pool(2, random.seed, maxtasksperchild=1) as pool:
        serialized = pool.map_async(serialize, roots.items(), chunksize=1)
        commands = pool.map_async(run, job["commands"], chunksize=1)
        with answer:
            json.dump({"roots": dict(zip(roots, serialized.get())), "commands": commands.get()}, answer)


def source_roots(folder, without):
    """The modules below each folder that flytekit would put on Python's path."""
    left_out = [folder / name for name in without]
    roots = {}
    for path in sorted(folder.rglob("*.py")):
        if not any(name in path.parents for name in left_out):
            root = Path(_find_project_root(str(path)))
            module = path.relative_to(root).with_suffix("")
            parts = module.parent.parts if module.name == "__init__" else module.parts
            roots.setdefault(str(root), []).append(".".join(parts))
    return roots


def serialize(task):
    """Import the modules of a root and serialize all that they define, as `pyflyte serialize` does."""
    root, modules = task
    sys.path.insert(0, root)
    # The name of an image is known without building it.
    ImageBuildEngine.build = classmethod(lambda cls, image_spec: None)
    settings = SerializationSettings(
        image_config=ImageConfig.auto_default_image(),
        project="examples",
        domain="development",
        version="1",
        source_root=root,
    )
    try:
        context = FlyteContextManager.current_context().with_serialization_settings(settings)
        with FlyteContextManager.with_context(context) as ctx:
            for module in modules:
                importlib.import_module(module)
            entities = get_registrable_entities(ctx)
        return {"modules": modules, "entities": [describe(entity) for entity in entities]}
    except Exception:
        return {"error": traceback.format_exc()}


def describe(entity):
    """Kind and name; the message that is registered can be written."""
    entity.to_flyte_idl().SerializeToString()
    if isinstance(entity, LaunchPlan):
        return ["launch plan", entity.id.name]
    return ["task" if isinstance(entity, TaskSpec) else "workflow", entity.template.id.name]


def run(command):
    os.chdir(command["folder"])
    with tempfile.TemporaryFile("w+") as answers, tempfile.TemporaryFile("w+") as output:
        answers.write(command["stdin"])
        answers.seek(0)
        sys.stdin = answers
        for descriptor in (1, 2):
            os.dup2(output.fileno(), descriptor)
        code = 0
        try:
            pyflyte(command["args"])
        except SystemExit as end:
            code = end.code
        except Exception:
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        output.seek(0)
        return {"exit": code, "output": output.read()}


if __name__ == "__main__":
    main()
