"""Wait for a delivery and file it: a sensor, artifacts, raw bytes and documented entities."""

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Optional, Set

from flytekit import Artifact, Description, Documentation, LaunchPlan, SourceCode, current_context, task, workflow
from flytekit.core.artifact import Granularity, Inputs
from flytekit.sensor.file_sensor import FileSensor
from flytekit.types.file import FlyteFile, PNGImageFile

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
)

Invoice = Artifact(
    name="invoice", partition_keys=["customer"], time_partitioned=True, time_partition_granularity=Granularity.DAY
)
Archive = Artifact(name="archive")

arrived = FileSensor(name="inbox.arrived", timeout=timedelta(minutes=5))


@task
def deliver(name: str = "invoice.txt") -> str:
    """Stand in for the customer, so that the sensor has something to find on this machine."""
    path = Path(current_context().working_directory) / name
    path.write_text("42 euro, please")
    return str(path)


@task
def read(path: str) -> bytes:
    return Path(path).read_bytes()


@task
def file_away(
    content: bytes, customer: str, day: datetime
) -> Annotated[FlyteFile, Invoice(customer=Inputs.customer, time_partition=Inputs.day)]:
    """Store an invoice under its customer and day."""
    path = Path(current_context().working_directory) / f"{customer}-{day:%Y-%m-%d}.txt"
    path.write_bytes(content)
    return FlyteFile(str(path))


@task(
    docs=Documentation(
        short_description="A fingerprint of a file",
        long_description=Description(value="The first digits of its *SHA-256*."),
        source_code=SourceCode(link="https://example.com/inbox"),
    )
)
def fingerprint(
    file: Optional[FlyteFile] = None, content: Optional[bytes] = None, digits: int = 8
) -> Annotated[str, Archive]:
    content = content or Path(file.download()).read_bytes()
    return hashlib.sha256(content).hexdigest()[:digits]


@task
def words(content: bytes) -> Set[str]:
    """A set has no Flyte type, so it travels as a pickle."""
    return set(content.decode().replace(",", "").split())


@task
def thumbnail() -> PNGImageFile:
    path = Path(current_context().working_directory) / "thumbnail.png"
    path.write_bytes(PIXEL)
    return PNGImageFile(str(path))


@task
def due(day: datetime, days: int, words: Set[str]) -> Optional[date]:
    """When the money is due; None where nobody asks for any."""
    return (day + timedelta(days=days)).date() if "euro" in words else None


@workflow
def receive(customer: str = "acme", day: datetime = datetime(2024, 6, 1)) -> tuple[str, Optional[date]]:
    """Wait for an invoice, file it and say when it is due."""
    path = deliver()
    waiting = arrived(path=path)
    content = read(path=path)
    waiting >> content
    filed = file_away(content=content, customer=customer, day=day)
    return fingerprint(file=filed), due(day=day, days=14, words=words(content=content))


@workflow(docs=Documentation(short_description="What a picture and a constant look like in one line"))
def fingerprints() -> tuple[str, str]:
    return fingerprint(file=thumbnail()), fingerprint(content=b"constant", digits=4)


receive_acme = LaunchPlan.get_or_create(receive, name="inbox.receive_acme", fixed_inputs={"customer": "acme"})
