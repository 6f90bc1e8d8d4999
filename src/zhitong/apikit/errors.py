"""The one body of every error, and what each exception becomes."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)  # fmt: skip
from django.db import connection
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError, ValidationError

from zhitong.base.errors import Refused
from zhitong.base.identifiers import uuid7
from zhitong.kernel.events.public import COME_AGAIN, is_away

log = logging.getLogger("zhitong.api")
JSON = "application/json; charset=utf-8"

# What a status means where nobody said it better; the codes are as stable as those of the kernel's refusals.
TEXTS: dict[int, tuple[str, Any]] = {
    400: ("bad_request", _("请求无法识别，请核对地址、编码和JSON格式。")),
    401: ("token_missing", _("请在请求头中提供访问令牌：Authorization: Bearer …。")),
    403: ("not_allowed", _("此令牌没有这项权限，请联系本区管理员。")),
    404: ("not_found", _("没有找到，或者此令牌无权查看。")),
    405: ("method_not_allowed", _("此地址不支持这种请求方法。")),
    409: ("conflict", _("内容已有变化，请重新读取后再试。")),
    413: ("too_large", _("提交的内容太大，请压缩或分次提交。")),
    415: ("media_type", _("不支持这种内容格式，请按接口说明设置Content-Type。")),
    422: ("invalid", _("有参数或字段不符合要求，请按fields中的提示修改。")),
    429: ("too_many", _("请求过于频繁，请稍后再试。")),
    500: ("server_error", _("系统出了问题，我们已记录，请稍后再试；报告时请提供参考号ref。")),
    503: ("unavailable", _("系统暂时不可用，请稍后再试。")),
}
# What a check of a value says, by the beginning of its kind.
SAID: tuple[tuple[str, Any], ...] = (
    ("missing", _("此项必填。")),
    ("extra_forbidden", _("没有这个字段。")),
    ("enum", _("请从列出的值中选择。")),
    ("literal_error", _("请从列出的值中选择。")),
    ("string_too_long", _("内容过长。")),
    ("string_too_short", _("内容过短。")),
    ("too_long", _("项目过多。")),
    ("too_short", _("项目过少。")),
    ("greater_than", _("数值过小。")),
    ("less_than", _("数值过大。")),
    ("uuid", _("请填写UUID格式的标识。")),
    ("datetime", _("请填写带时区的ISO 8601时间，如2026-03-02T09:00:00+08:00。")),
    ("timezone", _("请填写带时区的ISO 8601时间，如2026-03-02T09:00:00+08:00。")),
    ("date", _("请填写日期，如2026-03-02。")),
    ("int", _("请填写整数。")),
    ("float", _("请填写数值。")),
    ("finite", _("请填写数值。")),
    ("bool", _("请填写true或false。")),
    ("", _("格式不正确，请核对。")),
)
AGAIN = {429: 60, 503: COME_AGAIN}  # seconds
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
NOT_READABLE = (MultiPartParserError, SuspiciousOperation, UnreadablePostError)


class UnknownMedia(Refused):
    """The body is of a kind this operation does not take."""

    status = 415


def problem(
    status: int, code: str = "", message: object = "", *, fields: Mapping[str, object] | None = None, ref: str = ""
) -> HttpResponse:
    """An answer with the error body, in the language that is active."""
    known_code, known = TEXTS.get(status, TEXTS[400])
    said: dict[str, Any] = {"code": code or known_code, "message": str(message or known)}
    if fields:
        said["fields"] = {name: str(text) for name, text in fields.items()}
    if ref:
        said["ref"] = ref
    answer = HttpResponse(msgspec.json.encode(said), status=status, content_type=JSON)
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Zhitong"'
    if status in AGAIN:
        answer["Retry-After"] = str(AGAIN[status])
    return answer


def answer_to(exception: BaseException) -> HttpResponse:
    """What an exception becomes; what nobody expected is logged under the reference that the answer gives."""
    match exception:
        case Refused():
            return _refusal(exception)
        case ValidationError():
            return problem(422, fields=_fields(exception.errors))
        case Http404():
            return problem(404)
        case PermissionDenied():
            return problem(403)
        case HttpError():
            return problem(exception.status_code)
    if isinstance(exception, TOO_LARGE):
        return problem(413)
    if isinstance(exception, NOT_READABLE):
        return problem(400)
    if is_away(exception):
        log.error("the database is away: %s", str(exception).strip())
        connection.close()  # the next request looks for the one that is there
        return problem(503)
    ref = uuid7().hex[-12:]
    log.error("%s %r", ref, exception, exc_info=exception)
    return problem(500, ref=ref)


def _refusal(refused: Refused) -> HttpResponse:
    fields = {refused.field: refused.message} if refused.field else None
    answer = problem(refused.status, refused.code, refused.message, fields=fields)
    if refused.status == 429:
        answer["Retry-After"] = str(getattr(refused, "retry_after", 60))
    return answer


def _fields(errors: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """Each field that was wrong, by its name as the caller wrote it, and what to do about it.

    A place begins with where it stands (body, query …); in a body the name of our own parameter comes next.
    """
    found: dict[str, object] = {}
    for error in errors:
        source, *rest = error["loc"]
        place = [str(part) for part in (rest[1:] if source == "body" else rest)]
        said = next(text for kind, text in SAID if error["type"].startswith(kind))
        found.setdefault(".".join(place) or "body", said)
    return found
