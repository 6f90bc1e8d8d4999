"""What papers hold of a person: those of the matters the person raised."""

from django.utils.translation import gettext as _

from zhitong.base.holdings import Case, Fact, Held
from zhitong.kernel.matters.public import IN_HAND, TERM_RUNS, Standing, standings

from ..models import Paper
from ..rules import PAPERS
from .files import place_of


def held(case: Case) -> list[Held]:
    """Paper by paper, with what stands in it.  They stay as long as their matter's words do."""
    own = {s.row.matter_id: s for s in standings(case) if s.is_own and s.row.matter.erased_at is None}
    rows = Paper.objects.filter(matter__in=own, erased_at=None).order_by("issued_at", "pk")
    return [_held(row, own[row.matter_id]) for row in rows]


def _held(row: Paper, standing: Standing) -> Held:
    kind = PAPERS.get(row.slug)
    return Held(
        row.pk, f"{kind.label if kind else row.slug} {row.number}", row.issued_at, _facts(row),
        kept=IN_HAND if standing.is_open else TERM_RUNS if standing.kept_until else "", until=standing.kept_until,
        files=[(f"{row.number}.{ending}", place_of(bytes(digest))) for ending, digest in (("docx", row.docx), ("pdf", row.pdf)) if digest],
    )  # fmt: skip


def _facts(row: Paper) -> list[Fact]:
    kind, facts = PAPERS.get(row.slug), row.opened()
    found: list[Fact] = []
    for fact in kind.facts if kind else ():
        value = facts.get(fact.slug)
        if isinstance(value, list):
            found.append((fact.name, "；".join(" ".join(filter(None, line.values())) for line in value)))
        elif isinstance(value, bool):
            found.append((fact.name, _("是") if value else _("否")))
        elif value:
            found.append((fact.name, value))
    return found
