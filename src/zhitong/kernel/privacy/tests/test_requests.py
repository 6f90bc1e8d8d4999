"""One person's data: found, shown, erased; the chain, the figures and everybody else's stay."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from tests.district import BY, District, Raised
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events.public import Event, Notice, verify
from zhitong.kernel.indicators.public import Filters, definition, figures
from zhitong.kernel.matters import public as m
from zhitong.kernel.register.public import Contact, Person, find_by_phone
from zhitong.lines.appeals.models import OrderImport, OrderProblem
from zhitong.lines.appeals.queries.problems import seal_cells
from zhitong.portal.actions import save_view

from .. import public as privacy
from ..models import Term

pytestmark = pytest.mark.django_db
PHONE, OTHER = "13900001111", "13900002222"
TEXT = "我是张三丰，住东风路八号院，门前槐树倒伏压住电线。"
SAID = {"verified": "当面核对身份证原件"}


def photo(colour: str = "red") -> m.Upload:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "JPEG")
    return m.check_upload("现场.jpg", content.getvalue())


def raised(district: District, how: str = "closed", phone: str = PHONE, **more: Any) -> Raised:
    more.setdefault("text", TEXT)
    one: Raised = getattr(district, how)(reporter=m.Reporter(name="张三丰", phone=phone), **more)
    m.attach(one.matter, [photo()], by=Actor.resident(), at=timezone.now())
    return one


def person(phone: str = PHONE) -> Person:
    return find_by_phone(phone).get()


def officer(district: District) -> Actor:
    return district.actor("officer")


def asked(district: District, wish: str = "erase", phone: str = PHONE) -> privacy.DataRequest:
    return privacy.open_request(person(phone).pk, wish=wish, by=officer(district), at=timezone.now(), **SAID)


def erase(district: District, ground: str = "unlawful", **more: Any) -> privacy.DataRequest:
    request = asked(district, **more)
    return privacy.erase_person(
        request.pk, ground=ground, answer="已删除", by=officer(district), at=timezone.now()
    )  # fmt: skip


def everything() -> str:
    """Every text in the tables of the components, as far as a person can stand in it; the log too."""
    from django.apps import apps

    said = []
    for config in apps.get_app_configs():
        if config.name.startswith("zhitong."):
            for model in config.get_models():
                said += [
                    str(v)
                    for row in model._default_manager.values_list()
                    for v in row
                    if isinstance(v, str | dict | list)
                ]
    return "\n".join(said)


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def volume() -> Any:
    today = timezone.localdate()
    chosen = {"appeal_volume": definition("appeal_volume", today)}
    return [f.value for f in figures(chosen, today, today, by=[], filters=Filters(), scope=BY)]


def test_what_is_held_is_shown_in_clear_and_by_component(district: District) -> None:
    raised(district)
    facts = [fact for look in privacy.look(person().pk, timezone.now()) for one in look.held for fact in one.facts]
    said = str(facts)
    for part in (PHONE, "张三丰", "槐树倒伏", "已更换灯泡", "现场.jpg", "路灯已修好"):
        assert part in said


def test_nobody_else_is_in_it(district: District) -> None:
    raised(district)
    raised(district, phone=OTHER, text="另一件事：井盖缺失。")
    said = str(privacy.look(person().pk, timezone.now()))
    assert "井盖" not in said
    assert OTHER not in said


def test_everything_goes_and_nothing_else(district: District) -> None:
    mine, theirs = raised(district), raised(district, phone=OTHER, text="另一件事：井盖缺失。")
    before, contact = volume(), Contact.objects.get(person=person())
    assert Notice.objects.filter(to_contact=contact.pk).exists()
    request = erase(district)
    assert request.result["matters.words"] == request.result["register.person"] == 1
    said = everything()
    for part in (PHONE, "张三丰，", "槐树", "八号院", "现场.jpg" * 2):
        assert part not in said
    assert "井盖缺失" in said
    assert not Notice.objects.filter(to_contact=contact.pk).exists()
    assert not find_by_phone(PHONE).exists()
    assert find_by_phone(OTHER).exists()
    assert volume() == before
    assert list(verify()) == []
    by = district.actor("dispatcher")
    assert not m.matching(m.visible_matters(by), "槐树").exists()
    assert not m.matching(m.visible_matters(by), PHONE).exists()
    assert m.matching(m.visible_matters(by), "井盖").get().pk == theirs.id
    gone = mine.matter
    assert (gone.text, gone.reporter_id, gone.is_public, gone.appeal.reply) == (m.GONE, None, False, "")
    assert gone.erased_at
    assert Event.objects.filter(stream=mine.id, kind="matter.erased").count() == 1


def test_files_go_once_nobody_else_has_them(district: District, django_capture_on_commit_callbacks: Any) -> None:
    raised(district)
    theirs = raised(district, phone=OTHER)
    m.attach(theirs.matter, [photo("blue")], by=BY, at=timezone.now())
    assert len(files()) == 4
    with django_capture_on_commit_callbacks(execute=True):
        erase(district)
    assert len(files()) == 4  # the same picture is the neighbour's too
    with django_capture_on_commit_callbacks(execute=True):
        erase(district, phone=OTHER)
    assert files() == []


def test_what_is_in_hand_stays_and_says_why(district: District) -> None:
    mine = raised(district, "met")
    looks = {look.holding.slug: look for look in privacy.look(person().pk, timezone.now(), is_unlawful=True)}
    for slug in ("matters.words", "matters.links", "register.person", "register.notices"):
        assert all(one.kept for one in looks[slug].held), slug
    request = erase(district)
    assert set(request.result.values()) == {0}
    assert mine.matter.text == TEXT
    assert person().name == "张三丰"


def test_the_term_keeps_the_words_but_not_the_person(district: District) -> None:
    mine = raised(district, is_public=True)
    looks = {look.holding.slug: look for look in privacy.look(person().pk, timezone.now())}
    (words,) = looks["matters.words"].held
    assert words.kept
    assert words.until is not None
    closed = mine.matter.closed_at
    assert closed is not None
    assert timezone.localdate(words.until) == date(timezone.localdate(closed).year + 11, 1, 1)
    erase(district, ground="withdrawn")
    assert mine.matter.text == TEXT
    assert mine.matter.reporter is None
    assert not mine.matter.is_public
    assert not find_by_phone(PHONE).exists()
    assert list(verify()) == []


def test_a_term_that_is_over_keeps_nothing(district: District) -> None:
    mine = raised(district)
    Term.objects.create(slug="matters.closed", amount=1, unit="year", basis="x", changed_at=timezone.now())
    m.Matter.objects.filter(pk=mine.id).update(closed_at=timezone.now() - timedelta(days=3 * 366))
    erase(district, ground="ended")
    assert mine.matter.text == m.GONE


def test_who_only_joined_takes_nothing_of_the_other(district: District) -> None:
    main = raised(district, "passed", is_public=True)
    m.act(main.id, "join", {"name": "李四光", "phone": OTHER}, by=Actor.resident(), at=timezone.now())
    erase(district, phone=OTHER)
    assert main.matter.text == TEXT
    assert not find_by_phone(OTHER).exists()
    assert find_by_phone(PHONE).exists()


def test_rows_of_work_orders_go_too(district: District) -> None:
    raised(district)
    run = OrderImport.objects.create(name="a.csv", digest=b"", source="12345", by_label="x", created_at=timezone.now())
    for number, phone in enumerate((f"0086-{PHONE}", OTHER)):
        OrderProblem.objects.create(run=run, row=number, reason="日期", sealed=seal_cells(["路灯不亮", phone]))
    erase(district)
    assert list(run.problems.values_list("row", flat=True)) == [1]


def test_saved_searches_for_the_person_go_too(district: District) -> None:
    raised(district)
    by, now = district.actor("dispatcher"), timezone.now()
    for name, query in (
        ("号码", f"q={PHONE}"),
        ("姓名", f"q={quote_plus('张三丰')}&stage=open"),
        ("别的", "q=13900009999"),
    ):
        save_view(name=name, query=query, by=by, at=now)
    erase(district)
    assert list(m.SavedView.objects.values_list("name", flat=True)) == ["别的"]


def test_an_erased_matter_is_not_acted_on(district: District) -> None:
    mine = raised(district)
    erase(district)
    with pytest.raises((Conflict, NotFound)):
        m.act(mine.id, "not_fixed", {"words": "又坏了"}, by=Actor.resident([mine.id]), at=timezone.now())


def test_only_the_officer(district: District) -> None:
    raised(district)
    request, now = asked(district), timezone.now()
    for name in ("admin", "dispatcher", "archivist", "leader"):
        by = district.actor(name)
        with pytest.raises(NotAllowed):
            privacy.find_people(PHONE, by)
        with pytest.raises(NotAllowed):
            privacy.erase_person(request.pk, ground="unlawful", answer="x", by=by, at=now)
        with pytest.raises(NotAllowed):
            privacy.erase_piece("1", "text", None, why="x", by=by, at=now)


@pytest.mark.parametrize("given", [PHONE, "139 0000 1111", "+86 13900001111"])
def test_found_by_number(district: District, given: str) -> None:
    raised(district)
    (found,) = privacy.find_people(given, officer(district))
    assert found.name == "张**"
    assert found.phones == ("139****1111",)


def test_found_by_the_number_of_a_matter_and_by_nothing_else(district: District) -> None:
    mine = raised(district)
    assert [p.name for p in privacy.find_people(mine.number, officer(district))] == ["张**"]
    for given in ("张三丰", "1390000", "", mine.number[:10], "%", "'"):
        assert privacy.find_people(given, officer(district)) == []


def test_a_request_is_answered_once_and_each_step_is_in_the_log(district: District) -> None:
    raised(district)
    request, by, now = asked(district, "copy"), officer(district), timezone.now()
    assert request.due_at - request.made_at == timedelta(days=30)
    privacy.log_look(request, by=by, at=now)
    privacy.log_export(request, form="json", by=by, at=now)
    privacy.answer_request(request.pk, answer="已当面交付副本", by=by, at=now)
    with pytest.raises(Conflict):
        privacy.answer_request(request.pk, answer="x", by=by, at=now)
    kinds = list(Event.objects.filter(stream=request.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["privacy.asked", "privacy.looked", "privacy.copied", "privacy.answered"]


@pytest.mark.parametrize(("given", "field"), [({"ground": "x"}, "ground"), ({"answer": " "}, "answer")])
def test_nothing_is_erased_without_ground_and_reason(district: District, given: dict[str, str], field: str) -> None:
    raised(district)
    request = asked(district)
    said = {"ground": "unlawful", "answer": "已删除", **given}
    with pytest.raises(Refused) as refused:
        privacy.erase_person(request.pk, by=officer(district), at=timezone.now(), **said)
    assert refused.value.field == field
    assert person()


def test_what_is_wrong_is_corrected(district: District) -> None:
    raised(district)
    request, by, now = asked(district, "correct"), officer(district), timezone.now()
    given = {"name": "张三峰", "phone": "139 0000 4444", "email": ""}
    assert privacy.correct_person(request.pk, **given, by=by, at=now) == ["name", "phone"]
    assert not find_by_phone(PHONE).exists()
    assert person("13900004444").name == "张三峰"
    assert privacy.correct_person(request.pk, **given, by=by, at=now) == []
    assert list(verify()) == []
    with pytest.raises(Refused) as refused:
        privacy.correct_person(request.pk, name="", phone="123", email="", by=by, at=now)
    assert refused.value.field == "phone"
    with pytest.raises(Refused):
        privacy.correct_person(request.pk, name="", phone="", email="", by=by, at=now)
    with pytest.raises(NotAllowed):
        privacy.correct_person(request.pk, **given, by=district.actor("admin"), at=now)


class TestOnePiece:
    """A single text, record or file that should not be there; the matter may be open."""

    def erase(self, district: District, one: Raised, piece: str, key: Any = None) -> None:
        privacy.erase_piece(one.number, piece, key, why="误填他人证件号", by=officer(district), at=timezone.now())

    def test_the_text(self, district: District) -> None:
        mine = raised(district, "met")
        self.erase(district, mine, "text")
        assert mine.matter.text == mine.matter.title == m.GONE
        assert mine.matter.records.filter(erased_at=None).exists()
        assert not m.matching(m.visible_matters(district.actor("dispatcher")), "槐树").exists()
        assert "槐树" not in everything()
        district.act(mine, "handle", "worker", done="已扶正")
        assert list(verify()) == []

    def test_one_record(self, district: District) -> None:
        mine = raised(district, "concluded")
        records = {r.action: r for r in mine.matter.records.all()}
        self.erase(district, mine, "record", records["conclude"].pk)
        assert "感谢反映" not in everything()
        assert "已更换灯泡" in everything()
        again = m.Record.objects.get(pk=records["conclude"].pk)
        assert again.erased_at
        assert bytes(again.digest) == bytes(records["conclude"].digest)
        with pytest.raises(NotFound):
            self.erase(district, mine, "record", again.pk)

    def test_one_file(self, district: District, django_capture_on_commit_callbacks: Any) -> None:
        mine = raised(district, "met")
        file = m.Attachment.objects.get(matter=mine.id)
        with django_capture_on_commit_callbacks(execute=True):
            self.erase(district, mine, "file", file.pk)
        assert files() == []
        assert mine.matter.text == TEXT

    def test_not_another_matter_s(self, district: District) -> None:
        mine, other = raised(district, "met"), raised(district, "met", phone=OTHER)
        record, file = other.matter.records.first(), other.matter.attachments.first()
        for piece, row in (("record", record), ("file", file), ("record", None), ("file", None), ("all", None)):
            with pytest.raises(NotFound):
                self.erase(district, mine, piece, row and row.pk)
