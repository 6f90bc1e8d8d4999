"""Loading the demo district: set-up in this process, the year's history in as many as there are cores."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from zhitong.base.geometry import convert_shape
from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import SHANGHAI, Event, Notice, NoticeState, one_view, record
from zhitong.kernel.indicators.public import fold_finished, load_indicators
from zhitong.kernel.matters import public as m
from zhitong.kernel.papers.public import load_supplied
from zhitong.kernel.reviews.public import load_defaults as load_reviews
from zhitong.kernel.territory import public as territory
from zhitong.lines.appeals.public import load_defaults
from zhitong.lines.hall.public import load_defaults as load_catalogue

from . import (
    cases,
    district,
    driving,
    fieldwork,
    firms,
    halls,
    history,
    homes,
    inventories,
    learned,
    reviewed,
    shared,
    surveying,
)
from .corners import corners

CODE, NAME, GRIDS = "370103", "市中区", 3170
APPEALS, SEED = 960, 370103
CASES_A_SHARE = 19
LOADED = "demo.loaded"
BY = Actor.system("示范数据")


def is_loaded() -> bool:
    """Whether there is a district already."""
    return territory.Division.objects.exists()


def is_whole() -> bool:
    """Whether its year was written to the end: a load that was stopped leaves half of one."""
    return Event.objects.filter(kind=LOADED).exists()


def load(appeals: int = APPEALS, seed: int = SEED) -> None:
    """Everything; does nothing where a district is loaded."""
    if is_loaded():
        return
    at = timezone.now()
    set_up(at, seed)
    live(appeals, seed, at)
    with transaction.atomic():
        record(
            LOADED,
            uuid7(),
            stream_kind="demo",
            at=timezone.now(),
            by=BY,
            data={"appeals": appeals, "seed": seed},
            is_first=True,
        )


def go_on(seed: int = SEED) -> None:
    """What has to be of today in a district that was loaded before: the queue at its hall."""
    with transaction.atomic():
        halls.open_day(BY, timezone.now(), seed)


def set_up(at: datetime, seed: int) -> None:
    """The district before anything has happened in it."""
    with transaction.atomic():
        _territory(at, seed)
        m.import_holidays(by=BY, at=at)
        load_defaults(by=BY)
        district.build(BY, at, seed)
        load_catalogue(by=BY, at=at - timedelta(days=400))
        cases.prepare(at, BY)
        firms.build(BY, at, seed)
        homes.build(BY, at, seed)
    load_indicators(by=BY, at=at)
    load_reviews(by=BY)
    load_supplied(at=at)


def live(appeals: int, seed: int, at: datetime) -> None:
    """The year before that moment, with so many appeals; no part of it looks at another, so that the result depends neither
    on how many processes write it nor on which is first."""
    w = history.world(at.astimezone(SHANGHAI))
    fitting = cases.fitting(w)
    shares = [partial(_share, w, fitting, index, appeals // SHARES, seed) for index in range(SHARES)]
    _at_once(
        [
            partial(halls.build, BY, at, seed),
            partial(cases.wait, w, fitting, seed),
            partial(surveying.build, BY, at, seed),
            partial(driving.build, BY, at, seed),
            partial(fieldwork.build, BY, at),
            partial(inventories.build, BY, at, seed),
            partial(reviewed.build, w, BY, seed),
            *shares,
        ]
    )
    m.tick(timezone.now(), most=10**6)
    district.hand_over_noise(BY, at)
    learned.build(BY, at)
    settle_notices(at)


def settle_notices(now: datetime) -> None:
    """What was told more than a week ago has been sent and read."""
    then = Event.objects.filter(pk=OuterRef("event"), at__lt=now - timedelta(days=7))
    Notice.objects.filter(Exists(then)).update(state=NoticeState.SENT, sent_at=now, read_at=now)
    while fold_finished():
        pass


def _territory(at: datetime, seed: int) -> None:
    lines = territory.national_list(CODE, None, ("street", "community"))
    path = territory.known_shapes()
    found = territory.county_shape(CODE, path) if path else None
    shape = convert_shape(found[1], "wgs84", "wgs84") if found else None
    if not any(line.code == CODE for line in lines):
        lines.insert(0, territory.Listed(CODE, NAME))
    territory.import_district(CODE, lines, shape, by=BY, at=at, on=district.SINCE, grids=GRIDS, seed=seed)


SHARES = 8
STORIES_A_TRANSACTION = 20


def _share(w: history.World, fitting: cases.Fitting, index: int, appeals: int, seed: int) -> None:
    """One share of the history, by a seed of its own.  The district does not change while its year is written: one view of it."""
    w.random.seed(seed * 100 + index)
    with one_view():
        if index == 0:
            with transaction.atomic():
                corners(w)
                shared.build(w)
        stories = history.raise_many(w, appeals, f"demo-{seed}-{index}")
        for start in range(0, len(stories), STORIES_A_TRANSACTION):
            with transaction.atomic():
                for raised in stories[start : start + STORIES_A_TRANSACTION]:
                    history.tell(w, raised)
        cases.tell(w, fitting, CASES_A_SHARE, f"demo-{seed}-case-{index}")


_jobs: Sequence[Callable[[], object]] = ()


def _at_once(jobs: Sequence[Callable[[], object]]) -> None:
    """One process a core, each taking the next job when it is done with one.  They are forks: what this process has read is theirs."""
    global _jobs
    _jobs = jobs
    connection.close()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(jobs)), get_context("fork"), _hurry) as pool:
        list(pool.map(_do, range(len(jobs))))


def _hurry() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def _do(number: int) -> None:
    _jobs[number]()
