"""Check any text to an employer, sentence by sentence: tone, slips, names and language."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from afterword.messages.display_names import any_of
from afterword.messages.tone_rules import (
    HIDDEN,
    Sentence,
    ToneRules,
    fold,
    split_sentences,
    tone_languages,
    tone_rules,
)

_LINK = re.compile(r"(?:https?://|www\.|mailto:)\S{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_QUOTED_LINE = re.compile(r"(?m)^[ \t]*>.*$")
# A question in quotation marks is talked about, not asked, unless the marks hold all of it.
_ASKED = re.compile(r"\?\)?$|^[\"'“„«].{0,400}\?\s?[\"'”“»]$", re.DOTALL)
# Where a part of a sentence may end: at a comma, or before "and" in any of the languages.
_PART = re.compile(r"[,;:?–]|\s(?=(?:and|und|et|y|e)\s)")
_SEVERAL_QUESTIONS = 3
_CAPITAL_WORDS = 3
_LONG_CAPITALS = 4
_NO_ABBREVIATION = 9
_FOREIGN_WORDS = 2
_LONGEST_GREETING = 5
# "Hola, Laura:", where the name is set off by a comma.
_NAME_SET_OFF = re.compile(r", ([^,:;!?.\n]{1,80})[,:]")
_SHORT_TITLE = re.compile(r"\b(\w{1,4})\. (?=[A-ZÀ-ÖØ-Þ])")
_CAPITALS = re.compile(r"\b[^\W\d_a-zß-ÿ](?:[^\W\d_a-zß-ÿ]|_(?=\w)){1,40}\b")
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][\w&.-]*(?: [A-ZÀ-ÖØ-Þ][\w&.-]*){0,3}")


@functools.cache
def _placeholder() -> re.Pattern[str]:
    """Return the pattern of placeholders that were not filled in: "[NAME]", "Dear ,", "XXX"."""
    start, title = r"(?:^|(?<=\n))", rf"(?: {any_of('mail', 'titles')}\.?)?"
    return re.compile(
        r"\[[^\]\n]{0,80}\](?!\()|\{\{?[^}\n]{0,80}\}\}?|\$\{\w{0,80}\}|%\(\w{1,80}\)s"
        r"|<(?!https?:|mailto:)[^>\n@]{1,80}>|_{3,99}|(?<=[a-z,] )None\b"
        r"|\b(?:X{2,9}|x{3,9}|TBD|TODO|undefined|[Ll]orem ipsum|N\.N\.)(?!\w)"
        rf"|{start}{any_of('mail', 'greetings')}{title} ,(?=\s|$)"
        rf"|{start}{any_of('mail', 'greetings_with_name')},(?=\s|$)"
    )


@functools.cache
def _earlier_message() -> re.Pattern[str]:
    """Return the pattern of the lines that mail programs put above the message answered."""
    header = rf"\*?{any_of('mail', 'sender')} ?:.*\n\*?{any_of('mail', 'after_sender')} ?:"
    return re.compile(
        rf"(?m)^(?:-{{3,9}} ?[A-Z]|_{{10,99}}$|{any_of('mail', 'wrote')} ?:$|{header})"
    )


@attrs.frozen(kw_only=True)
class TextFinding:
    """A problem in a text: its kind, line, the words quoted, the reason and a better wording."""

    kind: str
    line: int
    quote: str
    why: str
    better: str = ""


@attrs.frozen(kw_only=True)
class OwnNames:
    """The names that a message may mention: those of its application and of the applicant."""

    company: str
    role: str = ""
    people: tuple[str, ...] = ()
    applicant: str = ""

    def longest_first(self) -> tuple[str, ...]:
        """Return all names; "Karoo" must not hide only half of "Karoo Analytics"."""
        names = {self.company, self.role, self.applicant, *self.people}
        return tuple(sorted(filter(None, names), key=lambda name: (-len(name), name)))


def check_text(
    text: str, *, language: str, reader: str, names: OwnNames | None = None
) -> tuple[TextFinding, ...]:
    """Return the problems of a text in a language, in the order of its sentences.

    Reasons are in the language of the `reader`, better wordings in that of the
    text. Without `names` the names in it are not judged.
    """
    rules = tone_rules(language)
    text = _LINK.sub(lambda match: HIDDEN * len(match[0]), text)
    original = text
    for name in names.longest_first() if names else ():
        text = text.replace(name, HIDDEN * len(name))
    hidden = list(split_sentences(text, rules))
    sentences = [
        attrs.evolve(each, text=original[each.start : each.start + len(each.text)])
        for each in hidden
    ]
    problems = [
        *_slips(text, original, rules),
        *(each for pair in zip(sentences, hidden, strict=True) for each in _judge(*pair, rules)),
        *_exclamations(hidden, sentences, rules),
        *_questions(hidden, sentences, rules),
        *_mixed_address(sentences, rules),
        *(_names(sentences, names, rules) if names else ()),
    ]
    in_order = sorted(dict.fromkeys(problems), key=lambda each: each[1])
    return tuple(_explain(each, language, reader) for each in in_order)


_Problem = tuple[str, int, str]


def _explain(problems: _Problem, language: str, reader: str) -> TextFinding:
    kind, line, quote = problems
    rule = tone_rules(language).rules.get(kind) or tone_rules("en").rules[kind]
    reasons = tone_rules(reader).rules
    return TextFinding(
        kind=kind,
        line=line,
        quote=" ".join(quote.split()),
        why=reasons[kind].why if kind in reasons else rule.why,
        better=rule.better,
    )


def own_part(text: str) -> str:
    """Return a mail without quoted text; the lines keep their numbers."""
    earlier = _earlier_message().search(text)
    own = text[: earlier.start()] if earlier else text
    # A text that begins with such a line is a whole mail that was pasted.
    return _QUOTED_LINE.sub("", own if own.strip() else text)


def detect_language(text: str) -> str | None:
    """Return the language that most of a text's frequent words belong to, or None."""
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", text)]
    counts = {
        code: sum(word in tone_rules(code).function_words for word in words)
        for code in tone_languages()
    }
    best = max(counts, key=counts.__getitem__, default=None)
    return best if best and counts[best] else None


