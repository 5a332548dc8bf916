"""One machine: notices leave over every channel, and a provider's word brings the next one."""

import base64
import json
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import http_ece  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.local import instance as instances
from infra.local.instance import Instance
from infra.local.kept import read
from infra.local.oidc.people import people
from infra.local.provider import Desk
from infra.local.send import send
from infra.local.story import Ask, opening

BROWSER, AUTH = ec.generate_private_key(ec.SECP256R1()), bytes(range(16))
PHONE = "+33600000042"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def until(what: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not arrive"
        time.sleep(0.1)


class Told:
    """Ondine, her record on a running instance, and what arrived."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self.desk = instance, Desk(instance.home.data("provider"))
        self.provider = f"http://127.0.0.1:{read(instance.home.root / 'ports.json')['provider']}"
        ondine = people()["ondine"]
        self.email = ondine.claims["email"]
        body = opening(ondine.ins, date(1976, 11, 23), "F", "ESSAI", self.email)
        login = {"issuer": f"{instance.state['issuer']}/citizens", "subject": ondine.claims["sub"]}
        self.record = self.ask("enrolment", "POST", "/records", {**body, "holder": login})["record"]
        self.contact = f"/records/{self.record}/contact"
        # By day she is reminded within a minute, by night in the morning: not what is looked at here.
        self.prefer("email", "sms", "push")

    def ask(self, who: str, method: str, path: str, body: Any = None, form: Any = None) -> Any:
        answer = send(self.instance, Ask(who, method, path, body, form))
        assert answer.status < 300, answer
        return answer.json() if answer.body else None

    def prefer(self, *order: str) -> None:
        wish = {"language": "fr", "order": order, "when": {"reminders": "never"}}
        self.ask("ondine", "PUT", f"{self.contact}/preferences", wish)

    def deposit(self, number: int) -> None:
        about = {
            "type": "11502-2",
            "title": "Bilan",
            "unique_id": f"1.2.250.1.999.71.{number}",
            "created": "2026-11-20",
        }
        path = f"/records/{self.record}/documents"
        self.ask("laboratory", "POST", path, form=(about, f"Bilan {number}\n".encode(), "text/plain"))

    def post(self, path: str, body: dict[str, str], method: str = "POST") -> int:
        asked = urllib.request.Request(self.provider + path, json.dumps(body).encode(), method=method)
        with urllib.request.urlopen(asked) as answer:
            return int(answer.status)

    def mails(self) -> int:
        found = [file.read_text() for file in self.instance.home.mail.glob("*.eml")]
        return sum(f"To: {self.email}" in one and "rappel" not in one for one in found)


@pytest.mark.real
def test_a_notice_is_pushed_then_sent_as_a_short_message_then_mailed(tmp_path: Path) -> None:
    with instances.running(tmp_path) as instance:
        told = Told(instance)
        contact = told.contact
        told.ask("ondine", "PUT", contact, {"email": told.email, "phone": PHONE})
        until(lambda: told.mails() == 1)  # of the change
        told.prefer("push", "sms", "email")
        point = BROWSER.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"endpoint": f"{told.provider}/push/ondine", "p256dh": text(point), "auth": text(AUTH)}
        told.ask("ondine", "POST", f"{contact}/devices", keys)
        until(lambda: len(told.desk.kept("sms")) == 1)  # of the browser, which hears first from now on

        told.deposit(1)
        until(lambda: len(told.desk.kept("push")) == 1)
        sealed = bytes.fromhex(told.desk.kept("push")[0]["body"])
        line = http_ece.decrypt(sealed, private_key=BROWSER, auth_secret=AUTH, version="aes128gcm").decode()
        assert line == "Une nouveauté vous attend dans votre espace de santé."

        told.post("/push/ondine", {}, "DELETE")
        told.deposit(2)
        until(lambda: len(told.desk.kept("sms")) == 2)
        (short,) = [one for one in told.desk.kept("sms") if one["text"] == line]
        assert short["to"] == PHONE
        assert told.ask("ondine", "GET", contact)["devices"] == []

        said = {"url": f"{instance.base_url}/delivery-reports", "reference": short["reference"]}
        assert told.post("/reports", {**said, "channel": "sms", "outcome": "bounced"}) == 204
        until(lambda: told.mails() == 2)
        assert told.ask("ondine", "GET", contact)["failed"] == ["sms"]
