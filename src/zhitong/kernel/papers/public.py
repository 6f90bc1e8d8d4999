"""The door of papers: what a line declares, issues and takes back; templates, files, and the public check."""

from .actions.issuing import issue, revoke
from .choices import Origin, Standing
from .models import Paper, Template
from .permissions import EDIT
from .queries.papers import checked, grouped, paper_for, papers_of, plain_code
from .queries.templates import in_force, versions
from .rules import PAPERS, Fact, PaperKind, declare_paper
from .rules.building import P, Part, Picture, Table, plain, right, word

__all__ = [
    "EDIT",
    "PAPERS",
    "Fact",
    "Origin",
    "P",
    "Paper",
    "PaperKind",
    "Part",
    "Picture",
    "Standing",
    "Table",
    "Template",
    "checked",
    "declare_paper",
    "grouped",
    "in_force",
    "issue",
    "paper_for",
    "papers_of",
    "plain",
    "plain_code",
    "revoke",
    "right",
    "versions",
    "word",
]
