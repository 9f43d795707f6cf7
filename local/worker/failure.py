"""What went wrong, in the user's terms: the exception that was raised, its own
message, and the places it went through, without the machinery around them."""

import ast
import os
import re
import site
import sys
import traceback

import flytekit

MOST_FRAMES = 100
LONGEST_MESSAGE = 1 << 16
LONGEST_TRACEBACK = 1 << 18
LONGEST_LINE = 500

# flytekit puts the entity's name before the message (core/base_task.py, exceptions/scopes.py).
DECORATION = re.compile(r"^Error encountered while (?:executing|converting inputs of) '[^'\n]*':\n  ")

FLYTEKIT = os.path.dirname(flytekit.__file__) + os.sep

MACHINERY = (
    FLYTEKIT,
    "<flyte_lsp_worker",
    "<frozen ",
    os.sep + "importlib" + os.sep,
    os.sep + "asyncio" + os.sep,
    os.sep + "concurrent" + os.sep + "futures" + os.sep,
    os.sep + "click" + os.sep,
)

INSTALLED = tuple(
    folder + os.sep for folder in (sys.prefix, sys.base_prefix, site.getusersitepackages(), *site.getsitepackages())
)


class EntityNotFound(Exception):
    """The file has no task, workflow or launch plan of that name."""

    def __init__(self, file, name):
        super().__init__("%s has no task, workflow or launch plan named %s" % (os.path.basename(file), name))


def describe(error):
    """The exception's type, message, traceback and frames, all bounded."""
    error, entries = original(error)
    text = undecorate(error)
    return {
        "type": type(error).__qualname__,
        "message": cut(text, LONGEST_MESSAGE),
        "traceback": cut(traceback_text(error, entries), LONGEST_TRACEBACK),
        "frames": frames(error, entries),
    }


def original(error):
    """The exception that the user's code raised, and all places from the run to it.

    flytekit's versions wrap it in one of their own, make another one of its
    type, leave the process, or fail while they try. In each case the new one
    is raised where the old one was caught: in a function of flytekit."""
    entries = list(traceback.extract_tb(error.__traceback__))
    for _ in range(50):
        caught = error.__context__
        inner = list(traceback.extract_tb(caught.__traceback__)) if caught else []
        if not inner or not inner[0].filename.startswith(FLYTEKIT) or not any(users(entry) for entry in inner):
            break
        shared = [
            i for i, entry in enumerate(entries) if (entry.filename, entry.name) == (inner[0].filename, inner[0].name)
        ]
        if not shared:
            break
        error, entries = caught, entries[: shared[-1]] + inner
    return error, entries


def users(entry):
    return os.path.isfile(entry.filename) and not entry.filename.startswith(INSTALLED)


def undecorate(error):
    """The exception's own message. flytekit 1.16 puts its text into the
    arguments; where it did, the exception gets its own text back."""
    if isinstance(error, SystemExit):
        return "the code called sys.exit(%s)" % ("" if error.code is None else safe(repr, error.code))
    first = error.args[0] if error.args else None
    if not isinstance(first, str) or not DECORATION.match(first):
        return safe(str, error)
    while DECORATION.match(first):
        first = DECORATION.sub("", first, count=1)
        if isinstance(error, KeyError):  # its text is the repr of its key
            try:
                key = ast.literal_eval(first)
            except (ValueError, SyntaxError):
                break
            error.args = (key,)
            if isinstance(key, str) and DECORATION.match(key):
                first = key
        else:
            error.args = (first,)
    return first


def safe(text, value):
    try:
        return text(value)
    except BaseException as second:
        return "(its text can't be made: %s)" % type(second).__qualname__


def frames(error, entries):
    """The places outside of flytekit and the worker, the outermost first."""
    places = [frame(entry.filename, entry.lineno, entry.name, entry.line) for entry in outside(entries)]
    if isinstance(error, SyntaxError) and error.filename and error.lineno and os.path.isfile(error.filename):
        places.append(frame(error.filename, error.lineno, "<module>", error.text))
    if len(places) > MOST_FRAMES:
        places = places[:10] + places[10 - MOST_FRAMES :]
    return places


def outside(entries):
    return [entry for entry in entries if not any(part in entry.filename for part in MACHINERY)]


def frame(file, line, function, text):
    if os.path.exists(file):
        file = os.path.abspath(file)
    return {"file": file, "line": line or 0, "function": function, "text": (text or "").strip()[:LONGEST_LINE]}


def traceback_text(error, entries):
    """The traceback as Python prints it, without the machinery where there is more."""
    try:
        whole = traceback.TracebackException.from_exception(error)
        whole.stack = traceback.StackSummary.from_list(entries)
        todo, seen = [whole], set()
        while todo:
            part = todo.pop()
            if part is not None and id(part) not in seen:
                seen.add(id(part))
                shown = outside(part.stack) or [entry for entry in part.stack if entry.filename.startswith(FLYTEKIT)]
                part.stack = traceback.StackSummary.from_list(shown)
                todo += [part.__cause__, part.__context__]
        return "".join(whole.format())
    except Exception:  # old versions of Python fail on unusual exceptions
        return "%s: %s\n" % (type(error).__qualname__, safe(str, error))


def cut(text, longest):
    if len(text) <= longest:
        return text
    return "%s\n… (%d more characters)" % (text[:longest], len(text) - longest)
