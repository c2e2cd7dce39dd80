"""The Blocks and what its events do: messages, buttons, a new conversation, the taste panel.

Every handler is stateless: who asks is in the signed cookie, which conversation in a value that
the assistant checks against its owner, and all that was said comes from the store. The chat and
the deck only ever show; they are no event's input. Knows nothing of ranking or of HTTP.
Next in the flow: ``app`` mounts it.
"""
# No "from __future__ import annotations" and Gradio at the top: it finds the arguments it fills
# (Request, EventData) by their live annotations. Nothing imports this module before it must.

import logging
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.cards import Pages, make_deck
from assistant.catalogue import Film
from assistant.errors import MatineeError, RequestError
from assistant.history import Profile
from assistant.reply import Line, Reply
from assistant.texts import Texts, choose
from assistant.web.session import COOKIE, LANGUAGE_COOKIE, Signer

if TYPE_CHECKING:
    from assistant.chat import Assistant

log = logging.getLogger(__name__)

ACTIONS = frozenset(
    {"rate", "seen", "watchlist", "unwatchlist", "hide", "why", "more_like", "drop", "undo"}
    | {"open", "dwell"}
)
QUIET = frozenset({"open", "dwell", "unwatchlist"})
"""Buttons that say nothing and change no list."""
LONGEST_INPUT = 2000
SHOWN_LINES = 200
"""Lines of a long conversation that the page carries; older ones stay in the store."""
CONCURRENT = 8
_ENTITY = re.compile(r"&(?=#|\w)")
_SKIP = gr.skip()

View = tuple[Any, Any, Any, Any, Any]
"""Values for chat, deck, tray, box, conversation; Any: text, messages or Gradio's skip."""


@dataclass(frozen=True)
class Visitor:
    """Who sent an event, and in which language their page is."""

    user: str
    texts: Texts


