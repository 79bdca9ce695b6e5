"""Load the tone rules of a language from `LANGUAGE/tone.toml` and compile their patterns.

The patterns match sentences of plain words, into which a text is split. The head of `en/tone.toml`
explains how a pattern is written.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from afterword.messages.i18n import language_data, languages_with

HIDDEN = "\N{WHITE SQUARE}"
"""Stands for each letter of a name that is not judged; a hidden name counts as a word."""
_TOKEN = re.compile(rf"[^\W_]+(?:'[^\W_]+)*'?|\?|{HIDDEN}+")
# French has a no-break space before a closing quotation mark.
_END = re.compile(
    r"[.?!…]{1,9}(?:[\"'”»)]|[ \u00a0\u202f]»){0,3}(?=\s)|(?<=[,:;])[ \t]*(?=\n)"
    r"|\n[ \t]*(?=\n|[-*•] )"
)
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_LONGEST_ABBREVIATION = 12
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u02bc\u0060\u00b4", "'"))

_FILE = "tone.toml"
_CONCEPTS = "concepts.toml"
_NEVER = r"(?!)"
_NAME = re.compile(r"\{(\w+)\}")
# Each element of a pattern and its regular expression. All repetitions are bounded, so that
# matching takes time proportional to the text.
_ELEMENTS = (
    (re.compile(r" \.\.\.\. "), r"(?: [^ ]+){0,15} "),
    (re.compile(r" \.\.\. "), r"(?: [^ ]+){0,6} "),
    (re.compile(r"(?<!\w)_(\d?) "), lambda m: rf"(?:[^ ]+ ){{0,{m[1] or 1}}}"),
    (re.compile(r"@"), "[^ ]+"),
    (re.compile(r"\)\*"), "){0,3}"),
    (re.compile(r"\)\+"), "){1,3}"),
    (re.compile(r"(?<=[^\W\d_])\*|(?<=')\*|(?<![\w)'])\*(?=[^\W\d_])"), "[^ ]*"),
    (re.compile(r"#"), "[0-9][^ ]*"),
    (re.compile(r"\$"), r" ?(?:\\? )?$"),
    (re.compile(r"\((?!\?)"), "(?:"),
    (re.compile(r"^\^"), "^ "),
)
# An umlaut may also be typed as two letters; accents are folded.
_UMLAUTS = {"ä": "ae?", "ö": "oe?", "ü": "ue?"}


@attrs.frozen(kw_only=True)
class Sentence:
    """A sentence of a text.

    `start` is its place in the text and `line` the number of its first line.
    `plain` are its words between blanks: small letters, no accents, contractions
    written out, and a question mark at the end of a question.
    """

    text: str
    start: int
    line: int
    plain: str
    _spans: tuple[tuple[int, int], ...]

    def excerpt(self, start: int, end: int) -> str:
        """Return the part of the sentence that corresponds to a match in `plain`."""
        first = self.plain.count(" ", 0, start + 1) - 1
        last = self.plain.count(" ", 0, end) - 1
        return self.text[self._spans[first][0] : self._spans[min(last, len(self._spans) - 1)][1]]

    def words(self) -> Iterator[str]:
        """Yield the words as they are written."""
        for start, end in dict.fromkeys(self._spans):
            yield self.text[start:end]


def fold(text: str) -> str:
    """Return the text in small letters and without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def split_sentences(text: str, rules: ToneRules) -> Iterator[Sentence]:
    """Yield the sentences of a text; an empty line ends a sentence, a wrapped line does not."""
    text = text.translate(_APOSTROPHES)
    start = line = counted = 0
    for end in (*_ends(text, rules.abbreviations), len(text)):
        piece = text[start:end]
        blank = len(piece) - len(piece.lstrip())
        if blank < len(piece):
            begin = start + blank
            line += text.count("\n", counted, begin)
            counted = begin
            yield _sentence(piece.strip(), begin, line + 1, rules)
        start = end


def _ends(text: str, abbreviations: frozenset[str]) -> Iterator[int]:
    for match in _END.finditer(text):
        if match[0].startswith("."):
            before = text[max(0, match.start() - _LONGEST_ABBREVIATION) : match.start()]
            word = _LAST_WORD.search(before)
            # "4. Dezember", "Dr. Mbeki", "z. B."
            if word and (word[0].isdigit() or fold(word[0]) in abbreviations):
                continue
        yield match.end()


