"""Importing Gradio, without its telemetry and without the files it writes at every import.

Knows nothing of the page. Next in the flow: ``app`` calls this before ``page`` is imported.
"""

from __future__ import annotations

import inspect
import os
import threading
from typing import Any

_LOCK = threading.Lock()


def import_gradio() -> None:
    """Import Gradio once; half the time of a plain import.

    While its component classes are made, Gradio parses each one's source to write a ``.pyi`` file
    beside it for editors, unless the source cannot be found. It is told so here, for its own
    classes only and only during the import.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Read at import.
    with _LOCK:
        found = inspect.getfile

        def hidden(thing: Any) -> str:  # Any: whatever inspect takes
            if isinstance(thing, type) and thing.__module__.startswith("gradio."):
                raise OSError(f"the source of {thing.__name__} is not needed")
            return found(thing)

        inspect.getfile = hidden  # type: ignore[assignment]  # narrower names, same call
        try:
            import gradio  # noqa: F401  # imported for its side effects
        finally:
            inspect.getfile = found
