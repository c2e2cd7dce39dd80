"""Where templates and static files lie, and how templates are filled: always autoescaped.

Layer 0, light, so that a page can be shown before anything heavy is imported. Knows nothing of
what is shown. Next in the flow: ``cards`` and ``web``.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_PACKAGE = Path(__file__).resolve().parent
TEMPLATES = _PACKAGE / "templates"
STATIC = _PACKAGE / "static"


def make_environment() -> Environment:
    """Jinja over our templates; a name that a template lacks raises instead of vanishing."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
