"""Pages of buildings, units, households and the people in them."""

from .urls import urlpatterns

__all__ = ["urlpatterns"]
