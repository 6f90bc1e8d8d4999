"""What helps the dispatcher keeps."""

from .gathered import Belonging, Thing, Wording
from .learned import Learned, Use

__all__ = ["Belonging", "Learned", "Thing", "Use", "Wording"]
