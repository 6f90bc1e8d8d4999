"""What the project's files say, and must not say."""

import re

import pytest

from .sources import ROOT, files

# Whoever writes has a folder somewhere; nobody else has it.
PLACE = r"/(?:work|tmp|root|opt|mnt|Users)/[\w.]|(?<![\w.}/])/home/\w"
# Spelt in pieces, so that this file does not name them itself.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "npmjs" + ".", "registry" + ".npm", "deb." + "debian"]
FORBIDDEN = re.compile("|".join([PLACE, *map(re.escape, REGISTRIES)]))
TEXTS = {
    ".py",
    ".md",
    ".toml",
    ".html",
    ".js",
    ".mjs",
    ".css",
    ".json",
    ".lock",
    ".po",
    ".sh",
    ".txt",
    ".csv",
    ".cfg",
    "",
}


def test_nothing_names_a_workplace_or_a_registry() -> None:
    """What is here works anywhere, behind any mirror."""
    found = []
    for path in files():
        if path.suffix in TEXTS and path.stat().st_size < 2_000_000:
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FORBIDDEN.finditer(text)]
    assert not found


@pytest.mark.parametrize("name", ["package-lock.json", "requirements.lock"])
def test_locks_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(
        r'"resolved"|https?://(?!(?:www\.)?(?:opencollective|github|patreon|ko-fi|tidelift))|--index', text
    )


@pytest.mark.parametrize(
    "name",
    ["README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "TESTING.md", "SECURITY.md", "LICENSE"],
)
def test_a_newcomer_finds(name: str) -> None:
    assert (ROOT / name).stat().st_size > 200


def test_the_changelog_has_this_release() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {version[1]}" in changelog
