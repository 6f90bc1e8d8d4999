"""What the demo takes from the field."""

from .actions.teams import hand_over, join_reserve, stand_in

__all__ = ["hand_over", "join_reserve", "stand_in"]
