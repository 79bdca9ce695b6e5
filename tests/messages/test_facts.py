"""Tests of facts as people type them: every draft has whole sentences with them."""

from __future__ import annotations

import attrs
import pytest

from afterword.domain.model import Channel, Person, StepKind
from afterword.messages.compose import compose_drafts
from afterword.messages.fact_rules import FactNote, Slot
from afterword.messages.facts import fact_remarks, fact_sentence, tidy_fact
from afterword.messages.i18n import get_language
from tests.messages.sample_applications import (
    THANDI,
    draft_settings,
    make_application,
    make_interview,
    plan_of,
    step_of,
)

NAMES = frozenset({"Thandi", "Nkosi", "Karoo", "Analytics"})

# As typed, and the words that the letter has for it.
TALKING_POINTS = [
    ("We talked about the move to podcasts.", "about the move to podcasts"),
    ("we spoke about hiring!!", "about hiring"),
    ("We discussed the weekly meeting", "about the weekly meeting"),
    ("we had a really good chat about cycling", "about cycling"),
    ("our conversation about trust", "about trust"),
    ("I liked how you measure reach", "about how you measure reach"),
    ("I really enjoyed talking about radio", "about radio"),
    ("LOVED the HUGE studio", "about the huge studio"),
    ("About the new studio", "about the new studio"),
    ("re: hiring plans", "about hiring plans"),
    ("talked about: AI", "about AI"),
    ("it was great to hear about the merger", "about the merger"),
    ("THE MOVE FROM PRINT TO PODCASTS", "about the move from print to podcasts"),
    ("Working With Freelancers And Agencies", "about working with freelancers and agencies"),
    ("Moving to the cloud", "about moving to the cloud"),
    ("The weekly editorial meeting.", "about the weekly editorial meeting"),
    ("new studio", "about the new studio"),
    ("Kubernetes migration", "about the Kubernetes migration"),
    ("SAP rollout", "about the SAP rollout"),
    ("iOS app", "about the iOS app"),
    ("Google Ads campaign", "about the Google Ads campaign"),
    ("Durban office", "about the Durban office"),
    ("Thandi's dog", "about Thandi's dog"),
    ("team of five", "about the team of five"),
    ("climate change", "about climate change"),
    ("growth in Africa", "about growth in Africa"),
    ("your plans for 2027", "about your plans for 2027"),
    ("the tools you are building", "about the tools you are building"),
    ("the campaign that runs for a year", "about the campaign that runs for a year"),
    ("podcasts / reach / budget", "about podcasts, reach and budget"),
    ("podcasts/radio/video", "about podcasts, radio and video"),
    ("diversity & inclusion", "about diversity and inclusion"),
    ("print -> podcast", "about print to podcast"),
    ("- the budget", "about the budget"),
    ("* the budget...", "about the budget"),
    ('"the new office"', "about the new office"),
    ("the new office :-)", "about the new office"),
    ("how do you measure reach?", "about how you measure reach"),
    ("Can I work remotely?", "about whether I can work remotely"),
    ("what's next for the product", "about what's next for the product"),
    ("What is the biggest challenge for the team?", "what the biggest challenge for the team is"),
    ("How does the team measure reach?", "“How does the team measure reach?”"),
    ("is the role remote?", "“Is the role remote?”"),
    ("why did you move to podcasts?", "“Why did you move to podcasts?”"),
    ("she said the team is growing", "hat the team is growing"),
    ("She said that she loves podcasts!!", "you love podcasts"),
    ("she wants to hire two more people", "you want to hire two more people"),
    ("they are hiring in Q1", "you are hiring in Q1"),
    ("He told me about the budget for next year...", "about the budget for next year"),
    ("she asked if I know SAP", "about whether I know SAP"),
    ("her move from radio", "about your move from radio"),
    ("You're opening a Durban office", "you're opening a Durban office"),
    ("there will be a second studio", "there will be a second studio"),
    ("the team uses Jira", "the team uses Jira"),
    ("team uses Jira", "team uses Jira"),
    ("great team!! loved the studio", "great team; loved the studio"),
    ("The budget is tight. They want results.", "the budget is tight; they want results"),
    ("I told them about my thesis", "about my thesis"),
    ("we both like jazz", "we both like jazz"),
    ("whether to build or buy", "about whether to build or buy"),
]
EXPERIENCE = [
    ("I ran a podcast launch of this size last year.", ": I ran a podcast launch of this size"),
    ("ran a podcast launch last year", "I ran a podcast launch last year"),
    ("led a team of five!!", "I led a team of five"),
    ("i built the dashboard", "I built the dashboard"),
    ("I RAN A LAUNCH", "I ran a launch"),
    ("ive led editorial meetings", "I've led editorial meetings"),
    ("I've done something like it: I cleared an archive", ": I cleared an archive"),
    ("because I know the field", "I know the field"),
    ("have worked with forty freelancers", "I have worked with forty freelancers"),
    ("managed budgets / contracts", "I managed budgets and contracts"),
    ("fluent in German", "I'm fluent in German"),
    ("Good with people", "I'm good with people"),
    ("certified PMP", "I'm a certified PMP"),
    ("Worked at Google", "I worked at Google"),
    ("5 years of podcasting", ": 5 years of podcasting"),
    ("Ten years in radio", ": ten years in radio"),
    ("experience with SAP", ": experience with SAP"),
    ("Python / SQL / Tableau", ": Python, SQL and Tableau"),
    ("My team won an award", "my team won an award"),
    ("you need someone who can write", "You need someone who can write."),
]
GERMAN_POINTS = [
    ("Der Wechsel vom Druck zum Podcast.", ": der Wechsel vom Druck zum Podcast."),
    ("DER WECHSEL VOM DRUCK", ": der Wechsel vom Druck."),
    ("Wir haben über den neuen Podcast gesprochen", "über den neuen Podcast"),
    ("wir sprachen über die Konferenz", "über die Konferenz"),
    ("Unser Gespräch über das Budget", "über das Budget"),
    ("über die Redaktionskonferenz!!", "über die Redaktionskonferenz"),
    ("es ging um die Sommerserie", "über die Sommerserie"),
    ("mir gefiel das neue Studio", "über das neue Studio"),
    ("Ich fand die Zusammenarbeit spannend", "über die Zusammenarbeit"),
    ("den neuen Podcast", "über den neuen Podcast"),
    ("wie Sie Reichweite messen", ", wie Sie Reichweite messen."),
    ("Wie ihr Reichweite messt", ", wie ihr Reichweite messt."),
    ("warum der Sommer ruhig ist", ", warum der Sommer ruhig ist."),
    ("dass zwei Stellen frei sind", ", dass zwei Stellen frei sind."),
    ("ob sich der Umzug lohnt", ", ob sich der Umzug lohnt."),
    ("sie sagte, dass das Team wächst", ", dass das Team wächst."),
    ("Das Team wächst", ": Das Team wächst."),
    ("wir mögen beide Jazz", ": Wir mögen beide Jazz."),
    ("Wie messen Sie Reichweite?", "„Wie messen Sie Reichweite?“"),
    ("Wird es ein zweites Studio geben?", "„Wird es ein zweites Studio geben?“"),
    ("Podcasts / Reichweite / Budget", ": Podcasts, Reichweite und Budget."),
    ("Podcasts & Radio", ": Podcasts und Radio."),
    ("von dem Umzug", "„von dem Umzug“"),
    ("Thema: die neue Kampagne", "über die neue Kampagne"),
    ("- das Budget", "über das Budget"),
    ("„das neue Büro“", "über das neue Büro"),
    ("SAP-Einführung", ": SAP-Einführung."),
    ("Redaktionskonferenz am Montag...", ": Redaktionskonferenz am Montag."),
    ("das Budget fürs nächste Jahr", "über das Budget fürs nächste Jahr"),
    ("die Suche nach einem neuen Büro", "über die Suche nach einem neuen Büro"),
    ("die Sommerserie und das Budget", "über die Sommerserie und das Budget"),
    ("freie Autorinnen und Autoren", "über freie Autorinnen und Autoren"),
    ("die Kollegin arbeitete lange allein", ": die Kollegin arbeitete lange allein."),
    ("das Team arbeitet remote", ": Das Team arbeitet remote."),
    ("ein neuer Podcast", ": ein neuer Podcast."),
    ("Umzug nach Wien", ": Umzug nach Wien."),
    ("wir haben den Umzug besprochen", "über den Umzug"),
    ("es ging auch um Ihre Pläne für 2027", "über Ihre Pläne für 2027"),
    ("Wofür braucht ihr ein zweites Studio", "„Wofür braucht ihr ein zweites Studio?“"),
    ("warum Sie umgezogen sind!!", ", warum Sie umgezogen sind."),
    ("er meinte, dass wir mehr testen sollten", ", dass wir mehr testen sollten."),
    ("DAS NEUE STUDIO", "über das neue Studio"),
    ("• Kundenbindung :-)", ": Kundenbindung."),
    ("Print -> Podcast", ": Print zu Podcast."),
    ("wie Reichweite gemessen wird", ", wie Reichweite gemessen wird."),
    ("neue Kampagne", ": neue Kampagne."),
    ("Vier-Tage-Woche", ": Vier-Tage-Woche."),
    ("hab über meinen Wechsel geredet", "über meinen Wechsel"),
    ("das Thema Nachhaltigkeit", ": Nachhaltigkeit."),
    ("die Frage wie man Reichweite misst", ", wie man Reichweite misst."),
    ("die haben gesagt dass alles neu wird", ", dass alles neu wird."),
    ("Frau Meier sprach über die Fusion", "über die Fusion"),
]
GERMAN_EXPERIENCE = [
    ("Ich habe zwei Jahre lang Konferenzen geleitet.", "Ich habe zwei Jahre lang Konferenzen"),
    ("ich kenne das Haus", "Ich kenne das Haus."),
    ("habe ein Team geleitet", "Ich habe ein Team geleitet."),
    ("ein Team von fünf Leuten geleitet", "Ich habe ein Team von fünf Leuten geleitet."),
    (
        "Team von fünf geleitet!!",
        "Aus meiner bisherigen Arbeit passt dazu: Team von fünf geleitet.",
    ),
    ("fünf Jahre Erfahrung mit SAP", ": fünf Jahre Erfahrung mit SAP."),
    ("fließend Englisch", ": fließend Englisch."),
    ("weil ich das kenne", "Ich kenne das."),
    ("weil ich ein Studio gebaut habe", "Ich habe ein Studio gebaut."),
    ("ICH HABE EIN STUDIO GEBAUT", "Ich habe ein Studio gebaut."),
    ("Erfahrung: zehn Jahre Radio", ": zehn Jahre Radio."),
    ("Budgets / Verträge", ": Budgets und Verträge."),
    ("seit zwei Jahren leite ich Konferenzen", "Seit zwei Jahren leite ich Konferenzen."),
    ("letztes Jahr habe ich ein Studio gebaut!!", "Letztes Jahr habe ich ein Studio gebaut."),
    ("bei Karoo war ich für das Archiv zuständig", "Bei Karoo war ich für das Archiv zuständig."),
    ("war drei Jahre Teamleitung", "Ich war drei Jahre Teamleitung."),
    ("mein Team hat einen Preis gewonnen", "Mein Team hat einen Preis gewonnen."),
    ("und ich spreche Zulu", "Ich spreche Zulu."),
    ("SAP / Excel / Python", ": SAP, Excel und Python."),
    ("Führerschein Klasse B", ": Führerschein Klasse B."),
    ("teamfähig", "Ich bin teamfähig."),
    ("durfte ein Team aufbauen", "Ich durfte ein Team aufbauen."),
    ("ich hab das schon gemacht", "Ich habe das schon gemacht."),
    ("Projekt zum Erfolg geführt", "Arbeit passt dazu: Projekt zum Erfolg geführt."),
]
MOMENTS = ("thank-you", "first-follow-up", "again", "second-follow-up")
TABLES = [
    *(("en", Slot.DISCUSSED, *row) for row in TALKING_POINTS),
    *(("en", Slot.FIT, *row) for row in EXPERIENCE),
    *(("de", Slot.DISCUSSED, *row) for row in GERMAN_POINTS),
    *(("de", Slot.FIT, *row) for row in GERMAN_EXPERIENCE),
]


