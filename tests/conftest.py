"""What every test stands on: no network, no home of the person who runs it, real parts shared.

A socket may reach this machine only; anything else raises at once, so that a forgotten download
or a telemetry call fails a test instead of passing by luck.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.catalogue import Catalogue, Film
from assistant.config import Settings

if TYPE_CHECKING:
    from assistant.chat import Assistant

os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    TOKENIZERS_PARALLELISM="false",
    GRADIO_ANALYTICS_ENABLED="False",
    ANONYMIZED_TELEMETRY="False",
    MPLBACKEND="Agg",
)
for _name in [name for name in os.environ if name.startswith("MATINEE_")]:
    del os.environ[_name]


class NetworkError(AssertionError):
    """A test tried to leave this machine."""


def is_loopback(address: object) -> bool:
    """Whether a socket address (a path, or a host and port) stays on this machine."""
    if isinstance(address, (str, bytes)):
        return True
    host = address[0] if isinstance(address, tuple) and address else None
    if not isinstance(host, str):
        return False
    if host in ("localhost", ""):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection and name look-up beyond loopback."""
    patch = pytest.MonkeyPatch()

    def guarded(method: str) -> Callable[..., Any]:
        original = getattr(socket.socket, method)

        def checked(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            if self.family != socket.AF_UNIX and not is_loopback(address):
                raise NetworkError(f"socket.{method} to {address!r}: tests stay on this machine")
            return original(self, *arguments)

        return checked

    for method in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, method, guarded(method))
    look_up = socket.getaddrinfo

    def checked_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not is_loopback((name,)):
            raise NetworkError(f"look-up of {name!r}: tests stay on this machine")
        return look_up(host, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", checked_look_up)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def tiny_catalogue() -> Catalogue:
    """Six films that differ in everything a request can ask for."""
    return Catalogue(tiny_films())


def tiny_films() -> list[Film]:
    """The films of ``tiny_catalogue``; ids ``tt1`` to ``tt6``, most popular first."""

    def film(number: int, title: str, year: int, **more: Any) -> Film:
        tone = [0.0] * 14
        for place, score in more.pop("tones", {}).items():
            tone[place] = score
        return Film(
            id=f"tt{number}",
            title=title,
            year=year,
            popularity=1 - number / 10,
            acclaim=0.5,
            tone=tuple(tone),
            **more,
        )

    return [
        film(
            1,
            "The Long Corridor",
            1994,
            runtime_min=142,
            certificate="R",
            genres=("Drama",),
            directors=("Ada Bell",),
            cast=("Tom Ray", "Mo Free"),
            countries=("United States",),
            languages=("English",),
            synopsis="A banker serves life for a murder he did not commit and befriends a fixer.",
            themes=("prison life", "friendship", "hope"),
            requests=("a prison drama that leaves you hopeful",),
            similar=("tt2", "tt3"),
            tones={5: 5.0, 6: 8.0},
            source="described",
        ),
        film(
            2,
            "Running Late",
            2003,
            runtime_min=96,
            certificate="PG-13",
            genres=("Comedy", "Drama"),
            directors=("Ada Bell",),
            cast=("Lu Chen",),
            countries=("United States",),
            languages=("English",),
            synopsis="A postman misses every deadline and finds a family on his round.",
            themes=("friendship", "found family"),
            requests=("something warm and funny about being late",),
            similar=("tt1",),
            tones={0: 7.0, 6: 7.0},
            source="described",
        ),
        film(
            3,
            "La Petite Gare",
            2011,
            runtime_min=88,
            certificate="PG",
            genres=("Comedy", "Romance"),
            directors=("Luc Morel",),
            cast=("Jeanne Petit",),
            countries=("France",),
            languages=("French",),
            themes=("small town",),
            tones={0: 6.0, 1: 8.0},
        ),
        film(
            4,
            "Night Harbour",
            1982,
            runtime_min=117,
            certificate="R",
            genres=("Horror", "Thriller"),
            directors=("Sam Voss",),
            cast=("Tom Ray",),
            countries=("United Kingdom",),
            languages=("English",),
            themes=("haunted places",),
            tones={2: 9.0, 3: 8.0, 7: 8.0},
        ),
        film(
            5,
            "It",
            2017,
            runtime_min=135,
            certificate="R",
            genres=("Horror",),
            directors=("Andy Moss",),
            cast=("Bill Sand",),
            countries=("United States",),
            languages=("English",),
            tones={2: 9.0},
        ),
        film(6, "雨巷", 2019, genres=("Drama",), countries=("China",), languages=("Mandarin",)),
    ]


@pytest.fixture(scope="session")
def furnish(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Puts the bundled catalogue's index into a home; built once for the run, then copied."""
    from assistant.catalogue import load_catalogue
    from assistant.embedding import Encoder
    from assistant.index import Index

    built = tmp_path_factory.mktemp("index")
    settings = Settings()
    films = load_catalogue([settings.data / "films"])
    Index.open(built, films, lambda: Encoder(threads=settings.threads)).close()

    def copy_to(home: Path) -> Path:
        shutil.copytree(built, home / "index")
        return home

    return copy_to


@pytest.fixture(scope="session")
def real_settings(
    tmp_path_factory: pytest.TempPathFactory, furnish: Callable[[Path], Path]
) -> Settings:
    """Settings over the bundled data and a home of this test run's own, its index ready."""
    return Settings(home=furnish(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def real_assistant(real_settings: Settings) -> Iterator[Assistant]:
    """The whole product on its real data and models, opened once for the run."""
    from assistant.opening import open_assistant

    assistant = open_assistant(real_settings)
    yield assistant
    assistant.close()


@pytest.fixture
def user(real_assistant: Assistant) -> str:
    """Id of a new person of ``real_assistant``, whom no other test has touched."""
    return real_assistant.add_profile(None)


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout's root."""
    return Path(__file__).resolve().parent.parent
