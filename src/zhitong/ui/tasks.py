"""What the worker does for pages."""

from zhitong.base.periodic import every

from .web.waiting import sweep_waiting


@every(seconds=3600, name="ui.forget_files", by_clock=True)
def forget_files() -> None:
    """Remove files that were looked at and that nobody said yes to."""
    sweep_waiting()
