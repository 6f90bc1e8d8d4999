"""Which token may do what: every operation of the machine interface through every post, with one's own and with others'.

The table below is the rule, not a record: an operation without a line in it fails, and so does a line without one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from ninja.operation import Operation

from tests.district import photo
from tests.machine import Machine, machine
from zhitong.apikit.api import needs_of
from zhitong.gateway.assembly import root
from zhitong.kernel.accounts.public import ApiScope
from zhitong.kernel.matters import public as m
from zhitong.lines.hall.public import version_on

from .scene import PERSONAS, Scene

pytestmark = pytest.mark.django_db
POSTS = {letter: name for letter, name in PERSONAS.items() if letter not in "RNS"}

# The cells: y yes; o one's own yes, what is others' is not found; n refused; h not found, though it is
# there.  Without a token everything is refused with
# 401; without the use in the last column, with 403.  A grant for own work reaches what the system itself has opened.
TABLE = """
                                            G C W E H  D A V U L M P K   use
GET  /token                                 y y y y y  y y y y y y y y   -
# raising
POST /appeals                               y y y y y  y n n n n n n n   raise
POST /appeals/tracked                       y y y y y  y n n n n n n n   raise
POST /appeals/tracked/actions/{action}      y y y y y  y n n n n n n n   raise
POST /files                                 y y y y y  y y y y y y y y   raise,act
# matters: what the post sees
GET  /matters                               y y y y y  y y y y y n n n   read
GET  /matters/{matter_id}                   o o o o o  y y y y y n n n   read
GET  /matters/{matter_id}/events            o o o o o  y y y y y n n n   read
GET  /matters/{matter_id}/actions           o o o o o  y y y y y n n n   act
POST /matters/{matter_id}/actions/{action}  o o o o o  y y y y y n n n   act
GET  /files/{file_id}                       o o o o o  y y y y y n n n   read
# lists that everybody may read
GET  /kinds                                 y y y y y  y y y y y y y y   -
GET  /categories                            y y y y y  y y y y y y y y   -
GET  /organs                                y y y y y  y y y y y y y y   -
GET  /organs/{organ_id}                     y y y y y  y y y y y y y y   -
GET  /responsible                           y y y y y  y y y y y y y y   -
GET  /divisions                             y y y y y  y y y y y y y y   -
GET  /divisions/shapes                      y y y y y  y y y y y y y y   -
GET  /divisions/{division_id}               y y y y y  y y y y y y y y   -
GET  /locate                                y y y y y  y y y y y y y y   -
POST /locate                                y y y y y  y y y y y y y y   -
# the hall: what is offered, and taking in over the counter
GET  /items                                 y y y y y  y y y y y y y y   -
GET  /items/{item_id}                       y y y y y  y y y y y y y y   -
POST /applications                          n y n n n  n n n n n n n n   raise
# help for the dispatcher
POST /suggestions                           y y y y y  y y y y y y y y   read,raise
GET  /hot-spots                             n n n n n  y n n y y y n n   read
GET  /routing-rules                         n n n n n  y n n y y y n n   read
GET  /danger-words                          n n n n n  y n n y y y n n   read
# homes: masked, as far as the post reaches
GET  /buildings                             y y y y y  n n n n n y n n   homes
GET  /buildings/{home_building_id}/units    o h o o o  n n n n n y n n   homes
POST /buildings                             y n n n n  n n n n n y n n   homes
POST /people/lookup                         y y y y y  n n n n n y n n   homes
# drives
GET  /drives                                n n y y y  n n n y y y n n   read
GET  /drives/{drive_id}                     n n o o o  n n n y y y n n   read
GET  /drives/{drive_id}/targets             n n o o o  n n n y y y n n   read
# figures
GET  /indicators                            n n n n y  y y n y y y n n   figures
GET  /figures                               n n n n y  y y n y y y n n   figures
GET  /figures/matters                       n n n n y  y y n y y y n n   read
"""
SPAN = "since=2026-01-01&until=2026-01-31"
QUERIES = {
    "/divisions/shapes": "level=street", "/locate": "lon=117.02&lat=36.55", "/figures": f"indicator=appeal_volume&{SPAN}",
    "/figures/matters": f"indicator=appeal_volume&{SPAN}",
}  # fmt: skip
BODIES: dict[str, Any] = {
    "/appeals": {"text": "路灯不亮。"}, "/suggestions": {"text": "路灯不亮。"}, "/locate": {"points": [[117.02, 36.55]]},
    "/buildings": {"buildings": [{"division": "990101001", "name": "9号楼", "address": "东风路9号"}]},
    "/people/lookup": {"phone": "13800000077", "reason": "核对居住登记"},
    "/matters/{matter_id}/actions/{action}": {"data": {"note": "看过"}},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    method: str
    path: str
    cells: dict[str, str]
    uses: frozenset[str]


def lines() -> dict[tuple[str, str], Line]:
    """By method and path."""
    found = {}
    for text in TABLE.strip().splitlines()[1:]:
        if not text.startswith("#"):
            method, path, *cells, uses = text.split()
            named = dict(zip(POSTS.values(), cells, strict=True))
            found[method, path] = Line(method, path, named, frozenset(uses.split(",")) - {"-"})
    return found


OWNED = re.compile("{(matter_id|drive_id|file_id|home_building_id)}")
LINES = lines()
OPERATIONS = {(one.methods[0], re.sub(r"{\w+:", "{", one.path)): one for one in root().operations()}
BY_NAME = {f"{method} {path}": (method, path) for method, path in LINES}


@dataclass
class Town:
    """A system for each post, with something of its own and something of others'."""

    systems: dict[str, Machine] = field(default_factory=dict)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    other: dict[str, dict[str, Any]] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)

    def paths(self, line: Line, post: str) -> list[str]:
        """The address of one's own, and of somebody else's where the path names something of a matter."""
        subjects = [self.own[post], self.other[post]] if OWNED.search(line.path) else [{}]
        query = f"?{QUERIES[line.path]}" if line.method == "GET" and line.path in QUERIES else ""
        rest = self.rest | ({"action": "supplement"} if line.path.startswith("/appeals") else {})
        return [filled(line.path, rest | subject) + query for subject in subjects]

    def ask(self, system: Machine, line: Line, path: str) -> HttpResponse:
        """One request; what it changed is undone."""
        with transaction.atomic():
            if line.path == "/files" and line.method == "POST":
                answer = system.upload(path, file=SimpleUploadedFile("a.jpg", photo()))
            else:
                answer = system.ask(line.method, path, self.bodies[line.path] if line.method == "POST" else None)
            transaction.set_rollback(True)
        return answer


