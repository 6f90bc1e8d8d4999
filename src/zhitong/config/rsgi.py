"""The application that granian serves: the fast lane in front, the WSGI application behind it."""

import os

from .wsgi import application as wsgi  # sets Django up: what follows needs it

# isort: split
from django.conf import settings

from zhitong.gateway.assembly import found_lanes
from zhitong.gateway.front import Front
from zhitong.kernel.matters.public import MOST_BYTES, MOST_FILES

THREADS = int(os.environ.get("ZHITONG_THREADS", "8"))
MOST_BODY = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MOST_FILES * MOST_BYTES

application = Front(wsgi, found_lanes(), threads=THREADS, most_body=MOST_BODY)
