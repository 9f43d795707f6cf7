"""Make the repository's Python environments below .build.

    environments.py tools   .build/tools/bin: uv, ruff and what else the Makefile uses
    environments.py venv    .build/venv: the pinned flytekit, for the examples and the tests

Needs nothing but a Python of 3.9 or newer. Debian and Ubuntu ship one that
has neither pip nor ensurepip, so the tools come by the first way that works.
"""

import argparse
import os
import shutil
import subprocess
from pathlib import Path
from typing import List, NamedTuple, Optional, Tuple

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ROOT / ".build" / "tools"
TOOLS_REQUIREMENTS = ROOT / "internal" / "tools" / "python" / "requirements.txt"
VENV = ROOT / ".build" / "venv"
VENV_REQUIREMENTS = ROOT / "examples" / "requirements.txt"

OLDEST = (3, 9)
# The versions that flytekit 1.16 is released for.
PREFERRED = ((3, 10), (3, 11), (3, 12))
NAMES = ("python3", "python3.12", "python3.11", "python3.10", "python3.13", "python3.14", "python3.9")

# flytekit 1.16 works on Python 3.13 and newer, but knows no default image for
# it and stops (flytekit/configuration/default_images.py, find_image_for).
# There this line, in a .pth file of the environment, names its newest one.
IMAGE_PTH = (
    'import os; os.environ.setdefault("FLYTE_INTERNAL_IMAGE", "cr.flyte.org/flyteorg/flytekit:py3.12-{flytekit}")\n'
)


class Interpreter(NamedTuple):
    path: str
    version: Tuple[int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("environment", choices=("tools", "venv"))
    if parser.parse_args().environment == "tools":
        make_tools(find_interpreter())
    else:
        make_venv(find_interpreter())


def make_tools(python: Interpreter) -> None:
    """Install the tools with the pip of a new venv, else of the interpreter, else after apt-get brought venv."""
    if not (tools_by_venv(python) or tools_by_pip(python) or (apt_install_venv(python) and tools_by_venv(python))):
        raise SystemExit(
            f"{python.path} has neither pip nor a working venv module, so nothing can be installed with it.\n"
            f"Debian and Ubuntu: sudo apt-get install {venv_package(python)}. Elsewhere: install Python with pip.\n"
            "Then run make again."
        )


def tools_by_venv(python: Interpreter) -> bool:
    if not works(python.path, "-m", "ensurepip", "--version"):
        return False
    run(python.path, "-m", "venv", "--clear", str(TOOLS))
    run(str(TOOLS / "bin" / "python"), *PIP_INSTALL)
    return True


def tools_by_pip(python: Interpreter) -> bool:
    if not works(python.path, "-m", "pip", "--version"):
        return False
    shutil.rmtree(TOOLS, ignore_errors=True)
    run(python.path, *PIP_INSTALL, "--target", str(TOOLS))
    return True


PIP_INSTALL = (
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--require-hashes",
    "--only-binary=:all:",
    "--requirement",
    str(TOOLS_REQUIREMENTS),
)


def apt_install_venv(python: Interpreter) -> bool:
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    as_root: List[str] = []
    if os.geteuid() != 0:
        if not works("sudo", "-n", "true"):
            return False
        as_root = ["sudo", "-n"]
    package = venv_package(python)
    print(f"{python.path} lacks pip and ensurepip: installing Debian's {package}", flush=True)
    return works(*as_root, apt, "-qq", "update") and works(
        *as_root, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "install", "-y", package
    )


def venv_package(python: Interpreter) -> str:
    return "python{}.{}-venv".format(*python.version)


def make_venv(python: Interpreter) -> None:
    uv = str(TOOLS / "bin" / "uv")
    existing = probe(str(VENV / "bin" / "python"))
    if existing is None or existing.version != python.version:
        run(uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", python.path, str(VENV))
    run(
        uv,
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--no-build",
        "--python",
        str(VENV / "bin" / "python"),
        str(VENV_REQUIREMENTS),
    )
    if python.version > PREFERRED[-1]:
        image_pth(VENV / "bin" / "python")


def image_pth(venv_python: Path) -> None:
    """Write the .pth file that names a default image; flytekit is installed."""
    code = "import importlib.metadata, sysconfig; print(sysconfig.get_path('purelib'))"
    code += "; print(importlib.metadata.version('flytekit'))"
    site_packages, flytekit = output(str(venv_python), "-c", code).splitlines()
    Path(site_packages, "flytekit_default_image.pth").write_text(IMAGE_PTH.format(flytekit=flytekit))


def find_interpreter() -> Interpreter:
    """The interpreter in $PYTHON, else the first on PATH that flytekit is released for, else any that is new enough."""
    chosen = os.environ.get("PYTHON")
    names = (chosen,) if chosen else NAMES
    found = [python for python in map(probe, names) if python is not None]
    usable = [python for python in found if python.version >= OLDEST]
    for python in usable:
        if python.version in PREFERRED:
            return python
    if usable:
        return usable[0]
    seen = ", ".join("{} is {}.{}".format(python.path, *python.version) for python in found) or "found none"
    raise SystemExit(
        f"Python 3.9 or newer is needed ({', '.join(names)}: {seen}). Install one, or name it: make PYTHON=path."
    )


def probe(name: str) -> Optional[Interpreter]:
    """The interpreter by this name or path, None where it can't be started."""
    code = "import sys; print(sys.executable); print(*sys.version_info[:2])"
    try:
        path, version = output(name, "-c", code).splitlines()
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    major, minor = map(int, version.split())
    return Interpreter(path, (major, minor))


def output(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout


def works(*command: str) -> bool:
    try:
        return (
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        )
    except OSError:
        return False


def run(*command: str) -> None:
    status = subprocess.run(command, check=False).returncode
    if status != 0:
        raise SystemExit(f"`{' '.join(command)}` ended with exit code {status}")


if __name__ == "__main__":
    main()
