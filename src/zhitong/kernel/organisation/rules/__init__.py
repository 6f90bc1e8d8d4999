"""Pure rules: ranking of duties, and what an import sheet looks like."""

from .ranking import Answer, Claim, by_place, first_lead, outrank, ranked

__all__ = ["Answer", "Claim", "by_place", "first_lead", "outrank", "ranked"]
