"""Observe what constructors hand on to the classes of flytekit above them."""

import contextlib
import dataclasses
import datetime
import enum
import inspect
import json
import re
import sys
import tempfile
import types
import typing
from unittest import mock

from flytekit.core.base_task import Task
from flytekit.core.python_function_task import PythonFunctionTask
from writer import Unsayable

# The arguments of flytekit's own constructors on which names and interfaces hang.
DECIDING = [
    *("name", "task_type", "interface.inputs", "interface.outputs", "inputs", "outputs"),
    *("task_function", "ignore_input_vars", "execution_mode", "output_locs"),
]

# Values for what constructors check.
CHECKED = {
    "num_workers": 2,
    "num_launcher_replicas": 1,
    "num_chief_replicas": 1,
    "num_ps_replicas": 1,
    "num_evaluator_replicas": 1,
    "memray_html_reporter": "flamegraph",
    "chatgpt_config": {"model": "probe"},
    "container_image": "probe",
}


def signature_of(function):
    """The parameters of a constructor, without self."""
    return list(inspect.signature(function).parameters.values())[1:]


def probe_function(probe_a: int) -> str:
    return ""


def hints_of(function):
    try:
        return typing.get_type_hints(function)
    except Exception:  # a quoted type that isn't there
        return {}


def notebook():
    with tempfile.NamedTemporaryFile("w", suffix=".ipynb", delete=False) as file:
        json.dump({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, file)
    return file.name


NOTEBOOK = notebook()


def probe(name, hint, inside=0):
    """A value for a parameter that can be recognised later on."""
    args = [arg for arg in typing.get_args(hint) if arg is not type(None)]
    if typing.get_origin(hint) in (typing.Union, types.UnionType) and args:
        hint = args[0]
    if name in CHECKED:
        return CHECKED[name]
    if name == "task_function":
        return probe_function
    if name == "notebook_path":
        return NOTEBOOK
    if "inputs" in name or "outputs" in name or name.endswith("input_types"):
        return {f"probe_{name}": int}
    if hint is bool:
        return True
    if (isinstance(hint, type) and issubclass(hint, str)) or name == "name":
        return f"probe-{name}"
    if hint in (int, float):
        return 7
    if hint is datetime.timedelta:
        return datetime.timedelta(1)
    if hint is type or typing.get_origin(hint) is type:
        bases = [arg for arg in typing.get_args(hint) if isinstance(arg, type)]
        return type(f"Probe_{name}", tuple(bases[:1]), {})
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint))
    if dataclasses.is_dataclass(hint) and inside < 3:
        hints = hints_of(hint)
        try:
            return hint(
                **{
                    f.name: probe(f.name, hints.get(f.name), inside + 1)
                    for f in dataclasses.fields(hint)
                    if f.init
                    and (
                        f.name in CHECKED
                        or (f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING)
                    )
                }
            )
        except Exception:  # it checks what it is given
            return mock.MagicMock()
    origin = typing.get_origin(hint) or hint
    if origin in (list, dict, tuple, set):
        return origin()
    return mock.MagicMock()


class Observed:
    """What a constructor hands on to flytekit's class above, for some arguments."""

    def __init__(self, cls, base, arguments):
        self.given = None
        original = base.__init__
        names = inspect.signature(original)
        first, last = [], []

        def record(this, *args, **kwargs):
            if self.given is None:
                bound = names.bind_partial(this, *args, **kwargs).arguments
                bound.update(bound.pop("kwargs", {}))
                self.given = {k: copied(v) for k, v in list(bound.items())[1:]}
                interface = self.given.pop("interface", None)
                if interface is not None:
                    self.given["interface.inputs"] = {
                        k: t if d is None else (t, d) for k, (t, d) in interface.inputs_with_defaults.items()
                    }
                    self.given["interface.outputs"] = dict(interface.outputs)
            original(this, *args, **kwargs)
            first.append(interface_of(this))

        made = cls.__new__(cls)
        # A constructor that fails later has told all the same what it hands on.
        with mock.patch.object(base, "__init__", record):
            try:
                made.__init__(**arguments)
                last.append(interface_of(made))
            except Exception as error:
                self.error = error
        self.changed = bool(first and last and first[0] != last[0])


def interface_of(task):
    interface = getattr(task, "python_interface", None)
    return interface and (dict(interface.inputs_with_defaults), dict(interface.outputs))


def copied(value):
    return dict(value) if isinstance(value, dict) else value


