"""What a kind is, what an action asks for, when a clock is due: plain values, no database."""

from .kinds import Action, ClockSpec, Kind, Stage, Who
from .payloads import Ask, Choose, check, read

__all__ = ["Action", "Ask", "Choose", "ClockSpec", "Kind", "Stage", "Who", "check", "read"]
