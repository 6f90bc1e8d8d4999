"""The smart form as controls: questions become fields, rows of questions numbered fields, findings the errors beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.translation import gettext as _

from zhitong.kernel.territory import public as territory
from zhitong.ui.public import DateInput, SearchSelect

from ..rules.smart import KINDS, MOST_ROWS, Ask, ChangeKind, Finding, asks_of

SPARE = 2


@dataclass(frozen=True, slots=True)
class Block:
    """One question as the page draws it: a field, or the fields of its rows with a label for each row."""

    label: Any
    help: Any
    field: BoundField | None
    rows: list[list[BoundField]]
    errors: list[Any]
    id: str


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one kind of change, or those that every application is asked."""

    title: Any
    help: Any
    blocks: list[Block]


class KindsForm(forms.Form):
    """Which changes are applied for."""

    kinds = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.slug, kind.label) for kind in KINDS.values()]  # type: ignore[attr-defined]
        self.fields["kinds"].label = _("选择变更事项")
        self.fields["kinds"].error_messages["required"] = _("请至少选择一项变更。")


class SmartForm(forms.Form):
    """The questions of some kinds with what was typed; judged by the rules, not here."""

    use_required_attribute = False

    def __init__(
        self, kinds: tuple[ChangeKind, ...], answers: Mapping[str, Any], findings: Iterable[Finding] = ()
    ) -> None:
        super().__init__(initial=_initial(answers))
        self._kinds, self._answers = kinds, answers
        for ask in asks_of(kinds):
            self._add(ask)
        found: dict[str, list[Any]] = {}
        for one in findings:
            found.setdefault(one.field, []).append(one.message)
        self._apart = {name: texts for name, texts in found.items() if name not in self.fields}
        self._errors = ErrorDict({name: ErrorList(texts) for name, texts in found.items() if name in self.fields})

    def _add(self, ask: Ask) -> None:
        if not ask.columns:
            self.fields[ask.slug] = _field(ask)
            return
        given = self._answers.get(ask.slug)
        rows = min((len(given) if isinstance(given, list) else 0) + SPARE, MOST_ROWS)
        for number in range(rows):
            for column in ask.columns:
                self.fields[f"{ask.slug}-{number}-{column.slug}"] = _field(column)

    @property
    def sections(self) -> list[Section]:
        """Kind by kind, then what every application is asked; a question that two kinds ask stands with the first."""
        done: set[str] = set()
        found = []
        for kind in self._kinds:
            found.append(Section(kind.label, kind.help, [self._block(a) for a in kind.asks if a.slug not in done]))
            done |= {ask.slug for ask in kind.asks}
        rest = [self._block(ask) for ask in asks_of(self._kinds) if ask.slug not in done]
        return [*found, Section(_("申请与经办"), "", rest)]

    def _block(self, ask: Ask) -> Block:
        errors = self._apart.get(ask.slug, [])
        if not ask.columns:
            return Block(ask.label, ask.help, self[ask.slug], [], errors, "")
        rows = []
        for number in range(MOST_ROWS):
            names = [f"{ask.slug}-{number}-{column.slug}" for column in ask.columns]
            if names[0] in self.fields:
                rows.append([self[name] for name in names])
        return Block(ask.label, ask.help, None, rows, errors, f"id_{ask.slug}")

    @property
    def problems(self) -> list[tuple[str, Any, Any]]:
        """(id of the control, label, sentence) of everything to be mended."""
        labels = {ask.slug: ask.label for ask in asks_of(self._kinds)}
        found = [
            (self[name].id_for_label, self.fields[name].label, text)
            for name, texts in self._errors.items()
            for text in texts
        ]
        apart = (
            (f"id_{name}" if name in labels else "", labels.get(name, ""), t)
            for name, ts in self._apart.items()
            for t in ts
        )
        return found + list(apart)


def _initial(answers: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for slug, value in answers.items():
        if isinstance(value, list):
            found |= {
                f"{slug}-{n}-{cell}": text
                for n, row in enumerate(value)
                if isinstance(row, Mapping)
                for cell, text in row.items()
            }
        else:
            found[slug] = value
    return found


def _field(ask: Ask) -> forms.Field:
    label, help_text = ask.label, ask.help
    if ask.only:
        help_text = help_text or _("选择其他的不填。")
    common: dict[str, Any] = {"label": label, "help_text": help_text, "required": ask.is_needed and not ask.only}
    match ask.reads:
        case "choice":
            return forms.ChoiceField(choices=[("", _("请选择")), *ask.choices], **common)
        case "division":
            streets = [(node.code, str(node)) for node in territory.of_level("street")]
            return forms.ChoiceField(choices=[("", _("请选择")), *streets], widget=SearchSelect, **common)
        case "day":
            return forms.CharField(widget=DateInput, **common)
        case "long":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}), **common)
        case "money":
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 30}), **common)
        case "phone":
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "tel", "maxlength": 30}), **common)
    return forms.CharField(widget=forms.TextInput(attrs={"maxlength": 200}), **common)


def typed(kinds: tuple[ChangeKind, ...], sent: QueryDict) -> dict[str, Any]:
    """What was typed into the controls, by question; rows in which nothing is left are gone."""
    found: dict[str, Any] = {}
    for ask in asks_of(kinds):
        if not ask.columns:
            found[ask.slug] = sent.get(ask.slug, "")[:4000]
            continue
        rows = [
            {c.slug: sent.get(f"{ask.slug}-{n}-{c.slug}", "")[:200] for c in ask.columns}
            for n in range(MOST_ROWS) if f"{ask.slug}-{n}-{ask.columns[0].slug}" in sent
        ]  # fmt: skip
        tells = [c.slug for c in ask.columns if c.reads != "choice"]
        found[ask.slug] = [row for row in rows if any(row[slug].strip() for slug in tells)]
    return found
