"""A WSGI application behind the interface of granian (RSGI): what PEP 3333 asks for, and no more."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Any], Any]
IN_MEMORY = 1024 * 1024
FILE_BLOCK = 256 * 1024


class TooLarge(Exception):
    """The body is longer than anything that may be sent."""


async def body_of(scope: Any, protocol: Any, most: int) -> BinaryIO:
    """The whole body, on disk when it is long: who sends slowly keeps no thread busy.  TooLarge beyond ``most`` bytes."""
    length = scope.headers.get("content-length", "")
    if not length and "transfer-encoding" not in scope.headers:
        return BytesIO()
    if length.isdigit() and int(length) > most:
        raise TooLarge
    if length.isdigit() and int(length) <= IN_MEMORY:
        return BytesIO(await protocol())
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the request
    async for chunk in protocol:
        body.write(chunk)
        if body.tell() > most:
            body.close()
            raise TooLarge
    body.seek(0)
    return body  # type: ignore[return-value]


class Blocks:
    """``wsgi.file_wrapper``: a file in blocks large enough that crossing between threads costs nothing."""

    streaming = True

    def __init__(self, file: BinaryIO, _block: int = 0) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(FILE_BLOCK), b"")

    def close(self) -> None:
        """Close the file, and with it what it came from."""
        self._file.close()


def environ_of(scope: Any, body: BinaryIO) -> dict[str, Any]:
    """The request as PEP 3333 has it.  A header with an underscore in its name is dropped: it would pass for another."""
    host, _colon, port = scope.server.rpartition(":")
    client = scope.client.rpartition(":")[0].strip("[]")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": host or scope.server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": Blocks,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" not in name:
            _add(environ, name, value)
    if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" in environ:  # it came in chunks, and is here
        environ["CONTENT_LENGTH"] = str(body.seek(0, os.SEEK_END))
        body.seek(0)
    return environ


def _add(environ: dict[str, Any], name: str, value: str) -> None:
    key = name.upper().replace("-", "_")
    key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    if key in environ and key not in ("HTTP_HOST", "CONTENT_TYPE", "CONTENT_LENGTH"):
        value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value


def respond(application: Application, environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Run the application in this thread and send its answer; a stream block by block as it comes."""
    head: list[Any] = []

    def start_response(status: str, headers: Headers, _error: Any = None) -> None:
        head[:] = [int(status[:3]), headers]

    answer = application(environ, start_response)
    try:
        if not getattr(answer, "streaming", False):
            protocol.response_bytes(*head, b"".join(answer))
            return
        transport = asyncio.run_coroutine_threadsafe(_stream(protocol, *head), loop).result()
        for block in answer:
            asyncio.run_coroutine_threadsafe(_send(transport, block), loop).result()
    finally:
        getattr(answer, "close", lambda: None)()


async def _stream(protocol: Any, status: int, headers: Headers) -> Any:
    return protocol.response_stream(status, headers)


async def _send(transport: Any, block: bytes) -> None:
    await transport.send_bytes(block)
