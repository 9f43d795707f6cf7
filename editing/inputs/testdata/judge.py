"""Tells of each document whether `pyflyte run --inputs-file` takes it, and whether
flyte-lsp's worker does: a line of "pyflyte worker", each True or False."""

import importlib.util
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
os.environ["FLYTE_SDK_LOGGING_LEVEL"] = "50"

import yaml
from click.testing import CliRunner
from flytekit.clis.sdk_in_container.pyflyte import main


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


workflows, worker = sys.argv[1:]
values = load("values_of_worker", workflows)
inputs = load("worker_inputs", worker)


def pyflyte(entity, document):
    with open("in.yaml", "w") as file:
        file.write(document)
    return CliRunner().invoke(main, ["run", workflows, entity, "--inputs-file", "in.yaml"]).exit_code == 0


def flyte_lsp(entity, document):
    """A run as flyte-lsp makes one. Dates come as texts, and null is no value for
    what needs one."""
    try:
        given = yaml.load(document, Texts)
        task = getattr(values, entity)
        task(**inputs.arguments(task, given))
    except Exception:
        return False
    return True


class Texts(yaml.SafeLoader):
    pass


Texts.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)

for entity, document in json.load(sys.stdin):
    taken = pyflyte(entity, document), flyte_lsp(entity, document)
    print("judged", *taken)
