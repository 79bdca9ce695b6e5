"""Compare names as people search for them: without capitals, accents, umlauts and slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not decompose, and the usual spellings of umlauts in ASCII.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"})
_LONGEST_NUMBER = 20
"""Longer numbers are no numbers of clients."""
_DIGRAPHS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "þ": "th", "æ": "ae", "œ": "oe"}
)


def search_forms(text: str) -> tuple[str, str]:
    """Return a text for comparison: with "ü" as "u", and with "ü" as "ue"."""
    if text.isascii():
        return text.casefold(), text.casefold()
    composed = unicodedata.normalize("NFC", text).casefold()
    return without_accents(composed), without_accents(composed.translate(_DIGRAPHS))


def equals(query: str, text: str) -> bool:
    """True if a text has the same letters as a query in either form."""
    return bool(set(search_forms(query)) & set(search_forms(text)))


def contains(text: str, query: str) -> bool:
    """True if the text contains the query in either form; an empty query is in none."""
    return any(
        form and form in other for form in search_forms(query) for other in search_forms(text)
    )


def closest(text: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the candidate that is most similar to a text, or None.

    `cutoff` is the similarity that it needs, from 0 to 1.
    """
    import difflib  # only for mistakes

    matches = difflib.get_close_matches(text, list(candidates), n=1, cutoff=cutoff)
    return matches[0] if matches else None


def natural_key(text: str) -> str:
    """Return a key that sorts "Client 5" before "Client 10", without capitals and accents."""
    plain = without_accents(text.casefold())
    return re.sub(r"\d+", lambda number: number[0].lstrip("0").zfill(_LONGEST_NUMBER), plain)


def without_accents(text: str) -> str:
    """Return the text with "é" as "e", "ü" as "u", and so on; its case stays."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
