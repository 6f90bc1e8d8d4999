"""What helps the dispatcher keeps."""

from .gathered import Belonging, Rising, Thing, Wording
from .learned import Learned, Use

__all__ = ["Belonging", "Learned", "Rising", "Thing", "Use", "Wording"]
