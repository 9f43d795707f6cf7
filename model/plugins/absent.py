"""Load flytekit, and let the libraries that aren't installed be stood in for by empty classes."""

import importlib.abc
import importlib.machinery
import importlib.metadata
import sys
import typing
from unittest import mock

entry_points = importlib.metadata.entry_points


def other_entry_points(**which):
    return [] if which.get("group") == "flytekit.plugins" else entry_points(**which)


class Absent(type):
    """The class of the classes of libraries that aren't installed."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return absent(f"{cls.__module__}.{cls.__qualname__}", name)

    def __getitem__(cls, item):
        return cls

    def __or__(cls, other):
        return typing.Union[cls, other]

    __ror__ = __or__


def absent(module, name):
    def ignore(self, *args, **kwargs):
        pass

    return Absent(name, (), {"__module__": module, "__qualname__": name, "__init__": ignore})


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules that nobody else finds."""

    def find_spec(self, name, path, target=None):
        if name.startswith(("flytekit", "_")) or name.partition(".")[0] in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        def attribute(name):
            if name.startswith("__"):
                raise AttributeError(name)
            vars(module)[name] = value = absent(module.__spec__.name, name)
            return value

        vars(module).update(__getattr__=attribute, __version__="99.0")


# flytekit would load some of the plugins here, before their libraries are stood in for.
with mock.patch("importlib.metadata.entry_points", other_entry_points):
    import flytekit  # noqa: F401

sys.meta_path.append(AbsentFinder())