def _sentence(text: str, start: int, line: int, rules: ToneRules) -> Sentence:
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        words = _plain_words(match[0], rules)
        plain += words
        spans += [match.span()] * len(words)
    return Sentence(
        text=text, start=start, line=line, plain=f" {' '.join(plain)} ", spans=tuple(spans)
    )


def _plain_words(token: str, rules: ToneRules) -> list[str]:
    word = fold(token)
    if whole := rules.contractions.get(word):
        return whole.split()
    if "'" in word:
        for written, expanded in rules.contractions.items():
            # "dont" is a word of its own; part of a word is only what has an apostrophe.
            if "'" in written:
                word = word.replace(written, expanded)
    return word.split()


@attrs.frozen
class Combination:
    """Patterns that must all occur in a sentence, in any order, and some that must not."""

    required: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    def search(self, plain: str) -> tuple[int, int] | None:
        """Return the part of a plain sentence that holds all required patterns, or None."""
        spans: list[tuple[int, int]] = []
        for source in self.required:
            if (match := _compiled(source).search(plain)) is None:
                return None
            spans.append(match.span())
        if any(_compiled(source).search(plain) for source in self.excluded):
            return None
        return min(start for start, _ in spans), max(end for _, end in spans)


@attrs.frozen(kw_only=True, eq=False)
class ToneRule:
    """A kind of sentence to avoid: its patterns, the reason and a better wording.

    A sentence breaks the rule if it matches one of the `combinations` and not `unless`. There
    are none if the kind is recognised in code.
    """

    kind: str
    why: str
    better: str
    combinations: tuple[Combination, ...]
    unless: str

    def search(self, sentence: Sentence) -> tuple[int, int] | None:
        """Return the part of the plain sentence that breaks the rule, or None."""
        spans = (each.search(sentence.plain) for each in self.combinations)
        span = next(filter(None, spans), None)
        return None if span is None or _compiled(self.unless).search(sentence.plain) else span


@attrs.frozen(kw_only=True, eq=False)
class ToneRules:
    """The tone rules of a language.

    `contractions` maps short forms to the words that they are written out as.
    `function_words` are frequent words by which the language is recognised, `emphasis`
    those that are written in capitals to shout. `warm` matches sentences that may end in
    an exclamation mark. `formal` and `informal` are the two forms of address. `greeting`
    and `company_before` match the words before a name. `fields` are words in capitals that
    stand for something to fill in. `harmless` sentences break no rule with patterns, such
    as one that withdraws an application. `question_start` matches part of a sentence that
    asks something, `asking` a sentence that may hold such parts without a question mark.
    """

    code: str
    contractions: Mapping[str, str]
    abbreviations: frozenset[str]
    rules: Mapping[str, ToneRule]
    harmless: tuple[Combination, ...]
    function_words: frozenset[str]
    emphasis: frozenset[str]
    warm: re.Pattern[str]
    formal: AddressWords
    informal: AddressWords
    greeting: re.Pattern[str]
    titles: frozenset[str]
    company_before: re.Pattern[str]
    company_unless: re.Pattern[str]
    fields: frozenset[str]
    question_start: re.Pattern[str]
    asking: re.Pattern[str]

    def broken_by(self, sentence: Sentence) -> Iterator[tuple[ToneRule, tuple[int, int]]]:
        """Yield the rules that a sentence breaks, with the part of it that does."""
        if any(each.search(sentence.plain) for each in self.harmless):
            return
        for rule in self.rules.values():
            if span := rule.search(sentence):
                yield rule, span


@attrs.frozen
class AddressWords:
    """Words of a form of address; `capitalised` ones count only within a sentence ("Sie")."""

    capitalised: frozenset[str]
    pattern: re.Pattern[str]

    def first_in(self, sentence: Sentence) -> str | None:
        """Return the first such word of a sentence, or None."""
        words = list(sentence.words())
        match_word = next((word for word in words[1:] if word in self.capitalised), None)
        if match_word:
            return match_word
        match = self.pattern.search(sentence.plain)
        return sentence.excerpt(*match.span()) if match else None


