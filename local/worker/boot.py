# Starts the worker: `python -c` runs this text. The modules come as JSON on
# stdin, so nothing is written to disk and nothing of the user's is shadowed.
import sys

if sys.path and sys.path[0] == "":
    del sys.path[0]  # -c puts the working folder first; pyflyte doesn't

import json
from importlib.machinery import ModuleSpec


class Shipped:
    """Imports the worker's modules from the texts that the server sent."""

    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        if name in self.sources:
            return ModuleSpec(name, self, origin="<" + name + ">", is_package="." not in name)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__spec__.name
        exec(compile(self.sources[name], "<" + name + ">", "exec"), module.__dict__)


shipped = Shipped(json.load(sys.stdin.buffer))
sys.meta_path.insert(0, shipped)

from flyte_lsp_worker import server  # noqa: E402 (it is there only now)

sys.exit(server.main(3, lambda: sys.meta_path.remove(shipped)))
