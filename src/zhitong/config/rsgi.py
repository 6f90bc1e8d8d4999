"""The application that granian serves: the fast lane in front, the WSGI application behind it."""

import os

from .wsgi import application as wsgi  # sets Django up: what follows needs it

# isort: split
from zhitong.base.processes import settle
from zhitong.gateway.assembly import found_lanes
from zhitong.gateway.front import Front
from zhitong.ui.web.refusals import MOST_BODY

THREADS = int(os.environ.get("ZHITONG_THREADS", "8"))

application = Front(wsgi, found_lanes(), threads=THREADS, most_body=MOST_BODY)
settle()
