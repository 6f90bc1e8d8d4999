"""Who has too much, on plain figures."""

from collections.abc import Sequence

OVER = 1.5
LEAST_PEOPLE = 2
LEAST = 3  # fewer than that is never too much


def too_much(figures: Sequence[int]) -> int | None:
    """From which figure on somebody has half as much again as the mean of all; None where there is nothing to compare."""
    if len(figures) < LEAST_PEOPLE or not any(figures):
        return None
    return max(LEAST, int(OVER * sum(figures) / len(figures)) + 1)
