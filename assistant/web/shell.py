"""The document round Gradio: header, language, cookie, and no reference to any other host.

Gradio writes the page that loads its parts; this takes that page on its way out, removes what
points elsewhere, gives its inline scripts this answer's nonce and adds our own header. Knows
nothing of what the header's buttons do (``static/matinee.js``). Next in the flow: ``serving``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping

from anyio.to_thread import run_sync
from starlette.requests import cookie_parser

from assistant.cards import Pages
from assistant.texts import Texts, choose
from assistant.web.guard import CONTENT_POLICY, App, Message, Receive, Scope, Send
from assistant.web.session import COOKIE, LANGUAGE_COOKIE, MAX_AGE_S, Signer

_SOCIAL = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*", re.DOTALL)
_CHARSET = '<meta charset="utf-8" />'
_HEAD = (
    '<link rel="icon" href="/ui/icon.svg" type="image/svg+xml">'
    '<link rel="stylesheet" href="/ui/matinee.css">'
    '<link rel="stylesheet" href="/ui/cards.css">'
    '<link rel="stylesheet" href="/ui/panels.css">'
    '<script src="/ui/theme.js"></script>'
    '<script src="/ui/matinee.js" defer></script>'
)


class Shell:
    """Wraps the app; every path but the page itself passes untouched."""

    def __init__(
        self,
        app: App,
        pages: Pages,
        languages: Mapping[str, Texts],
        welcome: Callable[[str | None], tuple[str, bool]],
        signer: Signer,
    ) -> None:
        self.app = app
        self._pages = pages
        self._languages = languages
        self._welcome = welcome
        self._signer = signer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        chunks: list[bytes] = []

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        await self.app(scope, receive, collect)
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        cookies = cookie_parser(headers.get(b"cookie", ""))
        texts = choose(
            self._languages,
            headers.get(b"accept-language", ""),
            cookies.get(LANGUAGE_COOKIE),
        )
        nonce = secrets.token_urlsafe(18)
        body = self.dress(b"".join(chunks).decode(), texts, nonce).encode()
        answer = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"vary", b"cookie, accept-language"),
            (b"content-language", texts.language.encode()),
            (b"content-security-policy", CONTENT_POLICY.format(nonce=nonce).encode()),
        ]
        if start["status"] == 200:
            user, new = await run_sync(self._welcome, cookies.get(COOKIE))
            if new:
                answer.append((b"set-cookie", self._cookie(user)))
        await send({**start, "headers": answer})
        await send({"type": "http.response.body", "body": body})

    def dress(self, document: str, texts: Texts, nonce: str) -> str:
        """Gradio's document with our head and header, sealed with ``nonce``."""
        others = [other for code, other in self._languages.items() if code != texts.language]
        header = self._pages.render("shell.html", t=texts, others=others)
        document = _SOCIAL.sub("", document)
        document = document.replace('<html\n\tlang="en"', f'<html\n\tlang="{texts.language}"', 1)
        document = document.replace(_CHARSET, _CHARSET + _HEAD, 1)
        document = document.replace("<script", f'<script nonce="{nonce}"')
        return re.sub(
            r"(<body[^>]*>)", lambda match: match[1] + header, document, count=1, flags=re.DOTALL
        )

    def _cookie(self, user: str) -> bytes:
        value = self._signer.sign(user)
        flags = f"Path=/; Max-Age={MAX_AGE_S}; HttpOnly; SameSite=Lax"
        return f"{COOKIE}={value}; {flags}".encode()
