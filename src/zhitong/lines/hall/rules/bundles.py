"""One thing, one time 一件事: which part needs which, one form out of many, how long the whole takes, and what starts or stops when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from .problems import Problem
from .questions import Question
from .terms import Term, parse

MOST_PARTS = 20
TAKEN_IN_WITHIN = 1  # working days from the beginning of a part until it is accepted or sent back to be corrected
WAITING, OPEN, DONE, FAILED, STOPPED, STUCK = "waiting", "open", "done", "failed", "stopped", "stuck"
FINAL = frozenset({DONE, FAILED, STOPPED})


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item of a bundle.  ``item`` is its code; ``after`` are the slugs of the parts that must be decided first; ``gives``
    is the fact that its result brings (the number of what was issued), asked of nobody."""

    slug: str
    item: str
    after: tuple[str, ...] = ()
    gives: str = ""


class Same(msgspec.Struct, frozen=True):
    """A question of a part that another name is given to: the fact it asks for.  Questions of one name ask for one fact anyway."""

    part: str
    question: str
    fact: str


class Definition(msgspec.Struct, frozen=True, omit_defaults=True):
    """A bundle as configuration."""

    parts: tuple[Part, ...] = ()
    same: tuple[Same, ...] = ()


def load(data: Mapping[str, Any]) -> Definition:
    """A definition as stored.  Raises ``msgspec.ValidationError`` for what is none."""
    return msgspec.convert(dict(data), Definition, strict=False)


def plain(definition: Definition) -> dict[str, Any]:
    """A definition as it is stored."""
    return dict(msgspec.json.decode(msgspec.json.encode(definition)))


# the graph ---------------------------------------------------------------------------------------------------------


def faults(definition: Definition, known: Iterable[str]) -> list[Problem]:
    """What keeps a bundle from being one; ``known`` are the codes of the items in force."""
    slugs, codes = [part.slug for part in definition.parts], set(known)
    found: list[Any] = []
    if not 2 <= len(slugs) <= MOST_PARTS:
        found.append(_("一件事应包含2至%(n)d个事项。") % {"n": MOST_PARTS})
    for part in definition.parts:
        found += _of_part(part, slugs, codes)
    found += [_("事项“%(name)s”写了两次。") % {"name": code} for code in _twice(part.item for part in definition.parts)]
    if cycle := cycle_of(definition.parts):
        found.append(_("先后关系绕成了圈：%(way)s。请去掉其中一条。") % {"way": " → ".join(cycle)})
    found += [
        _("共用填报：没有环节“%(name)s”。") % {"name": one.part} for one in definition.same if one.part not in slugs
    ]
    return [Problem("bundle", "parts", message) for message in found]


def _twice(values: Iterable[str]) -> list[str]:
    every = list(values)
    return sorted({one for one in every if every.count(one) > 1})


def _of_part(part: Part, slugs: Sequence[str], codes: set[str]) -> list[Any]:
    found: list[Any] = []
    if not part.slug.isidentifier() or len(part.slug) > 40:
        found.append(_("环节代号“%(name)s”只能用汉字、字母、数字和下划线，不能以数字开头。") % {"name": part.slug})
    if slugs.count(part.slug) > 1:
        found.append(_("环节代号“%(name)s”用了两次，请改名。") % {"name": part.slug})
    if part.item not in codes:
        found.append(_("没有正在办理的事项“%(code)s”。") % {"code": part.item})
    found += [
        _("环节“%(name)s”要等的“%(other)s”不在这件事里。") % {"name": part.slug, "other": other}
        for other in part.after if other not in slugs
    ]  # fmt: skip
    return found


def cycle_of(parts: Sequence[Part]) -> list[str]:
    """A way round on which each part would wait for itself, each needed by the next; empty when there is none."""
    try:
        TopologicalSorter({part.slug: part.after for part in parts}).prepare()
    except CycleError as error:
        return [str(slug) for slug in error.args[1]]
    return []


