"""What is told outside the record: fixed sentences, never content, sender, type or speciality (abuse Q04).

Each event has its sentences in both languages: the heart of an e-mail or a letter, and the line that a telephone shows.
`{portal}` is where the rest is found. `{code}` stands only in the events of `CODED`; telephones are sent no address to
follow.
"""

from collections.abc import Mapping

from .model import Said

Text = Mapping[str, str]

CODED = frozenset({"invitation", "code"})
"""events that carry a single-use code; they are never pushed to a lock screen"""

SUBJECT: Text = {"fr": "Votre espace de santé", "en": "Your health record"}
GREETING: Text = {"fr": "Bonjour,", "en": "Hello,"}

BODY: Mapping[str, Text] = {
    "new-document": {
        "fr": "Vous avez une nouveauté dans votre espace de santé.\n\nPour la voir : {portal}",
        "en": "There is something new in your health record.\n\nTo see it: {portal}",
    },
    "change": {
        "fr": "Un changement a été fait dans votre espace de santé.\n\nPour le voir : {portal}",
        "en": "Something has been changed in your health record.\n\nTo see it: {portal}",
    },
    "access": {
        "fr": "Votre espace de santé a été consulté.\n\nPour savoir par qui : {portal}",
        "en": "Your health record has been consulted.\n\nTo know by whom: {portal}",
    },
    "daily": {
        "fr": "Depuis hier, il y a du nouveau dans votre espace de santé.\n\nPour le voir : {portal}",
        "en": "Since yesterday there is something new in your health record.\n\nTo see it: {portal}",
    },
    "emergency": {
        "fr": "Votre espace de santé a été consulté en urgence.\n\nPour savoir par qui et pourquoi : {portal}",
        "en": "Your health record has been consulted in an emergency.\n\nTo know by whom and why: {portal}",
    },
    "reminder": {
        "fr": "Un rappel vous attend dans votre espace de santé.\n\nPour le voir : {portal}",
        "en": "A reminder is waiting for you in your health record.\n\nTo see it: {portal}",
    },
    "announcement": {
        "fr": (
            "Une information vous attend. Prenez contact avec la personne qui vous suit.\n\n"
            "Pour en savoir plus : {portal}"
        ),
        "en": (
            "Some news is waiting for you. Please contact the person who looks after you.\n\nTo know more: {portal}"
        ),
    },
    "invitation": {
        "fr": (
            "Votre espace de santé va être ouvert. Vous pouvez l'ouvrir dès maintenant, ou vous y opposer.\n\n"
            "Votre référence et votre code personnel : {code}\n\nOuvrir ou s'opposer : {portal}\n\n"
            "Sans réponse de votre part sous six semaines, il sera ouvert. Vous pourrez le fermer à tout moment."
        ),
        "en": (
            "Your health record is going to be opened. You may open it now, or oppose it.\n\n"
            "Your reference and your personal code: {code}\n\nTo open or to oppose: {portal}\n\n"
            "Without an answer within six weeks it will be opened. You may close it at any time."
        ),
    },
    "code": {
        "fr": (
            "Votre référence et votre code à usage unique : {code}\n\nNe le donnez à personne qui vous appelle.\n\n"
            "Où l'utiliser : {portal}"
        ),
        "en": (
            "Your reference and your single-use code: {code}\n\nGive it to nobody who calls you.\n\n"
            "Where to use it: {portal}"
        ),
    },
    "record-opened": {
        "fr": "Votre espace de santé est ouvert. Vous pouvez le fermer à tout moment.\n\nPour le voir : {portal}",
        "en": "Your health record is open. You may close it at any time.\n\nTo see it: {portal}",
    },
    "closing": {
        "fr": "Votre espace de santé est fermé. Vous pouvez encore le lire et le rouvrir.\n\nPour le voir : {portal}",
        "en": "Your health record is closed. You may still read it and open it again.\n\nTo see it: {portal}",
    },
    "erasure": {
        "fr": (
            "L'effacement de votre espace de santé a été demandé. Vous pouvez encore l'annuler.\n\n"
            "Si vous n'avez rien demandé, annulez-le sans attendre : {portal}"
        ),
        "en": (
            "It was asked to erase your health record. You may still cancel this.\n\n"
            "If you asked for nothing, cancel it without delay: {portal}"
        ),
    },
    "rights": {
        "fr": "Le droit d'une personne sur votre espace de santé a changé.\n\nPour savoir lequel : {portal}",
        "en": "The right of a person to your health record has changed.\n\nTo know which: {portal}",
    },
    "opposition": {
        "fr": (
            "Votre opposition est enregistrée : aucun espace de santé ne sera ouvert.\n\n"
            "Si vous n'avez rien demandé, ou si vous changez d'avis : {portal}"
        ),
        "en": (
            "Your opposition is recorded: no health record will be opened.\n\n"
            "If you asked for nothing, or if you change your mind: {portal}"
        ),
    },
    "contact-change": {
        "fr": (
            "Un changement de vos coordonnées a été demandé.\n\nSi ce n'est pas vous, dites-le sans attendre : {portal}"
        ),
        "en": "A change of how to reach you was asked for.\n\nIf it was not you, say so without delay: {portal}",
    },
}

SHORT: Mapping[str, Text] = {
    "new-document": {
        "fr": "Une nouveauté vous attend dans votre espace de santé.",
        "en": "Something new is waiting in your health record.",
    },
    "change": {
        "fr": "Un changement a été fait dans votre espace de santé.",
        "en": "Something has been changed in your health record.",
    },
    "access": {"fr": "Votre espace de santé a été consulté.", "en": "Your health record has been consulted."},
    "daily": {
        "fr": "Depuis hier, il y a du nouveau dans votre espace de santé.",
        "en": "Since yesterday there is something new in your health record.",
    },
    "emergency": {
        "fr": "Votre espace de santé a été consulté en urgence.",
        "en": "Your health record has been consulted in an emergency.",
    },
    "reminder": {
        "fr": "Un rappel vous attend dans votre espace de santé.",
        "en": "A reminder is waiting in your health record.",
    },
    "announcement": {
        "fr": "Une information vous attend. Prenez contact avec la personne qui vous suit.",
        "en": "Some news is waiting for you. Please contact the person who looks after you.",
    },
    "invitation": {
        "fr": (
            "Votre espace de santé va être ouvert dans six semaines. "
            "Votre référence et votre code pour l'ouvrir ou vous y opposer : {code}"
        ),
        "en": (
            "Your health record will be opened in six weeks. "
            "Your reference and your code to open it or to oppose: {code}"
        ),
    },
    "code": {
        "fr": "Votre référence et votre code à usage unique : {code}. Ne le donnez à personne qui vous appelle.",
        "en": "Your reference and your single-use code: {code}. Give it to nobody who calls you.",
    },
    "record-opened": {"fr": "Votre espace de santé est ouvert.", "en": "Your health record is open."},
    "closing": {"fr": "Votre espace de santé est fermé.", "en": "Your health record is closed."},
    "rights": {
        "fr": "Le droit d'une personne sur votre espace de santé a changé.",
        "en": "The right of a person to your health record has changed.",
    },
    "erasure": {
        "fr": "L'effacement de votre espace de santé a été demandé. Si ce n'est pas vous, annulez-le sans attendre.",
        "en": "It was asked to erase your health record. If it was not you, cancel it without delay.",
    },
    "opposition": {
        "fr": "Votre opposition est enregistrée : aucun espace de santé ne sera ouvert.",
        "en": "Your opposition is recorded: no health record will be opened.",
    },
    "contact-change": {
        "fr": "Un changement de vos coordonnées a été demandé. Si ce n'est pas vous, dites-le sans attendre.",
        "en": "A change of how to reach you was asked for. If it was not you, say so without delay.",
    },
}


FOR_SOMEBODY: Text = {
    "fr": "Cela concerne une personne que vous représentez.\n\n",
    "en": "This is about somebody you represent.\n\n",
}


def body(said: Said, portal: str) -> str:
    """Return the heart of an e-mail or a letter."""
    about = FOR_SOMEBODY[said.language] if said.represented else ""
    return about + BODY[said.event][said.language].format(portal=portal, code=said.code)


def short(said: Said) -> str:
    """Return the line that a telephone shows."""
    return SHORT[said.event][said.language].format(code=said.code)
