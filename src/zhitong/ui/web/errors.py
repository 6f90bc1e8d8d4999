"""Pages for what went wrong, in the language of the visitor.  They ask the database for nothing."""

import logging
import sys
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.events.public import COME_AGAIN, is_away

log = logging.getLogger("zhitong.pages")

# Title, what it means and what to do; the text for a status that is not here is that of 400.
TEXTS = {
    400: (_("这个请求无法处理"), _("提交的内容不完整或格式有误，请返回检查后再试。")),
    403: (_("您没有权限"), _("此页面或操作不对您开放；如确需使用，请联系本单位管理员。")),
    404: (_("没有找到这个页面"), _("网址可能有误，或内容已被移走。请核对网址，或从首页重新查找。")),
    405: (_("不能这样打开"), _("请返回上一页，按页面上的按钮操作。")),
    409: (_("内容已有变化"), _("在您操作之前，已有人更新了内容。请返回刷新后再试。")),
    413: (_("提交的内容太大"), _("文件或文字超过上限，请压缩照片或分次提交；已填写的文字不会丢失。")),
    422: (_("暂时不能这样办理"), _("请返回检查后再试。")),
    429: (_("操作过于频繁"), _("请稍候几分钟再试；已填写的内容不会丢失。")),
    500: (_("系统出了问题"), _("我们已记录这个问题，请稍后再试；已填写的内容不会丢失。")),
    503: (_("系统正在维护"), _("请稍后再试；已填写的内容不会丢失。")),
}
EXPIRED = (_("页面已失效"), _("页面停留过久，或浏览器没有保存必要的信息。请返回后重新提交，已填写的内容会自动恢复。"))


def error_page(request: HttpRequest, status: int, message: Any = None, title: Any = None) -> HttpResponse:
    """An answer with this status: a page, or for htmx an empty body with the sentence in ``X-Message``."""
    known_title, known_text = TEXTS.get(status, TEXTS[400])
    text = str(message or known_text)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=status, headers={"X-Message": quote(text)})
    context = {"status": status, "title": title or known_title, "text": text, "back": _back(request)}
    body = engines["jinja2"].get_template("ui/error.html").render(context)
    return HttpResponse(body, status=status, headers={"Cache-Control": "no-store"})


def _back(request: HttpRequest) -> str:
    """The page this request came from, when it is one of ours."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.netloc != request.META.get("HTTP_HOST") or parts.path.startswith(("//", "/\\")):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _said(exception: BaseException | None) -> str:
    """The sentence an exception carries for people; none when it is technical."""
    if isinstance(exception, Refused):
        return str(exception)
    text = str(exception or "")
    return text if text.endswith(("。", ".")) else ""


def bad_request(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """400."""
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """403, with the sentence the view gave."""
    return error_page(request, 403, _said(exception))


def not_found(request: HttpRequest, exception: BaseException | None = None) -> HttpResponse:
    """404."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database is away for a moment, whoever noticed it first."""
    error = sys.exc_info()[1]
    return away(request, error) if is_away(error) else error_page(request, 500)


def away(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """503, and when to come again; the next request looks for the database that is there."""
    log.error("the database is away: %s", str(error).strip())
    connection.close()
    answer = error_page(request, 503)
    answer["Retry-After"] = str(COME_AGAIN)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token.  Sent nothing again by itself: what was typed comes back on the form."""
    return error_page(request, 403, message=EXPIRED[1], title=EXPIRED[0])
