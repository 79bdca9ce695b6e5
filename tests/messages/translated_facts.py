"""The facts of the sample people in other languages, for pages that an editor reads."""

from __future__ import annotations

import attrs

from afterword.domain.model import Application, Person

# By language, each fact of the samples that a page shows; "you" is in the form of address.
FACTS = {
    "de": {
        "the move from print to podcasts": "Wechsel von Print zu Podcasts",
        "the weekly editorial meeting": "die wöchentliche Redaktionskonferenz",
        "how you measure reach": "wie Reichweite gemessen wird",
        "the new studio": "wir haben über das neue Studio gesprochen",
        "the summer series": "die Sommerserie!!",
        "I ran a podcast launch of this size last year": (
            "Ich habe letztes Jahr einen Podcast-Start dieser Größe geleitet"
        ),
        "I have led editorial meetings for two years": (
            "seit zwei Jahren leite ich Redaktionskonferenzen"
        ),
        "I built the dashboard that my team still uses": (
            "ich habe das Dashboard gebaut, mit dem mein Team noch arbeitet"
        ),
        "I have equipped two small studios": "zwei kleine Studios eingerichtet",
        "I planned a series of twelve episodes": "ich habe eine Serie mit zwölf Folgen geplant",
        "the budget for next year": "das Budget fürs nächste Jahr",
        "freelance writers": "freie Autorinnen und Autoren",
        "rights to old recordings": "die Rechte an alten Aufnahmen",
        "I have kept a budget of that size": "ich hatte ein Budget dieser Größe",
        "I worked with forty freelancers": "mit vierzig Freien gearbeitet",
        "I cleared an archive": "ein Archiv geklärt",
        "We talked about the new picture desk!!": "Wir haben über die neue Bildredaktion gesprochen!!",  # noqa: E501
        "how do you choose a cover?": "Wie entsteht ein Umschlag?",
        "ran a picture desk for two years": "habe zwei Jahre eine Bildredaktion geleitet",
    },
    "es": {
        "the move from print to podcasts": "hablamos del paso de la prensa a los podcasts",
        "the weekly editorial meeting": "la reunión semanal de redacción",
        "how you measure reach": "¿Cómo miden el alcance?",
        "the new studio": "nuevo estudio!!",
        "the summer series": "la serie de verano",
        "I ran a podcast launch of this size last year": (
            "El año pasado dirigí el lanzamiento de un podcast de este tamaño."
        ),
        "I have led editorial meetings for two years": (
            "llevo dos años coordinando reuniones de redacción"
        ),
        "I built the dashboard that my team still uses": (
            "creé el panel de datos que mi equipo sigue usando"
        ),
        "I have equipped two small studios": "equipé dos estudios pequeños",
        "I planned a series of twelve episodes": "planifiqué una serie de doce episodios",
        "the budget for next year": "presupuesto del año que viene",
        "freelance writers": "los colaboradores externos",
        "rights to old recordings": "los derechos de las grabaciones antiguas",
        "I have kept a budget of that size": "he llevado un presupuesto de ese tamaño",
        "I worked with forty freelancers": "trabajé con cuarenta colaboradores",
        "I cleared an archive": "ordené un archivo",
        "We talked about the new picture desk!!": "Hablamos de la nueva sección de fotografía!!",
        "how do you choose a cover?": "como eligen una portada?",
        "ran a picture desk for two years": "coordiné una sección de fotografía dos años",
    },
    "fr": {
        "the move from print to podcasts": "du passage du papier au podcast",
        "the weekly editorial meeting": "la conférence de rédaction hebdomadaire",
        "how you measure reach": "comment vous mesurez l'audience",
        "the new studio": "on a parlé du nouveau studio",
        "the summer series": "La série d'été !!",
        "I ran a podcast launch of this size last year": (
            "j'ai piloté l'an dernier un lancement de podcast de cette taille"
        ),
        "I have led editorial meetings for two years": (
            "depuis deux ans, j'anime des conférences de rédaction"
        ),
        "I built the dashboard that my team still uses": (
            "conçu le tableau de bord que mon équipe utilise encore"
        ),
        "I have equipped two small studios": "J'ai équipé deux petits studios",
        "I planned a series of twelve episodes": "j'ai préparé une série de douze épisodes",
        "the budget for next year": "le budget de l'an prochain",
        "freelance writers": "les pigistes",
        "rights to old recordings": "des droits des anciens enregistrements",
        "I have kept a budget of that size": "j'ai tenu un budget de cette taille",
        "I worked with forty freelancers": "travaillé avec une quarantaine de pigistes",
        "I cleared an archive": "j'ai inventorié un fonds d'archives",
        "We talked about the new picture desk!!": ("Nous avons parlé du nouveau service photo !!"),
        "how do you choose a cover?": "Comment choisissez-vous une couverture ?",
        "ran a picture desk for two years": "dirigé un service photo pendant deux ans",
    },
}


def in_language(application: Application, code: str) -> Application:
    """Return an application with the facts of its interviewers in a language."""
    if code not in FACTS:
        return application

    def translated(person: Person) -> Person:
        facts = FACTS[code]
        return attrs.evolve(
            person,
            discussed=tuple(facts[each] for each in person.discussed),
            fit=tuple(facts[each] for each in person.fit),
        )

    interviews = tuple(
        attrs.evolve(each, interviewers=tuple(map(translated, each.interviewers)))
        for each in application.interviews
    )
    return attrs.evolve(application, interviews=interviews)
