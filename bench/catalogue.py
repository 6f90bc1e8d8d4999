"""The guide of the hall in a catalogue of five thousand items, and in the one that ships.

From request to the bytes of the page, through all of Django, without the web server; nobody signs in.
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping

from . import setting
from .compare import Question, compare
from .pages import page, stranger
from .report import Report

SIZES = {"small": 87, "large": 5_000}
DATABASES = {"small": setting.TEMPLATE, "large": "catalogue"}
TYPED = (
    "开饭店", "营业执照", "占道", "残疾证", "退休", "孩子上学", "居住证", "社保卡", "我想开个小超市", "户外广告", "许可", "没有这个词",
)  # fmt: skip
ROUNDS, EACH = 4, 10
CODES, NAMES = ("基本编码", "实施编码"), ("基本目录名称", "事项名称")
ASKED = dict.fromkeys(("有效期", "需要的条件"), "")  # what refers to questions, which the table does not have


def main() -> None:
    """Measure and print."""
    from zhitong.config.prepare import collect_static

    collect_static()
    compare(Report("catalogue"), questions, rounds=ROUNDS, each=EACH, pair=sys.modules[__name__])


def ensure() -> None:
    """Make the large one."""
    setting.ensure(DATABASES["large"], f"{SIZES['large']} items", fill)


def questions() -> Mapping[str, Question]:
    """What residents type, and what they look through."""
    client = stranger()
    found = {text: page(client, f"/hall/?q={text}") for text in TYPED}
    return found | {
        "all": page(client, "/hall/"),
        "all, the fourth page": page(client, "/hall/?page=4"),
        "for firms, food": page(client, "/hall/?for=firms&topic=food"),
    }


def fill() -> None:
    """Take over a table of so many items, as a district does: those that ship, again and again under other codes and names."""
    from django.utils import timezone

    from zhitong.kernel.accounts.public import Actor
    from zhitong.lines.hall.public import export_csv, import_content

    by, now = Actor.system("基准"), timezone.now()
    table = _many(export_csv(by).decode("utf-8-sig"))
    sheet = import_content(table.encode("utf-8-sig"), by=by, at=now, publish_on=timezone.localdate(now)).sheets[0]
    if sheet.errors or sheet.created + sheet.unchanged != SIZES["large"]:
        raise SystemExit(f"not taken over: {sheet.created} and {sheet.unchanged} of them, {sheet.errors[:5]}")


def _many(table: str) -> str:
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    items = len({row[CODES[1]] for row in rows})
    more, out = SIZES["large"] - items, io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    for copy in range(1, -(-more // items) + 1):
        writer.writerows(_copied(rows, copy, more - (copy - 1) * items))
    return out.getvalue()


def _copied(rows: list[dict[str, str]], copy: int, most: int) -> Iterator[dict[str, str]]:
    """The first ``most`` items with their materials."""
    seen: set[str] = set()
    for row in rows:
        seen.add(row["实施编码"])
        if len(seen) > most:
            return
        codes = {name: f"{row[name]}{copy:03}" for name in CODES if row[name]}
        yield row | ASKED | codes | {name: f"{row[name]}（{copy}类）" for name in NAMES if row[name]}
