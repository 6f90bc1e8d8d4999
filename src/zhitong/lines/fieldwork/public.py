"""What the demo takes from the field."""

from .actions.teams import hand_over, join_reserve, stand_in
from .queries.overview import Crew, crew

__all__ = ["Crew", "crew", "hand_over", "join_reserve", "stand_in"]
