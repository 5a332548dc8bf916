"""The third story that `make run` plays: profile, agenda and reminders, from the reason of each to the campaign.

A child of two months and people of fifty-two are made up anew each time; Ondine's login holds the first two records.
"""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import vobject

from .daytime import awake, months_ago, years_ago
from .oidc.people import people
from .story import NIGHTS, NOBODY, Answer, StoryError, World, asked, opening

ENOUGH = 12
"""people of one age and department: fewer than eleven are never told of"""
SCREENING = "colorectal_screening"
SECONDS = 60


class Preventive:
    """The steps, in order; each one checks what it tells."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._territory, self._today = awake()
        self._child = self._adult = ""

    def tell(self) -> None:
        """Play every step."""
        for step in (
            self._two_are_reminded,
            self._the_profile_is_written,
            self._done_elsewhere,
            self._a_calendar_follows,
            self._a_campaign_is_seen,
        ):
            step()

    def _ask(self, expected: int, who: str, method: str, path: str, **more: Any) -> Answer:
        return asked(self._world, expected, who, method, path, **more)

    def _open(self, birth: date, email: str, *, login: bool = False) -> str:
        ondine = people()["ondine"]
        number = f"2{birth:%y%m}999{secrets.randbelow(100_000):05d}"
        identity = {"value": f"{number}{97 - int(number) % 97:02d}", "oid": ondine.ins["oid"]}
        body = opening(identity, birth, "F", "FICTIF", email) | {"language": "en", "territory": self._territory}
        if login:
            body["holder"] = {"issuer": self._world.issuer(), "subject": ondine.claims["sub"]}
        return str(self._ask(201, "enrolment", "POST", "/records", json=body).json()["record"])

    def _reminders(self, record: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._ask(200, "ondine", "GET", f"/records/{record}/reminders").json()[
            "reminders"
        ]
        return found

    def _until(self, done: Any, complaint: str) -> None:
        for seconds in (3, *[10] * (NIGHTS - 1)):  # whoever is written to in the daytime only needs a night first
            try:
                self._world.until(done, "the reminders", seconds)
            except TimeoutError:
                self._world.night()
            else:
                return
        raise StoryError(complaint)

    def _two_are_reminded(self) -> None:
        self._world.say("15. A child of two months and a woman of fifty-two are reminded, each once, and told why:")
        emails = [f"{name}-{secrets.token_hex(4)}@example.org" for name in ("child", "adult")]
        self._child = self._open(months_ago(self._today, 2), emails[0], login=True)
        self._adult = self._open(years_ago(self._today, 52), emails[1], login=True)
        self._until(lambda: all(self._world.mails(email) for email in emails), "no reminder arrived")
        for name, record in (("the child", self._child), ("the woman", self._adult)):
            for one in self._reminders(record):
                self._world.say(f"     {name}: {one['rule']}: {one['reason']['en']}")
        for email in emails:
            self._world.say(f"     the mail, as received: {' '.join(self._world.mails(email)[0].split())}")
        for record, wanted in ((self._child, {"hexavalent", "pneumococcal_infant"}), (self._adult, {SCREENING})):
            if missing := wanted - {one["rule"] for one in self._reminders(record)}:
                raise StoryError(f"nobody was reminded of {', '.join(sorted(missing))}")

    def _the_profile_is_written(self) -> None:
        self._world.say("16. She writes her profile, an allergy, her blood pressure, a vaccine; one page sums it up:")
        path, now = f"/records/{self._adult}/profile", datetime.now(UTC).isoformat(timespec="seconds")
        for entry in (
            {"section": "allergies", "label": "Pénicilline", "severity": "severe"},
            {"section": "measures", "kind": "BP", "at": now, "value": 128, "second": 82},
            {"section": "vaccinations", "act": "dtp", "on": (self._today - timedelta(days=40)).isoformat()},
        ):
            self._ask(201, "ondine", "POST", path, json={"entry": entry})
        summary = self._ask(200, "ondine", "GET", f"/records/{self._adult}/summary").json()
        for part in summary["parts"]:
            for line in part["lines"]:
                self._world.say(f"     {part['label']['en']}: {line['what']['en']} ({line['by']['name']})")

    def _done_elsewhere(self) -> None:
        self._world.say("17. She says that the colorectal test was done elsewhere: it counts from then on.")
        done = {"rule": SCREENING, "status": "DONE", "on": (self._today - timedelta(days=30)).isoformat()}
        self._ask(200, "ondine", "PUT", f"/records/{self._adult}/agenda/preventions", json=done)
        acts = self._ask(200, "ondine", "GET", f"/records/{self._adult}/profile").json()["entries"]
        if "fit" not in [one["entry"].get("act") for one in acts]:
            raise StoryError("the test is not in the profile")

    def _a_calendar_follows(self) -> None:
        self._world.say("18. She notes an appointment and makes a secret calendar link; a calendar client opens it:")
        when = f"{self._today + timedelta(days=20)}T10:30"
        appointment = {"title": "Mammographie", "at": when}
        self._ask(201, "ondine", "POST", f"/records/{self._adult}/agenda/appointments", json=appointment)
        made = self._ask(201, "ondine", "POST", f"/records/{self._adult}/calendars", json={"in_words": False}).json()
        path = urlsplit(made["url"]).path
        self._world.say(f"     {made['url']}")
        # Read by another library than the one that writes it.
        calendar = vobject.readOne(self._ask(200, NOBODY, "GET", path).body.decode())
        events = [(event.dtstart.value, event.summary.value) for event in calendar.contents.get("vevent", [])]
        for begins, summary in events:
            self._world.say(f"     {begins:%Y-%m-%d %H:%M} UTC {summary}")
        if len(events) != 1 or "Mammographie" in events[0][1]:
            raise StoryError("the calendar holds something else, or tells what it is about")
        self._ask(204, "ondine", "DELETE", f"/records/{self._adult}/calendars/{made['reference']}")
        self._ask(404, NOBODY, "GET", path)

    def _a_campaign_is_seen(self) -> None:
        self._world.say(f"19. {ENOUGH} more of her age are reminded; the campaign as those see it who run it:")
        emails = [f"campaign-{secrets.token_hex(4)}@example.org" for _ in range(ENOUGH)]
        for email in emails:
            self._open(years_ago(self._today, 52), email)
        self._until(lambda: all(self._world.mails(email) for email in emails), "the campaign reached not everybody")
        self._world.night()
        month = f"{self._today:%Y-%m}"
        table = self._ask(200, "enrolment", "GET", f"/coverage/{month}").body.decode()
        for line in [one for one in table.splitlines() if SCREENING in one][:4]:
            self._world.say(f"     {line}")
        picture = self._ask(200, "enrolment", "GET", f"/coverage/{month}/{SCREENING}").body
        if SCREENING not in table or not picture.startswith(b"<svg"):
            raise StoryError("the campaign is not to be seen")
        self._world.say(f"     and its picture: {self._world.keep('campaign.svg', picture)}")
