"""What papers are, and how Word and PDF are made of a template: plain functions on plain values and bytes."""

from .kinds import PAPERS, Fact, PaperKind, declare_paper, mask_holder, named, spelt

__all__ = ["PAPERS", "Fact", "PaperKind", "declare_paper", "mask_holder", "named", "spelt"]
