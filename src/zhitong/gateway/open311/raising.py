"""A request as an app sends it, and the appeal that is made of it."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.apikit.door import Needs
from zhitong.apikit.errors import UnknownMedia
from zhitong.apikit.idempotency import kept
from zhitong.base import citizen
from zhitong.base.errors import Refused
from zhitong.base.text import clean
from zhitong.kernel.accounts.public import Actor, Bearer, NotKnown, address_of_client, limit_rate
from zhitong.kernel.dispatch.public import alarm
from zhitong.kernel.matters.public import MOST_BYTES, MOST_FILES, Channel, Upload, Urgency, check_upload, subkinds
from zhitong.kernel.territory import public as territory
from zhitong.lines.appeals.actions import Raised, Said, raise_appeal

from . import rules
from .callers import KIND, bearer
from .services import YES, Service, answered, service

RAISES = Needs(("raise",), "appeals.register")
AN_HOUR = 30
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MOST_TEXT, MOST_NAME, MOST_ADDRESS, MOST_URL, MOST_KEY = 4000, 30, 200, 1000, 200


def raised(request: HttpRequest) -> dict[str, Any]:
    """Open it; what the app is told."""
    known = _let_in(request)
    if request.content_type not in FORMS:
        raise UnknownMedia("media_type", _("请以application/x-www-form-urlencoded提交。"))
    given = request.POST
    if not given.get("service_code", "").strip():
        raise Refused("service_code", _("请提供service_code。"))
    said = _said(given, service(given["service_code"].strip()), known, _key(request, known))
    by = known.actor if known else Actor.resident()
    done = raise_appeal(said, _uploads(request), by=by, at=timezone.now())
    return {"service_request_id": done.number, "service_notice": _notice(request, done, said), "account_id": None}


def _let_in(request: HttpRequest) -> Bearer | None:
    """Whoever holds a key; anybody where the district allows it, no more often than on the portal."""
    known = bearer(request, RAISES)
    if known is None:
        if not settings.OPEN311_ANONYMOUS:
            raise NotKnown("token_missing", _("请提供api_key，向本区管理员索取。"))
        limit_rate(f"appeal:{address_of_client(request)}", AN_HOUR, 3600)
    return known


def _key(request: HttpRequest, known: Bearer | None) -> str:
    """With ``Idempotency-Key`` the same request sent again is carried out once; the standard itself has nothing for it."""
    given = request.headers.get("Idempotency-Key", "")[:MOST_KEY]
    if known is None:
        return f"open311:{uuid4().hex}"
    request.auth = known  # type: ignore[attr-defined]
    return kept(request, given)


def _said(given: QueryDict, wanted: Service, known: Bearer | None, key: str) -> Said:
    more = [one.slug for one in subkinds(KIND)] if known else []
    chosen = answered(rules.attributes(given.lists()), more)
    lon, lat = _degrees(given, "long", 180), _degrees(given, "lat", 90)
    if (lon is None) != (lat is None):
        raise Refused("location", _("lat与long须同时提供。"))
    address, division = _text(given, "address_string", MOST_ADDRESS), _division(given)
    if lon is None and not address and division is None:
        raise Refused("location", _("请提供位置：lat和long，或address_string，或address_id。"))
    return Said(
        subkind=chosen["subkind"], text=_words(given, wanted), key=key, channel=Channel.SYSTEM, address=address, lon=lon,
        lat=lat, division_id=division, category_id=wanted.category_id,
        urgency=Urgency.URGENT if chosen["is_urgent"] == YES else Urgency.NORMAL,
        is_public=chosen["is_public"] == YES, has_public_photos=chosen["has_public_photos"] == YES,
        name=rules.full_name(_text(given, "first_name", MOST_NAME), _text(given, "last_name", MOST_NAME))[:MOST_NAME],
        phone=_phone(given), email=_text(given, "email", MOST_ADDRESS),
    )  # fmt: skip


def _text(given: QueryDict, name: str, most: int) -> str:
    text = clean(given.get(name, ""))
    if len(text) > most:
        raise Refused("too_long", _("%(name)s不能超过%(most)d字。") % {"name": name, "most": most})
    return text


def _words(given: QueryDict, wanted: Service) -> str:
    """What is said; the name of the service where nothing is.  The address of a picture stands below: we do not fetch it."""
    text = _text(given, "description", MOST_TEXT) or wanted.name
    url = _text(given, "media_url", MOST_URL)
    if url and not url.startswith(("https://", "http://")):
        raise Refused("media_url", _("media_url须为http或https地址。"))
    return "\n".join((text, _("附件链接：%(url)s") % {"url": url})) if url else text


def _phone(given: QueryDict) -> str:
    phone = _text(given, "phone", MOST_NAME)
    if phone and citizen.phone(phone) is None:
        raise Refused("bad_phone", _("phone不正确，请填写11位手机号，或带区号的固定电话。"))
    return phone


def _degrees(given: QueryDict, name: str, most: int) -> float | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = most + 1.0
    if not -most <= value <= most:
        raise Refused(
            "location", _("%(name)s须为-%(most)d至%(most)d之间的度数（WGS-84）。") % {"name": name, "most": most}
        )
    return value


def _division(given: QueryDict) -> UUID | None:
    """``address_id`` is the code of a street, a community or a grid."""
    code = given.get("address_id", "").strip()
    node = territory.by_code(code) if code else None
    if code and node is None:
        raise Refused(
            "address_id", _("没有address_id“%(code)s”，请填写街道、社区或网格的统一编码。") % {"code": code[:40]}
        )
    return node.id if node else None


def _uploads(request: HttpRequest) -> list[Upload]:
    """Photos sent along as ``media``, which the standard leaves open; what is too large is not even read."""
    files = request.FILES.getlist("media")
    if len(files) > MOST_FILES:
        raise Refused("too_many_files", _("一次最多上传9个文件。"))
    if any((file.size or 0) > MOST_BYTES for file in files):
        raise Refused("file_too_big", _("文件不能超过20MB，请压缩后再上传。"))
    return [check_upload(str(file.name or ""), file.read()) for file in files]


def _notice(request: HttpRequest, done: Raised, said: Said) -> str:
    """What the app shows to the person: the tracking code above all, which nobody can show again."""
    url = request.build_absolute_uri(reverse("appeals:track"))
    text = _("编号%(number)s，查询码%(code)s，请妥善保存。凭编号和查询码可在%(url)s查看进展。") % {
        "number": done.number, "code": done.tracking_code, "url": url,
    }  # fmt: skip
    call = "、".join(alarm(said.text, said.title).call)
    return text + _("如有危险，请立即拨打%(call)s。") % {"call": call} if call else text
