"""Another system that is told, over real HTTP."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook


@dataclass
class Receiver:
    """Keeps what it is sent.  ``before_answer`` is called with the number of the delivery, once it was read."""

    before_answer: Callable[[int], None] | None = None
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        known = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                known.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                if known.before_answer:
                    known.before_answer(len(known.got))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_given: object) -> None:
                """Nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_given: object) -> None:
                """Whoever sent may have died meanwhile."""

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.server_address[1])

    def verified(self, secret: str) -> list[str]:
        """The id of each delivery, its signature made again with the library that receivers use.

        How old a delivery may be is the receiver's to say; here clocks are wrong at times.
        """
        for headers, body in self.got:
            at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
            assert Webhook(secret).sign(headers["webhook-id"], at, body.decode()) == headers["webhook-signature"]
        return [headers["webhook-id"] for headers, _body in self.got]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
