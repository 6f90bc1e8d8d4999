"""Surveys on the phone: an answer, and why there is none, both entered without network and sent later."""

from datetime import datetime
from typing import Any

from zhitong.kernel.accounts.public import Actor
from zhitong.ui.public import Entry

from .answers import miss, submit

FORM = "xml_submission_file"  # the name of the answer among its files, as the engine of the form gives it


def answered(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Take an answer.  Somebody else's that the phone had not heard of is shown first."""
    said, files = entry.fields, dict(entry.files)
    content = files.pop(FORM, b"")
    submit(
        said["target"],
        content,
        files,
        filled_at=entry.done_at(at),
        seen=said["version"],
        by=by,
        at=at,
    )
    return {"target": str(said["target"])}


def missed(entry: Entry, by: Actor, at: datetime) -> dict[str, Any]:
    """Why nobody could be asked."""
    miss(entry.fields["target"], entry.fields["note"], tried_at=entry.done_at(at), by=by, at=at)
    return {"target": str(entry.fields["target"])}
