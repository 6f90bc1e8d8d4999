"""The OpenAPI document as a page reads it: operations under headings, fields in rows, types in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]
REF = "#/components/schemas/"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Type:
    """A type in words; ``refers`` names the schema it leads to."""

    text: str
    refers: str = ""
    is_list: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field."""

    name: str
    type: Type
    text: str = ""
    place: str = ""
    is_required: bool = False
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One status and what comes with it."""

    status: int
    type: Type | None
    is_problem: bool


@dataclass(frozen=True, slots=True)
class Described:
    """An operation."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    scopes: tuple[str, ...]
    permission: str
    parameters: list[Row]
    body: Type | None
    media: str
    replies: list[Reply]


@dataclass(slots=True)
class Heading:
    """Operations that belong together."""

    slug: str
    label: str
    operations: list[Described] = field(default_factory=list)


def headings(document: Schema) -> list[Heading]:
    """All operations under the heading of their component, in the order of the document."""
    found = {tag["name"]: Heading(tag["name"], tag["x-displayName"]) for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                found[methods[method]["tags"][0]].operations.append(_described(method, path, methods[method]))
    return list(found.values())


def schemas(document: Schema) -> list[tuple[str, list[Row], Type]]:
    """Every named schema: its fields, or the type it is."""
    named = document["components"]["schemas"]
    return [(name, list(rows(schema)), type_of(schema)) for name, schema in sorted(named.items())]


def _described(method: str, path: str, said: Schema) -> Described:
    media, body = _body(said.get("requestBody"))
    return Described(
        said["operationId"], method.upper(), path, said["summary"], said.get("description", ""), tuple(said["x-scopes"]),
        said["x-permission"], [_parameter(one) for one in said["parameters"]], body, media,
        [_reply(int(status), one) for status, one in sorted(said["responses"].items(), key=lambda pair: int(pair[0]))],
    )  # fmt: skip


def _body(said: Schema | None) -> tuple[str, Type | None]:
    if not said:
        return "", None
    media, content = next(iter(said["content"].items()))
    return media, type_of(content["schema"])


def _parameter(said: Schema) -> Row:
    schema = said["schema"]
    text = said.get("description") or schema.get("description", "")
    return Row(said["name"], type_of(schema), text, said["in"], said["required"], limits_of(schema))


def _reply(status: int, said: Schema) -> Reply:
    content = said.get("content", {})
    schema = content.get("application/json", {}).get("schema")
    kind = type_of(schema) if schema else Type(", ".join(content)) if content else None
    return Reply(status, kind, bool(kind and kind.refers == "Problem"))


def rows(schema: Schema) -> Iterator[Row]:
    """The fields of an object."""
    required = set(schema.get("required", ()))
    for name, one in schema.get("properties", {}).items():
        yield Row(name, type_of(one), one.get("description", ""), "", name in required, limits_of(one))


def _alternatives(schema: Schema) -> list[Schema]:
    return [one for one in schema.get("anyOf", schema.get("allOf", ())) if one.get("type") != "null"]


def type_of(schema: Schema) -> Type:
    """What a value is, in words."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REF)
        return Type(name, name)
    if inner := _alternatives(schema):
        return type_of(inner[0])
    if "const" in schema:
        return Type("string", values=(str(schema["const"]),))
    if schema.get("type") == "array":
        item = type_of(schema.get("items", {}))
        return Type(item.text, item.refers, is_list=True, values=item.values)
    values = tuple(str(one) for one in schema.get("enum", ()) if one != "")
    return Type(str(schema.get("format") or schema.get("type") or "any"), values=values)


def limits_of(schema: Schema) -> str:
    """The limits of a value as they are usually written: 1 … 200, ≤ 60."""
    chosen = next(iter(_alternatives(schema)), schema)
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        least, most = chosen.get(low), chosen.get(high)
        if least is not None and most is not None:
            return f"{least} … {most}"
        if most is not None:
            return f"≤ {most}"
    return ""
