"""Settings, all from the environment; a demo writes its own secrets into ``var/demo.env``."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from . import databases
from .environment import ROOT as ROOT
from .environment import VAR
from .ground import ground

PACKAGE = Path(__file__).resolve().parent.parent


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; script/demo and script/test set it for you")
    return value


def _is_set(name: str) -> bool:
    return os.environ.get(name, "") not in {"", "0"}


DEMO = _is_set("ZHITONG_DEMO")
DEBUG = _is_set("ZHITONG_DEBUG")
# Plain HTTP is for a demo or a test on this machine; anywhere else cookies and pages want HTTPS.
IS_HTTPS = not (DEMO or DEBUG or _is_set("ZHITONG_PLAIN_HTTP"))
SECRET_KEY = _required("ZHITONG_SECRET_KEY")
# Keys for personal data: comma-separated base64 of 32 bytes each; the first encrypts, all decrypt.
DATA_KEYS = _required("ZHITONG_DATA_KEYS").split(",")
# This machine itself always may: its own health check comes from there.
ALLOWED_HOSTS = [*filter(None, os.environ.get("ZHITONG_HOSTS", "").split(",")), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ZHITONG_ORIGINS", "").split(",") if o]

DATABASES = {"default": databases.primary(_required("DATABASE_URL"))}
# What may be late is read here; not older than so many seconds, else the primary is asked.
if os.environ.get("ZHITONG_REPLICA_URL"):
    DATABASES["replica"] = databases.replicas(os.environ["ZHITONG_REPLICA_URL"])
REPLICA_LATEST = int(os.environ.get("ZHITONG_REPLICA_LATEST", "60"))
DATABASE_ROUTERS = ["zhitong.kernel.events.queries.reading.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

KERNEL = [
    "events",
    "territory",
    "organisation",
    "accounts",
    "register",
    "matters",
    "papers",
    "indicators",
    "reviews",
    "dispatch",
    "privacy",
]
LINES = ["appeals", "hall", "surveys", "fieldwork", "campaigns"]
INSTALLED_APPS = [
    *(f"zhitong.kernel.{name}" for name in KERNEL),
    "zhitong.ui",
    *(f"zhitong.lines.{name}" for name in LINES),
    "zhitong.portal",
    "zhitong.gateway",
    "zhitong.portal.web.administration.Config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
]
# Addresses for machines: no cookies, tokens only, errors as JSON, or as the standard wants them that is named here.
API_ROOTS = {"/api/": "", "/open311/": "zhitong.gateway.open311.answers.in_standard"}
# Where residents find this system: in the QR codes of papers.
PUBLIC_ADDRESS = os.environ.get("ZHITONG_ADDRESS", "") or next(iter(CSRF_TRUSTED_ORIGINS), "http://localhost:8000")
# Fonts of papers: the one that comes with the browser packages, and folders of the district's own (仿宋, 小标宋, …).
PAPER_FONTS = [
    *(str(ROOT / "node_modules/@expo-google-fonts/noto-serif-sc" / weight) for weight in ("400Regular", "700Bold")),
    *filter(None, os.environ.get("ZHITONG_FONTS", "").split(os.pathsep)),
]
# What stands under the district's name on the pages for residents; without it, what the system is for.
TAGLINE = os.environ.get("ZHITONG_TAGLINE", "")
TAGLINE_EN = os.environ.get("ZHITONG_TAGLINE_EN", "")
# Open311: whether anybody may raise without a key, whom to ask (shown to all), and the jurisdiction_id this district
# answers to; where none is set, any.
OPEN311_ANONYMOUS = _is_set("ZHITONG_OPEN311_ANONYMOUS")
OPEN311_CONTACT = os.environ.get("ZHITONG_OPEN311_CONTACT", "")
OPEN311_JURISDICTION = os.environ.get("ZHITONG_OPEN311_JURISDICTION", "")
# Signing in through an OpenID Connect provider: not offered where no issuer is set.  The value of the claim is the sign-in
# name of an account, or the number of its staff; what the provider says in ``amr`` or ``acr`` to mean a second factor.
OIDC_ISSUER = os.environ.get("ZHITONG_OIDC_ISSUER", "").rstrip("/")
OIDC_CLIENT_ID = _required("ZHITONG_OIDC_CLIENT_ID") if OIDC_ISSUER else ""
OIDC_CLIENT_SECRET = _required("ZHITONG_OIDC_CLIENT_SECRET") if OIDC_ISSUER else ""
OIDC_NAME = os.environ.get("ZHITONG_OIDC_NAME", "")
OIDC_SCOPE = os.environ.get("ZHITONG_OIDC_SCOPE", "openid profile")
OIDC_CLAIM = os.environ.get("ZHITONG_OIDC_CLAIM", "preferred_username")
OIDC_MATCH = os.environ.get("ZHITONG_OIDC_MATCH", "username")
OIDC_SECOND_FACTORS = os.environ.get("ZHITONG_OIDC_SECOND_FACTORS", "mfa,otp,hwk,swk,sms").split(",")

# Webhooks go to the open internet by https; hosts named here (host or host:port) may stand anywhere and take http.
WEBHOOK_HOSTS = [host for host in os.environ.get("ZHITONG_WEBHOOK_HOSTS", "").split(",") if host]

# The ground of the maps: an address of tiles with {z}, {x} and {y} ({TileMatrix}, {TileCol}, {TileRow} of WMTS serve too) and {key} for the
# district's key; labels lie above it.  Without it maps show our own shapes alone.  Browsers fetch tiles, and see the key.
MAP_GROUND = ground(os.environ)
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "zhitong.apikit.middleware.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhitong.ui.web.reading.OneViewMiddleware",
    "zhitong.ui.web.ground.MapGroundMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhitong.ui.web.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zhitong.kernel.accounts.web.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "zhitong.ui.web.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "zhitong.config.urls"
WSGI_APPLICATION = "zhitong.config.wsgi.application"

COMPONENTS = [*(PACKAGE / "kernel" / name for name in KERNEL), *(PACKAGE / "lines" / name for name in LINES)]
FACES = [PACKAGE / "ui", *(path / "web" for path in [*COMPONENTS, PACKAGE / "portal", PACKAGE / "gateway"])]
TEMPLATES = [
    {  # Pages: <component>/web/templates/<component>/page.html
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [path / "templates" for path in FACES],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "zhitong.ui.environment.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages", "zhitong.ui.context.page"],
        },
    },
    {  # The administration is Django's, in our colours: ui/templates/admin.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "zhitong.kernel.accounts.web.backend.AccountBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_IDLE_SECONDS = 60 * 60
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Five wrong passwords for one name from one address: locked for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "zhitong.kernel.accounts.web.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # signing in is in the log of events
AXES_ENABLE_ADMIN = False  # accounts are unlocked on their own page


def _mail(url: str) -> dict[str, object]:
    """smtp://name:password@host:port; smtps:// speaks TLS from the start, smtp:// changes to it with ?tls=1."""
    if not url:
        return {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "FILE_PATH": VAR / "mail"}
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "HOST": parts.hostname or "localhost",
        "PORT": parts.port or (465 if is_tls else 25),
        "HOST_USER": unquote(parts.username or ""),
        "HOST_PASSWORD": unquote(parts.password or ""),
        "USE_SSL": is_tls,
        "USE_TLS": not is_tls and dict(parse_qsl(parts.query)).get("tls", "0") != "0",
    }


