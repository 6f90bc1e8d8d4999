"""Run in a database of its own: build a district there and print the token of a system that may raise appeals."""

import django

django.setup()

from tests.district import build  # noqa: E402
from tests.machine import machine  # noqa: E402
from zhitong.config.prepare import migrate  # noqa: E402

if __name__ == "__main__":
    migrate()
    print(machine(build(), "dispatcher", per_minute=60_000).secret)
