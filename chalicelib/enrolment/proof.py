"""The proof of an opposition: one page of plain text that tells when and under which reference, and nothing else."""

from datetime import datetime

from ..access.clocks import LAW

_TEXT = """ATTESTATION D'OPPOSITION / PROOF OF OPPOSITION

Référence / Reference : {reference}
Date : {day}

La personne informée sous cette référence s'est opposée à l'ouverture de son espace
numérique de santé (code de la santé publique, article R. 1111-28). Aucun espace n'est
ouvert. Elle peut changer d'avis avec le code de la même lettre.

The person informed under this reference has opposed the opening of a health record.
No record is open. They may change their mind with the code of the same letter.
"""


def proof(reference: str, since: str) -> bytes:
    """Return the document for an opposition that began at this instant."""
    day = datetime.fromisoformat(since).astimezone(LAW).strftime("%d/%m/%Y")
    return _TEXT.format(reference=reference, day=day).encode()
