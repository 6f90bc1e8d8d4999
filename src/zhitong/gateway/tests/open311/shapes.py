"""The shape of every answer of GeoReport v2, as its specification describes it, in our own words.

The schemas that its community publishes carry no licence and are not copied; where a copy is found, answers are held to
them too (``tests/samples.py`` says where).  These here say more: no field that the standard does not know,
none left out, and moments, numbers and addresses in their formats.
"""

from typing import Any

import jsonschema_rs

MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
TEXT = {"type": "string", "minLength": 1}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _record(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """Exactly these fields, all of them there; ``optional`` may be left out."""
    return {
        "type": "object", "properties": required | optional, "required": sorted(required), "additionalProperties": False,
    }  # fmt: skip


def _list(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


WHEN = {"type": "string", "pattern": MOMENT}
URL = {"type": "string", "format": "uri", "pattern": "^https?://"}
DISCOVERY = _record({
    "changeset": WHEN, "contact": TEXT, "key_service": TEXT,
    "endpoints": _list(_record({
        "specification": {"const": "http://wiki.open311.org/GeoReport_v2"}, "url": URL, "changeset": WHEN,
        "type": {"enum": ["production", "test"]}, "formats": _list({"enum": ["text/xml", "application/json"]}, minItems=1),
    }), minItems=1),
})  # fmt: skip
SERVICES = _list(_record({
    "service_code": TEXT, "service_name": TEXT, "description": _or_null({"type": "string"}),
    "metadata": {"type": "boolean"}, "type": {"enum": ["realtime", "batch", "blackbox"]}, "keywords": _or_null(TEXT),
    "group": TEXT,
}), minItems=1)  # fmt: skip
DEFINITION = _record({
    "service_code": TEXT,
    "attributes": _list(_record({
        "variable": {"type": "boolean"}, "code": {"type": "string", "pattern": "^[A-Za-z0-9_]+$"},
        "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
        "required": {"type": "boolean"}, "datatype_description": _or_null(TEXT), "order": {"type": "integer", "minimum": 1},
        "description": TEXT,
    }, values=_list(_record({"key": TEXT, "name": TEXT}), minItems=1))),
})  # fmt: skip
REQUESTS = _list(_record({
    "service_request_id": {"type": "string", "pattern": r"^\d{15}$"}, "status": {"enum": ["open", "closed"]},
    "status_notes": _or_null(TEXT), "service_name": TEXT, "service_code": TEXT,
    "description": _or_null({"type": "string", "maxLength": 4000}), "agency_responsible": _or_null(TEXT),
    "service_notice": _or_null(TEXT), "requested_datetime": WHEN, "updated_datetime": WHEN,
    "expected_datetime": _or_null(WHEN), "address": _or_null(TEXT), "address_id": _or_null(TEXT),
    "zipcode": _or_null(TEXT), "lat": _or_null({"type": "number", "minimum": -90, "maximum": 90}),
    "long": _or_null({"type": "number", "minimum": -180, "maximum": 180}), "media_url": _or_null(URL),
}))  # fmt: skip
RAISED = _list(_record({
    "service_request_id": {"type": "string", "pattern": r"^\d{15}$"}, "service_notice": _or_null(TEXT),
    "account_id": {"type": "null"},
}), minItems=1, maxItems=1)  # fmt: skip
TOKENS = _list(_record({
    "service_request_id": {"type": "string", "pattern": r"^\d{15}$"}, "token": {"type": "string", "format": "uuid"},
}), minItems=1, maxItems=1)  # fmt: skip
ERRORS = _list(_record({"code": {"type": "integer"}, "description": TEXT}), minItems=1)

# Shape by the operation's name; the file of the community's schema for the same.
SHAPES: dict[str, dict[str, Any]] = {
    "discovery": DISCOVERY, "services": SERVICES, "definition": DEFINITION, "requests": REQUESTS, "raised": RAISED,
    "token": TOKENS, "errors": ERRORS,
}  # fmt: skip
COMMUNITY = {"services": "service.json", "definition": "service-definition.json", "requests": "request.json"}


def check(name: str, value: Any, schema: dict[str, Any] | None = None) -> None:
    """Fail, naming the place, where ``value`` has not the shape."""
    jsonschema_rs.Draft202012Validator(schema or SHAPES[name], validate_formats=True).validate(value)
