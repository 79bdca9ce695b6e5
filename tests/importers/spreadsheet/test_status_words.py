"""The meaning of statuses, as trackers and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.importers.spreadsheet.status_words import (
    StatusMeaning,
    StatusReader,
    status_key,
)

UNDERSTOOD = {
    StatusMeaning.REJECTED: [
        *("Rejected", "REJECTED!", "rejected ❌", "Status: rejected after 2nd round"),
        *("Rejected (12 Nov 2026)", "Rejected - they took somebody from inside", "Not Selected"),
        *("Turned down", "Didn't get the offer", "Not moving forward", "Applied → Rejected"),
        *("Absage", "abgelehnt am 12.11.2026", "Absage nach 2. Gespräch", "Nicht berücksichtigt"),
        *("Refusé", "Refusé après le 2e entretien", "Candidature non retenue", "Refus"),
        *("Rechazado", "Rechazada tras la segunda entrevista", "No seleccionado", "Descartada"),
    ],
    StatusMeaning.CLOSED: [
        *("Withdrawn", "I Withdrew", "Declined", "Offer declined", "Offer → Declined", "On hold"),
        *("Ghosted", "Ghosted since 3 Nov", "No Response 👻", "Closed", "Closed - no response"),
        *("Position filled", "Zurückgezogen", "Keine Antwort", "Stelle besetzt", "Auf Eis"),
        *("Sans réponse", "Candidature retirée", "Sin respuesta", "Retirado", "Cerrado"),
    ],
    StatusMeaning.OFFER: [
        *("Offer", "🎉 Offer 🎉", "Offer received!!", "Hired", "Accepted", "Negotiating"),
        *("Zusage", "Angebot erhalten", "Offre reçue", "Embauché", "Oferta", "Contratada"),
    ],
    StatusMeaning.POSITIVE: ["Next round", "Advanced", "Nächste Runde", "Tour suivant"],
    StatusMeaning.CANCELLED: [
        "Cancelled",
        "Interview: cancelled",
        "Abgesagt",
        "Annulé",
        "Cancelada",
    ],
    StatusMeaning.OPEN: [
        *("Applied", "Screening", "Interview", "Scheduled", "Pending", "Interview 1", "2nd round"),
        *("Interviewed, waiting", "Awaiting decision", "Accepted invitation", "n/a", "-", "?"),
        *("No response yet", "Beworben", "Offen", "En attente", "Entretien prévu", "Pendiente"),
    ],
}
NOT_UNDERSTOOD = [
    *("not rejected yet", "Not yet rejected", "never rejected", "Rejected?", "Rejected? No"),
    *("Noch keine Absage", "Pas de refus", "No offer yet", "Waiting for offer", "Offer pending"),
    *("Interview (not rejected)", "Offer or rejection", "Rejection expected", "Rejected, not sure"),
    *("On ice", "unrejected", "❌", "hold off", "Probably ghosted", "Vielleicht Absage"),
]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [(text, meaning) for meaning, texts in UNDERSTOOD.items() for text in texts],
    ids=[text for texts in UNDERSTOOD.values() for text in texts],
)
def test_a_status_is_understood(text: str, meaning: StatusMeaning) -> None:
    assert StatusReader({}).classify(text) is meaning


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_a_status_in_doubt_is_not_understood(text: str) -> None:
    assert StatusReader({}).classify(text) is None


@pytest.mark.parametrize("written", ["On ice", "ON ICE!", " on  ice ❄", "(on ice)"])
def test_the_user_s_own_meaning_counts_however_it_is_written(written: str) -> None:
    known = {status_key("On ice"): StatusMeaning.CLOSED}
    assert StatusReader(known).classify(written) is StatusMeaning.CLOSED


@given(st.text(max_size=60))
def test_a_negated_outcome_is_never_an_outcome(text: str) -> None:
    assert StatusReader({}).classify(text) in {*StatusMeaning, None}
    assert StatusReader({}).classify(f"not {text} rejected yet") in {
        None,
        *(m for m in StatusMeaning if StatusReader({}).classify(text) is m or not m.is_outcome),
    } or any(mark in text for mark in ",;:()[]{}|/\n.!-–—>→➔➜")
