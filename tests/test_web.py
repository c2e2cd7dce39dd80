"""The page's doors over HTTP: cookies, headers, limits, payloads. Models are stood in for."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from standin import StandIn

from assistant.catalogue import Catalogue, Film
from assistant.config import Settings
from assistant.errors import ConfigError, DataError, HomeLockedError
from assistant.reply import Line
from assistant.web.guard import BURST, MAX_BODY_BYTES, Guard, served_hosts
from assistant.web.serving import Site
from assistant.web.session import COOKIE, load_signer

EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


class Running:
    """A site served from a thread."""

    def __init__(self, settings: Settings, opener: Any) -> None:
        self.site = Site(settings, opener)
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.site.run()
        except Exception as error:  # noqa: BLE001  # handed to the test
            self.error = error

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.site.url, timeout=30, trust_env=False, **options)

    def stop(self) -> None:
        self.site.stop()
        self.thread.join(20)


@pytest.fixture(scope="module")
def standin(tiny_catalogue: Catalogue) -> StandIn:
    return StandIn(tiny_catalogue.with_films([Film("tt666", EVIL, 1999, genres=("Drama",))]))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def running(standin: StandIn, home: Path) -> Iterator[Running]:
    server = Running(Settings(home=home, port=0), lambda settings, progress: standin)
    assert server.site.ready.wait(60)
    yield server
    server.stop()


@pytest.fixture
def visitor(running: Running) -> Iterator[httpx.Client]:
    """A browser that has opened the page once."""
    with running.client(headers={"accept-language": "en"}) as client:
        client.get("/").raise_for_status()
        yield client


def functions(client: httpx.Client) -> list[dict[str, Any]]:
    return list(client.get("/config").json()["dependencies"])


def fire(client: httpx.Client, event: str, inputs: list[Any], data: Any = None) -> list[Any]:
    """Send one event as the page does; the values of its last answer."""
    found = [f for f in functions(client) if any(t[1] == event for t in f["targets"])]
    body = {
        "data": inputs,
        "event_data": data,
        "fn_index": found[0]["id"],
        "session_hash": "test",
    }
    client.post("/gradio_api/queue/join", json=body).raise_for_status()
    values: list[Any] = []
    with client.stream("GET", "/gradio_api/queue/data?session_hash=test") as stream:
        for line in stream.iter_lines():
            message = json.loads(line[6:]) if line.startswith("data: ") else {}
            if message.get("msg") == "process_generating":
                values = merged(values, message["output"]["data"])
            if message.get("msg") == "process_completed":
                assert message["success"], message
                return values or message["output"]["data"]
            if message.get("msg") == "close_stream":
                break
    return values


def merged(old: list[Any], new: list[Any]) -> list[Any]:
    """Streamed answers come whole first, then as differences; whole values are enough here."""
    return [
        b if not isinstance(b, list) or not b or b[0] not in (["replace"],) else a
        for a, b in zip(old or new, new, strict=False)
    ]


# ── the document ─────────────────────────────────────────────────────────────────────────────────


def test_the_page_carries_security_headers(visitor: httpx.Client) -> None:
    headers = visitor.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src-attr 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src ")[1].split(";")[0]
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_every_inline_script_carries_the_answers_own_nonce(visitor: httpx.Client) -> None:
    first, second = visitor.get("/"), visitor.get("/")
    nonces = [
        re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[0]
        for answer in (first, second)
    ]
    assert nonces[0] != nonces[1]
    scripts = re.findall(r"<script[^>]*>", first.text)
    assert scripts
    assert all(f'nonce="{nonces[0]}"' in script for script in scripts)


def test_the_page_loads_nothing_from_another_host(visitor: httpx.Client) -> None:
    page = visitor.get("/").text
    loading = re.findall(r"(?:src|href|content|url)\s*[=(]\s*[\"']?(https?:)?(//[^\"'\s>)]+)", page)
    assert loading == []
    sheets = re.findall(r'href="([^"]+\.css)"', page)
    assert sheets
    for sheet in [*sheets, "/theme.css"]:
        text = visitor.get("/" + sheet.lstrip("./")).text
        assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", text), sheet


def test_the_page_speaks_the_browsers_language_or_the_chosen_one(running: Running) -> None:
    with running.client(headers={"accept-language": "zh-CN"}) as client:
        page = client.get("/")
        assert 'lang="zh"' in page.text
        assert "你的口味" in page.text
        client.post("/language/en").raise_for_status()
        assert "Your taste" in client.get("/").text
        assert client.post("/language/xx").status_code == 404


# ── who asks ─────────────────────────────────────────────────────────────────────────────────────


def test_the_cookie_is_out_of_scripts_reach_and_stays_here(running: Running) -> None:
    with running.client() as client:
        cookie = client.get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_known_visitor_keeps_the_cookie(visitor: httpx.Client) -> None:
    assert "set-cookie" not in visitor.get("/").headers


@pytest.mark.parametrize("forge", ["altered", "unsigned", "other key", "garbage", "long"])
def test_a_cookie_that_is_not_ours_is_nobody(
    running: Running, visitor: httpx.Client, forge: str
) -> None:
    good = visitor.cookies[COOKIE]
    payload, _, rest = good.partition(".")
    bad = {
        "altered": f"{payload[:-1]}{'A' if payload[-1] != 'A' else 'B'}.{rest}",
        "unsigned": payload,
        "other key": URLSafeTimedSerializer("x" * 40, salt="matinee.profile").dumps("u1"),
        "garbage": "%00%ff..",
        "long": good + "a" * 5000,
    }[forge]
    with running.client(headers={"cookie": f"{COOKIE}={bad}"}) as client:
        assert client.get("/export.json").status_code == 401
        assert COOKIE in client.get("/").headers.get("set-cookie", "")


def test_the_secret_is_readable_by_its_owner_only(home: Path, running: Running) -> None:
    assert (home / "cookie.secret").stat().st_mode & 0o777 == 0o600


def test_the_secret_survives_a_restart(tmp_path: Path) -> None:
    cookie = load_signer(tmp_path).sign("u7")
    assert load_signer(tmp_path).read(cookie) == "u7"


def test_an_event_without_a_cookie_changes_nothing(running: Running, standin: StandIn) -> None:
    before = len(standin.pressed)
    with running.client() as client:
        values = fire(client, "press", [""], {"action": "seen", "film": "tt1"})
    assert "cookie" in values[2]
    assert len(standin.pressed) == before


# ── messages and buttons ─────────────────────────────────────────────────────────────────────────


def test_a_message_brings_cards_and_words(visitor: httpx.Client) -> None:
    values = fire(visitor, "submit", ["something warm", ""])
    assert "The Long Corridor" in json.dumps(values)


def test_markup_in_a_message_and_in_a_title_is_inert(
    visitor: httpx.Client, standin: StandIn
) -> None:
    values = fire(visitor, "submit", [EVIL, ""])
    decks = [value for value in values if isinstance(value, str) and "mt-card" in value]
    assert all("<img src=x" not in deck and "<script" not in deck for deck in decks)
    poster = visitor.get("/posters/tt666.svg")
    assert "<script" not in poster.text
    assert poster.headers["content-type"].startswith("image/svg+xml")
    assert "default-src 'none'" in poster.headers["content-security-policy"]


def test_markup_reaches_the_chat_escaped_and_an_ampersand_as_itself(running: Running) -> None:
    """Gradio's chat without Markdown inserts messages as raw HTML: a tag once became an image."""
    from assistant.web.page import messages

    (shown,) = messages((Line("user", EVIL + " Lock & Stock &lt;"),))
    assert "<" not in shown["content"]
    assert shown["content"].endswith(" Lock & Stock &amp;lt;")


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        "seen",
        {},
        {"action": "drop_table"},
        {"action": ["seen"], "film": "tt1"},
        {"action": "seen", "film": {"id": "tt1"}},
        {"action": "seen", "film": "x" * 500},
        {"action": "rate", "film": "tt1", "value": "lots"},
        {"action": "rate", "film": "tt1", "value": True},
        {"action": "rate", "film": "tt1", "value": -1},
        {"action": "drop", "value": "y" * 5000},
        {"action": "dwell", "film": "tt1", "value": 1e300},
    ],
)
def test_a_payload_no_button_sends_reaches_nothing(
    visitor: httpx.Client, standin: StandIn, payload: Any
) -> None:
    before = len(standin.pressed)
    values = fire(visitor, "press", [""], payload)
    assert "mt-notice" in values[2]
    assert len(standin.pressed) == before


def test_an_unknown_film_gets_a_plain_sentence(visitor: httpx.Client) -> None:
    values = fire(visitor, "press", [""], {"action": "seen", "film": "tt404"})
    assert "no film" in values[2]


def test_a_button_reaches_the_assistant_with_its_value(
    visitor: httpx.Client, standin: StandIn
) -> None:
    fire(visitor, "press", [""], {"action": "rate", "film": "tt2", "value": 4.5})
    assert standin.pressed[-1] == ("rate", "tt2", 4.5)


def test_another_persons_conversation_is_not_shown(running: Running, standin: StandIn) -> None:
    theirs = standin.add_profile("owner")
    talk = standin.new_conversation(theirs)
    list(standin.stream("a secret wish", theirs, talk))
    with running.client() as client:
        client.get("/")
        assert "secret" not in json.dumps(fire(client, "load", [talk]))


def test_a_failure_is_one_plain_sentence_with_a_log_entry(
    visitor: httpx.Client, standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    standin.fail = ZeroDivisionError("secret detail")
    try:
        values = fire(visitor, "submit", ["hello", ""])
    finally:
        standin.fail = None
    shown = json.dumps(values)
    assert "Something went wrong" in shown
    assert "secret detail" not in shown
    assert "secret detail" in caplog.text


# ── the guard ────────────────────────────────────────────────────────────────────────────────────


def test_a_body_over_the_limit_is_refused_with_or_without_a_length(visitor: httpx.Client) -> None:
    """Bug: the connection was closed with unread bytes in it, and the sender saw only a reset."""
    big = b"x" * (MAX_BODY_BYTES + 1)
    for _ in range(20):
        assert visitor.post("/profiles", content=big).status_code == 413
        chunks = iter([big[: len(big) // 2]] * 3)
        assert visitor.post("/profiles", content=chunks).status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]"])
def test_a_foreign_host_name_is_refused(visitor: httpx.Client, host: str) -> None:
    assert visitor.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_pages_cannot_change_anything(
    visitor: httpx.Client, standin: StandIn, headers: dict[str, str]
) -> None:
    people = len(standin.people)
    for path in ("/forget", "/profiles", "/gradio_api/queue/join"):
        assert visitor.post(path, json={"name": "x"}, headers=headers).status_code == 403
    assert len(standin.people) == people


def test_strangers_get_no_cors_headers(visitor: httpx.Client) -> None:
    answer = visitor.get("/config", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=http://example.org/x",
        "/gradio_api/file=HTTPS://example.org/x",
        "//gradio_api//file=http://example.org/x",
        "/gradio_api/%66ile=http://example.org/",
        "/gradio_api/proxy=http://example.org/",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/upload",
        "/docs",
        "/openapi.json",
    ],
)
def test_doors_that_the_page_does_not_use_are_shut(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code in (403, 404)


def test_a_flood_is_slowed_down(standin: StandIn) -> None:
    guard = Guard(lambda *_: None, ["localhost"])  # type: ignore[arg-type,return-value]
    now = 100.0
    assert all(guard._in_pace("1.2.3.4", now) for _ in range(BURST))
    assert not guard._in_pace("1.2.3.4", now)
    assert guard._in_pace("5.6.7.8", now)
    assert guard._in_pace("1.2.3.4", now + 1)


def test_only_a_server_open_to_all_answers_to_any_address() -> None:
    assert served_hosts("127.0.0.1")[1] is False
    names, everyone = served_hosts("0.0.0.0")
    assert everyone
    guard = Guard(lambda *_: None, names, open_to_all=everyone)  # type: ignore[arg-type,return-value]
    assert guard._host_fits("192.168.1.5:7860")
    assert not guard._host_fits("evil.example:7860")


# ── profiles and data ────────────────────────────────────────────────────────────────────────────


def test_export_holds_what_this_visitor_did(visitor: httpx.Client) -> None:
    fire(visitor, "press", [""], {"action": "rate", "film": "tt3", "value": 2})
    assert visitor.get("/export.json").json()["ratings"] == {"tt3": 2.0}
    answer = visitor.get("/export.csv")
    assert "tt3,2.0" in answer.text
    assert "attachment" in answer.headers["content-disposition"]


def test_forgetting_removes_the_profile_and_the_cookie(
    visitor: httpx.Client, standin: StandIn
) -> None:
    people = set(standin.people)
    answer = visitor.post("/forget")
    assert answer.json() == {"forgotten": True}
    assert len(people - set(standin.people)) == 1
    assert COOKIE not in visitor.cookies


def test_a_profile_can_be_added_and_switched_to(visitor: httpx.Client, standin: StandIn) -> None:
    first = visitor.cookies[COOKIE]
    assert visitor.post("/profiles", json={"name": " Ada "}).json() == {"name": "Ada"}
    assert visitor.cookies[COOKIE] != first
    ada = next(key for key, name in standin.profiles() if name == "Ada")
    assert visitor.post(f"/profiles/{ada}").status_code == 200
    assert visitor.post("/profiles/nobody").status_code == 404
    assert visitor.post("/profiles", json={"name": "Ada"}).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"name": ""}', b'{"name": 7}'])
def test_a_profile_needs_a_name(visitor: httpx.Client, body: bytes) -> None:
    assert visitor.post("/profiles", content=body).status_code == 400


# ── starting ─────────────────────────────────────────────────────────────────────────────────────


def test_the_port_answers_while_the_models_are_still_loading(
    tmp_path: Path, tiny_catalogue: Catalogue
) -> None:
    go_on = threading.Event()

    def opener(settings: Settings, progress: Any) -> StandIn:
        progress(40, 100)
        assert go_on.wait(30)
        return StandIn(tiny_catalogue)

    server = Running(Settings(home=tmp_path, port=0), opener)
    try:
        with server.client() as client:
            for _ in range(200):
                if client.get("/status").json()["total"]:
                    break
                time.sleep(0.05)
            assert client.get("/status").json() | {"message": ""} == {
                "state": "warming",
                "done": 40,
                "total": 100,
                "message": "",
            }
            assert "warming.js" in client.get("/").text
            assert client.get("/export.json").status_code == 503
            assert client.get("/ui/warming.js").status_code == 200
            go_on.set()
            assert server.site.ready.wait(60)
            assert "warming.js" not in client.get("/").text
    finally:
        go_on.set()
        server.stop()


def test_a_start_that_fails_says_why_and_ends(tmp_path: Path) -> None:
    def opener(settings: Settings, progress: Any) -> StandIn:
        raise HomeLockedError("another Matinee (process 12) works in this home")

    server = Running(Settings(home=tmp_path, port=0), opener)
    assert server.site.ready.wait(60)
    with server.client() as client:
        status = client.get("/status").json()
    assert status["state"] == "failed"
    assert "process 12" in status["message"]
    server.thread.join(20)
    assert not server.thread.is_alive()
    assert isinstance(server.error, HomeLockedError)


def test_a_taken_port_is_named_with_a_way_out(running: Running, tmp_path: Path) -> None:
    port = int(running.site.url.rstrip("/").rpartition(":")[2])
    with pytest.raises(ConfigError, match=rf"{port}.*--port"):
        Site(Settings(home=tmp_path, port=port))


def test_missing_page_texts_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"page\.json"):
        Site(Settings(home=tmp_path, data=tmp_path, port=0))
