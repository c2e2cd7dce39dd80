"""The first conversation in a real browser, over the real product."""

from __future__ import annotations

import importlib.util
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.config import Settings
from assistant.web.serving import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from assistant.chat import Assistant

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 30_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None, reason="playwright is not installed"
    ),
]


class Borrowed:
    """The shared assistant, which this page must not close."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def close(self) -> None:
        """Left to the fixture that opened it."""


@pytest.fixture(scope="module")
def url(real_assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(home=tmp_path_factory.mktemp("page"), port=0)
    site = Site(settings, lambda settings, progress: Borrowed(real_assistant))  # type: ignore[arg-type,return-value]
    thread = threading.Thread(target=site.run)
    thread.start()
    assert site.ready.wait(120)
    yield site.url
    site.stop()
    thread.join(20)


@pytest.fixture
def page(url: str) -> Iterator[Page]:
    """A page opened once; the test fails on any script error or request that leaves the machine."""
    from playwright.sync_api import sync_playwright

    wrong: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-US", reduced_motion="reduce"
        )
        opened = context.new_page()
        opened.set_default_timeout(WAIT_MS)
        opened.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
        opened.on(
            "console",
            lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None,
        )
        opened.on(
            "request",
            lambda r: None if r.url.startswith((url, "data:", "blob:")) else wrong.append(r.url),
        )
        opened.goto(url)
        opened.wait_for_selector("#mt-tray .mt-say")
        yield opened
        browser.close()
    assert wrong == []


def say(page: Page, text: str) -> str:
    """Type a message; the reply's words once they are complete."""
    before = page.locator("#mt-chat .message.bot").count()
    page.fill("#mt-box textarea", text)
    page.keyboard.press("Enter")
    page.wait_for_function(
        """before => {
          const lines = [...document.querySelectorAll('#mt-chat .message.bot .message-content')];
          return lines.length > before && lines.at(-1).textContent.trim() !== '…'
            && !document.querySelector('.mt-reason.is-waiting');
        }""",
        arg=before,
    )
    return page.locator("#mt-chat .message.bot .message-content").last.inner_text()


def listed(page: Page) -> list[tuple[str, str, int]]:
    """Id, title and year of every card in the list."""
    cards = page.locator(".mt-cards[role=list] .mt-card").all()
    return [
        (
            card.get_attribute("data-film") or "",
            (card.get_attribute("aria-label") or "").rpartition(" (")[0],
            int((card.get_attribute("aria-label") or "").rpartition(" (")[2].rstrip(")")),
        )
        for card in cards
    ]


def test_the_first_conversation_works_from_end_to_end(page: Page) -> None:
    say(page, "recommend something like Shawshank")
    first = listed(page)
    assert len(first) == 5
    assert "The Shawshank Redemption" not in [title for _, title, _ in first]
    reasons = page.locator(".mt-cards[role=list] .mt-reason").all_inner_texts()
    assert len(reasons) == 5
    assert all(reason.strip() for reason in reasons)

    say(page, "funnier, and after 2000")
    assert all(year > 2000 for _, _, year in listed(page))
    assert page.locator(".mt-chip").count() >= 2

    second = listed(page)[1]
    assert second[1] in say(page, "why the second one?")
    assert page.locator(".mt-card.is-open").get_attribute("data-film") == second[0]
    assert page.locator(".mt-why li").count() >= 2

    say(page, "I've seen that. loved it")
    shown = [film for film, _, _ in listed(page)]
    assert second[0] not in shown
    assert len(shown) == 5

    say(page, "nothing violent please, and under two hours")
    runtimes = re.findall(r"(\d+) min", " ".join(page.locator(".mt-facts").all_inner_texts()))
    assert runtimes
    assert all(int(minutes) <= 120 for minutes in runtimes)

    first_of_list = listed(page)[0]
    say(page, "more like the first one, but with Tom Hanks")
    assert first_of_list[0] not in [film for film, _, _ in listed(page)]
    assert say(page, "who directed it? what is it about?")

    say(page, "start over. 我最喜欢的电影是《肖申克的救赎》，请给我推荐一些类似风格的电影。")
    words = page.locator("#mt-chat .message.bot .message-content").last.inner_text()
    assert re.search(r"[\u4e00-\u9fff]", words)
    assert "The Shawshank Redemption" not in [title for _, title, _ in listed(page)]


def test_buttons_work_and_a_reload_keeps_everything(page: Page) -> None:
    page.click("#mt-tray .mt-say >> nth=0")
    page.wait_for_selector(".mt-card")
    page.wait_for_function("!document.querySelector('.mt-reason.is-waiting')")
    film, title, _ = listed(page)[0]
    page.click(f'[data-key="watchlist-{film}"]')
    page.wait_for_selector(f'[data-key="unwatchlist-{film}"]')

    before = listed(page)
    talk = page.locator("#mt-chat .message-row").count()
    page.reload()
    page.wait_for_selector(".mt-card")
    assert listed(page) == before
    assert page.locator("#mt-chat .message-row").count() == talk

    page.click("[data-local=taste]")
    page.wait_for_selector(".mt-drawer")
    assert title in page.locator(".mt-drawer").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_function("!document.documentElement.classList.contains('is-tasting')")

    page.click("[data-local=fresh]")
    page.wait_for_selector("#mt-tray .is-examples")
    assert page.locator(".mt-card").count() == 0


def test_the_phone_never_scrolls_sideways_and_markup_stays_text(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    evil = "<img src=x onerror=alert(1)> &lt;b&gt; like Lock & Stock"
    say(page, evil)
    assert page.locator("#mt-chat img").count() == 0
    assert page.locator("#mt-chat .message.user").last.inner_text().strip() == evil
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
