"""The project's own files, read for the tests beside this one."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zhitong"
SKIPPED = {"node_modules", "var", "__pycache__", "test-results"}


def is_made(name: str) -> bool:
    """Whether a folder holds what tools made: caches, environments, metadata of the installed package."""
    return name.startswith(".") or name.endswith(".egg-info")


def files(root: Path = ROOT) -> Iterator[Path]:
    """Every file that belongs to the project."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name == ".ci" or not (name in SKIPPED or is_made(name))]
        yield from (Path(folder) / name for name in names)


def python() -> Iterator[Path]:
    """The package's Python, without tests and migrations."""
    for path in files(PACKAGE):
        if path.suffix == ".py" and not {"tests", "migrations"} & set(path.parts):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a module with its length in lines, its docstring left out."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines
