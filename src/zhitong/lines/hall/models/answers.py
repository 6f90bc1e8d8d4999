"""Answers as they are kept: whatever tells somebody's number is sealed, alone or within a sentence; all else as it is."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from django.db import models

from zhitong.base.citizen import citizen_id, mobile
from zhitong.base.text import mask_inline
from zhitong.kernel.accounts.public import keyring

SEALED = "sealed"  # an answer is a text, a list or yes and no, never a mapping
_MAIL = frozenset("@＠")
_FEWEST, _LONGEST = 7, 24  # digits of a number; places of one that is written with spaces


class AnswersField(models.JSONField):
    """A mapping of answers.  In the table a text that tells somebody's number is a mapping of its own, ``{"sealed": …}``; on the row
    it is the text.  What a page masks is sealed."""

    @property
    def place(self) -> str:
        """What sealed values are bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def kept(self, answers: Any) -> Any:
        """The answers as the table holds them."""
        if not isinstance(answers, Mapping):
            return answers
        return {name: self._sealed(value) if _tells_a_number(value) else value for name, value in answers.items()}

    def opened(self, kept: Any) -> Any:
        """The answers again."""
        if not isinstance(kept, Mapping):
            return kept
        return {name: self._open(value) if _is_sealed(value) else value for name, value in kept.items()}

    def is_current(self, kept: Mapping[str, Any]) -> bool:
        """Whether everything sealed in it uses the first key."""
        ring = keyring()
        return all(ring.is_current(b64decode(value[SEALED])) for value in kept.values() if _is_sealed(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(self.kept(value), connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.opened(super().from_db_value(value, expression, connection))

    def _sealed(self, text: str) -> dict[str, str]:
        return {SEALED: b64encode(keyring().seal(text, self.place)).decode()}

    def _open(self, value: Mapping[str, str]) -> str:
        return keyring().open(b64decode(value[SEALED]), self.place)


def _tells_a_number(value: Any) -> bool:
    """Most answers are short and hold few digits: they are not looked at any further."""
    if not isinstance(value, str) or (sum(map(str.isdigit, value)) < _FEWEST and not _MAIL & set(value)):
        return False
    return mask_inline(value) != value or (len(value) <= _LONGEST and bool(citizen_id(value) or mobile(value)))


def _is_sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and SEALED in value