def filled(path: str, values: dict[str, Any]) -> str:
    """The path with its names filled in."""
    return path.format(**values)


@pytest.fixture(scope="module")
def town(scene: Scene, django_db_blocker: Any) -> Iterator[Town]:
    """A system through each post; what those for own work have raised themselves is theirs."""
    here, there = scene.things["here"], scene.things["there"]
    rest = {
        "organ_id": scene.district.organs["street"].pk,
        "division_id": scene.district.streets["street"],
        "action": "note",
        "drive_id": here["drive_id"],
    }
    with django_db_blocker.unblock():
        mine, offered = scene.district.open(), scene.things["shown"]["item_id"]
        version = version_on(offered, timezone.localdate())
        assert version is not None
        taken = {"item": str(offered), "name": "王小明", "citizen_id": "11010519491231002X", "phone": "13800007777", "is_another": True,
                 "materials": {str(material): "handed" for material in version.materials.values_list("pk", flat=True)}}  # fmt: skip
        shown = {"number": mine.number, "code": mine.code}
        followed = {
            "/appeals/tracked": shown,
            "/appeals/tracked/actions/{action}": {**shown, "data": {"text": "补充一点。"}},
        }
        built = Town(rest=rest | {"item_id": offered}, bodies=BODIES | followed | {"/applications": taken})
        for post in POSTS.values():
            built.systems[post] = machine(scene.district, post, per_minute=100_000)
            built.own[post], built.other[post] = (there, here) if post == "elsewhere" else (here, there)
        for post in ("grid", "clerk"):
            built.own[post] = here | raised(built.systems[post])
        yield built


