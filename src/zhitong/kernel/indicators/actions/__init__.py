"""The only writers of facts, rollups and definitions."""

from .definitions import define, load_indicators
from .facts import keep_facts
from .folding import fold_day, fold_finished, fold_month
from .rebuilding import check, rebuild

__all__ = ["check", "define", "fold_day", "fold_finished", "fold_month", "keep_facts", "load_indicators", "rebuild"]
