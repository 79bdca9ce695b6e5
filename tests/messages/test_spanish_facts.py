"""Tests of facts as people type them in Spanish: articles, accents and frames that fit."""

from __future__ import annotations

import re

import attrs
import pytest

from afterword.domain.model import StepKind
from afterword.messages.compose import compose_drafts
from afterword.messages.fact_rules import FactNote, Slot
from afterword.messages.facts import fact_sentence, tidy_fact
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
SPANISH = get_language("es")

# As typed, and the words that the letter has for it.
POINTS = [
    ("Hablamos del paso de la prensa a los podcasts.", "sobre el paso de la prensa a los podcasts"),
    ("hablamos de la contratación!!", "sobre la contratación"),
    ("Hablamos mucho sobre el nuevo estudio", "sobre el nuevo estudio"),
    ("charlamos un rato de ciclismo", "sobre el ciclismo"),
    ("Conversamos acerca de cómo miden el alcance", "sobre cómo miden el alcance"),
    ("platicamos del presupuesto", "sobre el presupuesto"),
    ("tuvimos una charla muy interesante sobre la confianza", "sobre la confianza"),
    ("nuestra conversación sobre la marca", "sobre la marca"),
    ("me gustó el ambiente del equipo", "sobre el ambiente del equipo"),
    ("ME ENCANTÓ EL ESTUDIO", "sobre el estudio"),
    ("me gustó mucho hablar de radio", "sobre la radio"),
    ("Me gustó que midan el alcance", "Me gustó que midan el alcance."),
    ("fue un placer hablar de diseño", "sobre el diseño"),
    ("respecto al presupuesto", "sobre el presupuesto"),
    ("de la reunión semanal", "sobre la reunión semanal"),
    ("tema: la nueva campaña", "sobre la nueva campaña"),
    ("EL PASO DE LA PRENSA A LOS PODCASTS", "sobre el paso de la prensa a los podcasts"),
    ("Trabajar Con Agencias Y Estudios", "sobre trabajar con agencias y estudios"),
    ("nuevo estudio", "sobre el nuevo estudio"),
    ("gran responsabilidad", "sobre la gran responsabilidad"),
    ("migracion a Kubernetes", "sobre la migración a Kubernetes"),
    ("app para iOS", "sobre la app para iOS"),
    ("problema de datos", "sobre el problema de datos"),
    ("IA", "sobre IA"),
    ("Kubernetes", "sobre Kubernetes"),
    ("podcasts / alcance / presupuesto", "sobre podcasts, alcance y presupuesto"),
    ("diversidad & inclusión", "sobre diversidad e inclusión"),
    ("diversidad / inclusión", "sobre diversidad e inclusión"),
    ("agua / hielo", "sobre agua y hielo"),
    ("prensa -> podcast", "sobre el paso de prensa a podcast"),
    ("* el presupuesto...", "sobre el presupuesto"),
    ("«la nueva oficina» :-)", "sobre la nueva oficina"),
    ("¿Cómo miden el alcance?", "sobre cómo miden el alcance"),
    ("como miden el alcance", "sobre cómo miden el alcance"),
    ("por que dejaron el papel?", "sobre por qué dejaron el papel"),
    ("¿Cuál es el mayor reto?", "sobre cuál es el mayor reto"),
    ("¿Puedo trabajar a distancia?", ": si puedo trabajar a distancia."),
    ("¿El puesto es remoto?", ": si el puesto es remoto."),
    ("¿Con qué herramientas trabajan?", ": “¿Con qué herramientas trabajan?”"),
    ("dijo que el equipo está creciendo", ": el equipo está creciendo."),
    ("Me contó que le encantan los podcasts!!", ": le encantan los podcasts."),
    ("nos explicó cómo deciden los temas", "sobre cómo deciden los temas"),
    ("ella quiere contratar a dos personas", ": usted quiere contratar a dos personas."),
    ("Thandi habló del presupuesto", "sobre el presupuesto"),
    ("que van a abrir una oficina", ": van a abrir una oficina."),
    ("el equipo usa Jira", ": el equipo usa Jira."),
    ("¡gran equipo! me encantó el estudio", ": gran equipo; me encantó el estudio."),
    ("a los dos nos gusta el jazz", ": a los dos nos gusta el jazz."),
    ("lo que comentó sobre la audiencia", "sobre la audiencia"),
    ("les conté mi tesis", "sobre mi tesis"),
]
EXPERIENCE = [
    ("Dirigí un lanzamiento el año pasado.", ": dirigí un lanzamiento el año pasado."),
    ("dirigi un equipo de cinco!!", ": dirigí un equipo de cinco."),
    ("YO LIDERÉ LA MIGRACIÓN", ": lideré la migración."),
    ("porque conozco el sector", "saber que conozco el sector."),
    ("Ya he hecho algo parecido: ordené un archivo", ": ordené un archivo."),
    ("gestioné presupuestos / contratos", ": gestioné presupuestos y contratos."),
    ("hablo alemán con fluidez", "saber que hablo alemán con fluidez."),
    ("Diez años en radio", ": diez años en radio."),
    ("experiencia: Python / SQL", ": Python y SQL."),
    ("Mi equipo ganó un premio", ": mi equipo ganó un premio."),
    ("dirigido equipos de diez personas", ": he dirigido equipos de diez personas."),
    ("licenciada en Derecho", "saber que soy licenciada en Derecho."),
    ("responsable de ventas", ": he sido responsable de ventas."),
    ("buscan a alguien con experiencia", "Buscan a alguien con experiencia."),
]
TABLE = [
    *((Slot.DISCUSSED, *row) for row in POINTS),
    *((Slot.FIT, *row) for row in EXPERIENCE),
]
MOMENTS = ("thank-you", "first-follow-up", "again", "second-follow-up")

