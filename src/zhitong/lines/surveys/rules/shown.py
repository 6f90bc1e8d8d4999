"""An answer as people read it: question by question, rounds of a repeat under their own heading."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .xform import Form, Question


@dataclass(frozen=True, slots=True)
class Line:
    """One question and what was said; or a heading (``is_heading``), of a group or of a round (``number``, from 1) of a repeat."""

    label: str
    said: str = ""
    is_heading: bool = False
    number: int = 0
    is_file: bool = False


def lines(form: Form, values: dict[str, Any]) -> Iterator[Line]:
    """What was answered, in the order of the form."""
    yield from _inside(form, values, f"/{form.root}")


def _inside(form: Form, values: dict[str, Any], path: str) -> Iterator[Line]:
    for question in form.questions.values():
        parent, _, name = question.path.rpartition("/")
        if parent != path or name not in values:
            continue
        value = values[name]
        if isinstance(value, list):
            for number, one in enumerate(value, 1):
                yield Line(question.label or name, is_heading=True, number=number)
                yield from _inside(form, one, question.path)
        elif isinstance(value, dict):
            if question.label:
                yield Line(question.label, is_heading=True)
            yield from _inside(form, value, question.path)
        elif question.is_asked:
            yield Line(question.label or name, worded(question, value), is_file=question.control == "upload")


def worded(question: Question, said: str) -> str:
    """Choices by their words."""
    if not question.choices:
        return said
    chosen = [said] if question.control == "select1" else said.split()
    return "、".join(question.choices.get(one) or one for one in chosen)
