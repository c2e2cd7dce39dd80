"""Who is asking: a signed cookie that holds a profile's id.

Knows nothing of what a profile holds (``store``) or of the page. ``wish in languages`` and the
like live in ``texts``. Next in the flow: ``guard`` looks at requests before anyone reads a cookie.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assistant.errors import StoreError

COOKIE = "matinee"
LANGUAGE_COOKIE = "matinee_language"
MAX_AGE_S = 400 * 24 * 3600
"""The longest a browser keeps a cookie (RFC 6265bis draft)."""
_SALT = "matinee.profile"


class Signer:
    """Makes and reads the cookie; the secret stays in the home folder, readable by its owner."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt=_SALT)

    def sign(self, user: str) -> str:
        """The cookie's value for a profile id."""
        return str(self._serializer.dumps(user))

    def read(self, cookie: str | None) -> str | None:
        """The profile id in a cookie; None where it is absent, stale, altered or not ours."""
        if not cookie or len(cookie) > 500:
            return None
        try:
            user = self._serializer.loads(cookie, max_age=MAX_AGE_S)
        except BadSignature:
            return None
        return user if isinstance(user, str) else None


def load_signer(home: Path) -> Signer:
    """The signer of this home folder; makes its secret (mode 0600) at the first call.

    Raises ``StoreError`` where the secret can be neither read nor written.
    """
    path = home / "cookie.secret"
    try:
        secret = path.read_text(encoding="ascii").strip() if path.exists() else ""
        if len(secret) < 32:
            secret = secrets.token_urlsafe(48)
            home.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".new")
            beside.unlink(missing_ok=True)
            with os.fdopen(
                os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as out:
                out.write(secret)
            beside.replace(path)
        return Signer(secret)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(
            f"cannot keep the cookie secret in {path} ({error}); check --home"
        ) from error
