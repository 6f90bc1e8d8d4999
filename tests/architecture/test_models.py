"""What the graph of models must look like."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from zhitong.base.holdings import holdings

KERNEL: list[str] = settings.KERNEL
LINES: list[str] = settings.LINES
# How a field is personal.  "none" is for a field that looks personal and is not.
CLASSES = {
    "none",
    "staff",  # names people at work: shown to staff, kept with the record
    "text",  # free text that may name people: masked inline for those who need not know
    "name",
    "phone",
    "address",
    "place",
    "birth",
    "gender",
    "digest",  # a keyed digest: finds, does not show
    "masked",  # already masked
    "sealed",  # encrypted; opened through a logged action
    "secret",  # never shown to anybody
}
LONG = 200  # letters: a line in which somebody may say something of somebody
TELLING = {"name", "phone", "email", "address", "birth", "gender", "label"}


def ours() -> Iterator[type[models.Model]]:
    """Every model of the project's own components."""
    for config in apps.get_app_configs():
        if config.name.startswith("zhitong."):
            yield from config.get_models()


def relations(model: type[models.Model]) -> Iterator["models.ForeignKey[models.Model]"]:
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            yield field


def level(label: str) -> int:
    return KERNEL.index(label) if label in KERNEL else len(KERNEL)


def test_no_foreign_key_points_upwards_or_across_lines() -> None:
    wrong = [
        f"{field} points to {field.related_model._meta.label}"
        for model in ours()
        for field in relations(model)
        if (target := field.related_model._meta.app_label) in {*KERNEL, *LINES}
        and target != model._meta.app_label
        and level(target) >= level(model._meta.app_label)
    ]
    assert not wrong


def first_columns(model: type[models.Model]) -> set[str]:
    indexed = {index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields}
    unique = {c.fields[0] for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and c.fields}
    return indexed | unique


def test_every_foreign_key_has_an_index() -> None:
    bare = [
        str(field)
        for model in ours()
        for field in relations(model)
        if not (getattr(field, "db_index", False) or field.unique) and field.name not in first_columns(model)
    ]
    assert not bare


def test_keys_are_time_ordered_uuids_or_natural() -> None:
    """A district can be joined to another without renumbering: no serial numbers, but natural keys are fine."""
    serial = [model._meta.label for model in ours() if isinstance(model._meta.pk, models.AutoField)]
    assert not serial, f"use UUIDField(default=uuid7): {serial}"


@pytest.mark.parametrize("model", list(ours()), ids=lambda model: model._meta.label)
def test_personal_data_is_declared(model: type[models.Model]) -> None:
    """``personal: ClassVar = {"field": "class"}``, on every model where something looks personal."""
    declared: dict[str, str] = vars(model).get("personal", {})
    names = {field.name for field in model._meta.get_fields()}
    assert set(declared) <= names, f"no such field: {set(declared) - names}"
    assert set(declared.values()) <= CLASSES, f"no such class: {set(declared.values()) - CLASSES}"
    looks = {field.name for field in model._meta.local_fields if looks_personal(field, bilingual="name_en" in names)}
    undecided = sorted(looks - set(declared))
    assert not undecided, f'classify these in {model.__name__}.personal; "none" where they only look it: {undecided}'


def looks_personal(field: "models.Field[object, object]", *, bilingual: bool) -> bool:
    """Free text, files, JSON, long lines, and texts with a telling name; what has a name in two languages is no person."""
    if isinstance(field, models.TextField | models.FileField | models.JSONField):
        return not field.choices
    if isinstance(field, models.CharField) and (field.max_length or 0) >= LONG and not field.choices:
        return not (bilingual or field.name.endswith("_en"))
    words = set(field.name.split("_"))
    return isinstance(field, models.CharField) and bool(words & TELLING) and not ("name" in words and bilingual)


# Classified, and in nobody's holding for a reason.
HELD_ELSEWHERE = {
    "events.Event": "holds the label of who acted only; residents are 居民",
}
OF_NOBODY_OUTSIDE = {"none", "staff", "secret"}


def test_what_is_personal_is_shown_and_erased_on_request() -> None:
    """Every model with a field that is personal to people outside is in the holding of some component (``base.holdings``)."""
    held = {label for holding in holdings() for label in holding.models}
    known = {model._meta.label for model in ours()}
    assert held <= known, f"no such models: {sorted(held - known)}"
    open_ = {
        model._meta.label for model in ours()
        if set(vars(model).get("personal", {}).values()) - OF_NOBODY_OUTSIDE
    } - set(HELD_ELSEWHERE)  # fmt: skip
    assert open_ <= held, f"say in declare_holding what these hold of a person: {sorted(open_ - held)}"


def test_people_are_pointed_at_by_holdings_only() -> None:
    """Whatever points at a person of the register is personal too, and would stand in the way of erasing."""
    held = {label for holding in holdings() for label in holding.models}
    pointing = {m._meta.label for m in ours() for f in relations(m) if f.related_model._meta.label == "register.Person"}
    assert pointing <= held


def test_no_generic_relations() -> None:
    """A row that points anywhere points nowhere the database can check."""
    generic = [
        model._meta.label for model in ours() for field in model._meta.local_fields
        if field.related_model and field.related_model._meta.label == "contenttypes.ContentType"
    ]  # fmt: skip
    assert not generic
