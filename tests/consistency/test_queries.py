"""How much a page asks of the database: every page that is read, as every persona, in a district where something goes on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern
from django.utils import timezone

from tests.district import District
from zhitong.kernel.matters import public as m

from .scene import PERSONAS, Scene, routes

pytestmark = pytest.mark.django_db
# Session, account with its posts, marks of what is kept, and the count of notices are in it.
MOST_QUERIES = 14
ROUTES = [(name, pattern) for name, pattern in routes() if not name.startswith("ui:")]


@pytest.fixture(scope="module")
def busy(scene: Scene) -> Scene:
    """Some of everything, on top of the scene; and on its one matter whatever a matter can have."""
    district = scene.district
    for _n in range(3):
        district.open(urgency="urgent")
        district.met()
        district.closed(is_public=True)
        district.open(text="燃气泄漏，气味很大，请马上派人。", at=timezone.now() - timedelta(days=2))
    asked = district.met()
    district.act(asked, "ask_extension", "worker", clock="conclude", amount=3, reason="需采购配件")
    district.act(district.concluded(), "visit", "visitor", how="phone", reached=False)
    _crowd(district, scene)
    m.tick(timezone.now() + timedelta(days=3))
    return scene


def _crowd(district: District, scene: Scene) -> None:
    """Everything at once on the matter of the street office: returned, sent again, assigned, split, tied, much written."""
    here = m.Matter.objects.get(pk=scene.things["here"]["matter_id"])
    reason = str(m.Reason.objects.filter(list="return").first().pk)
    by = {name: district.actor(name) for name in ("worker", "dispatcher", "head", "supervisor")}

    def act(name: str, slug: str, **data: object) -> None:
        m.act(here.pk, slug, data, by=by[name], at=timezone.now())

    suggested = str(district.organs["street"].pk)
    act("worker", "return", reason=reason, ground="不属于本街道职责", suggest=suggested)
    act("dispatcher", "split", text="另有一处井盖缺失。")
    sent = {"category": str(district.category.pk), "urgency": "normal", "reason": "属地管理"}
    act("dispatcher", "pass", lead=suggested, co=[str(district.organs["bureau"].pk)], **sent)
    for name in ("colleague", "grid"):
        act("head", "assign", staff=str(district.people[name].staff_id))
    act("supervisor", "urge", demand="请抓紧办理")
    act("worker", "meet", who="承办人与反映人", how="phone", when=timezone.now().isoformat(), said="约定本周修复。")


@pytest.mark.parametrize(("name", "pattern"), ROUTES, ids=[name for name, _pattern in ROUTES])
def test_a_page_asks_little(busy: Scene, name: str, pattern: URLPattern) -> None:
    wrong = []
    for persona in (*PERSONAS.values(), "firm"):
        path = busy.paths(name, pattern, persona)[0]
        client = busy.client(persona)
        if client.get(path).status_code != 200:
            continue
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        if len(asked) > MOST_QUERIES:
            wrong.append(f"{persona}: {len(asked)}\n" + "\n".join(q["sql"][:160] for q in asked.captured_queries))
    assert not wrong, "\n\n".join(wrong)


FORMS = [action.slug for action in m.KINDS["appeal"].actions if action.permission]


@pytest.mark.parametrize("slug", FORMS)
def test_the_form_of_an_action_asks_little(busy: Scene, slug: str) -> None:
    matter_id = busy.things["here"]["matter_id"]
    for persona in ("worker", "dispatcher", "head", "supervisor"):
        client, path = busy.client(persona), f"/desk/matters/{matter_id}/do/{slug}/"
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert len(asked) <= MOST_QUERIES, "\n".join(q["sql"][:160] for q in asked.captured_queries)
