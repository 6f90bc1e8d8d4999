"""How notices leave the house where nothing else is set: e-mail through Django, short messages into a file."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone


def send_mail(address: str, title: str, body: str, notice: str) -> None:
    """One e-mail; raises what the mail server says.  A title is one line, whatever was filled in.

    Sent once more, it has the same ``Message-ID``: most mail servers keep one of two.
    """
    EmailMessage(" ".join(title.split()), body, to=[address], headers={"Message-ID": f"<{notice}@zhitong>"}).send()


def write_sms(address: str, title: str, body: str, notice: str) -> None:
    """One line of JSON at the end of ``settings.SMS_FILE``, readable by its owner only: for demonstrations and trials."""
    path = Path(settings.SMS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    now = timezone.now().isoformat(timespec="seconds")
    said = {"at": now, "id": notice, "to": address, "title": title, "body": body}
    line = json.dumps(said, ensure_ascii=False) + "\n"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line.encode())  # at once, so that two workers do not mix their lines
    finally:
        os.close(file)
