"""What went wrong, in the user's terms: the exception that was raised, its own
message, and the places it went through, without the machinery around them."""

import os
import re
import traceback

import flytekit

MOST_FRAMES = 100
LONGEST_MESSAGE = 1 << 16
LONGEST_TRACEBACK = 1 << 18
LONGEST_LINE = 500

# flytekit puts the entity's name before the message (core/base_task.py, exceptions/scopes.py).
DECORATION = re.compile(r"^Error encountered while (?:executing|converting inputs of) '[^'\n]*':\n  ")

MACHINERY = (
    os.path.dirname(flytekit.__file__) + os.sep,
    "<flyte_lsp_worker",
    "<frozen importlib",
    os.sep + "asyncio" + os.sep,
    os.sep + "concurrent" + os.sep + "futures" + os.sep,
    os.sep + "click" + os.sep,
)


class NoEntity(Exception):
    """The file has no task, workflow or launch plan of that name."""

    def __init__(self, file, name):
        super().__init__("%s has no task, workflow or launch plan named %s" % (os.path.basename(file), name))


def describe(error):
    error = original(error)
    return {
        "type": type(error).__qualname__,
        "message": cut(message(error), LONGEST_MESSAGE),
        "traceback": cut(traceback_text(error), LONGEST_TRACEBACK),
        "frames": frames(error),
    }


def original(error):
    """The exception under those that flytekit wraps around it."""
    for _ in range(20):
        value = getattr(error, "value", None)  # FlyteUserRuntimeException, FlyteScopedException
        cause = error.__cause__
        if type(error).__module__.startswith("flytekit.exceptions") and isinstance(value, BaseException):
            error = value
        elif type(cause) is type(error) and DECORATION.match(safe_text(error)):
            error = cause
        else:
            return error
    return error


def message(error):
    if isinstance(error, SystemExit):
        return "the code called sys.exit(%s)" % ("" if error.code is None else safe_repr(error.code))
    # flytekit 1.16 replaces the arguments of the exception; the text that it had follows.
    first = error.args[0] if error.args else None
    result = first if isinstance(first, str) and DECORATION.match(first) else safe_text(error)
    while DECORATION.match(result):
        result = DECORATION.sub("", result)
    return result


def safe_text(error):
    try:
        return str(error)
    except BaseException as second:
        return "(its text can't be made: __str__ raised %s)" % type(second).__qualname__


def safe_repr(value):
    try:
        return repr(value)
    except BaseException:
        return "..."


def frames(error):
    """The places outside of flytekit and the worker, the outermost first."""
    places = [place(entry) for entry in traceback.extract_tb(error.__traceback__) if not machinery(entry)]
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        if os.path.isfile(error.filename):
            places.append(frame(error.filename, error.lineno, "<module>", error.text))
    if len(places) > MOST_FRAMES:
        places = places[:10] + places[10 - MOST_FRAMES :]
    return places


def place(entry):
    return frame(entry.filename, entry.lineno, entry.name, entry.line)


def frame(file, line, function, text):
    if os.path.exists(file):
        file = os.path.abspath(file)
    return {"file": file, "line": line or 0, "function": function, "text": (text or "").strip()[:LONGEST_LINE]}


def machinery(entry):
    return any(part in entry.filename for part in MACHINERY)


def traceback_text(error):
    """The traceback as Python prints it, with flytekit's frames only where it raised."""
    try:
        whole = traceback.TracebackException.from_exception(error)
        seen = set()
        todo = [whole]
        while todo:
            part = todo.pop()
            if part is None or id(part) in seen:
                continue
            seen.add(id(part))
            part.stack = without_machinery(part.stack)
            todo += [part.__cause__, part.__context__]
        return "".join(whole.format())
    except Exception:
        return "%s: %s\n" % (type(error).__qualname__, message(error))


def without_machinery(stack):
    entries = list(stack)
    last = max((i for i, entry in enumerate(entries) if not machinery(entry)), default=-1)
    kept = [entry for i, entry in enumerate(entries) if i > last or not machinery(entry)]
    return traceback.StackSummary.from_list(
        [entry for entry in kept if not entry.filename.startswith(("<flyte_lsp_worker", "<frozen importlib"))]
    )


def cut(text, longest):
    if len(text) <= longest:
        return text
    return "%s\n… (%d more characters)" % (text[:longest], len(text) - longest)
