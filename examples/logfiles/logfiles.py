"""Squeeze log files with programs that aren't Python: shell and container tasks, a workflow built by calls."""

from pathlib import Path
from typing import Dict, List

from flytekit import ContainerTask, Resources, Secret, Workflow, current_context, kwtypes, task, workflow
from flytekit.extras.tasks.shell import OutputLocation, ShellTask
from flytekit.types.directory import FlyteDirectory
from flytekit.types.file import FlyteFile

LINES = ["GET / 200", "GET /about 200", "POST /login 403", "GET /logo.png 404", "GET / 200"]


@task(environment={"TZ": "UTC"})
def write_log(repeat: int) -> FlyteFile:
    path = Path(current_context().working_directory) / "access.log"
    path.write_text("\n".join(LINES * repeat) + "\n")
    return FlyteFile(str(path))


errors_only = ShellTask(
    name="errors_only",
    debug=True,
    script="""
    set -eu
    grep -E ' [45][0-9][0-9]$' {inputs.log} > {outputs.errors}
    """,
    inputs=kwtypes(log=FlyteFile),
    output_locs=[OutputLocation(var="errors", var_type=FlyteFile, location="{inputs.log}.errors")],
)

statuses = ShellTask(
    name="logfiles.statuses",
    script="""
    mkdir -p {outputs.folder}
    for status in {inputs.first} {inputs.second}; do
        grep -c " $status\\$" {inputs.log} > {outputs.folder}/$status || true
    done
    """,
    shell="/bin/bash",
    inputs=kwtypes(log=FlyteFile, first=int, second=int),
    output_locs=[OutputLocation(var="folder", var_type=FlyteDirectory, location="{inputs.log}.statuses")],
)

compress = ContainerTask(
    name="compress",
    image="alpine:3.20",
    input_data_dir="/var/inputs",
    output_data_dir="/var/outputs",
    inputs=kwtypes(level=int, text=str),
    outputs=kwtypes(size=int),
    command=["/bin/sh", "-c"],
    arguments=['printf %s "{{.inputs.text}}" | gzip -{{.inputs.level}} | wc -c > /var/outputs/size'],
    requests=Resources(cpu="200m", mem="64Mi"),
    secret_requests=[Secret(group="registry", key="token")],
)


@task
def count_lines(file: FlyteFile) -> int:
    with open(file) as lines:
        return sum(1 for _ in lines)


@task
def read_counts(folder: FlyteDirectory) -> Dict[str, int]:
    return {path.name: int(path.read_text()) for path in sorted(Path(folder.download()).iterdir())}


@workflow
def count_statuses(repeat: int = 2) -> Dict[str, int]:
    """Count two kinds of answers with grep."""
    folder = statuses(log=write_log(repeat=repeat), first=200, second=404)
    return read_counts(folder=folder)


@workflow
def compressed_size(text: str = "hello, hello, hello", level: int = 9) -> int:
    """Needs Docker where it runs locally."""
    return compress(level=level, text=text)


# The same kind of workflow, built by calls in place of a function.
count_errors = Workflow(name="count_errors")
count_errors.add_workflow_input("repeat", int)
log_node = count_errors.add_entity(write_log, repeat=count_errors.inputs["repeat"])
errors_node = count_errors.add_entity(errors_only, log=log_node.outputs["o0"])
lines_node = count_errors.add_entity(count_lines, file=errors_node.outputs["errors"])
count_errors.add_workflow_output("errors", lines_node.outputs["o0"])
count_errors.add_workflow_output("files", [log_node.outputs["o0"], errors_node.outputs["errors"]], List[FlyteFile])
