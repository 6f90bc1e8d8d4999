"""What config may ask of the appeals line: portal and other lines go through the kernel."""

from .actions import load_defaults

__all__ = ["load_defaults"]
