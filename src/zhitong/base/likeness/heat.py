"""How hot a cluster is: many people, much support, lately, close together in time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .texts import Message

HALF_LIFE = timedelta(days=180)
SPREAD = timedelta(days=90)
RISING_DAYS, RISING_LEAST, RISING_TIMES, RISING_PEOPLE = 7, 3, 2.0, 2


@dataclass(frozen=True, slots=True)
class Heat:
    """The figure and what it is made of: people, support, freshness (1/2 to 1), density (1/2 to 1)."""

    figure: float
    people: int
    support: int
    freshness: float
    density: float
    first_at: datetime
    last_at: datetime


def heat(messages: Sequence[Message], at: datetime) -> Heat:
    """(people + √support) × freshness × density.

    Freshness halves its upper half every 180 days since the last message; density is 1 for what came at once, 3/4
    where 90 days lie between the first and the last, and falls to 1/2 as they grow more.
    """
    people = len({m.person or m.key for m in messages})
    support = sum(m.support for m in messages)
    first, last = min(m.at for m in messages), max(m.at for m in messages)
    return heat_of(people, support, first, last, at)


def heat_of(people: int, support: int, first: datetime, last: datetime, at: datetime) -> Heat:
    """As `heat`, of figures that are known."""
    freshness = (1 + 0.5 ** (max(at - last, timedelta()) / HALF_LIFE)) / 2
    density = (1 + 1 / (1 + (last - first) / SPREAD)) / 2
    figure = (people + math.sqrt(support)) * freshness * density
    return Heat(figure, people, support, freshness, density, first, last)


def is_rising(late: int, before: int, people: int, *, least: int = RISING_LEAST, times: float = RISING_TIMES) -> bool:
    """Whether so many came of late (in a span, by so many people) and before it (in the span before): at least ``least``, by more
    than one person, and ``times`` as many as before."""
    return late >= least and late >= times * before and people >= RISING_PEOPLE
