"""Settings of a district as it runs, but for its static files: nobody gathers them here."""

from zhitong.config.settings import *  # noqa: F403
from zhitong.config.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
