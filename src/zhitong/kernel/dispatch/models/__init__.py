"""What helps the dispatcher keeps."""

from .learned import Learned, Use

__all__ = ["Learned", "Use"]