# Notices.  A demonstration writes them into files; elsewhere a channel that is not set up fails its notices visibly.
# A gateway for short messages brings an adapter of its own: events.public.set_adapter("sms", …).
SMS_FILE = os.environ.get("ZHITONG_SMS_FILE") or (str(VAR / "sms.jsonl") if DEMO else "")
HAS_MAIL = DEMO or _is_set("ZHITONG_MAIL")
_MAIL = _mail(os.environ.get("ZHITONG_MAIL", ""))
globals().update({f"EMAIL_{name}": value for name, value in _MAIL.items()})
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("ZHITONG_MAIL_FROM", "zhitong@localhost")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
# Catalogues of components that are no Django apps; those of apps are found without being named.
LOCALE_PATHS = [PACKAGE / name / "locale" for name in ("base", "apikit", "config")]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [path / "static" for path in FACES[1:] if (path / "static").is_dir()]  # ui is found as an app
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "zhitong.ui.vendor.VendorFinder",
]
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zhitong.ui.vendor.PageStorage"},
}
# Every request: forms and JSON up to 4 MB, files on top of that up to what their form allows.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # the token is in the page
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:  # browsers take cookies of such names only from this very host: a sister site cannot plant a session
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "zhitong.ui.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
# Sub-domains and preload lists are the district's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# How many proxies of ours stand in front; each must set X-Forwarded-For and X-Forwarded-Proto itself.
TRUSTED_PROXIES = int(os.environ.get("ZHITONG_TRUSTED_PROXIES", "0"))
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
AXES_CLIENT_IP_CALLABLE = "zhitong.kernel.accounts.web.protection.address_of_client"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],  # pages with a map: its tiles too (ui.web.ground)
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],  # sound and film that are heard and seen before they are sent
        "worker-src": [SELF, "blob:"],  # MapLibre starts its worker from a blob
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "zhitong": {"level": os.environ.get("ZHITONG_LOG", "INFO")},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
        "pypdf": {
            "level": "CRITICAL"
        },  # a damaged PDF is worth a sentence to whoever sent it, not a hundred thousand lines here
    },
}
