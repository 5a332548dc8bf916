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
    "announcement": {
        "fr": "Bonjour,\n\nUne mise à jour de votre espace de santé vous sera annoncée par un professionnel. "
        "Vous pouvez prendre rendez-vous avec lui.\n\nVotre espace : {portal}\n",
        "en": "Hello,\n\nA professional will announce an update of your health record to you. "
        "You may ask for an appointment.\n\nYour record: {portal}\n",
    },
    "emergency": {
        "fr": "Bonjour,\n\nVotre espace de santé a été ouvert en urgence.\n\n"
        "Pour savoir par qui et pourquoi : {portal}\n",
        "en": "Hello,\n\nYour health record was opened in an emergency.\n\nTo see by whom and why: {portal}\n",
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
