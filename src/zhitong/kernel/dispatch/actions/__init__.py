"""The only writers of what was learned and of what it may do."""

from .learning import TooFew, activate
from .passing import pass_sure
from .using import set_use
from .wishing import ask_to_learn, train

__all__ = ["TooFew", "activate", "ask_to_learn", "pass_sure", "set_use", "train"]
