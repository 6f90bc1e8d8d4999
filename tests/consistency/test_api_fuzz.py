"""Whatever the OpenAPI allows, and what it does not: no operation breaks, and every answer is as it is documented.

The examples follow from the code alone (seeded); what they change is undone one by one.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)  # fmt: skip

from tests.machine import ROOT, Machine, machine
from zhitong.config.wsgi import application
from zhitong.gateway.web.views import document

from .scene import Scene
from .test_api_access import LINES

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.get_may_write("a token notes that it was used")]
EXAMPLES = 12
CHECKS = [status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


def opened() -> dict[str, Any]:
    """The document as it is, but without the door: who is let in is the matter of other tests."""
    said = deepcopy(document("en"))
    del said["components"]["securitySchemes"]
    for operations in said["paths"].values():
        for operation in operations.values():
            del operation["security"]
    return said


SCHEMA = schemathesis.openapi.from_dict(opened())
SCHEMA.app = application
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """The application's own end of a request would close the connection that the test's transaction is on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def post_for(label: str) -> str:
    """Through whose post it is asked: the dispatcher's, and where that is refused, the first that the table lets in."""
    method, path = label.split()
    cells = LINES[method, path.removeprefix(ROOT)].cells
    return next(post for post in ("dispatcher", *cells) if cells[post] in "yo")


@pytest.fixture(scope="module")
def callers(scene: Scene, django_db_blocker: Any) -> dict[str, Machine]:
    """A system through each post that is asked for."""
    with django_db_blocker.unblock():
        posts = sorted({post_for(label) for label in OPERATIONS})
        return {post: machine(scene.district, post, per_minute=100_000) for post in posts}


def real(scene: Scene, operation: Any) -> dict[str, str]:
    """The path of something that is there."""
    here = scene.things["here"]
    known = {
        "matter_id": here["matter_id"], "file_id": here["file_id"], "organ_id": scene.district.organs["street"].pk,
        "division_id": scene.district.streets["street"], "item_id": scene.things["shown"]["item_id"],
        "drive_id": here["drive_id"], "home_building_id": here["home_building_id"],
        "action": "supplement" if "tracked" in operation.path else "note",
    }  # fmt: skip
    return {name: str(value) for name, value in known.items() if f"{{{name}}}" in operation.path}


@pytest.fixture(scope="module")
def meant(scene: Scene, django_db_blocker: Any) -> dict[str, dict[str, Any]]:
    """What a body must name for its operation to do anything, by the operation's path."""
    with django_db_blocker.unblock():
        raised = scene.district.open()
    tracked = {"number": raised.number, "code": raised.code}
    return {
        "/appeals/tracked": tracked, "/appeals/tracked/actions/{action}": tracked,
        "/applications": {"item": str(scene.things["shown"]["item_id"])},
    }  # fmt: skip


def send(case: Any, secret: str) -> Any:
    """The answer; what it changed is undone."""
    with transaction.atomic():
        answer = case.call(headers={"Authorization": f"Bearer {secret}"})
        transaction.set_rollback(True)
    return answer


def takes_anything(label: str) -> bool:
    """Whether there is anything about a request that could be wrong."""
    operation = OPERATIONS[label]
    return bool(operation.body or operation.query or operation.path_parameters)


ASKED = [(label, mode) for label in sorted(OPERATIONS) for mode in MODES if mode is MODES[0] or takes_anything(label)]


@pytest.mark.parametrize(("label", "mode"), ASKED, ids=lambda one: getattr(one, "value", one))
def test_no_answer_is_a_surprise(scene: Scene, callers: Any, meant: Any, label: str, mode: Any) -> None:
    operation, caller = OPERATIONS[label], callers[post_for(label)]
    named = meant.get(operation.path.removeprefix(ROOT), {})
    cases = operation.as_strategy(generation_mode=mode)
    if known := real(scene, operation):
        cases = st.one_of(operation.as_strategy(generation_mode=mode, path_parameters=known), cases)

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        if named and isinstance(case.body, dict) and mode is MODES[0]:
            case.body |= named
        answer = send(case, caller.secret)
        assert answer.status_code < 500, answer.text
        case.validate_response(answer, checks=CHECKS)

    ask()
