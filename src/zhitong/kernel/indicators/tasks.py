"""What the worker does for figures."""

from zhitong.base.periodic import every

from .actions import fold_finished


@every(seconds=60, name="indicators.fold")
def fold() -> None:
    """Fold days and months that are over."""
    fold_finished()
