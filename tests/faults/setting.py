"""Run in a database of its own: build a district there and print, as JSON, what the tests need to act in it."""

import json
import os
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402

from tests.district import BY, District, build  # noqa: E402
from tests.machine import machine  # noqa: E402
from zhitong.config.prepare import migrate  # noqa: E402
from zhitong.gateway.webhooks import actions as webhooks  # noqa: E402
from zhitong.kernel.indicators.public import fold_finished  # noqa: E402
from zhitong.kernel.organisation.public import posts_of  # noqa: E402

DAYS_BACK = (75, 74, 40, 2)


def history(district: District) -> None:
    """Matters of days that are over, so that there is something to fold."""
    for days in DAYS_BACK:
        for _each in range(2):
            district.open(at=timezone.now() - timedelta(days=days))
    while fold_finished():
        pass


def listener(district: District) -> str:
    """The secret of another system that is told when an appeal has come in."""
    staff_id = district.people["dispatcher"].staff_id
    assert staff_id is not None
    post = posts_of(staff_id, timezone.localdate())[0].post
    url = f"http://127.0.0.1:{os.environ['RECEIVER_PORT']}/hook"
    _made, secret = webhooks.make_endpoint(
        name="另一个系统",
        url=url,
        kinds=["appeal.opened"],
        post_id=post.pk,
        origin="http://localhost",
        by=BY,
        at=timezone.now(),
    )
    return secret


def make() -> dict[str, Any]:
    """The district."""
    migrate()
    district = build()
    history(district)
    return {
        "token": machine(district, "dispatcher", per_minute=100_000).secret, "webhook": listener(district),
        "people": {name: str(district.people[name].pk) for name in ("worker", "colleague")},
        "category": str(district.category.pk), "lead": str(district.organs["street"].pk),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(make()))
