"""The demo district: real places, invented people and a year of invented life, the same for the same seed."""

from .loading import is_loaded, load

__all__ = ["is_loaded", "load"]