def raised(system: Machine) -> dict[str, Any]:
    """Something a system has raised itself, with a file."""
    ticket = system.upload("/files", file=SimpleUploadedFile("a.jpg", photo())).json()["ticket"]
    told = system.post("/appeals", {"text": "大厅门口地砖松动。", "files": [ticket]}).json()
    return {
        "matter_id": told["id"],
        "file_id": m.Attachment.objects.values_list("pk", flat=True).get(matter=told["id"]),
    }


def test_the_table_names_every_operation_and_no_other() -> None:
    assert sorted(LINES) == sorted(OPERATIONS), "say in the TABLE which token may do this"


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_an_operation_declares_what_the_table_says(name: str) -> None:
    operation: Operation = OPERATIONS[BY_NAME[name]]
    assert frozenset(needs_of(operation).scopes) == LINES[BY_NAME[name]].uses


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_an_operation_is_open_to_those_it_is_for(town: Town, name: str) -> None:
    line, wrong = LINES[BY_NAME[name]], []
    for post, cell in line.cells.items():
        for number, path in enumerate(town.paths(line, post)):
            answer = town.ask(town.systems[post], line, path)
            wanted = {"y": {200, 201}, "n": {403}, "h": {404}, "o": {200} if number == 0 else {404}}[cell]
            if name.startswith("POST /matters") and cell != "n" and number == 0:
                wanted = {200, 403}  # seeing a matter is not enough to write on it
            if answer.status_code not in wanted:
                wrong.append(f"{post} {name} ({('own', 'other')[number]}): {answer.status_code}, the table says {cell}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_nobody_gets_in_without_a_token_or_its_use(town: Town, scene: Scene, name: str) -> None:
    line = LINES[BY_NAME[name]]
    post = next(post for post, cell in line.cells.items() if cell in "yo")
    path = town.paths(line, post)[0]
    stranger = town.ask(Machine(), line, path)
    assert (stranger.status_code, stranger.json()["code"]) == (401, "token_missing")
    if line.uses:
        others = sorted(set(ApiScope.values) - line.uses)
        with transaction.atomic():
            answer = town.ask(machine(scene.district, post, *others), line, path)
            transaction.set_rollback(True)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("name", [name for name in sorted(BY_NAME) if "matter_id" in name or "file_id" in name])
def test_what_is_hidden_looks_like_what_is_not_there(town: Town, name: str) -> None:
    """Nobody learns from an answer that a matter exists."""
    line = LINES[BY_NAME[name]]
    nowhere = {"matter_id": "01a00000-0000-7000-8000-000000000000", "file_id": "01a00000-0000-7000-8000-000000000000"}
    hidden, missing = town.paths(line, "worker")[1], filled(line.path, town.rest | nowhere)
    told = [town.ask(town.systems["worker"], line, path) for path in (hidden, missing)]
    assert [answer.status_code for answer in told] == [404, 404]
    assert told[0].content == told[1].content


def test_a_search_finds_nothing_of_others(town: Town) -> None:
    """Not by number, words or person, neither in lists nor behind figures."""
    there = m.Matter.objects.get(pk=town.other["head"]["matter_id"])
    today = timezone.localdate()
    for query in (f"q={there.number}", "q=路灯", "state=open", f"organ={there.lead_id}", f"division={there.area_id}"):
        for path in (
            f"/matters?{query}",
            f"/figures/matters?indicator=appeal_volume&since={today}&until={today}&{query}",
        ):
            found = town.systems["head"].get(path).json()["items"]
            assert there.number not in [one["number"] for one in found], path
