"""Send a newsletter once an editor has agreed: approvals, typed questions, pauses and branches."""

from datetime import timedelta
from typing import List, NamedTuple

from flytekit import approve, conditional, sleep, task, wait_for_input, workflow

Edition = NamedTuple("Edition", [("subject", str), ("body", str)])
Delivery = NamedTuple("Delivery", receipt=str, sent=int)


@task
def collect(topics: List[str]) -> str:
    """Write a paragraph on each topic."""
    return "\n".join(f"News about {topic}." for topic in topics)


@task
def add_subject(body: str, subject: str) -> Edition:
    return Edition(subject=subject.strip(), body=body)


@task
def send(subject: str, body: str, readers: int) -> Delivery:
    print(f"sending {subject!r}, {len(body)} characters")
    return Delivery(receipt=f"sent {subject}", sent=readers)


@task
def send_sample(subject: str, readers: int) -> Delivery:
    """Send to one reader in a hundred, at least to one."""
    return Delivery(receipt=f"sent a sample of {subject}", sent=max(1, readers // 100))


@task
def hold(subject: str) -> Delivery:
    return Delivery(receipt=f"held {subject} back", sent=0)


@workflow
def deliver(subject: str, body: str, readers: int = 250, paused: bool = False) -> Delivery:
    """Choose how many readers get it; nobody has to be asked."""
    return (
        conditional("audience")
        .if_(paused.is_true())
        .then(hold(subject=subject))
        .elif_((readers > 0) & (readers <= 1000))
        .then(send(subject=subject, body=body, readers=readers))
        .elif_(readers > 1000)
        .then(send_sample(subject=subject, readers=readers))
        .else_()
        .fail("a newsletter without readers can't be sent")
    )


@workflow
def write_edition(topics: List[str] = ["bees", "moss"], subject: str = "Spring") -> Edition:  # noqa: B006
    """Put an edition together without asking anybody."""
    return add_subject(body=collect(topics=topics), subject=subject)


@workflow
def publish(topics: List[str] = ["bees", "moss"], readers: int = 250) -> Delivery:  # noqa: B006
    """Ask for the subject, let the text be approved, wait a while, then deliver."""
    body = approve(collect(topics=topics), "body-approved", timeout=timedelta(days=1))
    subject = wait_for_input("subject", timeout=timedelta(hours=2), expected_type=str)
    edition = add_subject(body=body, subject=subject)
    pause = sleep(timedelta(minutes=10))
    delivery = deliver(subject=edition.subject, body=edition.body, readers=readers)
    edition.body >> pause
    pause >> delivery.receipt
    return delivery
