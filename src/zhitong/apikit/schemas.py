"""What all operations share."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, GetJsonSchemaHandler

T = TypeVar("T")
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
# Days and moments that every clock and calendar can count with.
Day = Annotated[date, Field(ge=FIRST, le=LAST)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2200, 12, 31, tzinfo=UTC))]


@dataclass(frozen=True, slots=True)
class Said:
    """What a field or parameter means, inside ``Annotated``; in the language in which the documentation is read."""

    text: Any

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema with the description; beside a reference it would be taken for that of what is referred to."""
        said = handler(core_schema)
        return {**({"allOf": [said]} if "$ref" in said else said), "description": str(self.text)}


class Sent(BaseModel):
    """A body: nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """What went wrong."""

    code: Annotated[str, Said(_("错误代号，不会变动，供程序判断"))]
    message: Annotated[str, Said(_("给人看的说明，按Accept-Language用中文或英文"))]
    fields: Annotated[
        dict[str, str], Field(default_factory=dict), Said(_("哪些参数或字段有误，以及怎样改；没有时不出现"))
    ]
    ref: Annotated[str, Said(_("系统出错时的参考号，报告问题时请提供；没有时不出现"))] = ""


class Named(BaseModel):
    """Something else, by its id and its name in the caller's language."""

    id: UUID
    name: str


class Page(BaseModel, Generic[T]):
    """A stretch of a list."""

    items: list[T]
    next: Annotated[str | None, Said(_("下一页的after；没有更多时为null"))]


class Asked(BaseModel):
    """Which stretch of a list."""

    after: Annotated[str, Field(max_length=200), Said(_("上一页给出的next；不填从头开始"))] = ""
    limit: Annotated[int, Field(ge=1, le=200), Said(_("一页最多几条"))] = 50
