from typing import List

from flytekit import workflow
from orders import totals


@workflow
def outer(items: List[str]) -> float:
    return totals(items=items)
