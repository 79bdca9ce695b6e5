"""Classify the cells of a status column, in English, German, French and Spanish.

A cell is divided into clauses. In a clause that names an outcome every other word has to be
harmless ("rejected after 2nd round"): "not rejected yet" and "waiting for the offer" are not
understood, and so the user is asked, because a misread outcome is never noticed.
"""

from __future__ import annotations

import enum
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping

from afterword.domain.date_words import LANGUAGES, month_number


def _word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


class StatusMeaning(enum.StrEnum):
    """The effect of a status; the value is its name in `--status` and in the settings."""

    OPEN = "open"
    POSITIVE = "positive"
    OFFER = "offer"
    REJECTED = "rejected"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_outcome(self) -> bool:
        """True for every status except those of open applications."""
        return self is not StatusMeaning.OPEN


# Phrases separated by commas, in lower case and without accents. The longest one at a place counts.
_PHRASES = {
    StatusMeaning.OPEN: """
        applied, applying, application sent, application submitted, submitted, sent, saved,
        bookmarked, wishlist, wish list, to apply, interested, draft, new, prospect, lead,
        sourced, screening, screen, phone screen, phone interview, recruiter screen, screened,
        interview, interviews, interviewing, interviewed, interview done, interview completed,
        interview held, interview scheduled, to interview, scheduled, booked, planned, confirmed,
        tentative, upcoming, pending, waiting, awaiting, awaiting response, awaiting reply,
        waiting for response, waiting for reply, waiting to hear back, no decision, no decision
        yet, undecided, in progress, in process, ongoing, active, open, live, current, held, done,
        completed, complete, attended, under review, in review, reviewing, review, under
        consideration, considering, shortlisted, short list, assessment, test, case study, take
        home, technical, onsite, on site, panel, final, final round, first round, second round,
        third round, first interview, second interview, third interview, final interview,
        technical interview, rescheduled, interview offer, interview offered, offered interview,
        offered an interview, interview accepted, interview invitation, invited, invitation
        accepted, invite accepted, accepted invitation, accepted invite, accepted interview,
        selected for interview, hiring manager, references, reference check, background check, not
        started, not yet applied, not applied, n a, na, tbd, no response yet, no reply yet, no
        answer yet, no feedback yet, not heard back yet, not heard yet, tbc, none, follow up, to
        follow up, beworben, bewerbung, bewerbung verschickt, bewerbung gesendet, bewerbung
        eingereicht, abgeschickt, gesendet, eingereicht, gemerkt, vorgemerkt, gesprach,
        vorstellungsgesprach, im gesprach, telefoninterview, telefonat, gesprach gefuhrt, gefuhrt,
        eingeladen, einladung, geplant, terminiert, vereinbart, bestatigt, offen, laufend, lauft,
        aktiv, ausstehend, wartend, warte, warten, warte auf antwort, warten auf antwort, warten
        auf ruckmeldung, in bearbeitung, in arbeit, in prufung, noch offen, engere auswahl,
        erledigt, stattgefunden, neu, interesse, probearbeiten, assessment center, erstgesprach,
        zweitgesprach, noch keine antwort, noch keine ruckmeldung, noch keine entscheidung,
        candidature envoyee, candidature, envoye, envoyee, postule, a postuler, entretien,
        entretiens, entretien prevu, entretien passe, en entretien, planifie, planifiee, prevu,
        prevue, programme, confirme, confirmee, en attente, en attente de reponse, attente, en
        cours, actif, ouvert, ouverte, preselection, preselectionne, relance, relancer, termine,
        nouveau, nouvelle, test technique, pas encore de reponse, aplicado, aplicada, postulado,
        postulada, solicitado, solicitud, solicitud enviada, enviado, enviada, inscrito,
        entrevista, entrevistas, entrevistado, entrevistada, en entrevista, entrevista programada,
        entrevista realizada, programado, programada, planificado, agendado, agendada, confirmado,
        confirmada, pendiente, en espera de respuesta, esperando respuesta, en proceso, en curso,
        en progreso, en revision, activo, activa, abierto, abierta, preseleccionado,
        preseleccionada, realizado, realizada, hecho, nuevo, nueva, guardado, prueba tecnica, aun
        sin respuesta, todavia sin respuesta""",
    StatusMeaning.POSITIVE: """
        advanced, moved forward, moving forward, progressed, next round, to next round, next
        stage, passed, through to next round, positive, positive feedback, positive answer,
        nachste runde, weiter, eine runde weiter, weitergekommen, positiv, positive ruckmeldung,
        tour suivant, prochain tour, etape suivante, positif, retour positif, reponse positive,
        siguiente ronda, proxima ronda, siguiente fase, positivo, positiva, respuesta positiva""",
    StatusMeaning.OFFER: """
        offer, offered, job offer, offer received, offer made, offer extended, received offer, got
        offer, got the offer, got an offer, offer letter, offer stage, verbal offer, written
        offer, offer accepted, accepted offer, accepted the offer, offer signed, signed, accepted,
        hired, got the job, got job, landed, won, placed, starting, onboarding, employed,
        negotiating, negotiation, offer negotiation, contract signed, joined, closed won, angebot,
        vertragsangebot, jobangebot, angebot erhalten, angebot angenommen, angenommen, zusage,
        zusage erhalten, zugesagt, eingestellt, vertrag, vertrag unterschrieben, arbeitsvertrag,
        stelle bekommen, job bekommen, verhandlung, offre, offre recue, offre d emploi,
        proposition, proposition recue, promesse d embauche, offre acceptee, accepte, acceptee,
        embauche, embauchee, recrute, recrutee, engage, engagee, contrat signe, negociation,
        oferta, oferta recibida, oferta de trabajo, oferta aceptada, aceptado, aceptada,
        contratado, contratada, contrato firmado, negociacion""",
    StatusMeaning.REJECTED: """
        rejected, rejection, rejection received, got rejected, was rejected, turned down, turned
        me down, denied, refused, unsuccessful, not successful, not selected, not chosen, not
        hired, not proceeding, not moving forward, not progressing, not progressed, not
        shortlisted, not a fit, no fit, not a match, no offer, failed, regret, passed over, passed
        on me, passed on my application, they passed, did not get it, did not get the job, did not
        get offer, did not get the offer, did not pass, dismissed, closed lost, lost, hired
        someone else, hired somebody else, went with someone else, went with another candidate,
        another candidate, other candidate, hired internally, internal candidate, disqualified,
        eliminated, no thanks, said no, they said no, declined by company, declined by employer,
        company declined, employer declined, absage, absage erhalten, absage bekommen, abgelehnt,
        ablehnung, abgesagt bekommen, nicht berucksichtigt, nicht ausgewahlt, nicht genommen,
        nicht erfolgreich, erfolglos, keine zusage, leider nein, absage vom unternehmen, absage
        durch unternehmen, absage vom arbeitgeber, durchgefallen, ausgeschieden, refuse, refusee,
        refus, refus recu, rejete, rejetee, rejet, non retenu, non retenue, pas retenu, pas
        retenue, non selectionne, non selectionnee, reponse negative, retour negatif, negatif,
        ecarte, ecartee, echec, candidature refusee, candidature rejetee, candidature non retenue,
        rechazado, rechazada, rechazo, no seleccionado, no seleccionada, descartado, descartada,
        no apto, no apta, no superado, denegado, denegada, negativo, negativa, respuesta negativa,
        candidatura rechazada, candidatura descartada, solicitud rechazada, eliminado, eliminada""",
    StatusMeaning.CLOSED: """
        closed, withdrawn, withdrew, i withdrew, withdraw, application withdrawn, pulled out,
        withdrew application, withdrew my application, declined, offer declined, declined offer,
        declined the offer, rejected offer, rejected the offer, offer rejected, turned down offer,
        turned down the offer, offer turned down, offer withdrawn, offer rescinded, offer revoked,
        offer expired, expired, declined interview, interview declined, invitation declined,
        declined invitation, invite declined, i declined, on hold, hold, paused, frozen, hiring
        freeze, on pause, ghosted, ghost, ghosting, no response, no reply, no answer, never heard
        back, never heard, did not hear back, no feedback, no callback, unresponsive, silence,
        archived, archive, inactive, dead, dropped, abandoned, ended, over, finished, cancelled
        application, application cancelled, application canceled, application closed, job closed,
        position closed, role closed, posting closed, position filled, role filled, job filled,
        filled, position cancelled, position canceled, role cancelled, role canceled, job
        cancelled, job canceled, position on hold, role on hold, not interested, no longer
        interested, no longer available, not available, accepted another offer, accepted other
        offer, accepted another job, took another job, took another offer, not pursuing, no longer
        pursuing, not a good fit for me, stale, no go, moved on, position eliminated, role
        eliminated, zuruckgezogen, bewerbung zuruckgezogen, selbst abgesagt, ich habe abgesagt,
        habe abgesagt, angebot abgelehnt, absage von mir, absage durch mich, absage meinerseits,
        geschlossen, abgeschlossen, beendet, archiviert, pausiert, auf eis, auf eis gelegt,
        zuruckgestellt, ruht, keine antwort, keine ruckmeldung, keine reaktion, funkstille, stelle
        besetzt, besetzt, stelle gestrichen, kein interesse, kein interesse mehr, abgebrochen,
        abgelaufen, nicht mehr interessiert, inaktiv, retire, retiree, candidature retiree,
        desiste, desistement, abandonne, abandonnee, abandon, decline, declinee, offre declinee,
        offre refusee, j ai refuse, j ai decline, ferme, fermee, clos, close, cloture, cloturee,
        archivee, suspendu, suspendue, en pause, gele, sans reponse, pas de reponse, aucune
        reponse, sans suite, sans nouvelles, poste pourvu, pourvu, pas interesse, pas interessee,
        expire, expiree, inactif, retirado, retirada, candidatura retirada, desistido, oferta
        rechazada, rechace la oferta, oferta declinada, declinado, declinada, cerrado, cerrada,
        finalizado, finalizada, archivado, archivada, en pausa, pausado, pausada, suspendido,
        suspendida, congelado, sin respuesta, sin noticias, no respondieron, puesto cubierto,
        vacante cubierta, cubierto, vacante cerrada, no interesado, no interesada, caducado,
        abandonado, abandonada, inactivo""",
    StatusMeaning.CANCELLED: """
        cancelled, canceled, cancelled by them, canceled by them, interview cancelled, interview
        canceled, meeting cancelled, meeting canceled, called off, no show, abgesagt, storniert,
        termin abgesagt, gesprach abgesagt, termin storniert, ausgefallen, entfallen, fallt aus,
        annule, annulee, entretien annule, rendez vous annule, cancelado, cancelada, entrevista
        cancelada, anulado, anulada, entrevista anulada""",
}
# Words that change nothing about the outcome beside them.
_FILLERS = _word_set(
    """
    a after already an and application at before by call company date during early email employer
    finally firm following for formally from hr i in interview it last late mail me now officially
    on our phone politely post recruiter round s since stage status step still the them they this
    time today via was we week were decision feedback response reply answer result results outcome
    news next steps with yesterday job role position candidate candidature am auf bei beim das dem
    den der die durch ein eine erhalten firma gesprach gestern heute ich im leider nach per runde
    seitens telefon telefonisch unternehmen vom von vor wurde schriftlich apres au aujourd avant
    ce de des du en entretien entreprise hier hui je l la le les malheureusement par poste pour
    recu recue suite sur telephone tour un une antes ayer candidatura correo despues del el
    empresa entrevista fase fui hoy lamentablemente los por puesto ronda telefono tras una desde
    first second third fourth final erste ersten erster zweite zweiten zweiter dritte dritten
    letzte letzten premier premiere deuxieme troisieme dernier derniere primera primer segunda
    segundo tercera tercer ultima ultimo kw
    """
)
_HEDGES = _word_set(
    """
    not no never without nor maybe perhaps possibly possible probably likely unless until might
    could would should may soon expecting expected expect hoping hope fear nearly almost if
    unclear unsure waiting awaiting pending think about nicht kein keine keinen nie ohne
    vielleicht vermutlich wahrscheinlich wohl evtl eventuell moglich bald fast ob unklar erwarte
    warte warten pas non ni jamais sans aucun aucune peut probablement bientot presque attente
    attends sin nunca ningun ninguna quiza quizas tal probablemente posible pronto casi espera
    esperando
    """
)
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|e|eme|a|o)?")
_CLAUSE_END = re.compile(r"\s[-–—|]+\s|[,;:()\[\]{}|→➔➜>/\n]|\.(?=\s|$)|\.{2,}|\s[–—]|!")
_NOT = re.compile(r"n['’]t\b|\bcannot\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_MONTH = 3


def classify_status(text: str, own_meanings: Mapping[str, StatusMeaning]) -> StatusMeaning | None:
    """Return the meaning of a status cell, None if it is not understood.

    `own_meanings` are the meanings that the user gave to statuses, by `status_key`.
    """
    return own_meanings.get(status_key(text)) or _classify(text)


def status_key(text: str) -> str:
    """Return the words of a status for comparison: case, accents, marks and emoji do not count."""
    return " ".join(_words(text)) or text.strip()


@functools.lru_cache(4096)  # a table has the same few statuses in thousands of rows
def _classify(text: str) -> StatusMeaning | None:
    words = " ".join(_words(text))
    if not words:
        return None if _has_symbol(text) else StatusMeaning.OPEN
    if words in _MEANINGS and "?" not in text:
        return _MEANINGS[words]
    meanings: list[StatusMeaning] = []
    for clause in _CLAUSE_END.split(text):
        meaning = _clause_meaning(tuple(_words(clause)), is_asked="?" in clause)
        if meaning is _Unclear.COMMENT and meanings:
            continue
        if isinstance(meaning, _Unclear):
            return None
        if meaning is not None:
            meanings.append(meaning)
    outcomes = [meaning for meaning in meanings if meaning.is_outcome]
    if not outcomes:
        return StatusMeaning.OPEN
    return outcomes[-1] if _agree(outcomes) else None


class _Unclear(enum.Enum):
    """Why a clause has no meaning: it is a comment, or it speaks of an outcome in doubt."""

    COMMENT = enum.auto()
    DOUBT = enum.auto()


def _clause_meaning(words: tuple[str, ...], *, is_asked: bool) -> StatusMeaning | _Unclear | None:
    """Return the meaning of a clause, None if it has only harmless words."""
    meanings, rest = [], []
    for part in _parts(words):
        if isinstance(part, StatusMeaning):
            meanings.append(part)
        elif not _is_harmless(part):
            rest.append(part)
    outcomes = {meaning for meaning in meanings if meaning.is_outcome}
    if not meanings:
        in_doubt = is_asked or any(word in _HEDGES for word in rest)
        return (_Unclear.DOUBT if in_doubt else _Unclear.COMMENT) if rest else None
    if not outcomes:
        return _Unclear.COMMENT if rest else StatusMeaning.OPEN
    doubtful = bool(rest) or is_asked or any(word in _HEDGES for word in _bare_words(words))
    return _Unclear.DOUBT if doubtful or len(outcomes) > 1 else outcomes.pop()


def _parts(words: tuple[str, ...]) -> Iterator[StatusMeaning | str]:
    """Yield the meanings of the phrases in a clause, and the words between them."""
    for length, part in _split_phrases(words):
        yield _MEANINGS[part] if length else part


def _bare_words(words: tuple[str, ...]) -> list[str]:
    """Return the words that are outside of phrases, or alone a phrase such as "waiting"."""
    return [part for length, part in _split_phrases(words) if length <= 1]


def _split_phrases(words: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield each phrase with its number of words, and the words between them with 0."""
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in _MEANINGS:
                yield length, phrase
                at += length
                break
        else:
            yield 0, words[at]
            at += 1


def _is_harmless(word: str) -> bool:
    if word in _FILLERS or _NUMBER.fullmatch(word):
        return True
    return len(word) >= _SHORTEST_MONTH and month_number(word, LANGUAGES) is not None


def _agree(outcomes: list[StatusMeaning]) -> bool:
    """True if an outcome may follow the others: an offer that was declined, a later rejection."""
    *earlier, last = outcomes
    ends = {StatusMeaning.REJECTED, StatusMeaning.CLOSED}
    hopeful = {StatusMeaning.OFFER, StatusMeaning.POSITIVE, last}
    return set(earlier) <= hopeful or (last in ends and set(earlier) <= hopeful | ends)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", _NOT.sub(" not", text).casefold())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return _WORD.findall(plain)


def _has_symbol(text: str) -> bool:
    """True for a text with an emoji or another sign that may mean anything."""
    return any(unicodedata.category(char).startswith("S") for char in text)


_MEANINGS = {
    " ".join(phrase.split()): meaning
    for meaning, phrases in _PHRASES.items()
    for phrase in phrases.split(",")
}
_LONGEST = max(len(phrase.split()) for phrase in _MEANINGS)
