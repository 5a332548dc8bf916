"""The second story that `make run` plays: the life of a record, from the invitation to its closing.

Everybody in it is made up anew each time; Barnabé, who has a login, lives through it.
"""

import json
import re
import secrets
from datetime import date
from http import HTTPStatus
from typing import Any

from .story import PHYSIOTHERAPIST, Answer, Ask, StoryError, World, asked

SECONDS = 60
_CODE = re.compile(r"([0-9a-f]{20}) / ([0-9a-z]{4}(?:-[0-9a-z]{4}){2})")
_REASON = {"reason": "UNCONSCIOUS", "text": "Trouvé inconscient dans la rue, aucun proche sur place"}


class Life:
    """The steps, in order; each one checks what it tells."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = [f"{name}-{secrets.token_hex(4)}@example.org" for name in ("barnabe", "opposed")]
        self._record = ""

    def tell(self) -> None:
        """Play every step."""
        for step in (
            self._a_file_is_taken_in,
            self._one_opposes_without_an_account,
            self._one_activates_early,
            self._an_emergency,
            self._the_record_closes,
            self._an_erasure_is_asked_for_and_cancelled,
        ):
            step()

    def _ask(self, expected: int, who: str, method: str, path: str, **more: Any) -> Answer:
        return asked(self._world, expected, who, method, path, **more)

    def _here(self, tail: str = "") -> str:
        return f"/records/{self._record}{tail}"

    def _a_file_is_taken_in(self) -> None:
        self._world.say("9. A fund's file of three people is taken in, one line of it wrong; two people are invited.")
        lines = [json.dumps(_insured(email), ensure_ascii=False) for email in self._names]
        name = f"enrolment/{secrets.token_hex(6)}.ndjson"
        self._world.put(name, "\n".join([*lines, '{"ins": "wrong"}', ""]).encode())
        begun = self._ask(202, "enrolment", "POST", "/enrolments", json={"object": name, "format": "ndjson"}).json()
        job = f"/enrolments/{begun['job']}"
        self._world.until(lambda: self._progress(job)["state"] == "done", "the end of the file", SECONDS)
        found = self._progress(job)
        if (found["invited"], found["rejected"]) != (2, 1):
            raise StoryError(f"the file gave {found}")
        self._world.say(f"     {found['lines']} lines: {found['invited']} invited, {found['rejected']} rejected")
        self._world.until(lambda: all(map(self._world.mails, self._names)), "both invitations", SECONDS)

    def _progress(self, job: str) -> dict[str, Any]:
        found: dict[str, Any] = self._ask(200, "enrolment", "GET", job).json()
        return found

    def _code(self, address: str) -> dict[str, str]:
        found = _CODE.search(self._world.mails(address)[0])
        if not found:
            raise StoryError("the invitation carries no code")
        return {"reference": found[1], "code": found[2]}

    def _one_opposes_without_an_account(self) -> None:
        self._world.say("10. One of them opposes with the code of the letter, without any account, and gets a proof.")
        code = self._code(self._names[1])
        self._ask(404, "nobody", "POST", "/oppositions", json={**code, "code": "0000-0000-0000"})
        proof = self._ask(200, "nobody", "POST", "/oppositions", json=code)
        if self._ask(200, "nobody", "POST", "/oppositions", json=code).body != proof.body:
            raise StoryError("another proof")

    def _one_activates_early(self) -> None:
        self._world.say("11. Barnabé activates his record with his code, names a treating physician, is on his own.")
        code = self._code(self._names[0])
        state = self._ask(200, "barnabe", "POST", "/activations", json=code).json()
        self._record = state["record"]
        self._ask(404, "ondine", "POST", "/activations", json=code)
        body = {"professional": "810009900019"}
        self._ask(200, "barnabe", "POST", self._here("/choices/physician"), json=body)
        self._ask(200, "doctor", "GET", self._here("/documents"))
        self._ask(403, "physiotherapist", "GET", self._here("/documents"))

    def _an_emergency(self) -> None:
        self._world.say("12. A physiotherapist opens it in an emergency, with a reason; Barnabé is told, then says no.")
        address, path = self._names[0], self._here("/emergency")
        before = len(self._world.mails(address))
        self._ask(422, "physiotherapist", "POST", path, json={**_REASON, "text": "   "})
        reason = {**_REASON, "text": f"{_REASON['text']} {secrets.token_hex(3)}"}
        if self._world.send(Ask("physiotherapist", "POST", path, json=reason)).status == HTTPStatus.TOO_MANY_REQUESTS:
            self._world.say("     (Ten emergencies within a day wait for a review: the privacy officer ends it.)")
            self._world.reviewed(f"pro:{PHYSIOTHERAPIST['id']}")
        # The same request again is the same emergency.
        self._ask(201, "physiotherapist", "POST", path, json=reason)
        self._ask(200, "physiotherapist", "GET", self._here("/documents"))
        self._world.until(lambda: len(self._world.mails(address)) > before, f"an e-mail to {address}", SECONDS)
        switches = {"switch": "break_glass", "on": False}
        self._ask(200, "barnabe", "POST", self._here("/choices/switches"), json=switches)
        self._ask(403, "physiotherapist", "GET", self._here("/documents"))

    def _the_record_closes(self) -> None:
        self._world.say("13. Barnabé closes his record: gone for everybody else, he reads it for ten years.")
        closed = self._ask(200, "barnabe", "POST", self._here("/closing")).json()
        self._ask(403, "doctor", "GET", self._here("/documents"))
        self._ask(200, "barnabe", "GET", self._here("/documents"))
        self._world.say(f"     closed, kept until {closed['until'][:10]}")

    def _an_erasure_is_asked_for_and_cancelled(self) -> None:
        self._world.say("14. He asks for its erasure, thinks again, and reads what was done, and by which rule:")
        self._ask(200, "barnabe", "POST", self._here("/erasure"))
        self._ask(200, "barnabe", "DELETE", self._here("/erasure"))
        entries = self._ask(200, "barnabe", "GET", self._here("/history")).json()["entries"]
        for entry in reversed(entries):
            if entry["who"]["kind"] != "system":
                who = entry["who"]["name"] or entry["who"]["organisation_name"]
                self._world.say(f"     {who:22} {entry['action']:20} {entry['effect']:5} {entry['rule']}")
        if not {"record:close", "record:erase", "record:keep"} <= {entry["action"] for entry in entries}:
            raise StoryError("the journal does not tell the life of the record")


def _insured(email: str) -> dict[str, Any]:
    number = f"19403999{secrets.randbelow(100_000):05d}"
    return {
        "ins": {"value": f"{number}{97 - int(number) % 97:02d}", "oid": "1.2.250.1.213.1.4.10"},
        "family_name": "FICTIF",
        "given_names": ["Barnabé"],
        "birth_date": date(1994, 3, 14).isoformat(),
        "sex": "M",
        "birth_place": "99990",
        "email": email,
        "territory": "29",
    }
