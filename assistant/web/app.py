"""The finished page as one ASGI app: our own routes, the shell round Gradio, and Gradio itself.

Own routes carry what Gradio should not: posters, exports, profiles, the language. Knows nothing
of warming up (``serving`` comes next) or of what a message means (``page``, ``chat``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.middleware.cors import CORSMiddleware

from assistant.cards import Pages
from assistant.config import Settings
from assistant.errors import MatineeError, RequestError
from assistant.lexicon import Lexicon, load_lexicons
from assistant.posters import draw
from assistant.texts import DEFAULT, Texts, load_texts
from assistant.web.guard import App
from assistant.web.session import COOKIE, LANGUAGE_COOKIE, MAX_AGE_S, Signer, load_signer
from assistant.web.shell import Shell
from assistant.web.toolkit import import_gradio

if TYPE_CHECKING:
    from assistant.chat import Assistant

LONGEST_NAME = 40
_NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True)
class House:
    """What routes and shell share."""

    assistant: Assistant
    pages: Pages
    languages: Mapping[str, Texts]
    signer: Signer

    def visitor(self, request: Request) -> str:
        """The profile id in the request's cookie; raises HTTP 401 where there is none."""
        user = self.signer.read(request.cookies.get(COOKIE))
        if user is None:
            raise HTTPException(401, "no valid cookie; open the page first")
        return user

    def welcome(self, cookie: str | None) -> tuple[str, bool]:
        """A visitor's profile id, and whether it is new (no cookie, or a forgotten profile)."""
        user = self.signer.read(cookie)
        if user is not None:
            try:
                self.assistant.store.user(user)
                return user, False
            except RequestError:
                pass  # Forgotten on purpose: a new, empty profile.
        return self.assistant.add_profile(None), True


def build_app(assistant: Assistant, settings: Settings) -> tuple[App, FastAPI]:
    """The page over ``assistant``, and the FastAPI inside it whose lifespan must be entered.

    Raises ``DataError`` or ``StoreError`` where page texts or the cookie secret cannot be read.
    """
    import_gradio()
    import gradio as gr

    from assistant.web.page import Turns, build_page

    lexicons: Mapping[str, Lexicon] = load_lexicons(settings.data / "languages")
    languages = load_texts(settings.data / "languages")
    house = House(assistant, Pages(lexicons), languages, load_signer(settings.home))
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # Its presence keeps Gradio from adding its own, which lets strangers in.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    _add_routes(app, house)
    turns = Turns(assistant, house.pages, languages, house.signer)
    gr.mount_gradio_app(
        app,
        build_page(turns, languages[DEFAULT]),
        path="",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
    )
    return Shell(app, house.pages, languages, house.welcome, house.signer), app


def _add_routes(app: FastAPI, house: House) -> None:
    assistant = house.assistant

    @app.exception_handler(MatineeError)
    async def explain(request: Request, error: MatineeError) -> Response:
        return JSONResponse({"error": str(error)}, 400, _NO_STORE)

    @app.get("/posters/{film_id}.svg")
    def poster(film_id: str) -> Response:
        film = assistant.catalogue.get(film_id)
        if film is None:
            raise HTTPException(404, "no such film")
        return Response(
            draw(film),
            media_type="image/svg+xml",
            headers={
                "cache-control": "public, max-age=86400",
                "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
            },
        )

    @app.get("/export.json")
    def export_json(request: Request) -> Response:
        kept = assistant.export(house.visitor(request))
        return JSONResponse(kept, headers=_NO_STORE | _download("matinee.json"))

    @app.get("/export.csv")
    def export_csv(request: Request) -> Response:
        kept = assistant.export_csv(house.visitor(request))
        headers = _NO_STORE | _download("matinee.csv")
        return PlainTextResponse(kept, media_type="text/csv; charset=utf-8", headers=headers)

    @app.post("/forget")
    def forget(request: Request) -> Response:
        assistant.forget(house.visitor(request))
        answer = JSONResponse({"forgotten": True}, headers=_NO_STORE)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return answer

    @app.post("/profiles")
    async def add_profile(request: Request) -> Response:
        name = await _name(request)
        house.visitor(request)
        user = await run_in_threadpool(assistant.add_profile, name)
        return _signed_in(JSONResponse({"name": name}, headers=_NO_STORE), house, user)

    @app.post("/profiles/{user}")
    def switch_profile(user: str, request: Request) -> Response:
        house.visitor(request)
        client = request.client.host if request.client else ""
        if client not in ("127.0.0.1", "::1"):
            raise HTTPException(403, "profiles are switched on the machine they live on")
        if user not in {profile_id for profile_id, _ in assistant.profiles()}:
            raise HTTPException(404, "no such profile")
        return _signed_in(JSONResponse({"switched": True}, headers=_NO_STORE), house, user)

    @app.post("/language/{code}")
    def language(code: str) -> Response:
        if code not in house.languages:
            raise HTTPException(404, "no such language")
        answer = JSONResponse({"language": code}, headers=_NO_STORE)
        answer.set_cookie(LANGUAGE_COOKIE, code, max_age=MAX_AGE_S, httponly=True, samesite="lax")
        return answer

    @app.get("/favicon.ico")
    def icon() -> Response:
        return RedirectResponse("/ui/icon.svg")


def _signed_in(answer: Response, house: House, user: str) -> Response:
    cookie = house.signer.sign(user)
    answer.set_cookie(COOKIE, cookie, max_age=MAX_AGE_S, path="/", httponly=True, samesite="lax")
    return answer


def _download(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}


async def _name(request: Request) -> str:
    """The name in a JSON body; raises HTTP 400 where there is none of 1 to 40 characters."""
    try:
        body = await request.json()
    except ValueError:
        raise HTTPException(400, "not JSON") from None
    name = body.get("name") if isinstance(body, dict) else None
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise HTTPException(400, f"a name has 1 to {LONGEST_NAME} characters")
    return name.strip()
