"""Charge customers when things go wrong: retries, timeouts, failure handlers and policies."""

import random
from datetime import timedelta
from typing import List, Optional

from flytekit import Resources, WorkflowFailurePolicy, current_context, dynamic, task, workflow
from flytekit.core.node_creation import create_node
from flytekit.exceptions.user import FlyteRecoverableException
from flytekit.types.error.error import FlyteError

BLOCKED = {"mallory"}


@task(cache=True, cache_version="1.0", cache_serialize=True, cache_ignore_input_vars=("seed",))
def open_invoices(month: str, seed: int = 7) -> List[float]:
    """Amounts in euro; the same month always has the same."""
    amounts = random.Random(f"{month}-{seed}")
    return [round(amounts.uniform(5, 50), 2) for _ in range(3)]


@task(retries=3, timeout=timedelta(minutes=2), interruptible=True)
def charge(customer: str, amount: float) -> str:
    """Charge one invoice; only an error that passes is tried again."""
    if amount <= 0:
        raise FlyteRecoverableException("the bank doesn't answer")
    if customer in BLOCKED:
        raise ValueError(f"{customer} is blocked")
    return f"{customer}-{amount:.2f}"


@task
def lock_account(customer: str):
    print(f"{customer} can't buy while we charge")


@task
def unlock_account(customer: str):
    print(f"{customer} can buy again")


@task
def write_to(customer: str, month: str, err: Optional[FlyteError] = None):
    """Tell the customer; `err` says what happened and in which node."""
    reason = "for no known reason" if err is None else f"because of: {err.message}"
    print(f"{customer}: charging {month} failed {reason}")


@dynamic(requests=Resources(cpu="1", mem="500Mi"), retries=1)
def charge_all(customer: str, amounts: List[float]) -> List[str]:
    """Charge the invoices one after another, large ones with more patience."""
    receipts = []
    for amount in amounts:
        receipt = charge(customer=customer, amount=amount)
        receipts.append(receipt.with_overrides(timeout=timedelta(minutes=10)) if amount > 40 else receipt)
    return receipts


@workflow(
    on_failure=write_to,
    failure_policy=WorkflowFailurePolicy.FAIL_AFTER_EXECUTABLE_NODES_COMPLETE,
    interruptible=False,
)
def collect_month(customer: str = "alice", month: str = "2024-06") -> List[str]:
    """Charge a customer's month; who can't be charged gets a letter."""
    lock = create_node(lock_account, customer=customer)
    amounts = open_invoices(month=month).with_overrides(
        node_name="invoices", requests=Resources(mem="100Mi"), limits=Resources(mem="200Mi")
    )
    charges = create_node(charge_all, customer=customer, amounts=amounts)
    unlock = create_node(unlock_account, customer=customer)
    lock >> charges
    charges >> unlock
    return charges.o0


@workflow
def undo(customer: str, month: Optional[str] = None):
    """A failure handler may be a workflow; inputs that only it has are optional."""
    unlock_account(customer=customer).with_overrides(retries=5)


@task(deprecated="collect_month does it for all customers", enable_deck=True)
def charge_by_hand(customer: str, amount: float = 9.99) -> str:
    """How it was done before."""
    current_context().logging.info("charging by hand")
    return charge.task_function(customer=customer, amount=amount)


@workflow(on_failure=undo)
def collect_by_hand(customer: str = "alice") -> str:
    return charge_by_hand(customer=customer)
