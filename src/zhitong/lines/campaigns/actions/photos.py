"""Photos of targets: checked like every upload, kept with their drive."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from zhitong.base.errors import Refused
from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.matters.public import MOST_FILES, Upload, put_file

from ..choices import Side
from ..models import Photo, Target

MOST_OF_A_SIDE = 20


def keep(target: Target, side: Side, uploads: Sequence[Upload], *, by: Actor, at: datetime) -> int:
    """Write them down, in the transaction of what they belong to.  ``Refused`` for what is no picture, or for too many."""
    if not uploads:
        return 0
    demand_photos(uploads, side)
    if len(uploads) + target.photos.filter(side=side).count() > MOST_OF_A_SIDE:
        raise Refused("too_many_files", _("照片太多，每个对象处置前后各最多20张。"), side)
    for upload in uploads:
        photo = Photo(
            target=target,
            side=side,
            media_type=upload.media_type,
            size=len(upload.content),
            taken_at=at,
            by_label=by.label,
        )
        put_file(photo.file, upload.content)
        photo.save(force_insert=True)
    return len(uploads)


def demand_photos(uploads: Sequence[Upload], field: str) -> None:
    """``Refused`` for what is no picture, or for too many at once."""
    if any(not one.media_type.startswith("image/") for one in uploads):
        raise Refused("not_a_photo", _("这里只收照片。"), field)
    if len(uploads) > MOST_FILES:
        raise Refused("too_many_files", _("一次最多%(most)s张照片。") % {"most": MOST_FILES}, field)
