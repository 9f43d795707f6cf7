"""What `pyflyte run --remote` would send to a backend for an entity. flytekit's
own command does it, on a client that records the requests."""

import base64
import os
import shutil
import tempfile
import types
from collections import OrderedDict

from flyte_lsp_worker import inputs
from flyteidl.core.literals_pb2 import LiteralMap
from flytekit import LaunchPlan
from flytekit.clients.friendly import SynchronousFlyteClient
from flytekit.clis.sdk_in_container import run as command
from flytekit.configuration import Config
from flytekit.core.reference_entity import ReferenceEntity
from flytekit.core.type_engine import TypeEngine
from flytekit.models.core.identifier import Identifier, ResourceType
from flytekit.remote.remote import FlyteRemote
from flytekit.tools.script_mode import hash_file
from flytekit.tools.translator import get_serializable


class Stopped(BaseException):
    """The server wants no more of this job."""


class Finished(BaseException):
    """All that the command would do before it executes is done."""


def record(channel, job, entity, module, root):
    """Send the requests that register the entity, and what would execute it."""
    values = inputs.arguments(entity, job["inputs"], remote=True)
    folder = tempfile.mkdtemp(prefix="flyte-lsp-")
    try:
        recorder = Recorder(channel, job, folder)
        if isinstance(entity, ReferenceEntity):
            recorder.entity, recorder.known = entity.id, True
        else:
            register(recorder, job, entity, module, root, values)
        answer(
            channel,
            "compiled",
            skipped=recorder.known,
            entity=encode(recorder.entity.to_flyte_idl()),
            inputs=encode(recorder.literals(entity, values)),
            tasks=sorted(recorder.requests["CreateTask"]),  # flytekit sends them from threads, in no order
            workflows=recorder.requests["CreateWorkflow"],
            launch_plans=recorder.requests["CreateLaunchPlan"],
            activations=recorder.requests["UpdateLaunchPlan"],
        )
    finally:
        # The server answered, so the data of the inputs is uploaded.
        shutil.rmtree(folder, ignore_errors=True)


def register(recorder, job, entity, module, root, values):
    options = ["--remote", "--project", job["project"], "--domain", job["domain"]]
    if job["image"]:
        options += ["--image", job["image"]]
    context = command.run.make_context("run", [*options, job["file"], job["entity"]])
    parameters = command.RunLevelParams.from_dict({**context.params, "pkgs": [], "verbose": 0})
    parameters.computed_params.project_root = root
    parameters.computed_params.module = module
    parameters._remote = recorder
    context.obj = parameters
    try:
        command.run_command(context, entity)(**values)
    except Finished:
        pass


def answer(channel, kind, **fields):
    """Ask the server, which may want no more."""
    reply = channel.ask(kind, **fields)
    if reply.get("stop"):
        raise Stopped
    return reply


def encode(message):
    return base64.b64encode(message.SerializeToString(deterministic=True)).decode("ascii")


class Recorder(FlyteRemote):
    """Stands for the backend in flytekit's command."""

    def __init__(self, channel, job, folder):
        super().__init__(
            Config.for_sandbox(),
            default_project=job["project"],
            default_domain=job["domain"],
            data_upload_location=os.path.join(folder, "raw"),
        )
        self._channel = channel
        self._fixed_version = job["version"]
        self.entity = None  # the identifier of what is executed
        self.known = False  # whether the backend has it already
        self.requests = {"CreateTask": [], "CreateWorkflow": [], "CreateLaunchPlan": [], "UpdateLaunchPlan": []}
        self._recording = SynchronousFlyteClient.__new__(SynchronousFlyteClient)
        self._recording._stub = Stub(self.requests)
        self._recording._metadata = ()

    @property
    def client(self):
        return self._recording

    def upload_file(self, to_upload, *_, **__):
        reply = answer(self._channel, "upload", path=str(to_upload))
        return hash_file(to_upload)[0], reply["uri"]

    def register_script(self, entity, **settings):
        if self._fixed_version:
            settings["version"] = self._fixed_version
        return super().register_script(entity, **settings)

    def register_task(self, entity, serialization_settings=None, version=None):
        self._choose(ResourceType.TASK, entity, version)
        return super().register_task(entity, serialization_settings, version)

    def register_workflow(self, entity, serialization_settings=None, version=None, *rest, **more):
        # A workflow is executed by its default launch plan, which has its name.
        self._choose(ResourceType.LAUNCH_PLAN, entity, version)
        if isinstance(entity, LaunchPlan):
            # The first versions' register_script knows tasks and workflows only.
            super().register_workflow(entity.workflow, serialization_settings, version, *rest, **more)
            plan = get_serializable(OrderedDict(), serialization_settings, entity)
            return self.raw_register(plan, serialization_settings, version, create_default_launchplan=False)
        return super().register_workflow(entity, serialization_settings, version, *rest, **more)

    def register_launch_plan(self, entity, version=None, *rest, **more):
        self._choose(ResourceType.LAUNCH_PLAN, entity, version)
        return super().register_launch_plan(entity, version, *rest, **more)

    def _choose(self, resource_type, entity, version):
        if self.entity:  # the workflow of a launch plan
            return
        self.entity = Identifier(resource_type, self.default_project, self.default_domain, entity.name, version)
        if answer(self._channel, "registered", entity=encode(self.entity.to_flyte_idl()))["registered"]:
            self.known = True
            raise Finished

    def _wf_exists(self, *_, **__):
        return False

    def fetch_task(self, *_, **__):
        return types.SimpleNamespace(python_interface=None)

    fetch_workflow = fetch_launch_plan = fetch_task

    def execute(self, *_, **__):
        raise Finished

    def literals(self, entity, values):
        """The inputs as FlyteRemote._execute converts them."""
        hints = entity.python_interface.inputs
        with self.remote_context() as context:
            return LiteralMap(
                literals={
                    name: TypeEngine.to_literal(
                        context, value, hints[name], entity.interface.inputs[name].type
                    ).to_flyte_idl()
                    for name, value in values.items()
                }
            )


class Stub:
    """Stands for the generated client, and keeps what it would send."""

    def __init__(self, requests):
        self._requests = requests

    def __getattr__(self, method):
        def call(request, **_):
            self._requests[method].append(encode(request))

        return call
