"""Looking people up in the admin site: masked, and nothing can be changed."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Contact, Person
from .queries import find_by_citizen_id, find_by_email, find_by_phone


class ReadOnly:
    """Rows are written by actions alone."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


class ContactInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Contact
    fields = ("kind", "masked", "is_primary", "verified_at")
    readonly_fields = fields


@admin.register(Person)
class PersonAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Search by the exact phone number, e-mail address or citizen id."""

    list_display = ("masked_name", "citizen_id_masked", "created_at")
    fields = ("masked_name", "citizen_id_masked", "created_at")
    readonly_fields = fields
    search_fields = ("id",)
    search_help_text = _("输入完整的电话、电子邮箱或身份证号。")
    inlines = (ContactInline,)
    show_full_result_count = False

    @admin.display(description=_("姓名"))
    def masked_name(self, person: Person) -> str:
        """The surname only."""
        return str(person) or "—"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """Exact matches of whatever kind of number it is."""
        if not search_term.strip():
            return queryset, False
        person = find_by_citizen_id(search_term)
        if person is not None:
            return queryset.filter(pk=person.pk), False
        found = find_by_phone(search_term) | find_by_email(search_term)
        return queryset.filter(pk__in=found.values("pk")), False
