"""What belongs to a division that was drawn and taken back ends with it."""

from datetime import date

import pytest
import shapely

from zhitong.kernel.territory import public as t

from .. import public as o
from .conftest import AT, BY, make_duty, make_organ

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def test_posts_and_duties_of_a_grid_that_never_was_end(district):
    community = district.community
    t.import_shapes([(community.code, shapely.box(117, 36.5, 117.02, 36.52))], by=BY, at=AT)
    drawn = shapely.box(117.005, 36.505, 117.01, 36.51)
    done = t.draw_new(community.pk, "grid", drawn, (f"{community.code}099", "市场"), reason="专属", by=BY, at=AT)
    market = t.by_code(f"{community.code}099")
    organ = make_organ("market", "市场管理办")
    post = o.create_post(organ_id=organ.pk, title="网格员", division_id=market.id, valid_from=TODAY, by=BY, at=AT)
    other = o.create_post(organ_id=organ.pk, title="科员", valid_from=TODAY, by=BY, at=AT)
    staff = o.create_staff(staff_no="t9", name="王五", by=BY, at=AT)
    seat = o.appoint(staff_id=staff.pk, post_id=post.pk, valid_from=TODAY, by=BY, at=AT)
    duty = make_duty(organ, district.lamps, t.Division.objects.get(pk=market.id), TODAY)
    t.undo_redrawing(done.id, by=BY, at=AT)
    for row in (post, seat, duty):
        row.refresh_from_db()
        assert row.valid_to == TODAY
    other.refresh_from_db()
    assert other.valid_to is None
    assert market.id not in o.staffed_divisions(TODAY)
