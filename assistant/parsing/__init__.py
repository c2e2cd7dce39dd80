"""From a message to a ``Request``."""
