"""Tests of facts as people type them in French, of French spelling, and of letters with both."""

from __future__ import annotations

import re

import attrs
import pytest

from afterword.domain.model import Channel, Person, StepKind
from afterword.messages.compose import compose_drafts
from afterword.messages.display_names import company_in_text, short_company, spelled, text_role
from afterword.messages.fact_rules import FactNote, Slot
from afterword.messages.facts import fact_sentence, tidy_fact
from afterword.messages.i18n import get_language
from afterword.messages.text_check import check_text
from tests.messages.sample_applications import (
    THANDI,
    draft_settings,
    make_application,
    make_interview,
    plan_of,
    step_of,
)

FRENCH = get_language("fr")
NAMES = frozenset({"Thandi", "Nkosi", "Karoo", "Analytics"})

# As typed, and the end of the sentence that the letter has for it.
POINTS = [
    ("le passage du papier au podcast", "sur le passage du papier au podcast."),
    ("Nous avons parlé du passage au podcast.", "sur le passage au podcast."),
    ("on a parlé de la refonte du site!!", "sur la refonte du site."),
    ("du nouveau studio", "sur le nouveau studio."),
    ("de l'équipe de demain", "sur l'équipe de demain."),
    ("des délais", "sur les délais."),
    ("nous avons discuté de vos projets pour 2027", "sur vos projets pour 2027."),
    ("notre échange sur la réunion du lundi", "sur la réunion du lundi."),
    ("j'ai bien aimé la visite des locaux", "sur la visite des locaux."),
    ("J'ai aimé comment vous mesurez l'audience", "d'apprendre comment vous mesurez l'audience."),
    ("comment vous mesurez l'audience", "d'apprendre comment vous mesurez l'audience."),
    ("Comment mesurez-vous l'audience ?", "« Comment mesurez-vous l'audience\u202f? »"),
    ("Est-ce que le poste est en télétravail ?", " : savoir si le poste est en télétravail."),
    ("est-ce qu'il y a un second studio?", " : savoir s'il y a un second studio."),
    (
        "Qu'est-ce que vous attendez de la première année ?",
        "d'apprendre ce que vous attendez de la première année.",
    ),
    ("qu'est-ce qui change en janvier ?", "d'apprendre ce qui change en janvier."),
    ("quel est le budget ?", "« Quel est le budget\u202f? »"),
    ("elle a dit que l'équipe s'agrandit", "d'apprendre que l'équipe s'agrandit."),
    ("Elle m'a parlé de la refonte", "sur la refonte."),
    (
        "elle m'a dit qu'elle cherche deux personnes",
        "d'apprendre que vous cherchez deux personnes.",
    ),
    ("il veut doubler l'équipe", "d'apprendre que vous voulez doubler l'équipe."),
    ("ils recrutent deux personnes", "d'apprendre que vous recrutez deux personnes."),
    ("elle adore le jazz!!", "d'apprendre que vous adorez le jazz."),
    ("L'équipe s'agrandit", "d'apprendre que l'équipe s'agrandit."),
    ("l'équipe double en 2027", "d'apprendre que l'équipe double en 2027."),
    ("il y a trois nouveaux projets", "d'apprendre qu'il y a trois nouveaux projets."),
    ("le site déménage à Lyon", "d'apprendre que le site déménage à Lyon."),
    ("refonte du site", "sur la refonte du site."),
    ("nouveau studio", "sur le nouveau studio."),
    ("REFONTE DU SITE WEB", "sur la refonte du site web."),
    ("Budget / délais / équipe", " : budget, délais et équipe."),
    ("podcasts/radio/vidéo", " : podcasts, radio et vidéo."),
    ("podcasts & radio", " : podcasts et radio."),
    ("papier -> podcast", " : papier vers podcast."),
    ("- le budget", "sur le budget."),
    ("« le nouveau bureau »", "sur le nouveau bureau."),
    ("le nouveau bureau :-)", "sur le nouveau bureau."),
    ("sujet : la nouvelle campagne", "sur la nouvelle campagne."),
    ("SEO", " : SEO."),
    ("Migration SAP", "sur la migration SAP."),
    ("migration vers Kubernetes", "sur la migration vers Kubernetes."),
    ("son passage par la radio", "sur votre passage par la radio."),
    ("leur nouvelle offre", "sur votre nouvelle offre."),
    ("que deux postes sont ouverts", "d'apprendre que deux postes sont ouverts."),
    ("super équipe!! j'ai adoré le studio", " : super équipe\u202f; j'ai adoré le studio."),
    (
        "Le budget est serré. Ils veulent des résultats.",
        " : le budget est serré\u202f; ils veulent des résultats.",
    ),
    ("j'ai mené un lancement de podcast", "J'ai mené un lancement de podcast."),
    ("au sujet du recrutement", "sur le recrutement."),
    ("surtout la stratégie de marque", "sur la stratégie de marque."),
    ("ce que vous attendez du poste", "d'apprendre ce que vous attendez du poste."),
    ("si l'entretien suivant est à Paris", " : savoir si l'entretien suivant est à Paris."),
    ("l'ouverture d'un bureau à Lyon", "sur l'ouverture d'un bureau à Lyon."),
    ("L'Oréal", "sur L'Oréal."),
    ("un projet qui dure un an", "sur un projet qui dure un an."),
    ("Le Festival De La Ville", "sur le festival de la ville."),
    ("télétravail", "sur le télétravail."),
    ("vous ouvrez un bureau à Lyon", "d'apprendre que vous ouvrez un bureau à Lyon."),
    ("on va refaire le site", "d'apprendre qu'on va refaire le site."),
    ("outils d'analyse", "sur les outils d'analyse."),
    ("gestion de projet", "sur la gestion de projet."),
    ("réunion hebdomadaire", "sur la réunion hebdomadaire."),
    ("croissance en Afrique", "sur la croissance en Afrique."),
    ("d'un projet européen", "sur un projet européen."),
    ("à propos de l'IA", "sur l'IA."),
    ("nos enfants respectifs", "sur nos enfants respectifs."),
    ("Le marché asiatique, très porteur", "sur le marché asiatique, très porteur."),
    ("du rôle de l'IA dans vos métiers", "sur le rôle de l'IA dans vos métiers."),
    ("l'importance de la RSE", "sur l'importance de la RSE."),
    ("des valeurs de la boîte", "sur les valeurs de la boîte."),
    ("elle a parlé de son parcours", "sur votre parcours."),
    ("il m'a expliqué comment ils travaillent", "d'apprendre comment vous travaillez."),
    ("management horizontal", "sur le management horizontal."),
    ("vos valeurs", "sur vos valeurs."),
    ("j'ai retenu que vous misez sur la formation", "d'apprendre que vous misez sur la formation."),
    (
        "le fait que l'équipe est répartie sur trois sites",
        "d'apprendre que l'équipe est répartie sur trois sites.",
    ),
    ("avez-vous un budget formation ?", "« Avez-vous un budget formation\u202f? »"),
    ("Y a-t-il une équipe à Lille ?", "« Y a-t-il une équipe à Lille\u202f? »"),
    ("combien de personnes dans l'équipe ?", " : combien de personnes dans l'équipe."),
    (
        "la personne qui occupait le poste est partie",
        "d'apprendre que la personne qui occupait le poste est partie.",
    ),
    ("elle s’occupe de trois sites", "d'apprendre que vous vous occupez de trois sites."),
    ("ils préfèrent le terrain", "d'apprendre que vous préférez le terrain."),
    ("on a parlé de la refonte", "sur la refonte."),
    ("on m’a dit que le poste est nouveau", "d'apprendre que le poste est nouveau."),
]
EXPERIENCE = [
    (
        "J'ai mené un lancement de podcast l'an dernier.",
        " : j'ai mené un lancement de podcast l'an dernier.",
    ),
    ("mené un lancement de podcast", " : j'ai mené un lancement de podcast."),
    ("j ai géré une équipe de cinq personnes!!", " : j'ai géré une équipe de cinq personnes."),
    ("J'AI CONSTRUIT UN STUDIO", " : j'ai construit un studio."),
    ("géré des budgets / contrats", " : j'ai géré des budgets et contrats."),
    ("parle couramment allemand", "que je parle couramment allemand."),
    ("suis certifiée PMP", "que je suis certifiée PMP."),
    ("10 ans d'expérience en radio", " : 10 ans d'expérience en radio."),
    ("expérience : dix ans de radio", " : dix ans de radio."),
    ("Python / SQL / Tableau", " : Python, SQL et Tableau."),
    ("car je connais le secteur", "que je connais le secteur."),
    ("Mon équipe a gagné un prix", " : mon équipe a gagné un prix."),
    ("vous avez besoin d'une personne qui écrit", "Vous avez besoin d'une personne qui écrit."),
    ("ai travaillé avec quarante pigistes", " : j'ai travaillé avec quarante pigistes."),
    (
        "j'ai déjà fait quelque chose de comparable : j'ai trié des archives",
        " : j'ai trié des archives.",
    ),
    ("Bonne connaissance de SAP", " : bonne connaissance de SAP."),
    ("gérer une équipe", "que je sais gérer une équipe."),
    ("Travaillé chez Google", " : j'ai travaillé chez Google."),
    ("resté trois ans à Londres", " : je suis resté trois ans à Londres."),
    ("bilingue anglais", "que je suis bilingue anglais."),
    (
        "en tant que bénévole, j'ai animé des ateliers",
        " : en tant que bénévole, j'ai animé des ateliers.",
    ),
    ("Anglais courant", " : anglais courant."),
    ("aime écrire", "que j'aime écrire."),
    ("il y a deux ans, j'ai animé des ateliers", " : il y a deux ans, j'ai animé des ateliers."),
    ("depuis 2019 je gère un budget", " : depuis 2019 je gère un budget."),
    ("capable de travailler vite", "que je suis capable de travailler vite."),
    ("expert en SEO", " : expert en SEO."),
]
TABLES = [
    *((Slot.DISCUSSED, *row) for row in POINTS),
    *((Slot.FIT, *row) for row in EXPERIENCE),
]
MOMENTS = ("thank-you", "first-follow-up", "again", "second-follow-up")
in_each_row = pytest.mark.parametrize(
    ("slot", "typed", "expected"), TABLES, ids=[row[1] for row in TABLES]
)


