"""How the log of organisation reads."""

from datetime import date

from zhitong.kernel.events.public import describe, stream

from .. import public
from .conftest import AT, BY, START, make_category, make_duty, make_organ


def told(stream_id):
    return [describe(event)[::2] for event in stream(stream_id)]


def test_what_happened_to_an_organ_can_be_read(district):
    organ = make_organ("SW", "水务局")
    public.change_organ(organ.pk, short_name="水务", phone="80000000", parent_id=district.office.pk, by=BY, at=AT)
    post = public.create_post(organ_id=organ.pk, title="局长", valid_from=START, by=BY, at=AT)
    public.change_post(post.pk, title="主任", is_head=True, by=BY, at=AT)
    make_duty(organ, district.lamps, district.street)
    duty = make_duty(organ, role="co")
    public.end_duty(duty.pk, on=date(2026, 1, 1), by=BY, at=AT)

    assert told(organ.pk) == [
        ("设立单位", "水务局，自2020年1月1日起"),
        ("修改单位信息", "简称：— → 水务；上级单位；联系电话"),
        ("设立岗位", "局长，自2020年1月1日起"),
        ("修改岗位", "岗位名称：局长 → 主任；主要负责人岗位"),
        ("确定职责", "路灯照明 · 杏林街道，主办，自2020年1月1日起"),
        ("确定职责", "全部类别 · 全区，协办，自2020年1月1日起"),
        ("终止职责", "全部类别 · 全区，至2026年1月1日止"),
    ]


def test_what_happened_to_a_person_and_a_category_can_be_read(district):
    staff = public.create_staff(staff_no="1", name="张示例", by=BY, at=AT)
    post = public.create_post(organ_id=district.office.pk, title="主任", valid_from=START, by=BY, at=AT)
    seat = public.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=START, is_deputy=True, by=BY, at=AT)
    public.end_appointment(seat.pk, on=date(2026, 1, 1), by=BY, at=AT)
    category = make_category("02", "环境保护")
    public.change_category(category.pk, is_active=False, keywords="污染", by=BY, at=AT)

    assert told(staff.pk) == [
        ("登记人员", "张示例"),
        ("任职", "张示例 · 主任，代理，自2020年1月1日起"),
        ("免职", "张示例 · 主任，至2026年1月1日止"),
    ]
    assert told(category.pk) == [("新增类别", "环境保护"), ("修改类别", "关键词：— → 污染；启用")]
