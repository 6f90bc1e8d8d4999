"""What import-linter's contracts cannot say."""

import ast
import os
import subprocess
import sys
from functools import cache

import grimp
import pytest

from .sources import PACKAGE, ROOT, python, tree

WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create", "save"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("zhitong", cache_dir=None)


def component(module: str) -> str | None:
    """``zhitong.kernel.events.models`` belongs to ``zhitong.kernel.events``.  Lines have no door: nobody builds on them."""
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) > 3 and parts[1] == "kernel" else None


def test_the_kernel_is_entered_by_its_public_doors_only() -> None:
    entered = []
    for importer in graph().modules:
        if ".tests" in importer:
            continue
        for imported in graph().find_modules_directly_imported_by(importer):
            owner = component(imported)
            if owner and owner != component(importer) and imported != f"{owner}.public" and importer != owner:
                entered.append(f"{importer} imports {imported}")
    assert not entered, "import from its public module instead:\n" + "\n".join(sorted(entered))


def is_manager_write(node: ast.AST) -> bool:
    """``Model.objects.…create(…)`` and its like."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
        return False
    return any(isinstance(inner, ast.Attribute) and inner.attr == "objects" for inner in ast.walk(node.func.value))


@pytest.mark.parametrize("face", ["web", "api"])
def test_pages_write_only_through_actions(face: str) -> None:
    writes = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python()
        if face in path.relative_to(PACKAGE).parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and is_manager_write(node)
    ]
    assert not writes, f"call an action instead: {writes}"


def imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [f"{'.' * node.level}{node.module or ''}"]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_rules_know_neither_django_nor_the_clock() -> None:
    """What they say to people may be lazily translated; the moment and the day are given to them."""
    wrong = []
    for path in python():
        if "rules" not in (path.stem, path.parent.name):
            continue
        for node in ast.walk(tree(path)):
            known = [
                name for name in imports(node) if name.split(".")[0] == "django" and name != "django.utils.translation"
            ]
            clock = isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
            if known or clock:
                wrong.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert not wrong


def test_no_signals() -> None:
    """What one component does when another acts goes through an event subscription."""
    users = [
        str(path.relative_to(ROOT)) for path in python()
        if "django.db.models.signals" in path.read_text(encoding="utf-8")
    ]  # fmt: skip
    assert not users


SLOW = {"authlib", "lxml", "openpyxl", "pypdf", "requests", "scipy"}
SERVES = """
import sys
from zhitong.config.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
print(*{name.partition(".")[0] for name in sys.modules})
"""


def test_what_is_slow_to_load_and_rarely_needed_is_not_loaded_with_the_server() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", SERVES], env=environment, capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "django" in loaded
    assert not SLOW & loaded, "import it in the function that needs it"
