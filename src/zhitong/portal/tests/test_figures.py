"""The page of figures: what it shows, to whom, at what cost; the matters behind; Excel."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from zhitong.base.identifiers import uuid7
from zhitong.kernel.accounts.public import Role
from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.indicators.rules import Result
from zhitong.kernel.organisation import public as organisation
from zhitong.kernel.territory import public as territory
from zhitong.portal.queries import figures as reading
from zhitong.portal.queries import periods
from zhitong.portal.queries.periods import Period

from .desk import MOST_QUERIES, SYSTEM, Desk, person, signed_in

PAGE, CHINA = "/desk/figures/", ZoneInfo("Asia/Shanghai")


@pytest.fixture
def leader(office: Desk) -> Any:
    """Somebody who sees everything, in a browser; the definitions that ship are loaded."""
    indicators.load_indicators(by=SYSTEM, at=timezone.now())
    return signed_in(person("区领导", office.centre, "figures.view", scope="all"))


def test_tiles_tables_and_explanations(office: Desk, leader: Any) -> None:
    office.closed()
    office.passed()
    html = leader.get(PAGE).content.decode()
    for text in (
        "诉求量",
        "按时办结率",
        "1 ÷ 1 = 100.00%，定义第1版，2020年1月1日起",
        "舜耕街道",
        "各单位对照",
        "近12个月",
    ):
        assert text in html
    assert "城管局" not in html


def test_in_english(office: Desk, leader: Any) -> None:
    office.closed()
    leader.cookies["django_language"] = "en"
    html = leader.get(PAGE).content.decode()
    assert "Appeals raised" in html
    assert "1 ÷ 1 = 100.00%, definition 1, from 1 Jan 2020" in html


def test_without_definitions_the_page_says_so(office: Desk) -> None:
    client = signed_in(person("区领导", office.centre, "figures.view", scope="all"))
    assert "还没有定义指标" in client.get(PAGE).content.decode()


def test_the_page_is_for_those_who_may_see_figures(office: Desk) -> None:
    client = signed_in(office.worker)
    for address in (PAGE, f"{PAGE}behind?indicator=appeal_volume", f"{PAGE}export"):
        assert client.get(address).status_code == 403


def test_an_organ_sees_its_own(office: Desk, leader: Any) -> None:
    office.closed()
    own = signed_in(person("孙主任", office.street, "figures.view"))
    other = signed_in(person("周局长", office.bureau, "figures.view"))
    assert "舜耕街道" in own.get(PAGE).content.decode()
    tables = other.get(PAGE).content.decode().split("各街道对照")[1].split("其他指标")[0]
    assert "舜耕街道" not in tables


def test_the_cost_does_not_grow_with_what_is_shown(office: Desk, leader: Any) -> None:
    office.closed()
    leader.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        leader.get(PAGE)
    for n in range(4):
        pk = uuid7()
        division = apps.get_model("territory", "Division").objects.create(
            id=pk, code=f"37010300{n + 2}", name=f"第{n}街道", level="street", path=[pk], valid_from=date(2020, 1, 1)
        )
        office.closed(division_id=division.pk)
    leader.get(PAGE)  # divisions have changed: what is kept of them is read anew, once
    with CaptureQueriesContext(connection) as many:
        leader.get(PAGE)
    assert len(many) == len(few)
    assert len(few) <= MOST_QUERIES, "\n".join(query["sql"][:150] for query in few)


def _row(value: int, of: int | None, direction: str = "more") -> reading.Row:
    indicator = indicators.Indicator(slug="x", name="x", direction=direction, unit="percent")
    result = Result(Decimal(value), None if of is None else Decimal(of))
    return reading.Row(uuid4(), str(value), [indicators.Figure(indicator, (), result)])


@pytest.mark.parametrize(
    ("rows", "marks"),
    [
        ([(9, 10), (8, 10), (7, 10)], ["best", "", "worst"]),
        ([(9, 10), (7, 10)], ["", ""]),
        ([(4, 4), (9, 10), (8, 10), (7, 10), (0, 2)], ["", "best", "", "worst", ""]),
        ([(9, 10), (9, 10), (9, 10)], ["", "", ""]),
        ([(9, 10), (9, 10), (9, 10), (8, 10)], ["", "", "", "worst"]),
        ([(9, None), (8, None), (0, 0), (7, None)], ["best", "", "", "worst"]),
    ],
)
def test_best_and_worst_are_marked(rows: list[Any], marks: list[str]) -> None:
    assert [row.marks[0] for row in reading.marked([_row(*row) for row in rows])] == marks
    swapped = {"best": "worst", "worst": "best", "": ""}
    less = reading.marked([_row(value, of, "less") for value, of in rows])
    assert [row.marks[0] for row in less] == [swapped[mark] for mark in marks]
    assert {row.marks[0] for row in reading.marked([_row(value, of, "neutral") for value, of in rows])} == {""}


@pytest.mark.parametrize(
    "query",
    [
        "period=nonsense", "period=own", "period=own&since=2026-13-40&until=x", "period=own&since=2026-05-01&until=2026-04-01",
        "period=own&since=1990-01-01&until=2026-01-01", "area=x&category=y", "indicator=%00", "area=%00&period=%00",
        "period=own&since=2026-01-01&until=2026-03-31", "period=quarter", "period=year", "period=thirty", "period=last_month",
    ],
)  # fmt: skip
def test_nothing_in_the_address_breaks_it(leader: Any, query: str) -> None:
    wanted = 400 if "%00" in query else 200
    assert leader.get(f"{PAGE}?{query}").status_code == wanted
    assert leader.get(f"{PAGE}export?{query}").status_code == wanted
    assert leader.get(f"{PAGE}behind?{query}").status_code in (wanted, 404)


def test_from_a_figure_to_the_matters_behind_it(office: Desk, leader: Any) -> None:
    closed, passed = office.closed(), office.passed()
    today = timezone.localdate()
    address = f"{PAGE}behind?indicator=appeal_conclusion_rate&since={today}&until={today}"
    html = leader.get(address).content.decode()
    assert closed.number in html
    assert passed.number in html
    assert "1 ÷ 2 = 50.00%" in html
    html = leader.get(f"{address}&part=rest").content.decode()
    assert closed.number not in html
    assert passed.number in html
    html = leader.get(f"{address}&organ={office.bureau.pk}").content.decode()
    assert passed.number not in html


def test_a_figure_shows_more_than_the_matters_one_may_see(office: Desk, leader: Any) -> None:
    office.passed()
    clerk = person("统计员", office.bureau, "figures.view", scope="all")
    Role.objects.order_by("-id").filter(permissions__contains=["figures.view", "matters.view"]).update(
        permissions=["figures.view"]
    )
    html = signed_in(clerk).get(f"{PAGE}behind?indicator=appeal_volume").content.decode()
    assert "没有您有权查看的事项" in html


def test_an_unknown_indicator_is_not_found(leader: Any) -> None:
    answer = leader.get(f"{PAGE}behind?indicator=nothing")
    assert answer.status_code == 404
    assert "没有这项指标" in answer.content.decode()


def names(client: Any, title: str, **asked: Any) -> list[str]:
    """The rows of the table of that title, of an own period."""
    html = client.get(PAGE, {"period": "own", **asked}).content.decode()
    body = html.split(f'aria-label="{title}"')[1].split("</table>")[0].split("<tbody>")[1]
    return [re.sub(r"<[^>]*>", "", cell.split("</th>")[0]) for cell in body.split('<th scope="row">')[1:]]


def test_last_march_is_told_by_last_marchs_grids(office: Desk, leader: Any) -> None:
    write: dict[str, Any] = {"by": SYSTEM, "at": timezone.now()}
    first, later = date(2026, 1, 1), date(2026, 6, 1)
    community = territory.create_division("370103001001", "东社区", "community", office.division.pk, on=first, **write)
    grid = territory.create_division("370103001001001", "第1网格", "grid", community.id, on=first, **write)
    office.open(at=datetime(2026, 3, 10, 9, tzinfo=CHINA), division_id=grid.id)
    office.open(at=datetime(2026, 3, 11, 9, tzinfo=CHINA))
    parts = [("370103001001002", "第2网格", None), ("370103001001003", "第3网格", None)]
    new = territory.split(grid.id, parts, on=later, **write)
    territory.rename(community.id, "西社区", on=later, **write)
    office.open(at=datetime(2026, 7, 10, 9, tzinfo=CHINA), division_id=new[1])
    march, july = (
        {"since": "2026-03-01", "until": "2026-03-31"}, {"since": "2026-07-01", "until": "2026-07-31"},
    )  # fmt: skip
    street = {"area": str(office.division.pk)}
    assert names(leader, "各街道对照", **march) == ["舜耕街道"]
    assert names(leader, "各社区对照", **march, **street) == ["东社区", "未细分到下一级"]
    assert names(leader, "各社区对照", **july, **street) == ["西社区"]
    assert names(leader, "各网格对照", **march, area=str(community.id)) == ["第1网格"]
    assert names(leader, "各网格对照", **july, area=str(community.id)) == ["第3网格"]
    book = load_workbook(
        BytesIO(b"".join(leader.get(f"{PAGE}export", {"period": "own", **march, **street}).streaming_content))
    )
    assert [row[0].value for row in book["各社区对照"].iter_rows()] == ["社区", "东社区", "未细分到下一级"]
    behind = leader.get(f"{PAGE}behind", {"indicator": "appeal_volume", **march, "area": str(grid.id)}).content.decode()
    assert "第1网格" in behind


def test_excel(office: Desk, leader: Any) -> None:
    office.closed()
    answer = leader.get(f"{PAGE}export")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    rows = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True)}
    assert rows["诉求量"][1] == "1"
    assert rows["按时办结率"][4].startswith("1 ÷ 1 = 100.00%")
    assert book.worksheets[1].cell(2, 1).value == "舜耕街道"


def test_no_name_becomes_a_formula_in_excel(office: Desk, leader: Any) -> None:
    office.closed()
    organisation.change_organ(office.street.pk, name="=HYPERLINK(1)", by=SYSTEM, at=timezone.now())
    indicators.Indicator.objects.filter(slug="appeal_volume").update(name="@诉求量", basis="+1")
    book = load_workbook(BytesIO(b"".join(leader.get(f"{PAGE}export").streaming_content)))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"'=HYPERLINK(1)", "'@诉求量", "'+1"} <= {cell.value for cell in cells}


DAY = date(2026, 5, 31)


@pytest.mark.parametrize(
    ("name", "today", "span", "before", "year_before"),
    [
        ("month", DAY, ("2026-05-01", "2026-05-31"), ("2026-04-01", "2026-04-30"), ("2025-05-01", "2025-05-31")),
        (
            "month",
            date(2026, 5, 10),
            ("2026-05-01", "2026-05-10"),
            ("2026-04-01", "2026-04-10"),
            ("2025-05-01", "2025-05-10"),
        ),
        ("last_month", DAY, ("2026-04-01", "2026-04-30"), ("2026-03-01", "2026-03-31"), ("2025-04-01", "2025-04-30")),
        ("quarter", DAY, ("2026-04-01", "2026-05-31"), ("2026-02-01", "2026-03-31"), ("2025-04-01", "2025-05-31")),
        ("year", DAY, ("2026-01-01", "2026-05-31"), ("2025-08-01", "2025-12-31"), ("2025-01-01", "2025-05-31")),
        ("thirty", DAY, ("2026-05-02", "2026-05-31"), ("2026-04-02", "2026-05-01"), ("2025-05-02", "2025-05-31")),
        (
            "month",
            date(2024, 2, 29),
            ("2024-02-01", "2024-02-29"),
            ("2024-01-01", "2024-01-31"),
            ("2023-02-01", "2023-02-28"),
        ),
        (
            "else",
            date(2026, 1, 1),
            ("2026-01-01", "2026-01-01"),
            ("2025-12-01", "2025-12-01"),
            ("2025-01-01", "2025-01-01"),
        ),
    ],
)
def test_periods(name: str, today: date, span: Any, before: Any, year_before: Any) -> None:
    def read(period: Period) -> tuple[str, str]:
        return period.start.isoformat(), period.end.isoformat()

    period = periods.named(name, today)
    assert (read(period), read(period.before), read(period.year_before)) == (span, before, year_before)
    assert period.twelve_months.end == period.end
    assert period.end - period.twelve_months.start < timedelta(days=366)
