"""Which matters a person may see."""

from django.db.models import QuerySet

from zhitong.kernel.accounts.public import Actor

from ..choices import TaskState
from ..models import Matter, Task
from ..permissions import visible_q


def visible_matters(by: Actor, permission: str = "matters.view") -> QuerySet[Matter]:
    """The only way to matters for pages and machines."""
    return Matter.objects.filter(visible_q(by, permission))


def open_matters(by: Actor, permission: str = "matters.view") -> QuerySet[Matter]:
    """Those of them that are open, read without what an organ ever had."""
    return Matter.objects.filter(visible_q(by, permission, is_open=True), closed_at=None)


def inbox_tasks(by: Actor) -> QuerySet[Task]:
    """Open tasks of the organs in which ``by`` holds a post."""
    organs = by.organ_ids
    return Task.objects.filter(organ__in=organs, state=TaskState.OPEN).select_related("matter")
