"""From a message to a request; see ``request`` for the values, ``parser`` for the path."""

from assistant.parsing.request import (
    Act,
    Context,
    Mention,
    Opinion,
    Request,
    Stance,
    Unresolved,
    Wants,
)

__all__ = [
    "Act",
    "Context",
    "Mention",
    "Opinion",
    "Parser",
    "Request",
    "Stance",
    "Unresolved",
    "Wants",
]


def __getattr__(name: str) -> object:
    """``Parser`` on first use: the value types are imported by modules the parser builds on."""
    if name == "Parser":
        from assistant.parsing.parser import Parser

        return Parser
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