of_every_fact = pytest.mark.parametrize(
    ("slot", "typed", "expected"), TABLE, ids=[row[1] for row in TABLE]
)


@of_every_fact
def test_a_fact_as_typed_fits_into_its_sentence(slot: Slot, typed: str, expected: str) -> None:
    fact = tidy_fact(typed, slot, "es", NAMES)
    assert expected in fact_sentence(fact, "thank-you", slot, 0, SPANISH)


@of_every_fact
def test_its_sentence_is_whole_at_every_moment(slot: Slot, typed: str, expected: str) -> None:
    fact = tidy_fact(typed, slot, "es", NAMES)
    for moment in MOMENTS:
        for number in range(5):
            sentence = fact_sentence(fact, moment, slot, number, SPANISH)
            assert sentence[0].isupper()
            assert sentence.endswith((".", "?”"))
            assert sentence.count("¿") == sentence.count("?")
            assert not re.search(r"\.\.|[!¡]| [.,]|\b(?:de|a) el\b|\bsobre sobre\b", sentence)
    assert expected


@pytest.mark.parametrize("typed", [row[0] for row in POINTS])
def test_a_letter_with_it_asks_one_question_and_has_both_facts(typed: str) -> None:
    person = attrs.evolve(THANDI, discussed=(typed,) * 3, fit=("dirigí un equipo",) * 3)
    plan = plan_of(make_application(make_interview(people=(person,))))
    point = tidy_fact(typed, Slot.DISCUSSED, "es", NAMES).text
    for kind in (StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND):
        draft = compose_drafts(plan, step_of(plan, kind), draft_settings(form="es"))[0]
        assert point[1:] in draft.body
        assert "dirigí un equipo" in draft.body
        assert not draft.left_out
        assert draft.body.replace("?”", "”").count("?") <= 1


@pytest.mark.parametrize(
    ("slot", "typed", "note"),
    [
        (Slot.DISCUSSED, "dijo que el equipo crece", FactNote.THIRD_PERSON),
        (Slot.DISCUSSED, "dirigí un lanzamiento", FactNote.ABOUT_APPLICANT),
        (Slot.DISCUSSED, "we talked about the new studio", FactNote.WRONG_LANGUAGE),
        (Slot.FIT, "ustedes necesitan a alguien", FactNote.NOT_ABOUT_APPLICANT),
        (Slot.FIT, "I have led a team of five people", FactNote.WRONG_LANGUAGE),
    ],
)
def test_what_does_not_fit_is_pointed_out(slot: Slot, typed: str, note: FactNote) -> None:
    assert note in tidy_fact(typed, slot, "es").notes
