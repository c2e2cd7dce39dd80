"""What every request passes before the page sees it, as plain ASGI, so that streams stay streams.

Host names, origins, body size, pace, closed paths, and the headers every answer carries. Knows
nothing of cookies' meaning (``session``) or of films. Next in the flow: ``app`` puts it in front.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

Scope = MutableMapping[str, Any]  # Any: what ASGI puts there
Message = MutableMapping[str, Any]  # Any: what ASGI puts there
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 256 * 1024
"""A message is at most a few thousand characters; nothing else that arrives is large."""
MAX_DRAINED_BYTES = 8 * MAX_BODY_BYTES
"""How much of a refused body is read and dropped before the refusal is sent."""
_TOO_LARGE = (413, f"At most {MAX_BODY_BYTES // 1024} KB at once.")
BURST = 240
"""Requests at once: a page load is about 80 small files."""
PER_SECOND = 40.0
"""Requests a second after the burst; a person pressing buttons makes about three."""
_CLOSED = (
    "/gradio_api/file=http",
    "/gradio_api/proxy=",
    "/gradio_api/upload",
    "/gradio_api/stream",
    "/gradio_api/runs",
    "/gradio_api/monitoring",
    "/proxy=",
    "/file=",
    "/monitoring",
    "/docs",
    "/redoc",
    "/openapi.json",
)
"""Doors of the toolkit that this page does not use."""
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; script-src-attr 'none'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Gradio builds its event functions from text, hence 'unsafe-eval', and sets inline styles. No
inline script runs without the answer's nonce, and no attribute (onerror=...) ever does."""
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
)


class Guard:
    """Refuses what should not come in, and seals what goes out."""

    def __init__(self, app: App, hosts: Iterable[str], *, open_to_all: bool = False) -> None:
        """``hosts``: names the page may be reached under; ``open_to_all`` adds IP literals."""
        self._app = app
        self._hosts = frozenset(name.lower() for name in hosts)
        self._open = open_to_all
        self._pace: dict[str, tuple[float, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # No web sockets here.
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        sealed = _sealing(send)
        if refusal is not None:
            if refusal[0] == _TOO_LARGE[0]:
                await _whole_body(receive)
            await _refuse(sealed, *refusal)
            return
        if scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, sealed)
            return
        messages = await _whole_body(receive)
        if messages is None:
            await _refuse(sealed, *_TOO_LARGE)
            return
        await self._app(scope, _replaying(messages, receive), sealed)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> tuple[int, str] | None:
        if not self._host_fits(headers.get(b"host", "")):
            return 421, "This host name is not served here."
        path = unquote(scope["path"]).lower()
        while "//" in path:
            path = path.replace("//", "/")
        if path.startswith(_CLOSED):
            return 404, "Not found."
        if scope["method"] not in ("GET", "HEAD") and not _same_origin(headers):
            return 403, "Requests from other pages are refused."
        length = headers.get(b"content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return _TOO_LARGE
        client = scope.get("client")
        if not self._in_pace(client[0] if client else "", time.monotonic()):
            return 429, "Too many requests; wait a moment."
        return None

    def _host_fits(self, host: str) -> bool:
        name = _host_name(host)
        if name in self._hosts:
            return True
        return self._open and _is_address(name)

    def _in_pace(self, client: str, now: float) -> bool:
        """A token bucket for each address; forgotten when full again."""
        tokens, then = self._pace.get(client, (float(BURST), now))
        tokens = min(float(BURST), tokens + (now - then) * PER_SECOND)
        if len(self._pace) > 1000:
            stale = now - BURST / PER_SECOND
            self._pace = {k: v for k, v in self._pace.items() if v[1] > stale}
        self._pace[client] = (max(tokens - 1.0, 0.0), now)
        return tokens >= 1.0


async def _whole_body(receive: Receive) -> list[Message] | None:
    """A request's messages up to its end; None where its body is over the limit.

    A body that is too large is still read, and dropped, up to ``MAX_DRAINED_BYTES``: a connection
    closed with unread bytes is reset, and the sender would never see the refusal.
    """
    messages: list[Message] = []
    taken = 0
    while taken <= MAX_DRAINED_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return [*messages, message]  # The sender has gone; the page will notice.
        taken += len(message.get("body", b""))
        if taken <= MAX_BODY_BYTES:
            messages.append(message)
        if not message.get("more_body", False):
            break
    return messages if taken <= MAX_BODY_BYTES else None


def _replaying(messages: list[Message], receive: Receive) -> Receive:
    """What was read already, then whatever comes after it."""
    waiting = deque(messages)

    async def replay() -> Message:
        return waiting.popleft() if waiting else await receive()

    return replay


def served_hosts(host: str) -> tuple[tuple[str, ...], bool]:
    """Names a server bound to ``host`` answers to, and whether any address will do."""
    names = ["127.0.0.1", "localhost", "[::1]"]
    everywhere = host in ("", "0.0.0.0", "::")  # noqa: S104  # compared, not bound
    if everywhere:
        machine = socket.gethostname()
        names += [machine, f"{machine}.local"]
    elif host not in names:
        names.append(host)
    return tuple(names), everywhere


def _host_name(host: str) -> str:
    """``host`` without its port: "[::1]:7860" gives "[::1]"."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _same_origin(headers: dict[bytes, str]) -> bool:
    """Whether a state-changing request comes from our own page, or from no page at all."""
    site = headers.get(b"sec-fetch-site", "none")
    if site not in ("same-origin", "none"):
        return False
    origin = headers.get(b"origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get(b"host", "").lower()


def _sealing(send: Send) -> Send:
    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [(n, v) for n, v in _HEADERS if n not in present]
            if b"content-security-policy" not in present:
                policy = CONTENT_POLICY.replace("'nonce-{nonce}'", "").encode()
                headers.append((b"content-security-policy", policy))
            message = {**message, "headers": [h for h in headers if h[0].lower() != b"server"]}
        await send(message)

    return sealed


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
