"""What comes with a post of a grid, however it was made: on the page of teams, from a workbook, in the administration."""

from collections.abc import Sequence

from zhitong.kernel.accounts.public import Actor, NewGrant, Role, Scope, grant_many
from zhitong.kernel.events.public import Happening
from zhitong.kernel.organisation.public import Post
from zhitong.kernel.territory.public import Level

ROLE = "grid_worker"


def give_role(happenings: Sequence[Happening]) -> None:
    """Whoever sits on a post of a grid walks it, where the district keeps such a role.  Subscribed to the log."""
    made = [happening.data["post"] for happening in happenings]
    posts = Post.objects.filter(pk__in=made, division__level__in=(Level.GRID, Level.MICROGRID)).order_by("pk")
    wanted = [NewGrant(post.pk, ROLE, Scope.DIVISION, post.valid_from, post.valid_to) for post in posts]
    if wanted and Role.objects.filter(slug=ROLE).exists():
        by = Actor.system("fieldwork.posts")  # who made the post stands in the entry of the post
        grant_many(wanted, by=by, at=happenings[0].at)