class Turns:
    """What the page's events do."""

    def __init__(
        self, assistant: "Assistant", pages: Pages, languages: Mapping[str, Texts], signer: Signer
    ) -> None:
        self._assistant = assistant
        self._pages = pages
        self._languages = languages
        self._signer = signer
        self._hero = pick_hero(assistant.catalogue.films)

    def load(self, conversation: str, request: gr.Request) -> View:
        """The page as it stands: an empty one, or the conversation the browser remembers."""
        visitor = self._visitor(request)
        if visitor is None:
            return self._sorry(self._texts(request)["no_cookie"], self._texts(request))
        return self._guarded(visitor, lambda: self._standing(visitor, conversation))

    def say(self, text: str, conversation: str, request: gr.Request) -> Iterator[View]:
        """One message: the words so far at once, then cards, then the reply."""
        visitor = self._visitor(request)
        if visitor is None:
            yield self._sorry(self._texts(request)["no_cookie"], self._texts(request))
            return
        if not isinstance(text, str) or not text.strip():
            yield (_SKIP,) * 5
            return
        try:
            yield from self._spoken(visitor, text[:LONGEST_INPUT], conversation)
        except Exception as error:  # noqa: BLE001  # the edge: log it, say one plain sentence
            yield self._failed(visitor, error)

    def tap(self, conversation: str, event: gr.EventData, request: gr.Request) -> Iterator[View]:
        """An example or a suggested answer: said as if it had been typed."""
        text = _payload(event).get("text")
        yield from self.say(text if isinstance(text, str) else "", conversation, request)

    def press(self, conversation: str, event: gr.EventData, request: gr.Request) -> View:
        """A button on a card or a chip."""
        visitor = self._visitor(request)
        if visitor is None:
            return self._sorry(self._texts(request)["no_cookie"], self._texts(request))
        return self._guarded(visitor, lambda: self._pressed(visitor, conversation, event))

    def fresh(self, request: gr.Request) -> View:
        """An empty page; the conversation begins with its first message."""
        visitor = self._visitor(request)
        texts = visitor.texts if visitor else self._texts(request)
        return self._empty(texts)

    def taste(self, request: gr.Request) -> str:
        """The taste panel's content."""
        visitor = self._visitor(request)
        texts = self._texts(request)
        if visitor is None:
            return self._pages.render("notice.html", text=texts["no_cookie"])
        try:
            return self._taste(visitor, local=is_local(request.client.host))
        except MatineeError as error:
            return self._pages.render("notice.html", text=str(error))
        except Exception:  # noqa: BLE001  # the edge: log it, say one plain sentence
            return self._pages.render("notice.html", text=_logged(texts))

    # ── turns ────────────────────────────────────────────────────────────────────────────────

    def _spoken(self, visitor: Visitor, text: str, conversation: str) -> Iterator[View]:
        assistant, user = self._assistant, visitor.user
        conversation, lines = self._open(user, conversation)
        said = (*lines, Line("user", text))
        yield messages(said, waiting=True), _SKIP, "", "", conversation
        earlier = assistant.last_reply(user, conversation) if lines else None
        for reply in assistant.stream(text, user, conversation):
            shown = (*said, Line("assistant", reply.text)) if reply.text else said
            deck = self._deck(visitor, reply, earlier)
            tray = self._pages.tray(reply.choices, visitor.texts) if reply.done else _SKIP
            yield messages(shown, waiting=not (reply.text or reply.done)), deck, tray, _SKIP, _SKIP

    def _pressed(self, visitor: Visitor, conversation: str, event: gr.EventData) -> View:
        action, film, value = read_press(_payload(event))
        user = visitor.user
        conversation, _ = self._open(user, conversation)
        reply = self._assistant.press(action, user, conversation, film, value)
        if action in ("open", "dwell"):
            return (_SKIP,) * 5
        earlier = self._assistant.last_reply(user, conversation)
        if action in QUIET:
            reply = replace(reply, chips=earlier.chips if earlier else ())
        deck = self._deck(visitor, reply, earlier)
        if action in QUIET:
            return _SKIP, deck, _SKIP, _SKIP, conversation
        lines = self._assistant.transcript(user, conversation)
        tray = self._pages.tray(reply.choices, visitor.texts)
        return messages(lines), deck, tray, _SKIP, conversation

    def _standing(self, visitor: Visitor, conversation: str) -> View:
        conversation, lines = self._open(visitor.user, conversation, create=False)
        if not lines:
            return self._empty(visitor.texts)
        earlier = self._assistant.last_reply(visitor.user, conversation)
        deck = make_deck(
            self._pages,
            visitor.texts,
            self._assistant.profile(visitor.user),
            listed=earlier,
            hero=self._hero,
        )
        shown = self._pages.deck(deck, visitor.texts)
        return messages(lines), shown, "", self._box(visitor.texts), conversation

    def _open(
        self, user: str, conversation: str, *, create: bool = True
    ) -> tuple[str, tuple[Line, ...]]:
        """A conversation of this person's and its lines; a new one where the id is not theirs."""
        if isinstance(conversation, str) and conversation:
            try:
                return conversation, self._assistant.transcript(user, conversation)
            except RequestError:
                pass  # Forgotten, or another profile's: begin anew.
        return (self._assistant.new_conversation(user) if create else ""), ()

    # ── what is shown ────────────────────────────────────────────────────────────────────────

    def _deck(self, visitor: Visitor, reply: Reply, earlier: Reply | None) -> str:
        listed = reply if reply.picks else None if "reset" in reply.acts else earlier
        profile = self._assistant.profile(visitor.user)
        deck = make_deck(
            self._pages, visitor.texts, profile, listed=listed, latest=reply, hero=self._hero
        )
        return self._pages.deck(deck, visitor.texts)

    def _empty(self, texts: Texts) -> View:
        deck = make_deck(self._pages, texts, Profile(), listed=None, hero=self._hero)
        tray = self._pages.tray(texts.many("examples"), texts, examples=True)
        return [], self._pages.deck(deck, texts), tray, self._box(texts), ""

    def _box(self, texts: Texts) -> Any:  # Any: Gradio's update value
        return gr.update(placeholder=texts["placeholder"], label=texts["placeholder"])

    def _taste(self, visitor: Visitor, *, local: bool) -> str:
        assistant, user = self._assistant, visitor.user
        return self._pages.taste(
            assistant.taste(user),
            assistant.profile(user),
            assistant.catalogue,
            visitor.texts,
            profiles=assistant.profiles() if local else [],
            user=user,
        )

    # ── who, and what went wrong ─────────────────────────────────────────────────────────────

    def _texts(self, request: gr.Request) -> Texts:
        headers, cookies = dict(request.headers), dict(request.cookies)
        return choose(
            self._languages, headers.get("accept-language", ""), cookies.get(LANGUAGE_COOKIE)
        )

    def _visitor(self, request: gr.Request) -> Visitor | None:
        user = self._signer.read(dict(request.cookies).get(COOKIE))
        return None if user is None else Visitor(user, self._texts(request))

    def _guarded(self, visitor: Visitor, work: Any) -> View:  # Any: Callable[[], View]
        try:
            view: View = work()
            return view
        except Exception as error:  # noqa: BLE001  # the edge: log it, say one plain sentence
            return self._failed(visitor, error)

    def _failed(self, visitor: Visitor, error: Exception) -> View:
        if isinstance(error, BadPressError):
            sentence = visitor.texts["bad_press"]
        elif isinstance(error, MatineeError):
            sentence = str(error)
        else:
            sentence = _logged(visitor.texts)
        return self._sorry(sentence, visitor.texts)

    def _sorry(self, sentence: str, texts: Texts) -> View:
        notice = self._pages.render("notice.html", text=sentence)
        return _SKIP, _SKIP, notice, self._box(texts), _SKIP


class BadPressError(RequestError):
    """A button's payload is none that the page sends."""