def levels(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts that can run beside each other, one level after the other; every part is in just one."""
    by_slug = {part.slug: part for part in parts}
    order = [part.slug for part in parts]
    sorter = TopologicalSorter({part.slug: [slug for slug in part.after if slug in by_slug] for part in parts})
    sorter.prepare()
    found = []
    while ready := sorter.get_ready():
        found.append([by_slug[slug] for slug in sorted(ready, key=order.index)])
        sorter.done(*ready)
    return found


def longest(parts: Sequence[Part], days: Mapping[str, int]) -> tuple[int, list[str]]:
    """The working days of the longest way through the graph, and that way: of those that take as long, the one with most parts."""
    best: dict[str, tuple[int, list[str]]] = {}
    for level in levels(parts):
        for part in level:
            before = max((best[slug] for slug in part.after if slug in best), key=_length, default=(0, []))
            best[part.slug] = before[0] + days.get(part.slug, 0), [*before[1], part.slug]
    return max(best.values(), key=_length, default=(0, []))


def _length(way: tuple[int, list[str]]) -> tuple[int, int]:
    return way[0], len(way[1])


def dependants(parts: Sequence[Part], slug: str) -> set[str]:
    """Everything that waits for the part, directly or not."""
    found: set[str] = set()
    for level in levels(parts):
        found |= {part.slug for part in level if slug in part.after or found & set(part.after)}
    return found


def startable(parts: Sequence[Part], states: Mapping[str, str]) -> list[str]:
    """Parts that wait for nothing any more."""
    return [
        part.slug for part in parts
        if states.get(part.slug) == WAITING and all(states.get(slug) == DONE for slug in part.after)
    ]  # fmt: skip


def stoppable(parts: Sequence[Part], states: Mapping[str, str]) -> list[str]:
    """Parts that can never begin, because what they need has failed."""
    failed = {slug for slug, state in states.items() if state in (FAILED, STOPPED)}
    lost = {slug for one in failed for slug in dependants(parts, one)}
    return [part.slug for part in parts if part.slug in lost and states.get(part.slug) == WAITING]


def state_of(stage: str, outcome: str, gives: str) -> str:
    """Where a part stands by the stage of its application.  A part whose result brings a fact is done once that is made."""
    if stage in ("not_accepted", "withdrawn", "lapsed", "revoked") or outcome == "refused":
        return FAILED
    if stage in ("issued", "mailed", "closed") or (stage == "decided" and not gives):
        return DONE
    return OPEN


def is_held(stage: str, *, is_paused: bool) -> bool:
    """Whether the limits of an application stand still: something is to be corrected, or a special step is under way."""
    return stage == "awaiting" or is_paused


def is_undecided(stage: str) -> bool:
    """Whether an application in that stage can still be taken back with the whole: nothing was decided on it."""
    return stage in ("submitted", "awaiting", "examining", "deciding")


# one form ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OneForm:
    """Every fact asked once.  ``asks`` tells which fact answers each question of each part: ``asks[part][question]``."""

    questions: tuple[Question, ...]
    asks: Mapping[str, Mapping[str, str]]
    problems: tuple[Any, ...] = ()

    def of_part(self, part: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The answers of one part out of the facts."""
        return {slug: facts[fact] for slug, fact in self.asks.get(part, {}).items() if fact in facts}


def one_form(definition: Definition, forms: Mapping[str, Sequence[Question]]) -> OneForm:
    """The questions of all parts (``forms`` by part) put together.

    Questions of one fact must be answered in the same way.  A fact is asked when any of its questions is: where their conditions
    differ it is asked always, and required only if each part requires it always.  What a part's result gives is not asked.
    """
    other = {(one.part, one.question): one.fact for one in definition.same}
    given = {part.gives for part in definition.parts if part.gives}
    facts: dict[str, Question] = {}
    asks: dict[str, dict[str, str]] = {}
    problems: list[Any] = []
    for part in definition.parts:
        names = {one.slug: other.get((part.slug, one.slug), one.slug) for one in forms.get(part.slug, ())}
        asks[part.slug] = names
        for one in forms.get(part.slug, ()):
            fact = names[one.slug]
            now = _renamed(one, names)
            if fact in given:
                continue
            known = facts.get(fact)
            if known and (known.kind, known.choices) != (now.kind, now.choices):
                about = _("“%(fact)s”在各事项里的填写方式或选项不同，请改为一致，或者另取字段名。")
                problems.append(about % {"fact": fact})
            facts[fact] = _joined(known, now) if known else now
    return OneForm(tuple(_ordered(facts)), asks, tuple(dict.fromkeys(map(str, problems))))


def of_facts(condition: str, names: Mapping[str, str]) -> str:
    """A part's condition, of the facts by which its questions are ``names``."""
    return "；".join(str(Term(names.get(t.slug, t.slug), t.operator, t.values)) for t in parse(condition))


def _renamed(one: Question, names: Mapping[str, str]) -> Question:
    return msgspec.structs.replace(
        one,
        slug=names[one.slug],
        when=of_facts(one.when, names),
        least=names.get(one.least, one.least),
        most=names.get(one.most, one.most),
    )


def _joined(known: Question, now: Question) -> Question:
    same = known.when == now.when
    required = known.required or now.required if same else False
    if not same:
        required = any(one.required and not one.when for one in (known, now))
    return msgspec.structs.replace(
        known, when=known.when if same else "", required=required, help=known.help or now.help,
        least=known.least or now.least, most=known.most or now.most,
    )  # fmt: skip


def _ordered(facts: Mapping[str, Question]) -> list[Question]:
    """In the order of the parts, but no question before those its condition names."""
    needs = {fact: [term.slug for term in parse(one.when) if term.slug in facts] for fact, one in facts.items()}
    order = list(facts)
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError:
        return list(facts.values())
    found: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=order.index)
        found.append(ready.pop(0))
        sorter.done(found[-1])
    return [facts[fact] for fact in found]
