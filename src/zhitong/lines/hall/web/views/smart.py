"""The pages of a firm: its home, and the smart form from ticking the changes to submitting the documents."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhitong.base.errors import Conflict, NotFound, Refused
from zhitong.base.money import in_digits
from zhitong.base.text import mask_name
from zhitong.kernel.accounts.public import limit_rate, track
from zhitong.kernel.register.public import Firm, actor_for_firm, as_firm, firm_in_full
from zhitong.kernel.territory import public as territory
from zhitong.ui import receipts
from zhitong.ui.public import content_answer, day

from ...actions import smart as acting
from ...models import SmartDraft
from ...queries import smart as reading
from ...rules.smart import CHANGE, FILING, KINDS, chosen
from ..smart_forms import KindsForm, SmartForm, typed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"docx": DOCX, "pdf": "application/pdf"}
MADE_AN_HOUR = 300


@as_firm
@never_cache
@require_safe
def firm(request: HttpRequest, firm: Firm) -> HttpResponse:
    """What is registered, what was applied for, and what was begun."""
    whole = firm_in_full(firm.pk)
    facts = [
        (_("统一社会信用代码"), whole.code), (_("类型"), whole.get_kind_display()), (_("登记状态"), whole.get_state_display()),
        (_("法定代表人"), whole.legal.name if whole.legal else ""), (_("注册资本（元）"), in_digits(whole.capital) if whole.capital else ""),
        (_("成立日期"), day(whole.established_on) if whole.established_on else ""),
        (_("营业期限至"), day(whole.term_until) if whole.term_until else _("长期")), (_("住所"), whole.address),
        (_("联络员"), mask_name(whole.liaison.name) if whole.liaison else ""), (_("登记机关"), whole.registered_by),
    ]  # fmt: skip
    context = {
        "firm": whole, "facts": facts, "drafts": [(row, chosen(row.kinds)) for row in reading.drafts_of(whole)],
        "applications": reading.applications_of(whole), "place": territory.label(whole.division_id),
        "holders": [(h.name, in_digits(h.amount)) for h in whole.holders.all()],
    }  # fmt: skip
    return render(request, "hall/smart/firm.html", context)


@as_firm
@never_cache
@require_safe
def firm_application(request: HttpRequest, matter_id: UUID, firm: Firm) -> HttpResponse:
    """To the page of an application of this firm, without asking for its tracking code."""
    one = next((row for row in reading.applications_of(firm) if row.id == matter_id), None)
    if one is None:
        raise NotFound("no_application", _("没有这件申请。"))
    track(request, one.id)
    return redirect(one.followed_at, one.number)


def _groups(ticked: list[str]) -> list[tuple[str, list[tuple[Any, bool]]]]:
    names = ((CHANGE, _("变更登记")), (FILING, _("备案")))
    return [(label, [(k, k.slug in ticked) for k in KINDS.values() if k.group == group]) for group, label in names]


@as_firm
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def smart_new(request: HttpRequest, firm: Firm, draft_id: UUID | None = None) -> HttpResponse:
    """Tick what changes: a new draft, or another choice for one."""
    row = reading.draft_of(firm, draft_id) if draft_id else None
    form = KindsForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            return redirect("hall:smart_draft", _tick(request, firm, row, form.cleaned_data["kinds"]).pk)
        except Refused as refused:
            form.add_error("kinds" if refused.field else None, str(refused))
            status = refused.status
    elif form.is_bound:
        status = 422
    ticked = request.POST.getlist("kinds") if form.is_bound else row.kinds if row else []
    context = {"form": form, "groups": _groups(ticked), "draft": row, "firm": firm}
    return render(request, "hall/smart/kinds.html", context, status=status)


def _tick(request: HttpRequest, firm: Firm, row: SmartDraft | None, kinds: list[str]) -> SmartDraft:
    if row is None:
        return acting.start_smart(firm, kinds, by=actor_for_firm(request, firm), at=timezone.now())
    return acting.save_smart(firm, row.pk, kinds=kinds, revision=row.revision, at=timezone.now())


@as_firm
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def smart_draft(request: HttpRequest, draft_id: UUID, firm: Firm) -> HttpResponse:
    """The questions; saved as far as they are, and checked when asked for."""
    row = reading.draft_of(firm, draft_id)
    kinds = chosen(row.kinds)
    if request.method != "POST":
        findings = reading.look(row, firm, timezone.now()).findings if "check" in request.GET else []
        return _asked(request, firm, row, SmartForm(kinds, row.answers, findings))
    answers, sent = typed(kinds, request.POST), request.POST.get("revision", "")
    try:
        revision = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1
        row = acting.save_smart(firm, row.pk, answers=answers, revision=revision, at=timezone.now())
    except Conflict as refused:
        return _asked(request, firm, row, SmartForm(kinds, answers), refused.status, str(refused))
    if request.POST.get("do") != "check":
        messages.success(request, _("草稿已保存，换手机或电脑登录都可接着填。"))
        return redirect("hall:smart_draft", row.pk)
    findings = reading.look(row, firm, timezone.now()).findings
    if findings:
        return _asked(request, firm, row, SmartForm(kinds, row.answers, findings), 422)
    return redirect("hall:smart_documents", row.pk)


def _asked(
    request: HttpRequest, firm: Firm, row: SmartDraft, form: SmartForm, status: int = 200, refused: str = ""
) -> HttpResponse:
    context = {"firm": firm, "draft": row, "form": form, "kinds": chosen(row.kinds), "refused": refused}
    return render(request, "hall/smart/draft.html", context, status=status)


@as_firm
@never_cache
@require_safe
def smart_documents(request: HttpRequest, draft_id: UUID, firm: Firm) -> HttpResponse:
    """The whole set, to be looked at, taken along, or submitted."""
    return _set(request, firm, reading.draft_of(firm, draft_id))


def _set(request: HttpRequest, firm: Firm, row: SmartDraft, refused: str = "", status: int = 200) -> HttpResponse:
    looked = reading.look(row, firm, timezone.now())
    if looked.findings:
        messages.warning(request, _("还有需要修改的地方，改好后即可生成材料。"))
        answer = redirect("hall:smart_draft", row.pk)
        answer["Location"] += "?check=1"
        return answer
    version = reading.version_for_changes(timezone.now())
    later = [one for one in version.materials.all() if one.is_deferrable and not one.condition] if version else []
    context = {
        "firm": firm, "draft": row, "kinds": chosen(row.kinds), "documents": looked.documents, "refused": refused, "later": later,
        "is_offered": version is not None,
    }  # fmt: skip
    return render(request, "hall/smart/documents.html", context, status=status)


def _documents(request: HttpRequest, firm: Firm, draft_id: UUID) -> list[Any]:
    limit_rate(f"smart-documents:{firm.pk}", MADE_AN_HOUR, 3600)
    looked = reading.look(reading.draft_of(firm, draft_id), firm, timezone.now())
    if looked.findings:
        raise Refused("to_mend", _("还有需要修改的地方，改好后即可生成材料。"))
    return looked.documents


@as_firm
@never_cache
@require_safe
def smart_file(request: HttpRequest, draft_id: UUID, number: int, ending: str, firm: Firm) -> HttpResponse:
    """One document as Word or PDF."""
    documents = _documents(request, firm, draft_id)
    if not 1 <= number <= len(documents) or ending not in TYPES:
        raise NotFound("no_document", _("没有这份材料，请返回重新查看。"))
    made = documents[number - 1]
    content = dict(zip(("docx", "pdf"), reading.file_of(made, timezone.now()), strict=True))[ending]
    return content_answer(content, f"{made.name}.{ending}", TYPES[ending], is_saved=True)


@as_firm
@never_cache
@require_safe
def smart_zip(request: HttpRequest, draft_id: UUID, firm: Firm) -> HttpResponse:
    """The whole set as one file."""
    documents = _documents(request, firm, draft_id)
    return content_answer(reading.pack(documents, timezone.now()), _("变更登记材料") + ".zip", "application/zip")


@as_firm
@require_POST
def smart_submit(request: HttpRequest, draft_id: UUID, firm: Firm) -> HttpResponse:
    """As an application, with every document as a material."""
    row, by, at = reading.draft_of(firm, draft_id), actor_for_firm(request, firm), timezone.now()
    limit_rate(f"smart-submit:{firm.pk}", 20, 3600)
    try:
        done = acting.submit_smart(firm, row.pk, signed=request.POST.get("signed") == "on", by=by, at=at)
    except Refused as refused:
        return _set(request, firm, row, str(refused), refused.status)
    receipts.keep_receipt(request, matter_id=done.matter_id, number=done.number, code=done.tracking_code)
    messages.success(request, _("已提交，编号%(number)s。办到哪一步，随时在企业专区查看。") % {"number": done.number})
    return redirect("hall:firm")


@as_firm
@require_POST
def smart_discard(request: HttpRequest, draft_id: UUID, firm: Firm) -> HttpResponse:
    """Throw the draft away."""
    acting.discard_smart(firm, draft_id, by=actor_for_firm(request, firm), at=timezone.now())
    messages.success(request, _("草稿已删除。"))
    return redirect("hall:firm")
