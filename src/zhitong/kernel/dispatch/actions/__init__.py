"""The only writers of what was learned and of what it may do."""

from .learning import TooFew, activate, train
from .using import set_use

__all__ = ["TooFew", "activate", "set_use", "train"]