@in_each_row
def test_a_fact_as_typed_fits_into_its_sentence(slot: Slot, typed: str, expected: str) -> None:
    fact = tidy_fact(typed, slot, "fr", NAMES)
    assert fact_sentence(fact, "thank-you", slot, 0, FRENCH).endswith(expected)


@in_each_row
def test_its_sentence_is_whole_at_every_moment(slot: Slot, typed: str, expected: str) -> None:
    fact = tidy_fact(typed, slot, "fr", NAMES)
    for moment in MOMENTS:
        for number in range(5):
            sentence = fact_sentence(fact, moment, slot, number, FRENCH)
            assert sentence[0].isupper()
            assert sentence.endswith((".", "\u202f? »"))
            assert not re.search(r"\.\.|!| [.,]|\b(?:de le|de les|que il|de de|sur de)\b", sentence)
    assert expected


@pytest.mark.parametrize("typed", [row[0] for row in POINTS])
def test_a_letter_with_it_asks_one_question_and_passes_the_check(typed: str) -> None:
    fit = "j'ai dirigé une équipe de cinq personnes"
    person = attrs.evolve(THANDI, discussed=(typed,) * 3, fit=(fit,) * 3)
    plan = plan_of(make_application(make_interview(people=(person,))))
    for kind in (StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND):
        draft = compose_drafts(plan, step_of(plan, kind), draft_settings(form="fr"))[0]
        assert fit[1:] in draft.body
        assert not draft.left_out
        kinds = {each.kind for each in check_text(draft.body, language="fr", reader="en")}
        assert not kinds & {"questions", "wrong-language", "mixed-address", "shouting"}


