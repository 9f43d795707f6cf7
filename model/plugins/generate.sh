#!/bin/sh
# Write stand_ins.txtar: what stands in for the modules of flytekit's plugins. The
# plugins of distributions.txt are installed for it, without their dependencies,
# in an environment of their own.
set -eu
cd "$(dirname "$0")"
build=../../.build
environment=$build/plugins
version=$("$build/venv/bin/python" -c 'from importlib.metadata import version; print(version("flytekit"))')
if [ ! -d "$environment" ]; then
	"$build/tools/bin/uv" venv --quiet --python "$build/venv/bin/python" "$environment"
fi
install="$build/tools/bin/uv pip install --quiet --python $environment/bin/python"
$install "flytekit==$version" setuptools
$install --no-deps $(sed "s/$/==$version/" distributions.txt)
"$environment/bin/python" stand_ins.py >stand_ins.new
mv stand_ins.new stand_ins.txtar
