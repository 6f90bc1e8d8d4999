"""Tickets, windows, appointments: what is done with them, by whom, and at the same moment."""

import contextlib
import threading
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from tests.district import BY, District, build
from zhitong.base.errors import Conflict, NotAllowed, NotFound, Refused
from zhitong.kernel.accounts import public as accounts
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.indicators.public import figures
from zhitong.kernel.organisation.public import posts_of
from zhitong.lines.hall.actions import bookings, halls, sitting, tickets
from zhitong.lines.hall.choices import BookingState, Source, TicketState
from zhitong.lines.hall.models import Booking, LastNumber, Sitting, Ticket
from zhitong.lines.hall.queries import bookings as slots
from zhitong.lines.hall.queries import today
from zhitong.lines.hall.queries import window as reading

from .window_scene import MORNING, a_hall, seated, take, tiles

ANYBODY = Actor.resident()


@pytest.fixture
def district(db: None) -> District:
    return build()


def later(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def test_a_day_at_a_window(district: District) -> None:
    scene = a_hall(district)
    first, second = take(scene.general, MORNING), take(scene.general, later(1))
    other = take(scene.firms, later(2))
    assert [str(t) for t in (first, second, other)] == ["A001", "A002", "B001"]
    by = seated(district, scene.windows[1], later(3))
    assert tickets.call_next(by=by, at=later(4)) == first
    with pytest.raises(Conflict, match="还没有开始"):
        tickets.call_next(by=by, at=later(4))
    assert tickets.recall(by=by, at=later(5)).calls == 2
    tickets.begin(by=by, at=later(5))
    assert tickets.call_next(by=by, at=later(15)) == second  # ends the one before
    first.refresh_from_db()
    assert (first.state, first.ended_at) == (TicketState.SERVED, later(15))
    tickets.pass_over(by=by, at=later(16))
    with pytest.raises(Refused, match="没有人在等"):  # B is not for this window
        tickets.call_next(by=by, at=later(17))
    tickets.rejoin(second.pk, by=by, at=later(18))
    assert tickets.call_next(by=by, at=later(18)) == second
    tickets.begin(by=by, at=later(19))
    tickets.end(by=by, at=later(20))
    sitting.leave(by=by, at=later(21))
    counted = reading.day_of(scene.hall, later(22))
    assert (counted.taken, counted.waiting, counted.done) == (3, 1, 2)
    assert counted.waited == (5 * 60 + 18 * 60) // 2
    assert counted.served == (10 * 60 + 60) // 2
    assert [(one.n, one.served) for one in counted.windows] == [(0, None), (2, 330), (0, None)]


def test_numbers_begin_anew_each_day(district: District) -> None:
    scene = a_hall(district)
    assert [take(scene.general, MORNING).number for _n in range(3)] == [1, 2, 3]
    assert take(scene.general, MORNING + timedelta(days=1)).number == 1


def test_figures_equal_a_recount(district: District) -> None:
    scene = a_hall(district)
    for n in range(4):
        take(scene.general, later(n))
    by = seated(district, scene.windows[0], MORNING)
    for n in range(3):
        tickets.call_next(by=by, at=later(10 + 10 * n))
        tickets.begin(by=by, at=later(11 + 10 * n))
    tickets.end(by=by, at=later(35))
    day = timezone.localdate(MORNING)
    slugs = ["hall_tickets", "hall_waiting", "hall_serving"]
    given = {f.indicator.slug: float(f.value or 0) for f in figures(slugs, day, day, scope=BY)}
    rows = Ticket.objects.filter(day=day)
    waits = [(t.began_at - t.taken_at).total_seconds() for t in rows if t.began_at]
    served = [(t.ended_at - t.began_at).total_seconds() for t in rows if t.began_at and t.ended_at]
    assert given["hall_tickets"] == rows.count()
    assert given["hall_waiting"] == pytest.approx(sum(waits) / len(waits))
    assert given["hall_serving"] == pytest.approx(sum(served) / len(served))


def test_preferred_and_appointments_come_first(district: District) -> None:
    scene = a_hall(district)
    ordinary = take(scene.general, MORNING)
    elderly = take(scene.general, later(1), priority="elderly")
    due = take(scene.general, later(2), due_at=later(3))
    seen = reading.board(scene.hall, later(4))  # as the screen tells them
    assert (seen.coming, seen.now) == ({scene.general.pk: [str(due), str(elderly), str(ordinary)]}, [])
    by = seated(district, scene.windows[1], MORNING)
    order = []
    for n in range(3):
        order.append(tickets.call_next(by=by, at=later(5 + n)))
        tickets.begin(by=by, at=later(5 + n))
    assert order == [due, elderly, ordinary]


def test_sent_on_keeps_the_place(district: District) -> None:
    scene = a_hall(district)
    moved, waiting = take(scene.general, MORNING), take(scene.firms, later(1))
    one = seated(district, scene.windows[1], MORNING)
    tickets.call_next(by=one, at=later(2))
    with pytest.raises(Refused):
        tickets.send_on(by=one, at=later(3), window_id=scene.windows[1].pk)
    tickets.send_on(by=one, at=later(3), window_id=scene.windows[2].pk)
    with pytest.raises(Refused, match="没有人在等"):
        tickets.call_next(by=one, at=later(4))
    sitting.leave(by=one, at=later(4))
    one = seated(district, scene.windows[2], later(5))
    assert tickets.call_next(by=one, at=later(5)) == moved
    tickets.begin(by=one, at=later(6))
    assert tickets.call_next(by=one, at=later(7)) == waiting


def test_who_may_sit_where(district: District) -> None:
    scene = a_hall(district)
    with pytest.raises(NotAllowed):
        sitting.sit(scene.windows[0].pk, by=district.actor("worker"), at=MORNING)
    by = seated(district, scene.windows[0], MORNING)
    assert seated(district, scene.windows[0], later(1)) == by
    assert Sitting.objects.count() == 1
    seated(district, scene.windows[1], later(2))  # leaves the one before
    assert Sitting.objects.filter(ended_at=None).get().window == scene.windows[1]
    elsewhere = halls.write_hall(
        {"name": "南山便民服务中心", "organ_id": district.organs["elsewhere"].pk, "address": "南山路",
         "division_id": district.streets["elsewhere"]}, by=BY, at=MORNING,
    )  # fmt: skip
    assert elsewhere not in reading.halls(by, "hall.serve")
    with pytest.raises(NotAllowed):
        halls.write_hall({"phone": "1"}, by=district.actor("worker"), at=MORNING, hall_id=elsewhere.pk)


def test_a_pause_and_leaving(district: District) -> None:
    scene = a_hall(district)
    take(scene.general, MORNING)
    by = seated(district, scene.windows[1], MORNING)
    sitting.pause(by=by, at=MORNING)
    with pytest.raises(Conflict, match="暂停"):
        tickets.call_next(by=by, at=later(1))
    assert reading.lines(scene.hall, later(1))[0].windows == 0
    sitting.resume(by=by, at=later(2))
    tickets.call_next(by=by, at=later(3))
    with pytest.raises(Conflict, match="A001"):
        sitting.leave(by=by, at=later(4))
    with pytest.raises(Conflict, match="上岗"):
        tickets.call_next(by=district.actor("worker"), at=later(4))


def test_no_ticket_while_the_hall_is_closed(district: District) -> None:
    scene = a_hall(district, opens=time(9), closes=time(17))
    with pytest.raises(Refused, match="不办公"):
        take(scene.general, MORNING.replace(hour=18))
    with pytest.raises(Refused, match="不办公"):
        take(scene.general, MORNING + timedelta(days=3))  # Saturday
    with pytest.raises(NotFound):
        take(scene.hall, MORNING)  # type: ignore[arg-type]


def test_giving_up(district: District) -> None:
    scene = a_hall(district)
    ticket = take(scene.general, MORNING)
    tickets.give_up(ticket.pk, by=ANYBODY, at=later(1))
    tickets.give_up(ticket.pk, by=ANYBODY, at=later(2))
    by = seated(district, scene.windows[1], MORNING)
    with pytest.raises(Refused, match="没有人"):
        tickets.call_next(by=by, at=later(3))
    called = take(scene.general, later(3))
    tickets.call_next(by=by, at=later(4))
    with pytest.raises(Conflict):
        tickets.give_up(called.pk, by=ANYBODY, at=later(5))


def test_an_appointment_from_beginning_to_end(district: District) -> None:
    scene = a_hall(district)
    day = timezone.localdate(MORNING)
    free = slots.free_slots(scene.general, day, MORNING)
    slot = free[1].starts_at
    made = [bookings.book(scene.general.pk, slot, by=ANYBODY, at=MORNING) for _n in range(2)]
    with pytest.raises(Conflict, match="约满"):
        bookings.book(scene.general.pk, slot, by=ANYBODY, at=MORNING)
    bookings.call_off(made[0].pk, by=ANYBODY, at=MORNING)
    third = bookings.book(scene.general.pk, slot, by=ANYBODY, at=MORNING)
    ticket = bookings.arrive(scene.hall, f" {third.code[:4]} {third.code[4:]}", by=ANYBODY, at=slot)
    assert (ticket.source, ticket.due_at) == (Source.BOOKED, slot)
    assert bookings.arrive(scene.hall, third.code, by=ANYBODY, at=slot) == ticket
    with pytest.raises(Conflict, match="取消"):
        bookings.arrive(scene.hall, made[0].code, by=ANYBODY, at=slot)
    with pytest.raises(NotFound):
        bookings.arrive(scene.hall, "00000000", by=ANYBODY, at=slot)
    bookings.expire_bookings(day + timedelta(days=1), by=BY, at=MORNING + timedelta(days=1))
    states = {b.pk: b.state for b in Booking.objects.all()}
    assert states == {
        made[0].pk: BookingState.CANCELLED, made[1].pk: BookingState.MISSED, third.pk: BookingState.ARRIVED,
    }  # fmt: skip


def test_what_a_machine_prints_says_when_and_whether_anybody_serves(district: District) -> None:
    scene = a_hall(district)
    slot = slots.free_slots(scene.general, timezone.localdate(MORNING), MORNING)[1].starts_at
    booking = bookings.book(scene.general.pk, slot, by=ANYBODY, at=MORNING)
    ticket = bookings.arrive(scene.hall, booking.code, by=ANYBODY, at=slot)

    def printed() -> str:
        place = reading.place_of(ticket, slot)
        return render_to_string(
            "hall/screens/printed.html", {"ticket": ticket, "hall": scene.hall, "place": place, "kiosk": "k", "qr": ""}
        )

    assert f"预约时间：{timezone.localtime(slot):%H:%M}" in printed()
    assert "现在没有窗口办理" in printed()
    assert "下一个就是您" not in printed()
    seated(district, scene.windows[0], slot)
    assert "现在没有窗口办理" not in printed()
    assert "下一个就是您" in printed()


@pytest.mark.parametrize("minutes", [-60, 7])
def test_no_appointment_in_the_past_or_between_slots(district: District, minutes: int) -> None:
    scene = a_hall(district)
    with pytest.raises(Conflict):
        bookings.book(scene.general.pk, later(minutes), by=ANYBODY, at=MORNING)


def test_the_day_is_closed_once(district: District) -> None:
    scene = a_hall(district)
    waiting = take(scene.firms, MORNING)
    served = take(scene.general, MORNING)
    by = seated(district, scene.windows[1], MORNING)
    tickets.call_next(by=by, at=later(1))
    tickets.begin(by=by, at=later(1))
    next_day = MORNING + timedelta(days=1)
    assert tickets.close_day(timezone.localdate(next_day), by=BY, at=next_day) == 2
    assert tickets.close_day(timezone.localdate(next_day), by=BY, at=next_day) == 0
    waiting.refresh_from_db()
    served.refresh_from_db()
    assert (waiting.state, served.state) == (TicketState.LEFT, TicketState.SERVED)
    assert not Sitting.objects.filter(ended_at=None).exists()
    assert not LastNumber.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_call_at_the_same_moment_get_two_tickets() -> None:
    district = build()
    scene = a_hall(district)
    wanted = [take(scene.general, later(n)) for n in range(6)]
    people = {"clerk": scene.windows[0], "grid": scene.windows[1]}
    (seat,) = posts_of(district.people["grid"].staff_id or uuid4(), timezone.localdate())
    accounts.grant_many(
        [accounts.NewGrant(post_id=seat.post.pk, role="clerk", scope="all", valid_from=timezone.localdate())],
        by=BY, at=timezone.now(),
    )  # fmt: skip
    actors = {name: seated(district, window, MORNING, name) for name, window in people.items()}
    got: list[Ticket] = []
    gate = threading.Barrier(2)

    def work(by: Actor) -> None:
        try:
            for n in range(3):
                gate.wait()
                got.append(tickets.call_next(by=by, at=later(10 + n)))
                tickets.begin(by=by, at=later(10 + n))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(by,)) for by in actors.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(t) for t in got) == sorted(str(t) for t in wanted)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once_and_numbers_once() -> None:
    scene = a_hall(build())
    free = slots.free_slots(scene.firms, timezone.localdate(MORNING), MORNING)[0]
    gate, made, given = threading.Barrier(4), [], []

    def work() -> None:
        try:
            gate.wait()
            given.append(take(scene.general, MORNING).number)
            with contextlib.suppress(Conflict):
                made.append(bookings.book(scene.firms.pk, free.starts_at, by=ANYBODY, at=MORNING))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == [1, 2, 3, 4]
    assert len(made) == scene.firms.slot_places


