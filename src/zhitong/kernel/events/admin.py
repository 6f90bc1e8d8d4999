"""Letters in the admin site: the wording the district edits."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .actions.letters import drop_letter, put_letter
from .models import Letter
from .queries import WORDINGS


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is signed in, as the log wants it: accounts are above this component."""

    account_id: UUID | None
    post_id: UUID | None
    label: str


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]
    """The letters that exist are those declared; what they say is the district's."""

    slug = forms.ChoiceField(label=_("文书"))

    class Meta:
        model = Letter
        fields = ("slug", "title", "body", "title_en", "body_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].choices = [(w.slug, f"{w.label}（{w.slug}）") for w in WORDINGS.values()]  # type: ignore[attr-defined]
        wording = WORDINGS.get(self.instance.slug)
        if wording:
            names = " ".join(f"{{{name}}}" for name in wording.placeholders)
            self.fields["body"].help_text = _("可用占位：%(names)s") % {"names": names}


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Wordings that replace the ones that ship; deleting one brings the shipped wording back."""

    form = LetterForm
    list_display = ("title", "slug", "changed_at")
    search_fields = ("slug", "title", "body")

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


def _by(request: HttpRequest) -> Signer:
    return Signer(account_id=request.user.pk, post_id=None, label=str(request.user))
