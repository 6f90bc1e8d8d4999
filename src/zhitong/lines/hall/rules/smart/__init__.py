"""The smart form 小智帮办: 15 kinds of change registration, from a handful of answers to a whole set of documents that agree."""

from . import forms as _forms  # noqa: F401 - declares the documents
from .checks import check, disagreements
from .documents import DOCUMENTS, Document, declare_document, documents_of
from .members import CAPITAL_DOWN, CAPITAL_UP, HOLDER_NAME, LEGAL, LEGAL_NAME, LIAISON, OFFICERS, TRANSFER
from .parts import CHANGE, FILING, KINDS, Ask, Case, ChangeKind, Finding, World, declare_change
from .plain import ADDRESS, BRANCH, CHARTER, KIND, NAME, SCOPE, TERM
from .reading import MOST_ROWS, asks_of, case_of, chosen, is_asked, read, starting

declare_change(
    NAME,
    ADDRESS,
    LEGAL,
    LEGAL_NAME,
    CAPITAL_UP,
    CAPITAL_DOWN,
    KIND,
    SCOPE,
    TERM,
    TRANSFER,
    HOLDER_NAME,
    OFFICERS,
    LIAISON,
    CHARTER,
    BRANCH,
)

__all__ = [
    "CHANGE", "DOCUMENTS", "FILING", "KINDS", "MOST_ROWS", "Ask", "Case", "ChangeKind", "Document", "Finding", "World", "asks_of",
    "case_of", "check", "chosen", "declare_change", "declare_document", "disagreements", "documents_of", "is_asked", "read", "starting",
]  # fmt: skip