def test_the_homes_of_a_window_and_of_a_hall(district: District) -> None:
    at = timezone.now()
    scene = a_hall(district)
    for number in (1, 2, 3):
        Ticket.objects.create(
            hall=scene.hall, queue=scene.general if number < 3 else scene.firms, day=timezone.localdate(at), prefix="A",
            number=number, source="kiosk", taken_at=at - timedelta(minutes=50), place_at=at,
        )  # fmt: skip
    clerk = district.actor("clerk")
    asked = today.at_the_window(clerk, at)
    assert asked is not None
    assert "没有上岗" in str(asked.lead)
    by = seated(district, scene.windows[1], at)
    tickets.call_next(by=by, at=at)
    tickets.begin(by=by, at=at)
    assert tiles(today.at_the_window(by, at)) == {"等候": 1, "今天办完": 0}
    tickets.end(by=by, at=at)
    assert tiles(today.at_the_window(by, at)) == {"等候": 1, "今天办完": 1}
    day = tiles(today.of_the_halls(district.actor("admin"), at))
    assert day == {
        "等候": 2, "等得最久": "50分钟", "平均等候": "50分钟", "今天办完": 1, "开放窗口": "1/3", "待到场预约": 0,
    }  # fmt: skip
    assert today.at_the_window(district.actor("worker"), at) is None
    assert "开放窗口" in district.client("admin").get(reverse("portal:desk")).content.decode()
