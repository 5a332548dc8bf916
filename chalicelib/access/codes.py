"""One-time codes: derived from a record's policy key and a random reference, so that none is kept or queued anywhere.

A code is 60 bits in Crockford's base 32, written in three groups. It works while `Choices.codes` names its reference;
what it opens removes the reference in the same conditional write, so that it works once. Five tries, counted before the
code is looked at; the answer to a wrong code, a spent one and one that never was is the same.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from ..kernel.errors import ConditionFailed, NotFound
from ..kernel.host import Host
from ..kernel.ids import RecordId, id_of
from ..kernel.ports import NEW, Change, Key, When
from ..kernel.seal import fingerprint
from .actor import invitee
from .choices import Choices, Code
from .clocks import comes_of_age, instant, over
from .facts import facts_key, partition
from .gate import Seen
from .keyring import actor_key, system_key
from .thing import Thing

TRIES = 5
ACTIVATION, ASSISTANCE, CARD = "activation", "assistance", "card"
"""what codes are for: the letter of information, half an hour of help, the emergency card"""
REFERENCE, TEXT = r"^[0-9a-f]{20}$", r"^[0-9A-Za-z -]{12,20}$"
"""what a reference and a code look like as they are read: case and dashes of a code do not matter"""
NOTED, LAST_NOTED = "7code#", "7code#~"
"""between these a record's own partition says which references were published for it"""
REPRESENTATIVE = "representative"
"""for whom the activation code of a minor is"""
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_COUNT, _GROUP, _REFERENCE = 12, 4, 20


def _nobody(_choices: Choices) -> bool:
    return False


def new_reference() -> str:
    """Return what names a code: 80 random bits; it is printed beside the code and may be known."""
    return secrets.token_hex(_REFERENCE // 2)


def named(host: Host, purpose: str, record: str, actor_id: str, key: str) -> str:
    """Return the reference that follows from an Idempotency-Key: a repeated request of one caller finds it again."""
    return fingerprint(system_key(host), "code-reference", purpose, record, actor_id, key)[:_REFERENCE]


def code_of(policy_key: bytes, reference: str) -> str:
    """Return the code itself, for the letter, the mail or the screen, and for nothing else."""
    number = int(fingerprint(policy_key, "code", reference), 16)
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in range(_COUNT))
    return "-".join(letters[start : start + _GROUP] for start in range(0, _COUNT, _GROUP))


def new_code(purpose: str, clock: str, now: datetime, subject: str = "") -> Code:
    """Return a code for this purpose that works until the clock has run out."""
    return Code(purpose, over(clock, instant(now)), subject)


def publish(host: Host, record: str, reference: str) -> None:
    """Let a reference lead to its record; before the choices that name it, so that no code is given out in vain.

    Before that it is noted in the record's own partition: a destruction finds what no entry came to name, because the
    function was killed. One that an earlier try of the same request has published keeps its count of tries.
    """
    host.rows.put({"pk": partition(record), "sk": f"{NOTED}{reference}"})
    with suppress(ConditionFailed):
        host.rows.put(code_row(record, reference), NEW)


def revoke(host: Host, reference: str) -> None:
    """Note beside the tries that a code was taken back: the key that made it makes none again, however late."""
    with suppress(ConditionFailed):
        host.rows.update(place_of(reference), Change(set={"revoked": 1}), When(present=("record",)))


def is_revoked(seen: Seen, reference: str) -> bool:
    """Tell whether a code was taken back, when its place was read along."""
    return bool(seen.others.get(place_of(reference), {}).get("revoked"))


def withdraw_all(host: Host, record: str) -> None:
    """Forget where each reference leads that was published for this record; the notes of them stay."""
    after = NOTED
    while rows := host.rows.query(partition(record), after=after, upto=LAST_NOTED):
        for row in rows:
            after = cast(str, row["sk"])
            host.rows.delete(place_of(after.removeprefix(NOTED)))


def code_row(record: str, reference: str) -> dict[str, str | int]:
    """Return the row by which a reference leads to its record."""
    pk, sk = place_of(reference)
    return {"pk": pk, "sk": sk, "record": record, "tries": 0}


def first_code(birth: date, now: datetime) -> Code:
    """Return the code of an invitation; whoever is under age at that time is spoken for by a representative."""
    return new_code(ACTIVATION, ACTIVATION, now, subject_of(birth, now))


def subject_of(birth: date, now: datetime) -> str:
    """Return for whom an activation code is: a representative as long as the person is under age."""
    return REPRESENTATIVE if instant(now) < comes_of_age(birth) else ""


def outgrown(code: Code, birth: date, now: datetime) -> bool:
    """Tell whether a code was for who represents a child, and the child is of age: nobody represents it any more."""
    return code.subject == REPRESENTATIVE and not subject_of(birth, now)


def opens(choices: Choices, birth: date, now: datetime) -> bool:
    """Tell whether the code of a letter of information works still, for who represents a child or for an adult."""
    return any(one.purpose == ACTIVATION and not outgrown(one, birth, now) for one in live(choices, now).values())