def read_press(data: Mapping[str, Any]) -> tuple[str, str | None, str | float | None]:
    """Action, film id and value of a button's payload; raises ``BadPressError`` for any other."""
    action, film, value = data.get("action"), data.get("film"), data.get("value")
    if action not in ACTIONS:
        raise BadPressError(f"there is no button {str(action)[:40]!r}")
    if film is not None and (not isinstance(film, str) or not 0 < len(film) <= 80):
        raise BadPressError(f"{str(film)[:40]!r} is not a film's id")
    if isinstance(value, bool) or not isinstance(value, (str, int, float, type(None))):
        raise BadPressError(f"a button's value is not {str(value)[:40]!r}")
    if isinstance(value, str) and len(value) > 200:
        raise BadPressError(f"{value[:40]!r}... is too long for a button's value")
    if action in ("rate", "dwell"):
        try:
            value = float(value if value is not None else "")
        except ValueError:
            raise BadPressError(f"{value!r} is not a number") from None
        if not 0 <= value <= 86_400:  # Refuses NaN too.
            raise BadPressError(f"{value!r} is out of range")
    return action, film, value


def messages(lines: tuple[Line, ...], *, waiting: bool = False) -> list[dict[str, str]]:
    """The chat's value: the last ``SHOWN_LINES`` lines, and dots while a reply is awaited."""
    shown = [{"role": line.role, "content": inert(line.text)} for line in lines[-SHOWN_LINES:]]
    return [*shown, {"role": "assistant", "content": "…"}] if waiting else shown


def inert(text: str) -> str:
    """``text`` so that Gradio's chat shows it as it is: without Markdown it inserts raw HTML.

    Only what could begin a tag or an entity is escaped; the same text is read out by screen
    readers, unescaped, and "Lock & Stock" should sound like itself.
    """
    return _ENTITY.sub("&amp;", text).replace("<", "&lt;")


def pick_hero(films: tuple[Film, ...]) -> tuple[Film, ...]:
    """A few popular films whose first genres differ, for the empty deck."""
    by_genre: dict[str, Film] = {}
    for film in films[:400]:
        if film.genres:
            by_genre.setdefault(film.genres[-1], film)
    return tuple(by_genre.values())[:12]


def is_local(host: str) -> bool:
    """Whether a client address is this machine."""
    return host in ("127.0.0.1", "::1", "localhost", "testclient") or host.startswith("127.")


def build_page(turns: Turns, texts: Texts) -> gr.Blocks:
    """The Blocks: chat, tray and box on one side, the deck on the other, and the taste panel."""
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    with gr.Blocks(title="Matinee", analytics_enabled=False, fill_width=True) as page:
        with gr.Row(elem_id="mt-stage"):
            with gr.Column(elem_id="mt-talk"):
                chat = gr.Chatbot(
                    elem_id="mt-chat",
                    label=texts["conversation"],
                    show_label=False,
                    container=False,
                    height=None,
                    render_markdown=False,
                    latex_delimiters=[],
                    buttons=[],
                    feedback_options=None,
                    allow_file_downloads=False,
                    group_consecutive_messages=False,
                    layout="bubble",
                )
                tray = gr.HTML(elem_id="mt-tray", js_on_load=None, apply_default_css=False)
                box = gr.Textbox(
                    elem_id="mt-box",
                    label=texts["placeholder"],
                    container=False,
                    placeholder=texts["placeholder"],
                    lines=1,
                    max_lines=5,
                    max_length=LONGEST_INPUT,
                    submit_btn=True,
                    autofocus=True,
                )
            with gr.Column(elem_id="mt-films"):
                deck = gr.HTML(elem_id="mt-deck", js_on_load=None, apply_default_css=False)
        panel = gr.HTML(elem_id="mt-taste", js_on_load=None, apply_default_css=False)
        conversation = gr.Textbox("", elem_classes="mt-off", container=False, show_label=False)
        bus = gr.HTML("", elem_classes="mt-off", js_on_load=_BUS, apply_default_css=False)
        view = [chat, deck, tray, box, conversation]
        page.load(turns.load, conversation, view, js="() => [window.matinee.kept()]", **quiet)
        box.submit(turns.say, [box, conversation], view, **quiet)
        bus.say(turns.tap, conversation, view, **quiet)
        bus.press(turns.press, conversation, view, trigger_mode="multiple", **quiet)
        bus.fresh(turns.fresh, None, view, **quiet)
        bus.taste(turns.taste, None, panel, **quiet)
        conversation.change(None, conversation, None, js="(id) => window.matinee.keep(id)")
    page.queue(default_concurrency_limit=CONCURRENT, max_size=64)
    # After every event Gradio puts all events so far into a data frame for a monitoring page that
    # is switched off here; that costs more with each event, and pandas besides.
    page._queue.compute_analytics_summary = _no_summary
    return page


def _no_summary(records: object) -> None:
    """Nothing: see where it is put to use."""


_BUS = """window.matinee.connect({
  say: (data) => trigger('say', data), press: (data) => trigger('press', data),
  fresh: () => trigger('fresh', {}), taste: () => trigger('taste', {})});"""


def _payload(event: gr.EventData) -> Mapping[str, Any]:  # Any: what a browser sent
    data = event._data
    return data if isinstance(data, Mapping) else {}


def _logged(texts: Texts) -> str:
    """Log the exception being handled under a new id; the sentence that names the id."""
    ticket = uuid.uuid4().hex[:8]
    log.exception("page event failed (%s)", ticket)
    return texts.fill("failed", id=ticket)
