"""Follow links with plain Python control flow: async tasks and eager workflows."""

import asyncio
from datetime import timedelta
from typing import Dict, List, Optional, Set, Tuple

from flytekit import Deck, eager, task, workflow
from flytekit.exceptions.eager import EagerException

SITE: Dict[str, List[str]] = {
    "/": ["/guide", "/blog"],
    "/guide": ["/", "/guide/install", "/gone"],
    "/guide/install": ["/guide"],
    "/blog": ["/blog/one", "/blog/two"],
    "/blog/one": ["/blog"],
    "/blog/two": ["/blog", "/"],
}


@task
async def fetch(page: str, delay: float = 0.01) -> List[str]:
    """The links of a page; one that is gone is an error."""
    await asyncio.sleep(delay)
    if page not in SITE:
        raise ValueError(f"{page} is gone")
    return SITE[page]


@task(enable_deck=True)
def show(pages: List[str]) -> int:
    """Show the pages in a deck of their own."""
    Deck("Pages", "<ul>" + "".join(f"<li>{page}</li>" for page in pages) + "</ul>")
    return len(pages)


@task
async def longest(pages: List[str]) -> Optional[str]:
    """The page with the longest path, None where there is no page."""
    return max(pages, key=len, default=None)


@eager
async def links_of(page: str) -> List[str]:
    """A broken link is no reason to stop."""
    try:
        return await fetch(page=page)
    except (EagerException, ValueError):
        return []


@eager
async def crawl(start: str = "/", depth: int = 3) -> int:
    """Visit what can be reached from a page, all pages of a depth at once."""
    seen: Set[str] = {start}
    frontier = [start]
    for _ in range(depth):
        found = await asyncio.gather(*(links_of(page=page) for page in frontier))
        frontier = sorted({link for links in found for link in links} - seen)
        if not frontier:
            break
        seen.update(frontier)
    return show(pages=sorted(seen))


@workflow
def summarise(pages: List[str]) -> int:
    return show(pages=pages)


@eager(environment={"CRAWL_DELAY": "0.1"}, retries=2)
async def survey(starts: List[str], deadline: Optional[timedelta] = None) -> Tuple[Optional[str], int]:
    """Eager workflows call workflows and each other, and branch with `if`."""
    if not starts:
        return None, 0
    reached = [await crawl(start=start, depth=1) for start in starts]
    pages = [start for start, count in zip(starts, reached) if count > 2]
    return await longest(pages=pages), summarise(pages=pages)
