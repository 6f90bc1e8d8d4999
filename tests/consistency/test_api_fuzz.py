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

from tests.machine import Machine, machine
from zhitong.config.wsgi import application
from zhitong.gateway.web.views import document

from .scene import Scene

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


@pytest.fixture(scope="module")
def caller(scene: Scene, django_db_blocker: Any) -> Iterator[Machine]:
    """A system that may do most: it dispatches, registers and reads figures."""
    with django_db_blocker.unblock():
        yield machine(scene.district, "dispatcher", per_minute=100_000)


def real(scene: Scene, operation: Any) -> dict[str, str]:
    """The path of something that is there."""
    here = scene.things["here"]
    known = {
        "matter_id": here["matter_id"], "file_id": here["file_id"], "organ_id": scene.district.organs["street"].pk,
        "division_id": scene.district.streets["street"], "action": "note",
    }  # fmt: skip
    return {name: str(value) for name, value in known.items() if f"{{{name}}}" in operation.path}


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
def test_no_answer_is_a_surprise(scene: Scene, caller: Machine, label: str, mode: Any) -> None:
    operation = OPERATIONS[label]
    cases = operation.as_strategy(generation_mode=mode)
    if known := real(scene, operation):
        cases = st.one_of(operation.as_strategy(generation_mode=mode, path_parameters=known), cases)

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def ask(case: Any) -> None:
        answer = send(case, caller.secret)
        assert answer.status_code < 500, answer.text
        case.validate_response(answer, checks=CHECKS)

    ask()
