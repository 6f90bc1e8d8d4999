"""The main job, from a resident's phone to a closed appeal, with everybody at a desk of their own.

Screenshots of every page are in ``test-results/main-job``.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.district import District
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.events import public as events
from zhitong.kernel.indicators import public as indicators
from zhitong.kernel.matters import public as matters

from .photos import street_light, tells_where
from .walking import Album, Walk, act, answer, describe, open_action, open_work, send, settled, small_targets

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, NAME = "13800005521", "王小明"
TEXT = f"东风路18号小区南门口的路灯坏了三天，晚上看不清台阶，老人下楼很不安全。我叫{NAME}，电话{PHONE}。"
TITLE = "路灯坏了三天"
FIRST, SECOND = "灯泡已经更换，当晚亮灯正常，感谢您的反映。", "线路接头老化，已全部更换，连续两晚复查亮灯正常。"
WRONG = "只亮了一个晚上，第二天又不亮了。"


def test_the_main_job(open_page: Callable[..., Page], phone: Page, district: District) -> None:
    story = Walk(open_page, phone, Album("main-job"))
    conclusions_need_approval(story)
    a_resident_reports(story)
    the_photo_tells_no_place(story)
    the_dispatcher_passes_it_on(story)
    the_case_worker_meets_and_handles(story)
    the_bureau_helps_without_javascript(story)
    it_is_concluded(story, FIRST)
    the_visitor_hears(story, "2", WRONG)
    the_resident_sees_that_it_goes_on(story)
    it_is_handled_again(story)
    the_visitor_hears(story, "4", "")
    the_resident_sees_everything(story)
    everybody_sees_it_masked(story)
    the_desk_sees_everything(story)
    the_figures_agree(story)
    the_right_people_were_told(story, district)
    assert list(events.verify()) == []


def conclusions_need_approval(story: Walk) -> None:
    """The administrator has the head approve the conclusions of this sub-kind."""
    page = story.desk("admin")
    page.goto("/admin/matters/subkind/")
    page.locator("#result_list").get_by_role("link", name="问题反映").click()
    page.locator("[name=needs_approval]").check()
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def a_resident_reports(story: Walk) -> None:
    page = story.phone
    page.goto("/")
    story.look(page, "resident-home")
    page.locator(".rs-door-main").click()
    form = page.locator("#raise")
    answer(form, text=TEXT, photos=street_light(is_lit=False), address="东风路18号小区南门", name=NAME, phone=PHONE)
    settled(page)
    page.locator("#id_lon_map canvas").click()
    expect(page.locator("[data-picked]")).to_contain_text("街道")
    answer(form, is_public=True, has_public_photos=True)
    story.look(page, "resident-form")
    assert small_targets(page) == []
    form.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("诉求已收到")
    story.keeps(page.locator(".ap-number"), page.locator(".ap-code"))
    assert (len(story.number), len(story.code)) == (15, 8)
    story.look(page, "resident-receipt")
    page.get_by_role("link", name="查看进展").click()
    story.look(page, "resident-tracking")


def the_photo_tells_no_place(story: Walk) -> None:
    page = story.phone
    href = page.locator("main a[href*='/files/']").first.get_attribute("href")
    assert href is not None
    assert tells_where(street_light(is_lit=False))
    for address in (href, f"{href}?small"):
        served = page.request.get(address)
        assert served.ok
        assert not tells_where(served.body())


def the_dispatcher_passes_it_on(story: Walk) -> None:
    page = story.desk("dispatcher")
    story.look(page, "dispatcher-home")
    page.get_by_role("link", name="转办台").first.click()
    expect(page.locator(".bd-title")).to_contain_text(TITLE)
    expect(page.locator("#bd-around section")).to_have_count(2)
    story.look(page, "dispatcher-board")
    form = page.locator("form[data-main]")
    answer(form, category="ludeng")
    expect(form.locator("[name=lead]")).not_to_have_value("")  # from the duty list
    expect(form.locator(".zt-picker-tags")).to_contain_text("城市管理局")
    story.look(page, "dispatcher-passes")
    form.get_by_role("button", name="转办，看下一件").click()
    expect(page.get_by_text("没有新到的诉求")).to_be_visible()
    story.look(page, "dispatcher-board-empty")
    assert story.matter.stage == "passed"


def the_case_worker_meets_and_handles(story: Walk) -> None:
    page = story.desk("worker")
    story.look(page, "worker-home")
    page.goto("/desk/notices/")
    story.look(page, "worker-notices")
    open_work(page, TITLE)
    form = open_action(page, "记录见面")
    answer(form, who="街道城管办李某与反映人", how="in_person", place="小区南门", said="一起看了现场，约定明晚前修好。")
    story.look(page, "worker-meets")
    send(page, form, "记录见面")
    form = open_action(page, "记录办理")
    answer(form, done="更换灯泡一只。", before=street_light(is_lit=False), after=street_light(is_lit=True))
    story.look(page, "worker-handles")
    send(page, form, "记录办理")
    form = open_action(page, "提交办结")
    answer(form, outcome="solved", reply=FIRST)
    form.get_by_role("button", name="提交办结", exact=True).click()
    expect(page.get_by_text("还有协办单位没有反馈").first).to_be_visible()
    assert form.locator("[name=reply]").input_value() == FIRST
    story.look(page, "worker-waits-for-the-bureau")


def the_bureau_helps_without_javascript(story: Walk) -> None:
    """A browser without JavaScript sends the photo as the camera took it."""
    page = story.desk("co", java_script_enabled=False)
    page.goto("/desk/?tab=co")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    page.get_by_role("link", name="反馈协办情况", exact=True).click()
    form = page.locator("form.zt-act-form")
    form.locator("textarea").first.fill("提供灯泡一只，协助登高作业。")
    name = "IMG_1.jpg"
    form.locator("[type=file]").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": street_light(is_lit=True)}
    )
    page.screenshot(path=story.album.folder / "00-bureau-without-javascript.png", full_page=True)
    form.get_by_role("button", name="反馈协办情况", exact=True).click()
    expect(page.get_by_text("已完成：反馈协办情况").first).to_be_visible()
    kept = [matters.place_of(bytes(file.digest)).read_bytes() for file in story.matter.attachments.all()]
    assert len(kept) == 4
    assert not any(map(tells_where, kept))


def it_is_concluded(story: Walk, reply: str) -> None:
    page = story.desk("worker")
    open_work(page, TITLE)
    act(page, "提交办结", outcome="solved", reply=reply)
    assert story.matter.stage == "concluding"
    page = story.desk("head")
    if reply == FIRST:
        story.look(page, "head-home")
    open_work(page, TITLE)
    form = open_action(page, "审批同意")
    answer(form, opinion="情况属实，同意办结。")
    if reply == FIRST:
        story.look(page, "head-approves")
    send(page, form, "审批同意")
    assert story.matter.stage == "concluded"


def the_visitor_hears(story: Walk, grade: str, words: str) -> None:
    page = story.desk("visitor")
    if words:
        story.look(page, "visitor-home")
    open_work(page, TITLE)
    form = open_action(page, "记录回访")
    assert form.locator("[name=words]").input_value() == ""  # nothing of the visit before
    answer(form, how="phone", reached=True, grade=grade, words=words)
    if words:
        story.look(page, "visitor-asks")
    send(page, form, "记录回访")
    assert story.matter.stage == ("second" if words else "closed")


def the_resident_sees_that_it_goes_on(story: Walk) -> None:
    page = story.phone
    page.reload()
    expect(page.locator("[aria-current=step]")).to_contain_text("办理")
    story.look(page, "resident-second-handling")


def it_is_handled_again(story: Walk) -> None:
    page = story.desk("worker")
    open_work(page, TITLE)
    story.look(page, "worker-second-handling")
    act(page, "记录办理", done="更换老化的线路接头。", after=street_light(is_lit=True))
    it_is_concluded(story, SECOND)


def the_resident_sees_everything(story: Walk) -> None:
    """With number and code, on another phone."""
    page = story.open_page(width=360, height=740, is_mobile=True, has_touch=True)
    page.goto("/")
    page.locator("#number").fill(story.number)
    page.get_by_role("button", name="查询").click()
    expect(page.locator("[name=number]")).not_to_have_value("")
    page.locator("[name=code]").fill(story.code.lower())
    story.look(page, "resident-asks-for-it")
    page.get_by_role("button", name="查询").click()
    steps = page.locator(".zt-stages .zt-stage")
    expect(steps).to_have_count(6)
    for n, label in enumerate(("收到", "转办", "见面", "办理", "答复", "回访")):
        expect(steps.nth(n)).to_contain_text(label)
        expect(steps.nth(n).locator("time")).to_be_visible()
        expect(steps.nth(n)).to_have_class(re.compile("zt-stage-done"))
    for text in (FIRST, SECOND, "已办结", "东风路街道办事处", "负责人已审批", "已回访：不满意，再次办理"):
        expect(page.locator("main").get_by_text(text).first).to_be_visible()
    story.look(page, "resident-closed")
    assert small_targets(page) == []


def everybody_sees_it_masked(story: Walk) -> None:
    page = story.open_page(width=360, height=740, is_mobile=True, has_touch=True)
    page.goto("/appeals/public/")
    story.look(page, "public-list")
    page.locator(".ap-item").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    shown = page.locator("main").inner_text()
    assert not [word for word in (PHONE, NAME) if word in shown], shown
    assert SECOND in shown
    assert page.locator("main a[href*='/files/']").count() == 1
    story.look(page, "public-appeal")
    page.goto("/appeals/public/map")
    story.look(page, "public-map")


def the_desk_sees_everything(story: Walk) -> None:
    page = story.desk("dispatcher")
    page.locator("#top-search").fill(story.number)
    page.locator("#top-search").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    page.locator(".zt-clocks-earlier > summary").click()
    clocks = page.locator(".zt-clocks .zt-clock")
    labels = clocks.locator("summary").all_inner_texts()
    for label in ("转办时限", "见面时限", "办结时限", "回访时限", "二次办理时限"):
        assert any(label in text for text in labels), describe(labels)
    for n in range(clocks.count()):
        clocks.nth(n).locator("summary").click()
        why = clocks.nth(n).locator(".zt-pop-panel")
        expect(why).to_contain_text("为什么是这一天")
        assert re.search(r"\d", why.inner_text())
        if n == 0:
            story.look(page, "desk-why-this-date")
        clocks.nth(n).locator("summary").click()
    told = page.locator(".zt-timeline").first.inner_text()
    for text in ("收到诉求", "已转承办单位", "承办单位已与反映人沟通", "协办单位已反馈", "负责人已审批", "已回访"):
        assert text in told, told
    story.look(page, "desk-closed-matter")


def the_figures_agree(story: Walk) -> None:
    today = timezone.localdate()
    since, by = today - timedelta(days=1), Actor.system("test")
    wanted = {"appeal.opened": 1, "appeal.again": 1, "appeal.satisfied": 1, "appeal.solved": 2, "appeal.returned": 0}
    found = {slug: indicators.figures(slug, since, today, scope=by)[0].result.value for slug in wanted}
    assert found == wanted, describe(found)
    shares = {
        figure.indicator.slug: figure.text
        for figure in indicators.figures(
            ["appeal_satisfaction", "appeal_second_rate", "appeal_in_time_pass"], since, today, scope=by
        )
    }
    assert shares == {
        "appeal_satisfaction": "50.00%",
        "appeal_second_rate": "100.00%",
        "appeal_in_time_pass": "100.00%",
    }
    page = story.desk("leader")
    story.look(page, "leader-home")
    page.goto(f"/desk/figures/?period=own&since={since}&until={today}")
    expect(page.get_by_text("50.00%").first).to_be_visible()
    story.look(page, "leader-figures")


def the_right_people_were_told(story: Walk, district: District) -> None:
    notices = events.Notice.objects.filter(subject=story.matter.pk)
    names = {account.pk: name for name, account in district.people.items()}
    told = Counter((n.template, names.get(n.to_account, "resident") if n.to_account else "resident") for n in notices)
    street = ("worker", "colleague", "head")
    kinds = ("matter.task", "matter.co_done", "appeal.second")
    expected = {("matter.task", "co"): 1, **{(kind, name): 1 for name in street for kind in kinds}}
    expected |= {("appeal.received", "resident"): 1, ("appeal.passed", "resident"): 1}
    expected |= {("appeal.concluded", "resident"): 2, ("appeal.closed", "resident"): 1}
    assert dict(told) == expected, describe({" ".join(map(str, k)): n for k, n in told.items()})
