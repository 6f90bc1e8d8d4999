"""What may be done with a matter, doing it, and files."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Query, UploadedFile

from zhitong.apikit.door import Needs, actor_of
from zhitong.apikit.files import taken
from zhitong.apikit.idempotency import Key, kept
from zhitong.apikit.routes import Routes
from zhitong.base.errors import NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import (
    KINDS,
    MOST_BYTES,
    Action,
    Matter,
    Upload,
    act,
    check_upload,
    place_of,
    set_aside,
)  # fmt: skip
from zhitong.ui.public import file_answer

from ..queries import matter as reading
from .payloads import purposes, schema_of
from .schemas import Act, Acted, FileGiven, Offers, OfferSeen, Ticket, Wanted

routes = Routes("acting", _("办理事项"))
files = Routes("files", _("上传和下载附件"))
ACTS = Needs(("act",), "matters.view")


@routes.serve(
    "GET", "/matters/{uuid:matter_id}/actions", needs=ACTS, gives=Offers, summary=_("可办操作"),
    says=_("此令牌现在可以对这件事项做什么，各要求填写什么。"),
)  # fmt: skip
def list_actions(request: HttpRequest, matter_id: UUID) -> Offers:
    """The actions open to the token, the straight way first."""
    seen = reading.sight(matter_id, actor_of(request), timezone.now())
    offers = [
        OfferSeen(slug=o.slug, label=str(o.label), takes_files=purposes(o.action), payload=schema_of(o.action))
        for o in seen.offers()
    ]
    return Offers(version=seen.matter.version, actions=offers)


@routes.serve(
    "POST", "/matters/{uuid:matter_id}/actions/{slug:action}", needs=ACTS, gives=Acted, refuses=(409,),
    summary=_("办理一项操作"),
    says=_("全部成功或全部不变。带version可避免在别人之后误办；带Idempotency-Key可放心重发。"),
)  # fmt: skip
def take_action(request: HttpRequest, matter_id: UUID, action: str, sent: Act, idempotency_key: Key = "") -> Acted:
    """Carry it out."""
    by, now = actor_of(request), timezone.now()
    known = KINDS[reading.find(matter_id, by).kind].moves.get(action)
    if known is None:
        raise NotFound("no_action", _("没有这项操作。"))
    matter = act(
        matter_id, action, sent.data, by=by, at=now, version=sent.version, files=_uploads(known, sent.files),
        key=kept(request, idempotency_key) if idempotency_key else "",
    )  # fmt: skip
    return _acted(matter, by)


def _acted(matter: Matter, by: Actor) -> Acted:
    stage = KINDS[matter.kind].by_slug[matter.stage]
    return Acted(
        id=matter.pk, number=matter.number, stage=stage.slug, stage_label=str(stage.label), version=matter.version,
        is_repeated=matter.was_known, is_visible=_sees(matter, by),
    )  # fmt: skip


def _sees(matter: Matter, by: Actor) -> bool:
    try:
        reading.find(matter.pk, by)
    except NotFound:
        return False
    return True


def _uploads(action: Action, given: Sequence[FileGiven]) -> list[Upload]:
    """The files, each kept as what it was given for."""
    allowed = purposes(action)
    if given and not allowed:
        raise Refused("no_files_here", _("这项操作不收附件。"), field="files")
    if any(one.purpose not in allowed for one in given):
        raise Refused("purpose", _("请按可办操作中的takes_files填写purpose。"), field="files")
    uploads = taken([one.ticket for one in given])
    return [replace(u, purpose=g.purpose) for u, g in zip(uploads, given, strict=True)]


@files.serve(
    "POST", "/files", needs=Needs(("raise", "act")), gives=Ticket, status=201, summary=_("上传附件"),
    says=_("照片（JPG、PNG、WebP）或PDF，不超过20MB。返回的ticket在提出或办理时使用。"),
)  # fmt: skip
def upload_file(request: HttpRequest, file: UploadedFile) -> Ticket:
    """Look at a file, and keep it for a day until it is needed; what is too large is not even read."""
    if (file.size or 0) > MOST_BYTES:
        raise Refused("file_too_big", _("文件不能超过20MB，请压缩后再上传。"), field="file")
    upload = check_upload(str(file.name or ""), file.read())
    ticket = set_aside([upload])
    return Ticket(ticket=ticket, name=upload.name, media_type=upload.media_type, size=len(upload.content))


@files.serve(
    "GET", "/files/{uuid:file_id}", needs=Needs(("read",), "matters.view"), gives=None, summary=_("下载附件"),
    media=("image/jpeg", "image/png", "application/pdf"),
)  # fmt: skip
def read_file(request: HttpRequest, file_id: UUID, asked: Query[Wanted]) -> HttpResponseBase:
    """The bytes of a file of a matter that the token sees."""
    found = reading.file_for(file_id, actor_of(request))
    if asked.preview and not found.has_preview:
        raise NotFound("no_preview", _("这个文件没有缩略图。"))
    return file_answer(place_of(bytes(found.digest), preview=asked.preview), found.name, found.media_type)
