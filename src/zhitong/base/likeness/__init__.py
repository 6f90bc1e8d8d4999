"""How like two messages are, and which of many tell of one thing: pure Python and numpy, nothing learned from outside."""

from .clusters import TOGETHER, Cluster, Difference, clusters_of, differences
from .files import Measured, hottest, measured, read_messages
from .heat import Heat, heat, heat_of, is_rising
from .names import find_names, learn_names, naming
from .texts import ALIKE, Message, Pair, Sketch, Vocabulary, likeness, sketch, survey, telling

__all__ = [
    "ALIKE",
    "TOGETHER",
    "Cluster",
    "Difference",
    "Heat",
    "Measured",
    "Message",
    "Pair",
    "Sketch",
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
    "survey",
    "telling",
]