def tone_languages() -> tuple[str, ...]:
    """Return the codes of the languages whose tone can be judged."""
    return languages_with(_FILE)


@functools.cache
def tone_rules(code: str) -> ToneRules:
    """Return the rules of a language; a language without rules has none that match."""
    data = language_data(code, _FILE)
    words = data.get("words", {}) | _concepts(code)
    sentence, address, company = (data.get(k, {}) for k in ("sentence", "address", "company"))
    greeting, questions = data.get("greeting", {}), data.get("questions", {})
    compiled = functools.partial(compile_patterns, words=words)
    return ToneRules(
        code=code,
        contractions={fold(key): fold(value) for key, value in data.get("expand", {}).items()},
        abbreviations=_folded(sentence.get("abbreviations", "")),
        rules={row["kind"]: _rule(row, words) for row in data.get("rule", ())},
        harmless=tuple(
            _combine_concepts(each, words) for each in data.get("harmless", {}).get("combine", ())
        ),
        function_words=_folded(data.get("language", {}).get("words", "")),
        emphasis=_folded(sentence.get("emphasis", "")),
        warm=compiled(f"^{each}" for each in sentence.get("warm", ())),
        formal=_address(address.get("formal", ()), words),
        informal=_address(address.get("informal", ()), words),
        greeting=compiled(f"^({each})" for each in greeting.get("words", ())),
        titles=_folded(greeting.get("titles", "")),
        company_before=compiled(company.get("before", ())),
        company_unless=compiled(company.get("unless", ())),
        fields=frozenset(data.get("placeholder", {}).get("fields", "").split()),
        question_start=compiled(f"^({each})" for each in questions.get("start", ())),
        asking=compiled(questions.get("asking", ())),
    )


def _concepts(code: str) -> dict[str, str]:
    """Return the alternatives of each concept; each line of the file holds some of them."""
    return {
        name: "|".join(line.strip() for line in text.strip().splitlines())
        for name, text in language_data(code, _CONCEPTS).items()
    }


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


def _rule(row: Mapping[str, Any], words: Mapping[str, str]) -> ToneRule:
    patterns = _joined(row.get("patterns", ()), words)
    return ToneRule(
        kind=row["kind"],
        why=row["why"],
        better=row["better"],
        combinations=(
            *([Combination((patterns,))] if patterns != _NEVER else ()),
            *(Combination(tuple(_sources(each, words))) for each in row.get("together", ())),
            *(_combine_concepts(each, words) for each in row.get("combine", ())),
        ),
        unless=_joined(row.get("unless", ()), words),
    )


def _combine_concepts(written: str, words: Mapping[str, str]) -> Combination:
    """Return the combination of a line such as "hardship + me - work"."""
    required, *excluded = written.split(" - ")
    return Combination(
        tuple(_sources((f"{{{name}}}" for name in required.split(" + ")), words)),
        tuple(_sources((f"{{{name}}}" for name in excluded), words)),
    )


# Compiled when a sentence needs it: a text is in one of the languages.
@functools.cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _address(entries: Iterable[str], words: Mapping[str, str]) -> AddressWords:
    capitalised = frozenset(each for each in entries if each[0].isupper())
    return AddressWords(
        capitalised, compile_patterns((e for e in entries if e not in capitalised), words=words)
    )


def compile_patterns(patterns: Iterable[str], *, words: Mapping[str, str]) -> re.Pattern[str]:
    """Return the regular expression of the patterns; without any, it never matches."""
    return _compiled(_joined(patterns, words))


def _joined(patterns: Iterable[str], words: Mapping[str, str]) -> str:
    return "|".join(_sources(patterns, words)) or _NEVER


def _sources(patterns: Iterable[str], words: Mapping[str, str]) -> Iterator[str]:
    for pattern in patterns:
        source = pattern
        while _NAME.search(source):
            source = _NAME.sub(lambda match: f"({words[match[1]]})", source)
        for letter, typed in _UMLAUTS.items():
            source = source.replace(letter, typed)
        source = fold(source).lstrip()
        for element, expression in _ELEMENTS:
            source = element.sub(expression, source)
        start = "" if source.startswith("^") else "(?<= )"
        yield rf"{start}(?:{source})(?:(?= |$)|(?<= ))"
