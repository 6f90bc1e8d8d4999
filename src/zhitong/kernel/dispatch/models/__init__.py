"""What helps the dispatcher keeps."""

from .gathered import Belonging, Rising, Thing, Wording
from .learned import Learned, Use
from .replied import ReplyCheck

__all__ = ["Belonging", "Learned", "ReplyCheck", "Rising", "Thing", "Use", "Wording"]