@pytest.mark.parametrize(
    ("slot", "typed", "note"),
    [
        (Slot.DISCUSSED, "elle a dit que l'équipe double", FactNote.THIRD_PERSON),
        (Slot.DISCUSSED, "j'ai mené un lancement", FactNote.ABOUT_APPLICANT),
        (Slot.DISCUSSED, "We talked about the move to podcasts", FactNote.WRONG_LANGUAGE),
        (Slot.DISCUSSED, "Wir haben über den Umzug gesprochen", FactNote.WRONG_LANGUAGE),
        (Slot.FIT, "vous cherchez quelqu'un", FactNote.NOT_ABOUT_APPLICANT),
        (Slot.FIT, "mot " * 40, FactNote.TOO_LONG),
    ],
)
def test_what_does_not_fit_is_pointed_out(slot: Slot, typed: str, note: FactNote) -> None:
    assert note in tidy_fact(typed, slot, "fr", NAMES).notes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le poste de ingénieur", "le poste d'ingénieur"),
        ("le poste de UX Designer", "le poste d'UX Designer"),
        ("le poste de Hôte d'accueil", "le poste d'Hôte d'accueil"),
        ("le poste de Head of Sales", "le poste de Head of Sales"),
        ("la société de Onze", "la société de Onze"),
        ("chez le Musée du Louvre", "au Musée du Louvre"),
        ("chez la Ville de Lyon", "à la Ville de Lyon"),
        ("chez l'Université de Nantes", "à l'Université de Nantes"),
        ("chez L'Oréal", "chez L'Oréal"),
        ("parlé de Le Monde", "parlé du Monde"),
        ("l'entretien de 1er décembre", "l'entretien du 1er décembre"),
        ("l'entretien de mardi", "l'entretien de mardi"),
        ("afin de les revoir", "afin de les revoir"),
        ("Vraiment ?", "Vraiment\u202f?"),
        ("un mot : merci ; voilà", "un mot\u00a0: merci\u202f; voilà"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("Re: https://x.example/?a=b", "Re: https://x.example/?a=b"),
        ("à 15:00", "à 15:00"),
    ],
)
def test_a_finished_text_is_spelled(text: str, expected: str) -> None:
    assert spelled(text, "fr") == expected
    assert spelled(expected, "fr") == expected
    assert spelled(text, "en") == text


