"""Serve Matinee's page: ``python app.py``. The same as ``matinee run`` with its defaults."""

from assistant.config import load_settings
from assistant.web import serve

if __name__ == "__main__":
    serve(load_settings(), announce=lambda url: print(f"Matinee is at {url}", flush=True))
