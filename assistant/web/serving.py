"""Binding the port first: a page within a second, the real one as soon as everything is loaded.

``Front`` answers from the start: a warm-up page, its status, our static files. A thread opens the
assistant and builds the page; ``Front`` then hands every request on, and the waiting browser
reloads by itself. Knows nothing of what the page shows. The last file of the flow: ``cli`` calls
``serve``.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
import uvicorn
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from assistant.config import Settings
from assistant.errors import ConfigError, MatineeError
from assistant.rendering import STATIC, make_environment
from assistant.texts import choose, load_texts
from assistant.web.guard import App, Guard, Receive, Scope, Send, served_hosts

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.chat import Assistant

    Opener = Callable[[Settings, Callable[[int, int], None]], Assistant]

log = logging.getLogger(__name__)

LAST_WORDS_S = 2.0
"""How long a failed start stays up, so that an open page can read why."""
_DRAIN_S = 3
"""How long open streams may go on once the program was asked to stop."""


@dataclass(frozen=True)
class Status:
    """How far a start has come."""

    state: str = "warming"
    """"warming", "ready" or "failed"."""
    done: int = 0
    total: int = 0
    """Texts of the index encoded so far, of how many; 0 of 0 where no index is being built."""
    message: str = ""
    """Why a start failed."""


class Front:
    """An ASGI app: the warm-up page first, then whatever ``become`` was given."""

    def __init__(self, settings: Settings) -> None:
        """Raises ``DataError`` where the page texts cannot be read."""
        self.status = Status()
        self._languages = load_texts(settings.data / "languages")
        self._template = make_environment().get_template("warming.html")
        self._static = StaticFiles(directory=STATIC)
        self._app: App | None = None
        self._stack = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI has it."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path == "/status":
            answer: Any = Response(  # Any: an ASGI app in one of three shapes
                orjson.dumps(asdict(self.status)),
                media_type="application/json",
                headers={"cache-control": "no-store"},
            )
        elif path.startswith("/ui/"):
            scope = {**scope, "path": path.removeprefix("/ui"), "root_path": ""}
            answer = self._static
        elif self._app is not None:
            answer = self._app
        else:
            answer = self._warming(scope)
        await answer(scope, receive, send)

    def _warming(self, scope: Scope) -> Response:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        texts = choose(self._languages, headers.get(b"accept-language", ""))
        code = 200 if scope["path"] == "/" else 503
        page = self._template.render(t=texts)
        return HTMLResponse(page, code, {"cache-control": "no-store", "retry-after": "2"})

    async def become(self, app: App, inner: FastAPI) -> None:
        """Hand every request to ``app`` from now on, after starting FastAPI ``inner``."""
        await self._stack.enter_async_context(inner.router.lifespan_context(inner))
        self._app = app
        self.status = Status("ready")

    async def close(self) -> None:
        """Stop what ``become`` started."""
        await self._stack.aclose()

    def progress(self, done: int, total: int) -> None:
        """Note how much of the index is built."""
        self.status = replace(self.status, done=done, total=total)


class Site:
    """One running server: front, guard, socket and the assistant once it is open."""

    def __init__(
        self,
        settings: Settings,
        opener: Opener | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Binds the port; raises ``ConfigError`` where it is taken."""
        self._progress = progress
        self._settings = settings
        self._opener = opener or _open
        self.front = Front(settings)
        self._socket = _bind(settings.host, settings.port)
        port = self._socket.getsockname()[1]
        host = "127.0.0.1" if settings.host in ("", "0.0.0.0") else settings.host  # noqa: S104  # compared, not bound
        self.url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        hosts, everyone = served_hosts(settings.host)
        self.error: MatineeError | None = None
        self.ready = threading.Event()
        """Set once the page is live, or the start has failed."""
        self._assistant: Assistant | None = None
        config = uvicorn.Config(
            Guard(self.front, hosts, open_to_all=everyone),
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=_DRAIN_S,
        )
        self._server = uvicorn.Server(config)

    def run(self, on_bound: Callable[[str], None] | None = None) -> None:
        """Serve until stopped; raises what opening the assistant raised."""
        try:
            asyncio.run(self._run(on_bound))
        finally:
            self._socket.close()
            if self._assistant is not None:
                self._assistant.close()
        if self.error is not None:
            raise self.error

    def stop(self) -> None:
        """Ask ``run`` to return; safe from any thread."""
        self._server.should_exit = True

    async def _run(self, on_bound: Callable[[str], None] | None) -> None:
        loop = asyncio.get_running_loop()
        serving = asyncio.create_task(self._server.serve([self._socket]))
        while not self._server.started and not serving.done():
            await asyncio.sleep(0.01)
        if on_bound is not None:
            on_bound(self.url)
        opening = threading.Thread(target=self._open, args=(loop,), name="opening", daemon=True)
        opening.start()
        try:
            await serving
        finally:
            await self.front.close()

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: import what is heavy, open the assistant, build the page, go live."""
        try:
            self._assistant = self._opener(self._settings, self._heard)
            app, inner = asyncio.run(_build(self._assistant, self._settings))
            asyncio.run_coroutine_threadsafe(self.front.become(app, inner), loop).result()
        except MatineeError as error:
            self._fail(error)
        except Exception as error:  # the edge: log it, say one plain sentence
            log.exception("the page could not be started")
            self._fail(MatineeError(f"could not start ({error!r}); run `matinee doctor`"))
        self.ready.set()
        self._warm()

    def _warm(self) -> None:
        """Load the models while the person reads and types; a turn that comes first waits."""
        if self._assistant is None:
            return
        try:
            self._assistant.warm()
        except MatineeError:
            log.exception("a model cannot be used; every turn that needs it says so")

    def _heard(self, done: int, total: int) -> None:
        self.front.progress(done, total)
        if self._progress is not None:
            self._progress(done, total)

    def _fail(self, error: MatineeError) -> None:
        self.error = error
        self.front.status = Status("failed", message=str(error))
        threading.Timer(LAST_WORDS_S, self.stop).start()


def serve(
    settings: Settings,
    open_browser: bool = True,
    announce: Callable[[str], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Serve the page until interrupted.

    ``announce`` is told the URL once the port answers, ``progress`` how much of the index is
    built (done, total), from another thread. Raises ``ConfigError`` where the port is taken, and
    whatever opening the assistant raises.
    """

    def bound(url: str) -> None:
        log.info("serving %s", url)
        if announce is not None:
            announce(url)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    Site(settings, progress=progress).run(bound)


async def _build(assistant: Assistant, settings: Settings) -> tuple[App, FastAPI]:
    """Inside a running loop: where none runs, Gradio makes and forgets one for each component."""
    from assistant.web.app import build_app

    return build_app(assistant, settings)


def _open(settings: Settings, progress: Callable[[int, int], None]) -> Assistant:
    from assistant.opening import open_assistant

    return open_assistant(settings, progress, patient=False)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise ConfigError(
            f"cannot listen on {host}:{port} ({error.strerror}); "
            "stop the other program or choose another with --port"
        ) from error
    return bound
