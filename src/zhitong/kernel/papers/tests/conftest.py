"""Papers are tested with a matter of the engine's own trial kind and a paper of their own."""

from collections.abc import Iterator
from typing import Any

import pytest

from zhitong.kernel.matters.tests.conftest import MONDAY, SYSTEM, Room, room  # noqa: F401
from zhitong.kernel.papers.public import (
    PAPERS,
    Fact,
    P,
    PaperKind,
    Part,
    Picture,
    Table,
    declare_paper,
    plain,
    right,
    word,
)

TEXT: list[Part] = [
    plain("{{ 申请人 }}："),
    P("您（单位）提交的_ {{ 事项 }} _申请，经审查，决定予以受理。"),
    Table(
        (2, 9, 3),
        (("序号", "材料名称", "份数"), ("{{ loop.index }}", "{{ 行.名称 }}", "{{ 行.份数 }}")),
        each="行 in 材料",
    ),
    P("{% if 加急 %}本件加急办理。{% endif %}"),
    right("{{ 机关 }}"),
    right("{{ 签发日期 }}"),
    Picture("二维码", "校验码：{{ 校验码 }}"),
]
KIND = PaperKind(
    "trial.licence", "证照",
    (
        Fact("applicant", "申请人", "王小明"),
        Fact("item", "事项", "户外广告设置许可"),
        Fact("organ", "机关", "某区行政审批服务局"),
        Fact("valid_until", "有效期至", "2027年9月7日"),
        Fact("urgent", "加急", True),
        Fact("materials", "材料", ({"name": "申请表", "copies": "1"}, {"name": "身份证复印件", "copies": "2"}),
             (("name", "名称"), ("copies", "份数"))),
    ),
    lambda: word("某区行政审批服务局", "证　照", TEXT, number="（审）{{ 文书编号 }}"),
    has_code=True, may_be_marked=True,
)  # fmt: skip
FACTS: dict[str, Any] = {
    "applicant": "李四光", "item": "临时占道许可", "organ": "某区行政审批服务局", "urgent": True,
    "materials": [{"name": "申请书", "copies": 1}, {"name": "方案<图>", "copies": 2}],
}  # fmt: skip


@pytest.fixture
def kind() -> Iterator[PaperKind]:
    declare_paper(KIND)
    yield KIND
    del PAPERS[KIND.slug]
