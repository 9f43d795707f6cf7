"""Rate a product from its reviews: a small pipeline with everything in it."""

from dataclasses import dataclass
from typing import List

from flytekit import LaunchPlan, task, workflow

REVIEWS = [
    "great battery, great screen",
    "the screen broke after a week",
    "good value",
    "bad battery",
    "great for travel, but a bad keyboard",
]

WEIGHTS = {"great": 2, "good": 1, "bad": -1, "broke": -2}


@dataclass
class Rating:
    """What the shop shows beside a product."""

    reviews: int
    score: float


@task
def fetch_reviews(limit: int) -> List[str]:
    """Fetch the newest reviews, `limit` at most."""
    reviews = REVIEWS[:limit]
    print(f"fetched {len(reviews)} reviews")
    return reviews


@task
def rate(reviews: List[str]) -> Rating:
    """Average the weights of the words in the reviews."""
    total = sum(WEIGHTS.get(word.strip(","), 0) for text in reviews for word in text.split())
    return Rating(reviews=len(reviews), score=total / len(reviews))


@workflow
def product_rating(limit: int = 4) -> Rating:
    """Fetch a product's reviews and rate it."""
    reviews = fetch_reviews(limit=limit)
    return rate(reviews=reviews)


short_rating = LaunchPlan.get_or_create(
    product_rating,
    name="short_rating",
    default_inputs={"limit": 2},
)
