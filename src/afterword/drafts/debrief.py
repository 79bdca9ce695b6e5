"""The five questions to ask oneself right after an interview, and where answers go."""

from __future__ import annotations

import attrs

from afterword.drafts.language import mark


@attrs.frozen(kw_only=True)
class Question:
    """A question; `fact` is what its answer is kept as: a key of the file of facts."""

    fact: str
    text: str


QUESTIONS = (
    Question(
        fact="interviewer", text=mark("Who was there? Names, and addresses if you have them.")
    ),
    Question(
        fact="discussed",
        text=mark("What did you talk about that only you and they would know? One point a line."),
    ),
    Question(
        fact="fit",
        text=mark("What do they care about, and what have you done that answers to it?"),
    ),
    Question(
        fact="decision_by",
        text=mark("What happens next, and by which day did they say they would decide?"),
    ),
    Question(
        fact="channel",
        text=mark("How do they like to be reached: email, phone or linkedin?"),
    ),
)