def _slips(text: str, original: str, rules: ToneRules) -> Iterator[_Problem]:
    fields = (m for m in _CAPITALS.finditer(text) if m[0] in rules.fields or "_" in m[0])
    for match in (*_placeholder().finditer(text), *fields):
        line = text.count("\n", 0, match.start()) + 1
        yield "placeholder", line, original[match.start() : match.end()]


def _judge(sentence: Sentence, hidden: Sentence, rules: ToneRules) -> Iterator[_Problem]:
    if _is_foreign(hidden, rules):
        yield "wrong-language", sentence.line, sentence.text
        return
    taken: list[tuple[int, int]] = []
    for rule, span in rules.broken_by(hidden):
        # The first kind that explains some words is enough.
        if not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
            quote = attrs.evolve(hidden, text=sentence.text).excerpt(*span)
            yield rule.kind, sentence.line, quote
    if shouted := _capitals(hidden, rules):
        yield "shouting", sentence.line, shouted


def _is_foreign(sentence: Sentence, rules: ToneRules) -> bool:
    if not rules.function_words:
        return False
    words = list(sentence.words())
    # A capital within a sentence may begin a name.
    plain = {fold(w) for n, w in enumerate(words) if n == 0 or w[0].islower() or w.isupper()}
    own = len(plain & rules.function_words)
    for code in tone_languages():
        if code != rules.code:
            others = tone_rules(code).function_words - rules.function_words
            foreign = len(plain & others)
            if foreign >= _FOREIGN_WORDS and (own == 0 or foreign > 2 * own):
                return True
    return False


def _capitals(sentence: Sentence, rules: ToneRules) -> str:
    """Return the words in capitals that are no abbreviations, or nothing."""
    words = list(sentence.words())
    run: list[str] = []
    for word in (*words, ""):
        if word.isupper() and (run or len(word) > 1):
            run.append(word)
            continue
        common = [w for w in run if fold(w) in rules.emphasis or fold(w) in rules.function_words]
        long = [w for w in run if len(w) > _LONG_CAPITALS]
        if (
            any(fold(w) in rules.emphasis or len(w) >= _NO_ABBREVIATION for w in run)
            or (len(run) >= _CAPITAL_WORDS and (common or len(long) >= _FOREIGN_WORDS))
            or (len(run) == len(words) > 1 and long)
        ):
            return " ".join(run)
        run = []
    return ""


