"""Two people take an action on one matter at the same moment: one has done it, the other learns who has."""

import threading
from datetime import datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from .browser import Browser
from .load import Load
from .stage import Stage

pytestmark = pytest.mark.django_db


def passed(stage: Stage, load: Load) -> str:
    """The id of a matter that waits for the organ of both."""
    raised = load.raise_one(f"{load.name} 井盖松动", f"people-{load.name}")
    load.receipts[f"{load.name} 井盖松动"] = raised["number"]
    given = {name: stage.setting[name] for name in ("category", "lead")}
    answer = requests.post(
        f"{stage.address}/api/v1/matters/{raised['id']}/actions/pass",
        json={"data": given | {"co": [], "urgency": "normal", "reason": "属地管理"}},
        headers={"Authorization": f"Bearer {stage.setting['token']}", "Host": "localhost"}, timeout=300,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return str(raised["id"])


def test_of_two_at_once_one_has_done_it_and_the_other_is_told_who(stage: Stage, load: Load) -> None:
    at_once(stage, load)


def at_once(stage: Stage, load: Load) -> None:
    """Both send the form that both have filled in."""
    page = f"/desk/matters/{passed(stage, load)}/do/meet/"
    accounts = (stage.setting["people"][name] for name in ("worker", "colleague"))
    people = [Browser(stage.address, stage.look(f"session {account}")) for account in accounts]
    when = datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%dT%H:%M")
    forms: list[dict[str, Any]] = [who.form(page) for who in people]
    answers: dict[int, requests.Response] = {}
    together = threading.Barrier(2)

    def send(number: int) -> None:
        said = {"who": f"承办人{number}", "how": "phone", "when": when, "said": f"约定修复时间{number}"}
        together.wait()
        answers[number] = people[number].post(page, forms[number] | said)

    both = [threading.Thread(target=send, args=(n,)) for n in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answer.status_code for answer in answers.values()) == [302, 422], [a.text for a in answers.values()]
    winner, loser = sorted(answers, key=lambda n: answers[n].status_code)
    matter = page.split("/")[3]
    assert stage.ask("SELECT count(*) FROM events_event WHERE stream = %s AND kind = 'appeal.meet'", matter) == 1
    who = stage.ask("SELECT by_label FROM events_event WHERE stream = %s AND kind = 'appeal.meet'", matter)
    told = unescape(answers[loser].text)
    assert "最近办理" in told
    assert who in told
    assert f"约定修复时间{loser}" in told  # what was typed stays
    said = stage.ask("SELECT data->>'said' FROM matters_record WHERE matter_id = %s AND action = 'meet'", matter)
    assert said == f"约定修复时间{winner}"
    stage.check(load)
