"""Settings under test: the project's own, with what would only cost time taken out."""

import os

os.environ.setdefault("ZHITONG_SECRET_KEY", "only-for-tests")
os.environ.setdefault("ZHITONG_DATA_KEYS", "b25seS1mb3ItdGVzdHMtb25seS1mb3ItdGVzdHMhISE=")
os.environ.setdefault("DATABASE_URL", "postgresql:///zhitong")
os.environ.setdefault("ZHITONG_PLAIN_HTTP", "1")

from zhitong.config.settings import *  # noqa: F403
from zhitong.config.settings import STORAGES

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
HAS_MAIL = True
SMS_FILE = ""
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
