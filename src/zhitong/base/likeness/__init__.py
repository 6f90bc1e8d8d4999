"""How like two messages are, and which of many tell of one thing: pure Python and numpy, nothing learned from outside."""

from .clusters import TOGETHER, Cluster, Difference, clusters_of, differences
from .files import Measured, hottest, measured, read_messages
from .heat import Heat, heat, heat_of, is_rising
from .names import find_names, learn_names, naming
from .texts import (
    ALIKE,
    LEAST_SHARED,
    MOST_TEXT,
    Message,
    Pair,
    Sketch,
    Sought,
    Vocabulary,
    likeness,
    sketch,
    sought,
    survey,
)

__all__ = [
    "ALIKE",
    "LEAST_SHARED",
    "MOST_TEXT",
    "TOGETHER",
    "Cluster",
    "Difference",
    "Heat",
    "Measured",
    "Message",
    "Pair",
    "Sketch",
    "Sought",
    "Vocabulary",
    "clusters_of",
    "differences",
    "find_names",
    "heat",
    "heat_of",
    "hottest",
    "is_rising",
    "learn_names",
    "likeness",
    "measured",
    "naming",
    "read_messages",
    "sketch",
    "sought",
    "survey",
]
