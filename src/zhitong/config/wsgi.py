"""The WSGI application that granian serves."""

import os

from django.core import checks
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhitong.config.settings")


def demand_protected_pages() -> None:
    """Refuse to start while a page does not say who may open it; loads every page on the way."""
    serious = [message for message in checks.run_checks(tags=[checks.Tags.urls]) if message.is_serious()]
    if serious:
        raise SystemCheckError("\n".join(str(message) for message in serious))


application = get_wsgi_application()
demand_protected_pages()
