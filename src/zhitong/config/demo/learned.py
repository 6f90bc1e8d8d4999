"""What helps the demo's dispatcher: learning is asked for, and a routing rule waits to be tried."""

from datetime import datetime

from zhitong.kernel.accounts.public import Actor
from zhitong.kernel.dispatch import public as dispatch
from zhitong.kernel.organisation.public import Organ

RULE, WHEN, LEADS = "工地施工扰民由公安到场制止", dispatch.When(words=("打桩", "工地")), "公安分局"


def build(by: Actor, at: datetime) -> None:
    """The worker learns from the year seconds after the start; the rule is a draft whose page shows what would have gone elsewhere."""
    dispatch.ask_to_learn("appeal", by=by, at=at)
    organ = Organ.objects.get(short_name=LEADS)
    dispatch.save_rule("appeal", RULE, WHEN, organ_id=organ.pk, by=by, at=at)
