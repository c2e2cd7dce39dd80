"""Matinee: a conversational film recommender that lives on its user's own machine."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.opening import open_assistant

__all__ = ["Assistant", "open_assistant"]


def __getattr__(name: str) -> Any:  # Any: whatever the lazily imported module exports
    """``from assistant import open_assistant`` without loading a model at ``import assistant``."""
    if name in __all__:
        from assistant import opening

        return getattr(opening, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
