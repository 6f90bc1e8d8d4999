"""Services: by their code, by their matter."""

from uuid import UUID

from ..models import Service
from . import codes


def service_of_code(code: str) -> Service | None:
    """The service whose code this is, with what its page shows.  The page limits the tries."""
    return Service.objects.select_related("organ", "point").filter(digest__in=codes.digests(code)).first()


def service_of_matter(matter_id: UUID) -> Service | None:
    """The one service of a matter, once it was given."""
    return Service.objects.filter(matter=matter_id).first()


def code_of(service: Service) -> str:
    """The code for its receipt, once more; "" where the line asks by itself."""
    return codes.shown(service.pk, service.digest)
