"""Letters in the admin site: the wording the district edits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .actions.letters import drop_letter, put_letter
from .models import Letter
from .queries import WORDINGS

_LIST = """{% extends "admin/change_list.html" %}
{% block object-tools %}{% endblock %}{% block search %}{% endblock %}{% block pagination %}{% endblock %}
{% block result_list %}
<div class="results"><table id="result_list">
<thead><tr>{% for head in heads %}<th scope="col"><div class="text"><span>{{ head }}</span></div></th>{% endfor %}</tr></thead>
<tbody>{% for row in wordings %}
<tr><th scope="row"><a href="{{ row.href }}">{{ row.label }}</a></th><td>{{ row.title }}</td>
<td><span class="zt-state{% if row.changed_at %} zt-state-own{% endif %}">{{ row.state }}</span></td>
<td>{{ row.changed_at|date:"Y-m-d H:i" }}</td></tr>
{% endfor %}</tbody>
</table></div>
{% endblock %}"""


@dataclass(frozen=True, slots=True)
class Row:
    """A letter as the list shows it: the district's wording, or the one that ships."""

    label: str
    title: str
    state: str
    href: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is signed in, as the log wants it: accounts are above this component."""

    account_id: UUID | None
    post_id: UUID | None
    label: str


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]
    """The letters that exist are those declared; what they say is the district's."""

    slug = forms.ChoiceField(label=_("通知用语"))

    class Meta:
        model = Letter
        fields = ("slug", "title", "body", "title_en", "body_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].choices = [(w.slug, str(w.label)) for w in WORDINGS.values()]  # type: ignore[attr-defined]
        wording = WORDINGS.get(self.instance.slug or self.initial.get("slug", ""))
        if wording:
            names = " ".join(f"{{{name}}}" for name in wording.placeholders)
            self.fields["body"].help_text = _("可用占位：%(names)s") % {"names": names}


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every letter there is; saving replaces the wording that ships, deleting brings it back."""

    form = LetterForm

    @property
    def change_list_template(self) -> Any:  # type: ignore[override]
        """All letters, changed or not."""
        return engines["django"].from_string(_LIST)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """All letters, changed or not."""
        heads = [_("通知用语"), _("标题"), _("状态"), _("修改时间")]
        return super().changelist_view(request, {"heads": heads, "wordings": list(_rows()), **(extra_context or {})})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What ships, to begin with."""
        wording = WORDINGS.get(request.GET.get("slug", ""))
        return {name: getattr(wording, name) for name in LetterForm.Meta.fields} if wording else {}

    def save_model(self, request: HttpRequest, obj: Letter, form: Any, change: bool) -> None:
        """Through the action."""
        put_letter(obj, by=_by(request), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Letter) -> None:
        """Through the action."""
        drop_letter(obj, by=_by(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        """One by one, through the action."""
        for letter in queryset:
            drop_letter(letter, by=_by(request), at=timezone.now())


def _rows() -> Iterator[Row]:
    own = Letter.objects.in_bulk()
    for wording in WORDINGS.values():
        letter = own.get(wording.slug)
        if letter:
            href = reverse("admin:events_letter_change", args=[letter.pk])
            yield Row(str(wording.label), letter.title, str(_("已修改")), href, letter.changed_at)
        else:
            href = f"{reverse('admin:events_letter_add')}?slug={wording.slug}"
            yield Row(str(wording.label), wording.title, str(_("默认")), href)


def _by(request: HttpRequest) -> Signer:
    return Signer(account_id=request.user.pk, post_id=None, label=str(request.user))
