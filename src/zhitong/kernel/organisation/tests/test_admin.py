"""The admin pages set up a district, refuse in words, and never delete."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from zhitong.kernel.events.public import stream

from .. import public
from ..models import Appointment, Category, Duty, Organ, Post, Staff
from .conftest import AT, BY, START, make_duty

TODAY = date(2026, 3, 2)
DAYS = {"valid_from": "2024-01-01", "valid_to": ""}


@pytest.fixture
def admin(district, client):
    from zhitong.kernel.accounts.public import Actor, load_default_roles

    load_default_roles(by=Actor.system("测试"), at=AT)
    account = get_user_model().objects.create_superuser("it", "一个很长的密码2026")
    client.force_login(account)
    return client


def address(model, view: str = "changelist", *args):
    return reverse(f"admin:organisation_{model._meta.model_name}_{view}", args=args)


def inline(prefix: str, *rows: dict[str, object], initial: int = 0):
    data: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def organ_form(organ=None, posts=(), duties=(), **fields):
    known = {"name": "示例区水务局", "short_name": "", "name_en": "", "kind": "department", "phone": ""}
    if organ:
        known = {name: getattr(organ, name) for name in known}
    else:
        known |= {"code": "SW", **DAYS}
    blank = {"parent": "", "division": "", "valid_to": ""}
    return {**known, **blank, **inline("posts", *posts), **inline("duties", *duties), **fields}


def errors_of(response):
    context = response.context_data
    found = dict(context["adminform"].form.errors)
    for formset in context["inline_admin_formsets"]:
        for form in formset.formset.forms:
            found |= form.errors
    return {name: list(messages) for name, messages in found.items()}


@pytest.mark.parametrize("model", [Organ, Post, Staff, Appointment, Duty, Category])
def test_lists_forms_and_history_open(admin, district, model):
    staff = public.create_staff(staff_no="1", name="张示例", by=BY, at=AT)
    post = public.create_post(organ_id=district.office.pk, title="主任", valid_from=START, by=BY, at=AT)
    public.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=START, by=BY, at=AT)
    make_duty(district.office, district.lamps, district.street)
    row = model.objects.order_by("pk").first()

    for query in ("", "?state=all", "?state=ended", "?state=later", "?q=zsl"):
        assert admin.get(address(model) + query, follow=True).status_code == 200
    assert admin.get(address(model, "add")).status_code == 200
    assert admin.get(address(model, "change", row.pk)).status_code == 200
    history = admin.get(address(model, "history", row.pk))
    assert history.status_code == 200
    assert "测试" in history.content.decode()
    assert admin.get(address(model, "delete", row.pk)).status_code == 403


def test_an_organ_is_set_up_with_posts_and_duties_on_one_page(admin, district):
    post = {"title": "局长", "is_head": "on", "division": "", **DAYS}
    duty = {"category": district.drains.pk, "division": "", "role": "lead", "basis": "《清单》", **DAYS}

    response = admin.post(address(Organ, "add"), organ_form(posts=[post], duties=[duty]))

    assert response.status_code == 302
    organ = Organ.objects.get(code="SW")
    assert organ.posts.get().is_head
    assert organ.duties.get().category == district.drains
    assert [e.kind for e in stream(organ.pk)] == ["organ.created", "post.created", "duty.set"]
    assert stream(organ.pk)[0].by_label == "it"


def test_a_refusal_stands_beside_its_field_and_nothing_is_kept(admin, district):
    late = {"title": "局长", "is_head": "on", "division": "", "valid_from": "2023-12-31", "valid_to": ""}

    response = admin.post(address(Organ, "add"), organ_form(posts=[late]))

    assert response.status_code == 200
    assert errors_of(response) == {"valid_from": ["岗位的起止日期须在单位存续期内。"]}
    assert not Organ.objects.filter(code="SW").exists()


def test_a_code_in_use_is_refused(admin, district):
    response = admin.post(address(Organ, "add"), organ_form(code="CG"))

    assert errors_of(response) == {"__all__": ["同一时期内已有单位使用该编码。"]}


def test_an_organ_is_changed_and_closed(admin, district):
    organ = district.management
    changed = organ_form(organ, name="示例区综合执法局")
    assert admin.post(address(Organ, "change", organ.pk), changed).status_code == 302
    assert admin.post(address(Organ, "change", organ.pk), organ_form(organ, valid_to="2026-01-01")).status_code == 302

    organ.refresh_from_db()
    assert organ.valid_to == date(2026, 1, 1)
    response = admin.post(address(Organ, "change", organ.pk), organ_form(organ))
    assert list(errors_of(response)) == ["valid_to"]


def test_duties_are_ended_in_the_organ_page_and_cannot_be_rewritten_there(admin, district):
    organ, duty = district.management, make_duty(district.management, district.lamps)
    row = {"id": duty.pk, "organ": organ.pk, "role": "co", "basis": "改写", "category": "", "valid_to": "2027-01-01"}
    form = organ_form(organ) | inline("duties", row, initial=1)

    assert admin.post(address(Organ, "change", organ.pk), form).status_code == 302

    duty.refresh_from_db()
    assert (duty.role, duty.basis, duty.category, duty.valid_to) == ("lead", "", district.lamps, date(2027, 1, 1))


def test_a_person_is_appointed_and_relieved_on_one_page(admin, district):
    post = public.create_post(organ_id=district.office.pk, title="主任", valid_from=START, by=BY, at=AT)
    person = {"staff_no": "7", "name": "张示例", "phone": "", "email": ""}
    seat = {"post": post.pk, "valid_from": "2024-01-01", "valid_to": ""}

    assert admin.post(address(Staff, "add"), person | inline("appointments", seat)).status_code == 302
    staff = Staff.objects.get()
    row = {"id": staff.appointments.get().pk, "staff": staff.pk, "valid_to": "2027-01-01"}
    form = {**person, "name": "张样例"} | inline("appointments", row, initial=1)
    assert admin.post(address(Staff, "change", staff.pk), form).status_code == 302

    appointment = Appointment.objects.get()
    assert (appointment.staff.name, appointment.valid_to) == ("张样例", date(2027, 1, 1))


def test_a_post_and_who_sits_on_it(admin, district):
    staff = public.create_staff(staff_no="1", name="张示例", by=BY, at=AT)
    post = {"organ": district.office.pk, "title": "科员", "division": "", **DAYS}
    seat = {"staff": staff.pk, "valid_from": "2024-01-01", "valid_to": ""}

    assert admin.post(address(Post, "add"), post | inline("appointments", seat)).status_code == 302
    made = Post.objects.get()
    form = {"title": "一级科员", "division": "", "valid_to": "2026-06-01"} | inline("appointments")
    assert admin.post(address(Post, "change", made.pk), form).status_code == 302

    made.refresh_from_db()
    assert (made.title, made.valid_to) == ("一级科员", date(2026, 6, 1))
    assert Appointment.objects.get().valid_to == date(2026, 6, 1)


def test_an_appointment_is_made_and_ended(admin, district):
    staff = public.create_staff(staff_no="1", name="张示例", by=BY, at=AT)
    post = public.create_post(organ_id=district.office.pk, title="主任", valid_from=START, by=BY, at=AT)

    form = {"staff": staff.pk, "post": post.pk, **DAYS}
    assert admin.post(address(Appointment, "add"), form).status_code == 302
    made = Appointment.objects.get()
    assert admin.post(address(Appointment, "change", made.pk), {"valid_to": "2025-01-01"}).status_code == 302
    assert Appointment.objects.get().valid_to == date(2025, 1, 1)


def test_a_duty_takes_over_and_is_ended(admin, district):
    old = make_duty(district.office, district.lamps)
    form = {
        "organ": district.management.pk, "category": district.lamps.pk, "division": "", "role": "lead", "basis": "",
        "takes_over": "on", **DAYS,
    }  # fmt: skip

    assert admin.post(address(Duty, "add"), form).status_code == 302
    old.refresh_from_db()
    assert old.valid_to == date(2024, 1, 1)
    new = Duty.objects.get(organ=district.management)
    ended = {"action": "end_today", "_selected_action": [str(new.pk), str(old.pk)]}
    response = admin.post(address(Duty) + "?state=all", ended, follow=True)
    new.refresh_from_db()
    assert new.valid_to is not None
    assert "已于" in response.content.decode()


def test_duties_are_filtered_by_top_category(admin, district):
    make_duty(district.office, district.lamps)
    make_duty(district.management)

    page = admin.get(address(Duty), {"top": str(district.building.pk)}).content.decode()

    assert "杏林街道办事处" in page
    assert admin.get(address(Duty), {"top": "x'"}).status_code in (200, 302)


def test_a_category_is_added_and_taken_out_of_use(admin, district):
    form = {"code": "010203", "parent": district.municipal.pk, "name": "井盖管护", "is_active": "on", "sort": 3}
    assert admin.post(address(Category, "add"), form).status_code == 302
    made = Category.objects.get(code="010203")
    assert made.level == 3
    assert admin.post(address(Category, "change", made.pk), {"name": "井盖", "sort": 3}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("井盖", False)
    response = admin.post(address(Category, "add"), {**form, "code": "1", "parent": made.pk})
    assert list(errors_of(response)) == ["parent"]


def test_pickers_offer_only_what_is_in_force(admin, district):
    public.close_organ(district.management.pk, on=date(2025, 1, 1), by=BY, at=AT)
    query = {"app_label": "organisation", "model_name": "duty", "field_name": "organ", "term": "示例区"}

    assert admin.get(reverse("admin:autocomplete"), query).json()["results"] == []
    found = admin.get(reverse("admin:autocomplete"), {**query, "term": "xljd"}).json()["results"]
    assert [row["id"] for row in found] == [str(district.office.pk)]


def test_whoever_may_not_set_up_the_district_sees_none_of_it(district, client):
    client.force_login(get_user_model().objects.create_user("clerk", "一个很长的密码2026", is_staff=True))

    assert client.get(address(Organ)).status_code == 403


def test_a_row_that_is_gone_leads_back(admin, district):
    gone = "018f0000-0000-7000-8000-000000000000"

    assert admin.get(address(Organ, "change", gone)).status_code == 302
    assert admin.get(address(Organ, "history", gone)).status_code == 302
    assert admin.get(address(Organ, "change", "x")).status_code == 302


def test_a_post_is_ended_in_the_organ_page(admin, district):
    organ = district.office
    post = public.create_post(organ_id=organ.pk, title="主任", valid_from=START, by=BY, at=AT)
    row = {"id": post.pk, "organ": organ.pk, "valid_to": "2027-01-01"}
    form = organ_form(organ, division=organ.division_id) | inline("posts", row, initial=1)

    assert admin.post(address(Organ, "change", organ.pk), form).status_code == 302

    post.refresh_from_db()
    assert post.valid_to == date(2027, 1, 1)
