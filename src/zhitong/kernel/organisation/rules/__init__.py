"""Pure rules: ranking of duties, and what an import sheet looks like."""

from .ranking import Answer, Claim, Path, by_place, first_lead, path_on, ranked

__all__ = ["Answer", "Claim", "Path", "by_place", "first_lead", "path_on", "ranked"]