def _exclamations(
    hidden: Sequence[Sentence], sentences: Sequence[Sentence], rules: ToneRules
) -> Iterator[_Problem]:
    """Yield the sentences with exclamation marks, but not a single mark after thanks."""
    loud = [n for n, each in enumerate(hidden) if "!" in each.text]
    if len(loud) == 1:
        only = hidden[loud[0]]
        if only.text.count("!") == 1 and rules.warm.search(only.plain):
            return
    for number in loud:
        yield "shouting", sentences[number].line, sentences[number].text


def _questions(
    hidden: Sequence[Sentence], sentences: Sequence[Sentence], rules: ToneRules
) -> Iterator[_Problem]:
    # A subject may ask what the body asks.
    subject = re.compile(rf"{any_of('mail', 'subject')} ?:", re.IGNORECASE)
    asked = [
        number
        for number, each in enumerate(hidden)
        if _ASKED.search(each.text) and not subject.match(each.text)
    ]
    several = asked[1:2] or [n for n, each in enumerate(hidden) if _asks_several(each, rules)][:1]
    for number in several:
        yield "questions", sentences[number].line, sentences[number].text


def _asks_several(sentence: Sentence, rules: ToneRules) -> bool:
    """True if a sentence strings questions together, as in "Who decides, and when?"."""
    if "?" not in sentence.text and not rules.asking.search(sentence.plain):
        return False
    parts = (" ".join(re.findall(r"\w+", fold(part))) for part in _PART.split(sentence.text))
    count = sum(bool(rules.question_start.search(f" {part} ")) for part in parts)
    return count >= _SEVERAL_QUESTIONS


def _mixed_address(sentences: Iterable[Sentence], rules: ToneRules) -> Iterator[_Problem]:
    formal: str | None = None
    informal: tuple[int, str] | None = None
    for sentence in sentences:
        formal = formal or rules.formal.first_in(sentence)
        word = rules.informal.first_in(sentence)
        informal = informal or ((sentence.line, word) if word else None)
        if formal and informal:
            yield "mixed-address", informal[0], f"{formal} ... {informal[1]}"
            return


def _names(sentences: Sequence[Sentence], names: OwnNames, rules: ToneRules) -> Iterator[_Problem]:
    allowed = _name_words(names.company, names.role, names.applicant, *names.people)
    for sentence in sentences[:1] if names.people else ():
        if (other := _greeted(sentence, rules) - rules.titles) and not other & allowed:
            yield "wrong-name", sentence.line, sentence.text
    for sentence in sentences:
        for match in rules.company_before.finditer(sentence.plain):
            if rules.company_unless.search(sentence.plain):
                break
            before = sentence.excerpt(*match.span())
            rest = sentence.text[sentence.text.find(before) + len(before) :].lstrip()
            named = _NAME.match(rest)
            if named and not _name_words(named[0]) & (allowed | rules.function_words):
                yield "wrong-name", sentence.line, named[0].rstrip(".")


def _name_words(*names: str) -> frozenset[str]:
    return frozenset(fold(word) for name in names for word in re.findall(r"\w+", name))


def _greeted(sentence: Sentence, rules: ToneRules) -> frozenset[str]:
    """Return the words of the name that a greeting addresses; none if there is no greeting."""
    greeting = rules.greeting.search(sentence.plain)
    if greeting is None:
        return frozenset()
    after = sentence.text[len(sentence.excerpt(*greeting.span())) :]
    # The point of a title does not end the greeting: "Estimado Sr. Pérez:".
    after = _SHORT_TITLE.sub(r"\1 ", after)
    set_off = _NAME_SET_OFF.fullmatch(after)
    name = set_off[1] if set_off else re.split(r"[,:;!?\n–]|\. ", after, maxsplit=1)[0]
    words = re.findall(r"\w+", name)
    if len(words) > _LONGEST_GREETING:
        return frozenset()
    return frozenset(fold(word) for word in words if len(word) > 1 and word[0].isupper())
