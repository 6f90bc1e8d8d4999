"""Every page template compiles, is short, and holds nothing the content security policy would stop."""

import re
from pathlib import Path

import pytest
from django.template import engines

from .sources import PACKAGE, ROOT, files

LONGEST = 200
INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)(?![^>]*importmap)", re.IGNORECASE),
    "style": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "handler attribute": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "script address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
}
TEMPLATES = sorted(path for path in files(PACKAGE) if "templates" in path.parts and path.suffix in {".html", ".txt"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_template(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    name = str(path).rpartition("/templates/")[2]
    assert len(text.splitlines()) <= LONGEST, f"{path.relative_to(ROOT)} is longer than {LONGEST} lines"
    inline = [what for what, pattern in INLINE.items() if pattern.search(text)]
    assert not inline, f"{path.relative_to(ROOT)} holds an inline {inline}"
    if not name.startswith("admin/"):
        engines["jinja2"].get_template(name)
