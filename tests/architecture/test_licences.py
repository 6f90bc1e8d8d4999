"""What is installed may be passed on with the project: permissive, LGPL or MPL; no GPL, no AGPL."""

import json
import re
from importlib.metadata import Distribution, distributions

import pytest

from .sources import ROOT

COPYLEFT = re.compile(r"(?<![L\w])A?GPL|Affero|(?<!Lesser )General Public License", re.IGNORECASE)
LESSER = re.compile(r"Lesser|LGPL|Library", re.IGNORECASE)


def said(distribution: Distribution) -> str:
    """Its licence: the expression, else the classifiers, else the first line of free text, else the beginning of the licence's file."""
    meta = distribution.metadata
    classifiers = [text for text in meta.get_all("Classifier") or [] if text.startswith("License ::")]
    stated = meta["License-Expression"] or "; ".join(classifiers) or (meta["License"] or "").split("\n")[0]
    return stated or " ".join(_text(distribution).split())[:300]


def _text(distribution: Distribution) -> str:
    names = distribution.metadata.get_all("License-File") or []
    found = (distribution.read_text(f"{folder}{name}") for name in names for folder in ("licenses/", ""))
    return next((text for text in found if text), "")


def is_refused(licence: str) -> bool:
    """Whether no alternative of ``A OR B`` is free of the GPL."""
    parts = re.split(r"\bOR\b|;", licence)
    return all(COPYLEFT.search(part) and not LESSER.search(part) for part in parts)


@pytest.mark.parametrize(
    ("licence", "refused"),
    [("MIT", False), ("GPL-3.0-only", True), ("LGPL-3.0-only", False), ("AGPL-3.0", True), ("MIT OR GPL-2.0", False),
     ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", False),
     ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True)],
)  # fmt: skip
def test_tells_them_apart(licence: str, refused: bool) -> None:
    assert is_refused(licence) is refused


def test_python_packages() -> None:
    refused = {d.metadata["Name"]: said(d) for d in distributions() if is_refused(said(d)) or not said(d)}
    assert not refused


def test_npm_packages() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    licences = {name: about.get("license", "") for name, about in lock["packages"].items() if name}
    assert not {name: licence for name, licence in licences.items() if is_refused(licence) or not licence}
