"""What is written about services and reviews."""

from .defaults import load_defaults
from .excluding import exclude, keep
from .forgetting import forget_words
from .judging import Judgement, judge, judge_at_point, judge_many, judge_matter, judge_service
from .points import put_point, renew_codes
from .serving import Giving, Served, served, served_many

__all__ = [
    "Giving",
    "Judgement",
    "Served",
    "exclude",
    "forget_words",
    "judge",
    "judge_at_point",
    "judge_many",
    "judge_matter",
    "judge_service",
    "keep",
    "load_defaults",
    "put_point",
    "renew_codes",
    "served",
    "served_many",
]
