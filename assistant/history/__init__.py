"""One person's events turned into taste: a profile to rank by, a summary to show."""

from assistant.history.profile import profile
from assistant.history.taste import Leaning, Taste, taste_summary
from assistant.history.values import Interest, Profile

__all__ = ["Interest", "Leaning", "Profile", "Taste", "profile", "taste_summary"]
