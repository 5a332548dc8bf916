"""What the letter of information says: it carries a code, computed when it is sent and never before."""

from datetime import datetime

from ..access.clocks import instant
from ..access.codes import ACTIVATION, REPRESENTATIVE, code_of
from ..access.grant import Grant
from ..access.person import Person
from ..kernel.host import Host

INVITATION = "invitation"
_OPENS = {
    "fr": "Un espace de santé va être ouvert {whom}. Il s'ouvrira six semaines après l'envoi de ce message, sauf "
    "opposition. Avec la référence et le code ci-dessous, vous pouvez vous y opposer, sans compte, ou l'activer tout "
    "de suite.",
    "en": "A health record is going to be opened {whom}. It will open six weeks after this message was sent, unless "
    "you oppose. With the reference and the code below you can oppose it, without an account, or activate it at once.",
}
_IS_OPEN = {
    "fr": "Un espace de santé est ouvert {whom}. Avec la référence et le code ci-dessous, vous pouvez l'activer.",
    "en": "A health record is open {whom}. With the reference and the code below you can activate it.",
}
_FRAME = {
    "fr": "Bonjour,\n\n{says}\n\nRéférence : {reference}\nCode : {code}\n\nPersonne ne vous demandera ce code.\n",
    "en": "Hello,\n\n{says}\n\nReference: {reference}\nCode: {code}\n\nNobody will ask you for this code.\n",
}
_WHOM = {
    "fr": ("pour vous", "pour une personne que vous représentez"),
    "en": ("for you", "for somebody you represent"),
}


def invitation_text(host: Host, grant: Grant, person: Person) -> str:
    """Return the text with reference and code in the person's language; empty when no code works any more."""
    reference, code = code_for(grant, host.clock.now())
    if not reference:
        return ""
    says = _OPENS if grant.facts.state == "invited" else _IS_OPEN
    whom = _WHOM[person.language][for_representative(grant)]
    said = says[person.language].format(whom=whom)
    return _FRAME[person.language].format(says=said, reference=reference, code=code)


def code_for(grant: Grant, now: datetime) -> tuple[str, str]:
    """Return reference and code of the newest activation code that works, two empty texts when there is none.

    The code is derived from the record's policy key: it is in no row, no queue and no log.
    """
    codes = grant.choices.codes
    working = [
        (code.ends, name) for name, code in codes.items() if code.purpose == ACTIVATION and instant(now) < code.ends
    ]
    if not working:
        return "", ""
    reference = max(working)[1]
    return reference, code_of(grant.policy_key, reference)


def for_representative(grant: Grant) -> bool:
    """Tell whether the code goes to the representative's contact: the person was a minor when it was made."""
    return any(code.subject == REPRESENTATIVE for code in grant.choices.codes.values())
