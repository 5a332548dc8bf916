"""What is told outside the record: fixed sentences, never content, sender, type or date of care (abuse Q04)."""

from dataclasses import dataclass

SUBJECT = {"fr": "Votre espace de santé", "en": "Your health record"}
BODY = {
    "new-document": {
        "fr": "Bonjour,\n\nVous avez une nouveauté dans votre espace de santé.\n\nPour la voir : {portal}\n",
        "en": "Hello,\n\nThere is something new in your health record.\n\nTo see it: {portal}\n",
    },
    "reminder": {
        "fr": "Bonjour,\n\nUn rappel vous attend dans votre espace de santé.\n\nPour le voir : {portal}\n",
        "en": "Hello,\n\nA reminder is waiting for you in your health record.\n\nTo see it: {portal}\n",
    },
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, and where the reader finds the rest."""

    sender: str
    portal: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell the holder of a record: `name` tells it from every other, the same at every try."""

    record: str
    event: str
    name: str
