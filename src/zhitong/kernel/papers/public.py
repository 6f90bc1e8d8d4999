"""The door of papers: what a line declares, issues and takes back; templates, files, and the public check."""

from .actions.issuing import Issue, issue, issue_many, load_supplied, revoke
from .actions.rotating import rotate_papers
from .actions.templates import TemplateRefused, Uploaded, choose_template, kind_of, upload_template
from .choices import Origin, Standing
from .models import Paper, Template
from .permissions import EDIT
from .queries.files import kept, place_of
from .queries.making import Files, made, pack, render, sample
from .queries.papers import checked, grouped, paper_for, papers_of, papers_of_several, papers_told, plain_code
from .queries.templates import chosen, content_of, in_force, supplied, versions
from .rules import PAPERS, Fact, PaperKind, declare_paper
from .rules.building import P, Part, Picture, Table, plain, right, word

__all__ = [
    "EDIT",
    "PAPERS",
    "Fact",
    "Files",
    "Issue",
    "Origin",
    "P",
    "Paper",
    "PaperKind",
    "Part",
    "Picture",
    "Standing",
    "Table",
    "Template",
    "TemplateRefused",
    "Uploaded",
    "checked",
    "choose_template",
    "chosen",
    "content_of",
    "declare_paper",
    "grouped",
    "in_force",
    "issue",
    "issue_many",
    "kept",
    "kind_of",
    "load_supplied",
    "made",
    "pack",
    "paper_for",
    "papers_of",
    "papers_of_several",
    "papers_told",
    "place_of",
    "plain",
    "plain_code",
    "render",
    "revoke",
    "right",
    "rotate_papers",
    "sample",
    "supplied",
    "upload_template",
    "versions",
    "word",
]
