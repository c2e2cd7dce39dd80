"""Putting a poster together."""

from __future__ import annotations

from html import escape

from assistant.catalogue import Film


def draw(film: Film) -> str:
    """An SVG document, 300 by 450."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 450"><rect width="300" height="450" fill="#345"/><text x="20" y="400" fill="#fff" font-size="24">{escape(film.title)}</text></svg>'
