"""What the worker does for papers."""

from django.utils import timezone

from zhitong.base.periodic import every

from .actions.making import make_due


@every(seconds=10, name="papers.make")
def make_files() -> None:
    """Word and PDF of what was issued."""
    make_due(at=timezone.now())
