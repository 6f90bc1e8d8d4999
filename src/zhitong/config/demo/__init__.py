"""The demo district: real places, invented people and a year of invented life, the same for the same seed."""

from .loading import go_on, is_loaded, is_whole, load

__all__ = ["go_on", "is_loaded", "is_whole", "load"]
