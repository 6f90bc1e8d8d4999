"""How place and time weigh on the likeness of words."""

NEAR_M, FAR_M = 600, 2000
NEAR, FAR = 0.15, 0.5
DAYS, OLD = 90.0, 0.15


def by_place(metres: float | None, *, is_elsewhere: bool = False) -> float:
    """1.15 on the same spot, falling to 1 at 600 m and 0.5 at 2,000 m.  Where one has no spot: 1, or 0.5 in another street."""
    if metres is None:
        return FAR if is_elsewhere else 1.0
    if metres <= NEAR_M:
        return 1 + NEAR * (1 - metres / NEAR_M)
    return max(1 - (1 - FAR) * (metres - NEAR_M) / (FAR_M - NEAR_M), FAR)


def by_time(days: float) -> float:
    """1 on the same day, falling to 0.85 in 90 days."""
    return 1 - OLD * min(max(days, 0.0) / DAYS, 1.0)