@pytest.mark.parametrize(
    ("code", "slot", "typed", "expected"), TABLES, ids=[f"{row[0]} {row[2]}" for row in TABLES]
)
def test_a_fact_as_typed_fits_into_its_sentence(
    code: str, slot: Slot, typed: str, expected: str
) -> None:
    fact = tidy_fact(typed, slot, code, NAMES)
    sentence = fact_sentence(fact, "thank-you", slot, 0, get_language(code))
    assert expected in sentence


@pytest.mark.parametrize(
    ("code", "slot", "typed", "expected"), TABLES, ids=[f"{row[0]} {row[2]}" for row in TABLES]
)
def test_its_sentence_is_whole_at_every_moment(
    code: str, slot: Slot, typed: str, expected: str
) -> None:
    fact = tidy_fact(typed, slot, code, NAMES)
    for moment in MOMENTS:
        for number in range(5):
            sentence = fact_sentence(fact, moment, slot, number, get_language(code))
            assert sentence[0].isupper()
            assert sentence[-1] == "." or sentence.endswith(("?”", "?“"))
            assert not any(slip in sentence for slip in ("..", "!", " .", " ,", "about about"))
    assert expected


@pytest.mark.parametrize("typed", [row[0] for row in TALKING_POINTS])
def test_a_letter_with_it_asks_one_question_and_has_both_facts(typed: str) -> None:
    person = attrs.evolve(THANDI, discussed=(typed,) * 3, fit=("I led a team of five",) * 3)
    plan = plan_of(make_application(make_interview(people=(person,))))
    point = tidy_fact(typed, Slot.DISCUSSED, "en", NAMES).text
    for kind in (StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND):
        draft = compose_drafts(plan, step_of(plan, kind), draft_settings())[0]
        text = draft.body
        assert point[1:] in text
        assert "I led a team of five" in text
        assert not draft.left_out
        assert text.replace("?”", "”").count("?") <= 1


