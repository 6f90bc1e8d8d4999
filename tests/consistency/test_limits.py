"""How often a stranger may try: every public form, signing in, and guessing a tracking code."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhitong.base.identifiers import tracking_code
from zhitong.kernel.accounts.actions import rates
from zhitong.kernel.accounts.models import Rate
from zhitong.kernel.accounts.public import protection_of
from zhitong.kernel.reviews.rules import CODE_LENGTH, TRIES_BY_ADDRESS, TRIES_SECONDS
from zhitong.lines.appeals.api import following
from zhitong.lines.appeals.web.views import tracking
from zhitong.lines.hall.actions.bookings import DIGITS
from zhitong.lines.hall.web.views import screens

from .scene import Scene, routes
from .test_access import LINES

pytestmark = pytest.mark.django_db

# What a stranger may send to without having shown anything: a body that is taken, and what is answered beyond the limit.
# Helps that come while somebody types just stay away.
FORMS: dict[str, tuple[dict[str, Any], int]] = {
    "appeals:new": ({"subkind": "report", "text": "北门垃圾桶已满三天，无人清运。"}, 429),
    "appeals:hints": ({"text": "路灯不亮"}, 204),
    "appeals:join": ({}, 429),
    "appeals:track": ({"number": "202611220000014", "code": "ABCDEFGH"}, 429),
    "accounts:sign_in": ({"username": "worker", "password": "Wrong-guess-1"}, 429),
    "hall:apply": ({"name": "王小明"}, 429),
    "hall:bundle_apply": ({"name": "王小明"}, 429),
    "hall:ask_agent": ({"name": "王小明", "phone": "13800001234", "words": "请上门取材料"}, 429),
    "hall:take": ({}, 429),
    "hall:book": ({}, 429),
    "hall:kiosk": ({"code": "123456"}, 429),
    "hall:note_missed": ({"q": "剧本杀"}, 204),
    "portal:review_ask": ({"code": "ABCDEFGH"}, 429),
    "register:firm_sign_in": ({"code": "91379999MA3C0D1E2W", "whom": "liaison"}, 429),
}
# Where a code is typed that nothing has.
CODES = {"hall:kiosk"}
# These change nothing but the own browser, count by what is tried, or belong to whoever holds an address that cannot be guessed;
# a review is given once, and one under a poster once a day (``kernel/reviews``).
NO_FORMS = {
    "set_language", "accounts:sign_out", "accounts:sign_in_code", "register:firm_code", "register:firm_sign_out",
    "hall:give_up", "hall:call_off", "portal:review", "portal:review_poster",
}  # fmt: skip


def is_open(route: str, view: Any) -> bool:
    """Whether a stranger's POST is taken there."""
    line = next((one for one in LINES[route] if "POST" in one.methods), None)
    protection = protection_of(view)
    return (
        line is not None and line.cells["stranger"] in "yo" and protection is not None and protection.kind == "public"
    )


def test_every_form_that_is_open_to_strangers_is_known_here() -> None:
    found = {name for name, pattern in routes() if is_open(name, pattern.callback)}
    assert found == set(FORMS) | NO_FORMS


# A key that was used before is refused.  Where the allowance itself ends is tested with ``limit_rate``.
USED_UP = """
    INSERT INTO accounts_rate AS rate (key, free_at) VALUES (%(key)s, clock_timestamp() + %(interval)s * interval '1 second')
    ON CONFLICT (key) DO UPDATE SET free_at = rate.free_at
        WHERE rate.free_at < clock_timestamp() + interval '1 day' AND %(period)s > 0
    RETURNING 1
"""


def use_up(monkeypatch: pytest.MonkeyPatch, key: str = "") -> None:
    """Whatever has been counted so far, under keys that begin so: its allowance is gone, for days."""
    monkeypatch.setattr(rates, "_USE", USED_UP)
    Rate.objects.filter(key__startswith=key).update(free_at=timezone.now() + timedelta(days=2))


def path_of(scene: Scene, route: str) -> str:
    return scene.paths(route, dict(routes())[route], "stranger")[0]


@pytest.mark.parametrize("route", FORMS)
def test_a_public_form_is_not_sent_without_end(scene: Scene, route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it counts: once that is used up, nothing more is taken, and the page says when to come again."""
    (body, status), path = FORMS[route], path_of(scene, route)
    assert Client().post(path, body).status_code in ((404,) if route in CODES else (200, 302, 422))
    assert Rate.objects.exists()
    use_up(monkeypatch)
    answer = Client().post(path, body)
    assert answer.status_code == status
    if status == 429:
        assert int(answer["Retry-After"]) > 60
        assert "分钟后再试" in answer.content.decode()


def test_what_somebody_does_with_the_own_appeal_is_counted_before_files_are_looked_into(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = reverse("appeals:act", args=[scene.things["here"]["number"], "supplement"])
    assert scene.client("resident").post(path, {"text": ""}).status_code == 422
    use_up(monkeypatch)
    assert scene.client("resident").post(path, {"text": "再补充一点。"}).status_code == 429


def test_a_form_sent_too_often_keeps_what_was_typed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    body = FORMS["appeals:new"][0]
    Client().post(path_of(scene, "appeals:new"), {})
    use_up(monkeypatch)
    answer = Client().post(path_of(scene, "appeals:new"), body)
    assert answer.status_code == 429
    assert body["text"] in answer.content.decode()


def test_another_address_of_the_same_network_is_not_another(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    body, path = FORMS["appeals:track"][0], path_of(scene, "appeals:track")
    assert Client(REMOTE_ADDR="2001:db8:1:2::1").post(path, body).status_code == 422
    use_up(monkeypatch, "track:")
    assert Client(REMOTE_ADDR="2001:db8:1:2:aaaa::2").post(path, body).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").post(path, body).status_code == 422


def test_an_address_told_by_the_way_is_not_another(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    body, path = FORMS["appeals:track"][0], path_of(scene, "appeals:track")
    Client().post(path, body)
    use_up(monkeypatch, "track:")
    told: Any = {"HTTP_X_FORWARDED_FOR": "9.9.9.9", "HTTP_X_REAL_IP": "9.9.9.9", "HTTP_FORWARDED": "for=9.9.9.9"}
    assert Client().post(path, body, **told).status_code == 429


def test_the_odds_of_guessing_a_tracking_code() -> None:
    """As SECURITY.md has them."""
    letters = {letter for _n in range(1000) for letter in tracking_code()}
    codes, quarters = len(letters) ** len(tracking_code()), 365 * 24 * 3600 / tracking.TRIES_SECONDS
    assert codes == 31**8
    assert tracking.TRIES_BY_NUMBER * quarters / codes < 1 / 200_000  # one appeal, from everywhere, in a year
    assert tracking.TRIES_BY_ADDRESS * quarters / codes < 1 / 800_000  # any appeal, from one address, in a year
    assert following.WRONG_BY_SYSTEM * quarters / codes < 1 / 80_000  # any appeal, by one system, in a year
    assert tracking.TRIES_BY_NUMBER >= 4 * tracking.TRIES_BY_ADDRESS  # one address shuts nobody out


def test_the_odds_of_meeting_a_review_or_an_appointment() -> None:
    """As SECURITY.md has them."""
    assert 31**CODE_LENGTH / 1_000_000 > 8e8
    assert 10**DIGITS / 200 == 500_000
    assert (screens.TRIES, TRIES_BY_ADDRESS, TRIES_SECONDS) == (60, 60, 15 * 60)
