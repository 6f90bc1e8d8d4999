"""What the kernel is told about help for the dispatcher."""

from . import permissions


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