def test_names_are_kept_as_they_are() -> None:
    text = "Bonjour Ana de Almeida, le poste de analyste"
    assert spelled(text, "fr", keep=("Ana de Almeida",)) == (
        "Bonjour Ana de Almeida, le poste d'analyste"
    )


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("Musée du Louvre", "le Musée du Louvre"),
        ("Ville de Lyon", "la Ville de Lyon"),
        ("Université de Nantes", "l'Université de Nantes"),
        ("Éditions du Seuil", "les Éditions du Seuil"),
        ("Karoo Analytics", "Karoo Analytics"),
    ],
)
def test_an_institution_has_an_article(company: str, expected: str) -> None:
    assert company_in_text(company, "fr") == expected
    assert company_in_text(company, "en") == company


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Chef de projet (H/F)", "Chef de projet"),
        ("Ingénieur F/H", "Ingénieur"),
        ("Chargée de communication H/F - CDI", "Chargée de communication"),
        ("Développeur web (h-f)", "Développeur web"),
        ("Assistant RH – CDD 6 mois", "Assistant RH"),
        ("Responsable marketing, temps plein", "Responsable marketing"),
        ("Commercial F/H/NB", "Commercial"),
        ("Technicien - Réf : ABC-123", "Technicien"),
    ],
)
def test_a_role_is_written_without_the_words_of_an_advertisement(role: str, expected: str) -> None:
    assert text_role(role) == expected


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("Dupont SARL", "Dupont"),
        ("SARL Dupont", "Dupont"),
        ("Martin SASU", "Martin"),
        ("SAS Martin et Fils", "Martin et Fils"),
        ("Karoo S.A.S.", "Karoo"),
        ("Société Générale SA", "Société Générale"),
        ("SNCF", "SNCF"),
    ],
)
def test_a_company_is_written_without_its_legal_form(company: str, expected: str) -> None:
    assert short_company(company) == expected


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("role", ["Ingénieur (H/F)", "Office Manager", "Hôtesse d'accueil"])
def test_a_letter_elides_before_the_role_and_keeps_names(role: str, channel: Channel) -> None:
    person = Person(name="Ana de Almeida", email="ana@karoo.example")
    application = attrs.evolve(
        make_application(make_interview(people=(person,))), role=role, company="Musée de Lyon"
    )
    plan = plan_of(application)
    for step in plan.steps:
        for draft in compose_drafts(plan, step, draft_settings(form="fr"), channel=channel):
            text = f"{draft.subject}\n{draft.body}"
            assert not re.search(r"\bde (?:Ing|Off|Hôt)|chez l|\bde le\b|\(H/", text), text
            if channel is Channel.EMAIL and not draft.to_oneself:
                assert draft.body.startswith("Bonjour Ana de Almeida,\n")
                assert re.search(r"\n\nBien cordialement,\nSam Seeker", draft.body)


def test_no_word_of_a_letter_agrees_with_the_gender_of_the_applicant() -> None:
    """A participle or adjective about "je" or "m'" would have to."""
    agreeing = re.compile(
        r"\bje (?:suis|serais|reste|me sens|resterai) (?!disponible|facile|joignable|à\b)\w+"
        r"|\bm'(?:a|ont|avez|avoir) (?:beaucoup |vraiment )?"
        r"(?:intéressé|reçu|convaincu|informé|accueilli|touché|impressionné|contacté|invité)",
        re.IGNORECASE,
    )
    plan = plan_of(make_application())
    for step in plan.steps:
        for channel in Channel:
            for draft in compose_drafts(plan, step, draft_settings(form="fr"), channel=channel):
                if not draft.to_oneself:
                    assert not agreeing.search(draft.body), draft.body
