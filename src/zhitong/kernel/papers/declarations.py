"""What the kernel is told: the permission, how events read, what is held of people."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhitong.base.holdings import Case, Holding, declare_holding
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Happening, show, subscribe

from . import permissions
from .actions.erasing import erase_papers
from .queries.held import held
from .rules import PAPERS


def _names(data: dict[str, Any]) -> str:
    kind = PAPERS.get(str(data.get("slug")))
    return " ".join(
        filter(None, [str(kind.label) if kind else "", str(data.get("number", "")), str(data.get("watermark", ""))])
    )


def _matters_erased(happenings: Sequence[Happening]) -> None:
    """Whatever takes all words out of a matter takes its papers with it."""
    for h in happenings:
        if h.data.get("what") == "all":
            erase_papers([h.stream], at=h.at)


def _goes_with_its_matter(case: Case, by: Actor) -> int:
    return 0


def declare() -> None:
    """Called once when the application starts."""
    permissions.declare()
    show("paper.issued", _("制发文书"), icon="file-certificate", sentence=_names)
    show("paper.revoked", _("撤销文书"), icon="file-off", sentence=_names)
    show("template.uploaded", _("上传文书模板"), icon="file-upload", sentence=_names)
    show("template.chosen", _("启用文书模板"), icon="file-check", sentence=_names)
    subscribe(_matters_erased, kinds=["matter.erased"])
    declare_holding(Holding("papers.issued", _("制发的文书"), ("papers.Paper",), held, _goes_with_its_matter, 15))