def record_invited(host: Host, reference: str) -> RecordId:
    """Return the id of the record that is made with this reference for its first code.

    So the reference leads to it without a row, which most invitations would never need: one is written at the first
    try. Nobody without the deployment's own key can tell the id from the reference.
    """
    return RecordId(id_of(fingerprint(system_key(host), "invited", reference)))


def record_named(host: Host, reference: str) -> str:
    """Return the record that a reference leads to, without counting a try. Raise NotFound."""
    key, invited = place_of(reference), record_invited(host, reference)
    found = host.rows.get([key, facts_key(invited)])
    if key in found:
        return str(found[key]["record"])
    if facts_key(invited) in found:
        return invited
    raise NotFound


def attempt(host: Host, reference: str) -> str:
    """Count a try and return the record. Raise NotFound when the reference is unknown or its tries are spent."""
    if not (_count(host, reference) or (_can_be_counted(host, reference) and _count(host, reference))):
        raise NotFound
    key = place_of(reference)
    if row := host.rows.get([key]).get(key):
        return str(row["record"])
    raise NotFound  # destroyed meanwhile


def _count(host: Host, reference: str) -> bool:
    counted = When(present=("record",), below={"tries": TRIES})
    try:
        host.rows.update(place_of(reference), Change(add={"tries": 1}), counted)
    except ConditionFailed:
        return False
    return True


def _can_be_counted(host: Host, reference: str) -> bool:
    """Write the row of an invitation that nobody has tried yet; tell whether there is one with a try left."""
    key, record = place_of(reference), record_invited(host, reference)
    found = host.rows.get([key, facts_key(record)])
    if key in found:  # somebody else tried at the same moment, or all tries are spent
        return cast(int, found[key]["tries"]) < TRIES
    if facts_key(record) not in found:
        return False
    with suppress(ConditionFailed):
        host.rows.put(code_row(record, reference), NEW)
    if host.rows.get([facts_key(record)]):
        return True
    host.rows.delete(key)  # the record was destroyed meanwhile, and nothing of it is left
    return False


def led_to(host: Host, reference: str) -> str:
    """Count a try and return the record, or an id that no record has: the gate refuses it and writes that down."""
    try:
        return attempt(host, reference)
    except NotFound:
        return "unknown" + fingerprint(b"code", reference)


def again(host: Host, reference: str) -> None:
    """Give a code its tries back after the right one was brought: the emergency card is used more than once."""
    with suppress(ConditionFailed):
        host.rows.update(place_of(reference), Change(set={"tries": 0}), When(present=("record",)))


def brought(
    reference: str, text: str, purpose: str, now: datetime, had: Callable[[Choices], bool] = _nobody
) -> Callable[[Seen], Thing]:
    """Return the thing of an action that needs a code: `code_good` or `code_wrong`, its id the reference.

    `had` tells whether the caller has already what the code gave: repeating the request is then no new use of it.
    """

    def thing(seen: Seen) -> Thing:
        known = seen.choices.codes.get(reference)
        fits = _fits(known, purpose, now) and (known is None or seen.choices.stands(known.maker, instant(now)))
        good = seen.policy_key and (fits or (known is None and had(seen.choices)))
        same = hmac.compare_digest(_plain(code_of(seen.policy_key or b"-", reference)), _plain(text))
        return Thing("code", reference, state="code_good" if good and same else "code_wrong")

    return thing


def spent(choices: Choices, reference: str) -> dict[str, Code]:
    """Return the codes that are left once this one has been used."""
    return {name: code for name, code in choices.codes.items() if name != reference}


def activations(choices: Choices) -> set[str]:
    """Return the references of the letters of information that still stand in the choices."""
    return {name for name, code in choices.codes.items() if code.purpose == ACTIVATION}


def sent_anew(choices: Choices, reference: str, subject: str, now: datetime) -> Choices:
    """Return the choices in which this code stands instead of those of the letters before."""
    old = activations(choices)
    left = {name: code for name, code in choices.codes.items() if name not in old}
    return replace(choices, codes={**left, reference: new_code(ACTIVATION, ACTIVATION, now, subject)})


def live(choices: Choices, now: datetime) -> dict[str, Code]:
    """Return the codes that still work."""
    return {name: code for name, code in choices.codes.items() if instant(now) < code.ends}


def code_keys(host: Host, references: Iterable[str]) -> list[Key]:
    """Return where these references lie, and refusals of who brings one are counted: what goes with their record."""
    return [key for one in references for key in (place_of(one), actor_key(host, invitee(one).id))]


def place_of(reference: str) -> Key:
    """Return where a reference leads to its record, and its tries are counted."""
    return f"k#{reference}", "0code"


def _fits(code: Code | None, purpose: str, now: datetime) -> bool:
    return code is not None and code.purpose == purpose and instant(now) < code.ends


def _plain(text: str) -> bytes:
    return text.lower().translate(str.maketrans("oil", "011", " -")).encode()