class Constructor:
    """The constructor of a class that derives from one of flytekit's."""

    def __init__(self, writer, cls, base):
        self.writer, self.cls, self.base = writer, cls, base
        self.parameters = signature_of(cls.__init__)
        hints = hints_of(cls.__init__)
        self.named = [p for p in self.parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
        self.probes = {p.name: probe(p.name, hints.get(p.name, p.annotation)) for p in self.named}
        self.rest = next((p for p in self.parameters if p.kind is p.VAR_KEYWORD), None)
        self.above = inspect.signature(base.__init__).parameters
        # What the constructor takes by **kwargs, its own name for one.
        self.extra = {}
        if self.rest:
            for name, parameter in self.above.items():
                if name in self.probes or name == "self":
                    continue
                if name == "name" and parameter.default is parameter.empty:
                    self.extra[name] = "probe-name"
            if issubclass(base, PythonFunctionTask):
                self.extra["container_image"] = CHECKED["container_image"]

    def observe(self, **change):
        # Constructors change the dicts that they are given.
        arguments = {name: copied(value) for name, value in {**self.extra, **self.probes, **change}.items()}
        seen = Observed(self.cls, self.base, arguments)
        if seen.given is None:
            raise Unsayable(f"{self.cls.__name__}: {getattr(seen, 'error', 'its base is not called')!r}")
        return seen

    def write(self):
        """The lines of __init__."""
        whole = self.observe()
        variants = {}
        for parameter in self.named:
            if isinstance(self.probes[parameter.name], bool):
                other = False
            elif parameter.default is not parameter.empty:
                other = parameter.default
            else:
                continue
            for value in {id(v): v for v in (other, None if other is not False else other)}.values():
                with contextlib.suppress(Unsayable):  # it must be given
                    variants[parameter.name, self.writer.constant(value)] = self.observe(**{parameter.name: value})
        handed, interface = [], []
        wanted = DECIDING if issubclass(self.base, Task) else ["task_function"]
        interface_unread = whole.changed or any(seen.changed for seen in variants.values())
        for name in wanted:
            if name in whole.given or any(name in seen.given for seen in variants.values()):
                if name in self.extra and self.rest:
                    continue
                to = interface if name.startswith("interface.") else handed
                name_there = name.removeprefix("interface.")
                try:
                    to.append(f"{name_there}={self.value(name, whole, variants)}")
                except Unsayable as error:
                    print(f"{self.cls.__module__}.{self.cls.__qualname__}: {name} not said: {error}", file=sys.stderr)
                    to.append(f"{name_there}={self.writer.unread()}")
        if interface:
            path = self.writer.path("flytekit.core.interface", "Interface")
            handed.append(f"interface={path}({', '.join(interface)})")
        if interface_unread:
            print(f"{self.cls.__module__}.{self.cls.__qualname__} changes its interface later", file=sys.stderr)
            handed = [h for h in handed if not h.startswith(("inputs=", "outputs=", "interface="))]
            handed.append(f"interface={self.writer.unread()}")
        parameters = self.written_parameters(" ".join(handed))
        if not issubclass(self.base, Task):
            handed += [f"{p.name}={p.name}" for p in self.named if p.name != "task_function"]
        if self.rest:
            handed.append(f"**{self.rest.name}")
        return [
            f"    def __init__({', '.join(['self', *parameters])}):",
            f"        super().__init__({', '.join(handed)})",
        ]

    def written_parameters(self, handed):
        """The parameters, with the defaults of those that are handed on."""
        written = []
        for p in self.parameters:
            if p.kind is p.VAR_KEYWORD:
                written.append(f"**{p.name}")
            elif p.kind is p.VAR_POSITIONAL:
                written.append(f"*{p.name}")
            else:
                if p.kind is p.KEYWORD_ONLY and not any(w.startswith("*") for w in written):
                    written.append("*")
                written.append(p.name)
                if p.default is not p.empty:
                    handed_on = re.search(rf"\b{p.name}\b", handed)
                    written[-1] += f"={self.writer.constant(p.default) if handed_on else None}"
        return written

    def value(self, name, whole, variants):
        """What a parameter of the base is given, in terms of the own parameters."""
        all_given = self.say(whole.given[name]) if name in whole.given else "None"
        said = all_given
        for (parameter, default), seen in variants.items():
            without = self.say(seen.given[name], but=parameter) if name in seen.given else "None"
            if without == all_given or re.sub(rf"\b{parameter}\b", default, all_given) == without:
                continue
            if without == "{}" and said == parameter:
                said = f"{parameter} or {{}}"
                continue
            if f"({parameter} or {{}})" in all_given:
                continue
            condition = parameter if isinstance(self.probes[parameter], bool) else f"{parameter} is not None"
            condition = f"{all_given} if {condition} else {without}"
            if said not in (all_given, condition):
                raise Unsayable(f"it hangs on more than one of the parameters: {said}, {without}")
            said = condition
        return said

    def say(self, value, but=None):
        """A value in terms of the parameters; but is one that was left out."""
        for parameter, marker in {**self.extra, **self.probes}.items():
            if parameter == but or isinstance(marker, (bool, int, float)):
                continue
            if value is marker or (
                isinstance(marker, (str, dict)) and marker and type(value) is type(marker) and value == marker
            ):
                return parameter
            if isinstance(marker, str) and isinstance(value, str) and marker.startswith("probe-") and marker in value:
                head, _, tail = value.partition(marker)
                return " + ".join(filter(None, [repr(head) if head else "", parameter, repr(tail) if tail else ""]))
        if isinstance(value, (enum.Enum, str, int, float, bool, type(None))):
            return self.writer.constant(value)
        if isinstance(value, (list, tuple)):
            return f"[{', '.join(self.say(v, but) for v in value)}]"
        if isinstance(value, dict):
            return self.dict(value, but)
        return self.writer.type(value)

    def dict(self, value, but):
        parts, left = [], dict(value)
        for parameter, marker in self.probes.items():
            if parameter != but and isinstance(marker, dict) and marker and marker.items() <= left.items():
                first = list(left).index(next(iter(marker))) == 0
                for key in marker:
                    del left[key]
                parts.append((first, f"**({parameter} or {{}})"))
        own = [f"{key!r}: {self.say(entry, but)}" for key, entry in left.items()]
        before = [text for first, text in parts if first]
        after = [text for first, text in parts if not first]
        return "{" + ", ".join(before + own + after) + "}"