def test_facts_of_fifteen_words_are_both_in_thank_you_and_first_follow_up() -> None:
    long = "the plan to move one podcast after another from the old studio to the new"
    fit = "I moved a whole archive from one building to another in less than a year"
    assert (len(long.split()), len(fit.split())) == (15, 15)
    for number in range(6):
        for panel in (1, 2):
            people = tuple(
                Person(name=f"Person {n}", discussed=(long,), fit=(fit,)) for n in range(panel)
            )
            application = attrs.evolve(
                make_application(make_interview(people=people)), id=f"app-{number}"
            )
            plan = plan_of(application)
            for kind in (StepKind.THANK_YOU, StepKind.FIRST):
                for draft in compose_drafts(plan, step_of(plan, kind), draft_settings()):
                    assert long in draft.body
                    assert fit in draft.body


def test_a_long_fact_is_cut_at_a_clause_with_a_note() -> None:
    typed = (
        "the move from print to podcasts and all the things that you had to change for it, which "
        "took three years, two new studios and a lot of patience"
    )
    fact = tidy_fact(typed, Slot.DISCUSSED, "en")
    assert fact.text.endswith("change for it, which took three years")
    assert FactNote.CUT in fact.notes


def test_what_a_limit_forces_out_is_named() -> None:
    person = attrs.evolve(
        THANDI,
        profile="https://linkedin.example/in/thandi",
        discussed=("the extraordinarily complicated internationalisation programme " * 3,),
        fit=("I coordinated extraordinarily complicated internationalisation work " * 3,),
    )
    plan = plan_of(make_application(make_interview(people=(person,))))
    draft = compose_drafts(
        plan, step_of(plan, StepKind.THANK_YOU), draft_settings(), channel=Channel.LINKEDIN
    )[0]
    assert draft.left_out
    assert all("eft out" in line for line in draft.left_out)


@pytest.mark.parametrize(
    ("slot", "typed", "note"),
    [
        (Slot.DISCUSSED, "she said it is growing", FactNote.THIRD_PERSON),
        (Slot.DISCUSSED, "I ran a podcast launch", FactNote.ABOUT_APPLICANT),
        (Slot.DISCUSSED, "Wir haben über den Umzug gesprochen", FactNote.WRONG_LANGUAGE),
        (Slot.FIT, "you need a writer", FactNote.NOT_ABOUT_APPLICANT),
        (Slot.FIT, "Ich habe ein Team geleitet", FactNote.WRONG_LANGUAGE),
        (Slot.FIT, "word " * 40, FactNote.TOO_LONG),
    ],
)
def test_what_does_not_fit_is_pointed_out(slot: Slot, typed: str, note: FactNote) -> None:
    person = attrs.evolve(Person(name="Thandi Nkosi"), **{slot.value: (typed,)})  # type: ignore[arg-type]
    application = make_application(make_interview(people=(person,)))
    english = get_language("en")
    remarks = list(fact_remarks(application, person, language=english, reader=english))
    assert (typed, note.value) in remarks
