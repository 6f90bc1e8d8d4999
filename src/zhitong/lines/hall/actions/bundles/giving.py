"""A result whose number the parts that follow are to use: they could not begin with one that is none."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhitong.base.errors import Refused
from zhitong.kernel.matters.public import Context

from ...models import BundlePart
from ...queries.bundles import in_force_by_code
from ...rules.questions import read
from ..cases.rows import case_of


def check_number(ctx: Context) -> None:
    """Refused where a later part asks for what this one gives, and would not take the number that was written."""
    row = BundlePart.objects.filter(matter=ctx.matter.pk).select_related("case__version").first()
    if row is None:
        return
    parts = row.case.version.defined.parts
    fact = next((part.gives for part in parts if part.slug == row.slug), "")
    if not fact:
        return
    today, number = timezone.localdate(ctx.at), case_of(ctx).result_number
    for version in in_force_by_code([part.item for part in parts], today).values():
        asked = [one for one in version.form if one.slug == fact]
        if message := read(asked, {fact: number}, today=today).errors.get(fact):
            said = _("后面的环节“%(item)s”要用%(fact)s，请在结果编号中填写：%(why)s")
            raise Refused("bad_given", said % {"item": version.item.name, "fact": fact, "why": message}, field="number")
