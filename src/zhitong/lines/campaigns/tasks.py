"""What the worker does for drives."""

import logging

from zhitong.base.periodic import every

from .actions.tallying import differ, fold, rebuild
from .models import Tally

log = logging.getLogger("zhitong.campaigns")


@every(seconds=6 * 3600, name="campaigns.tally", by_clock=True)
def tally() -> None:
    """Fold the sums of each drive; where they are not what the targets say, as after streets were merged, count anew."""
    for drive_id in Tally.objects.order_by().values_list("drive", flat=True).distinct():
        if differ(drive_id):
            log.warning("the sums of drive %s were not those of its targets: counted anew", drive_id)
            rebuild(drive_id)
        else:
            fold(drive_id)
