"""Who calls, and what may be seen: the public everybody, the rest whoever shows a key that may read."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from zhitong.apikit.door import Needs, bearer_of, secret_of
from zhitong.kernel.accounts.public import Actor, Bearer, address_of_client, limit_rate
from zhitong.kernel.matters.public import Matter, visible_matters
from zhitong.lines.appeals.queries import public_appeals

KIND = "appeal"
A_MINUTE = 120
READ, VIEW = "read", "matters.view"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads; ``actor`` is there where a key lets in to more than what is public."""

    actor: Actor | None = None

    def rows(self) -> QuerySet[Matter]:
        """The appeals that may be seen."""
        return public_appeals() | self.own() if self.actor else public_appeals()

    def own(self) -> QuerySet[Matter]:
        """Those that the key shows as they are."""
        if self.actor is None:
            return Matter.objects.none()
        return visible_matters(self.actor).filter(kind=KIND)


def key_of(request: HttpRequest) -> str:
    """The key as the standard sends it, or our own header."""
    sent = request.POST.get("api_key", "") if request.method == "POST" else ""
    return (sent or request.GET.get("api_key", "")).strip() or secret_of(request)


def bearer(request: HttpRequest, needs: Needs) -> Bearer | None:
    """Who shows a key; None where there is none, limited by address then."""
    if key := key_of(request):
        return bearer_of(request, needs, key)
    limit_rate(f"open311:{address_of_client(request)}", A_MINUTE, 60)
    return None


def reader(request: HttpRequest) -> Reader:
    """Whoever reads.  A key that may not read sees what everybody sees."""
    known = bearer(request, Needs())
    may_read = known is not None and READ in known.token.scopes and known.actor.may(VIEW)
    return Reader(known.actor if known and may_read else None)
