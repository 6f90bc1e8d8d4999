"""The only writers of what was learned and of what it may do."""

from .learning import TooFew, activate, train
from .passing import pass_sure
from .using import set_use

__all__ = ["TooFew", "activate", "pass_sure", "set_use", "train"]
