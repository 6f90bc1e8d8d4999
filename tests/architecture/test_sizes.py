"""Modules and functions stay small; the bars are those of CONTRIBUTING.md."""

from statistics import median, quantiles

from .sources import ROOT, functions, python

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python()}
    long = [f"{path.relative_to(ROOT)}: {length}" for path, length in lengths.items() if length > LONGEST_MODULE]
    assert not long, "make each a package of the same name: " + ", ".join(long)


def test_modules_are_short_on_the_whole() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in python()]
    written = [length for length in lengths if length > 2]
    assert median(written) <= 100
    assert quantiles(written, n=20)[-1] <= 300


def test_no_function_is_longer_than_60_lines() -> None:
    long = [f"{name}: {length}" for path in python() for name, length in functions(path) if length > LONGEST_FUNCTION]
    assert not long, "\n".join(long)


def test_functions_are_short_on_the_whole() -> None:
    lengths = [length for path in python() for _, length in functions(path)]
    assert median(lengths) <= 10
    assert quantiles(lengths, n=20)[-1] <= 35
