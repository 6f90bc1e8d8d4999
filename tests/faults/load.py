"""Clients that do not give up."""

import contextlib
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import uuid4

CLIENTS = 4
PATIENCE = 300.0
PAUSE = 0.2  # seconds between two appeals of a client


@dataclass
class Load:
    """Appeals sent by several clients; each is sent under its key until it is acknowledged."""

    address: str
    token: str
    name: str = field(default_factory=lambda: uuid4().hex[:8])
    receipts: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    moments: list[float] = field(default_factory=list)
    answers: "Counter[int]" = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def raise_one(self, text: str, key: str) -> dict[str, Any]:
        """One attempt."""
        body = json.dumps({"text": text, "phone": "13800001234", "channel": "hotline"}).encode()
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key,
            "Host": "localhost",
        }  # fmt: skip
        request = urllib.request.Request(f"{self.address}/api/v1/appeals", body, headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=15) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found

    def until_acknowledged(self, text: str) -> None:
        key, deadline = uuid4().hex, time.monotonic() + PATIENCE
        while True:
            try:
                receipt = self.raise_one(text, key)
            except urllib.error.HTTPError as error:
                self.answers[error.code] += 1
                if error.code < 500 and error.code != 429:
                    self.failures.append(f"{error.code} {error.read()!r}")
                    return
            except (OSError, ValueError, http.client.HTTPException):
                pass
            else:
                self.moments.append(time.monotonic())
                self.receipts[text] = receipt["number"]
                self.repeated += receipt["is_repeated"]
                return
            if time.monotonic() > deadline:
                self.failures.append(f"{text} was never acknowledged")
                return
            time.sleep(0.1)

    def _client(self, number: int) -> None:
        count = 0
        while not self._stopping.is_set():
            count += 1
            self.until_acknowledged(f"{self.name} {number}-{count} 路灯不亮")
            time.sleep(PAUSE)

    @contextlib.contextmanager
    def going(self) -> Iterator[None]:
        """While inside, the clients send."""
        clients = [threading.Thread(target=self._client, args=(n,)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            yield
        finally:
            self._stopping.set()
            for client in clients:
                client.join()
        assert not self.failures, self.failures[:5]

    def wait_for(self, more: int) -> None:
        """Until that many more are acknowledged."""
        wanted, deadline = len(self.receipts) + more, time.monotonic() + PATIENCE
        while len(self.receipts) < wanted:
            assert time.monotonic() < deadline, f"waited in vain for {more} more acknowledged"
            time.sleep(0.02)

    def silence(self, since: float) -> float:
        """The longest stretch without an acknowledgement that ends after ``since``, in seconds."""
        return max((after - before for before, after in pairwise(sorted(self.moments)) if after > since), default=0.0)
