"""Numbers among the answers of applications, sealed again when the keys change."""

from functools import cache

from django.db import models, transaction
from django.db.models import F, JSONField, TextField
from django.db.models.functions import Cast

from ..models import AnswersField, Application, BundleCase

AT_A_TIME = 500


@cache
def _places() -> tuple[tuple[type[models.Model], AnswersField], ...]:
    """The tables that hold answers."""
    found = (
        (model, field) for model in (Application, BundleCase) for field in model._meta.fields if isinstance(field, AnswersField)
    )  # fmt: skip
    return tuple(found)


def rotate_answers() -> int:
    """Seal the numbers among answers with the first key again; how many rows.  A row at a time; may be stopped and started again."""
    return sum(_again(model, field) for model, field in _places())


def _again(model: type[models.Model], field: AnswersField) -> int:
    """Those of one table."""
    done = 0
    held = {"kept": Cast(F(field.name), JSONField()), "said": Cast(F(field.name), TextField())}
    rows = model._default_manager.annotate(**held)
    for pk, kept in rows.filter(said__contains='"sealed"').values_list("pk", "kept").iterator(AT_A_TIME):
        if field.is_current(kept):
            continue
        with transaction.atomic():
            row = model._default_manager.select_for_update().get(pk=pk)
            row.save(update_fields=[field.name])
        done += 1
    return done
