"""What an appeal tells the reviews: it is a service once it is concluded, and its first grade is the review of it.

Nobody is asked twice: the visit and the tracking page ask, and the service has no code of its own.  A grade at the visit is
followed up by the second handling, one before the visit by the visit; a bad one afterwards opens a rectification.
"""

from uuid import UUID

from django.utils.translation import gettext, override

from zhitong.kernel.matters.public import Context
from zhitong.kernel.organisation.public import category_names
from zhitong.kernel.reviews import public as reviews
from zhitong.kernel.reviews.public import Judgement, Source, Way

LINE = "appeals"
AFTER_THE_VISIT = frozenset({"closed", "final"})
MOST_WORDS = 500


def served(ctx: Context, organ_id: UUID | None, way: str = Way.ONLINE) -> None:
    """The first conclusion is the moment at which the person has something to judge."""
    if organ_id is None or ctx.matter.round != 1:
        return
    matter = ctx.matter
    with override("zh-hans"):
        names = category_names([matter.category_id])
        label = (names.get(matter.category_id) if matter.category_id else None) or gettext("诉求办理")
    giving = reviews.Giving(
        LINE, organ_id, way, staff_id=ctx.by.staff_id if ctx.action.slug != "approve" else None, item_label=label,
        category_id=matter.category_id, division_id=matter.division_id, matter_id=matter.pk, with_code=False,
    )  # fmt: skip
    reviews.served(giving, by=ctx.by, at=ctx.at)


def judged_at_visit(ctx: Context, grade: int) -> None:
    """What the person said to whoever visited; the words stay with the record of the visit."""
    judgement = Judgement(grade, source=Source.VISIT, is_followed=False)
    reviews.judge_matter(ctx.matter.pk, judgement, by=ctx.by, at=ctx.at)


def judged_online(ctx: Context, grade: int, words: str) -> None:
    """What the person said on the tracking page."""
    is_followed = ctx.matter.stage in AFTER_THE_VISIT
    judgement = Judgement(
        grade, words=words[:MOST_WORDS], source=Source.TRACKING, is_followed=is_followed, person_id=ctx.matter.reporter_id
    )  # fmt: skip
    reviews.judge_matter(ctx.matter.pk, judgement, by=ctx.by, at=ctx.at)
