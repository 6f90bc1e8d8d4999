"""What an action asks for, as JSON Schema: from the same declaration as the page's form and the check in the engine."""

from datetime import datetime
from typing import Any

import msgspec

from zhitong.kernel.matters.public import Action, Ask, Choose, questions, reasons
from zhitong.ui.public import named


def schema_of(action: Action) -> dict[str, Any]:
    """``x-choose`` says of what an id must be; ``x-options`` lists what may be chosen where the list is short."""
    properties, required = {}, []
    for name, bare, ask, is_required, default in questions(action.payload) if action.payload else ():
        properties[name] = _property(bare, ask) | ({} if is_required or default is None else {"default": default})
        if is_required:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required}


def _property(bare: Any, ask: Ask) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.json.schema(bare)
    if bare is datetime:
        said["format"] = "date-time"
    if said.get("type") == "string" and "format" not in said:
        said["maxLength"] = ask.most
    said["title"] = str(ask.label)
    if ask.help:
        said["description"] = str(ask.help)
    if ask.choose:
        said["x-choose"] = str(ask.choose)
    if options := _options(ask):
        said["x-options"] = options
    return said


def _options(ask: Ask) -> list[dict[str, str]]:
    if ask.choices:
        return [{"value": slug, "label": str(label)} for slug, label in ask.choices]
    if ask.choose is Choose.REASON:
        return [{"value": str(one.pk), "label": named(one)} for one in reasons(ask.reasons)]
    return []


def purposes(action: Action) -> list[str]:
    """What files of an action may be given as; "" where one control takes them all."""
    return [""] if len(action.takes) == 1 else list(action.takes)
