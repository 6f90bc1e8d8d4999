"""From which list a matter was opened, carried along in the address so that "previous" and "next" stay in it."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import Gathered, Matter

from ...queries import listing, paging, waiting
from ..forms import MatterFilter

PARAMETER = "list"
MOST = 1200
MOVING = ("after", "before", "view")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """``work:<tab>`` or ``matters:<query>``."""

    name: str
    query: str

    @classmethod
    def of(cls, request: HttpRequest) -> "ListPlace":
        """The list named in the address; one's own work where none is."""
        name, _, query = request.GET.get(PARAMETER, request.POST.get(PARAMETER, ""))[:MOST].partition(":")
        if name == "matters":
            return cls(name, query)
        return cls("work", query if query in waiting.TABS else "mine")

    @classmethod
    def of_matters(cls, params: QueryDict) -> "ListPlace":
        """The list of all matters with the filters of ``params``."""
        kept = [(k, v) for k, v in params.items() if v and k not in MOVING]
        return cls("matters", urlencode(kept))

    def __str__(self) -> str:
        return f"{self.name}:{self.query}"

    @property
    def href(self) -> str:
        """The address of the list itself."""
        if self.name == "work":
            return reverse("portal:work") + (f"?tab={self.query}" if self.query != "mine" else "")
        return reverse("portal:matters") + (f"?{self.query}" if self.query else "")

    def to(self, matter_id: UUID) -> str:
        """The address of a matter of this list."""
        return f"{reverse('portal:matter', args=[matter_id])}?{urlencode({PARAMETER: str(self)})}"

    def around(self, matter: Matter, by: Actor) -> tuple[str, str]:
        """The addresses of the matters before and after it; empty at the ends."""
        (rows, gathered), sort = self._rows(by)
        before, after = paging.neighbours(rows, sort, matter, gathered)
        return self.to(before) if before else "", self.to(after) if after else ""

    def _rows(self, by: Actor) -> tuple[tuple[QuerySet[Matter], Gathered | None], str]:
        if self.name == "work":
            return waiting.listed(by, self.query), paging.NEWEST if self.query == "done" else paging.DUE
        params = QueryDict(self.query)
        sort = sort_of(params)
        return listing.listed(by, MatterFilter(params).wanted(), sort), sort


def sort_of(params: QueryDict) -> str:
    """The order asked for; the newest first when none is."""
    sort = params.get("sort", "")
    return sort if sort in paging.SORTS else paging.NEWEST
