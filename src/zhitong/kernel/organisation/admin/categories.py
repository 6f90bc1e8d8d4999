"""The category list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .. import actions
from ..models import Category
from .organs import pk_of
from .through_actions import ThroughActions, by_of

_FIELDS = ("name", "name_en", "keywords", "is_active", "sort")


@admin.register(Category)
class CategoryAdmin(ThroughActions):
    """Three levels of what matters are about.  A category goes out of use; it is not deleted."""

    list_display = ("tree_name", "code", "name_en", "keywords", "is_active")
    list_filter = ("is_active", "level")
    search_fields = ("name", "name_en", "code", "keywords")
    search_help_text = _("按名称、编码或关键词查找。")
    autocomplete_fields = ("parent",)
    fields = ("code", "parent", *_FIELDS)
    list_per_page = 100

    @admin.display(description=_("类别名称"), ordering="sort")
    def tree_name(self, category: Category) -> str:
        """Indented by level."""
        return format_html("{}{}", "　" * (category.level - 1), str(category))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A category keeps its code and its place."""
        return ("code", "parent") if obj else ()

    def act(self, form: Any, request: HttpRequest, change: bool) -> Category:
        """Create or change the category."""
        by, at, data = by_of(request), timezone.now(), form.cleaned_data
        values: Any = {name: data[name] for name in _FIELDS}
        if change:
            return actions.change_category(form.instance.pk, by=by, at=at, **values)
        return actions.create_category(code=data["code"], parent_id=pk_of(data["parent"]), by=by, at=at, **values)
