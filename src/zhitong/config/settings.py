"""Settings, all from the environment; a demo writes its own secrets into ``var/demo.env``."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent
VAR = Path(os.environ.get("ZHITONG_VAR", ROOT / "var"))


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; script/demo and script/test set it for you")
    return value


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off", **query},
        "TEST": {"NAME": os.environ.get("ZHITONG_TEST_DB", "test_zhitong")},
    }


DEMO = os.environ.get("ZHITONG_DEMO") == "1"
DEBUG = os.environ.get("ZHITONG_DEBUG") == "1"
SECRET_KEY = _required("ZHITONG_SECRET_KEY")
# Keys for personal data: comma-separated base64 of 32 bytes each; the first encrypts, all decrypt.
DATA_KEYS = _required("ZHITONG_DATA_KEYS").split(",")
ALLOWED_HOSTS = os.environ.get("ZHITONG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ZHITONG_ORIGINS", "").split(",") if o]

DATABASES = {"default": _database(_required("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KERNEL = ["events", "territory", "organisation", "accounts", "register", "matters", "indicators"]
LINES = ["appeals"]
INSTALLED_APPS = [
    *(f"zhitong.kernel.{name}" for name in KERNEL),
    "zhitong.ui",
    *(f"zhitong.lines.{name}" for name in LINES),
    "zhitong.portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "csp",
]
ROOT_URLCONF = "zhitong.config.urls"
AUTH_USER_MODEL = "accounts.Account"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
