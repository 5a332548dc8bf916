"""Carnet: every way in, on one page. HTTP is declared in each capability's `http.py`; queues and schedules stand here.

This is the only module that reads the environment.
"""

import os
from functools import cache
from typing import Any

from chalice.app import Chalice, Cron, Rate

from chalicelib import jobs
from chalicelib.agenda.calendar_http import api as calendars
from chalicelib.agenda.http import api as agenda
from chalicelib.agenda.prevention_http import prevention_api
from chalicelib.care.http import api as care
from chalicelib.config import Config
from chalicelib.consent.routes import consent
from chalicelib.edge.events import each
from chalicelib.edge.http import Site
from chalicelib.edge.logs import configure_logging
from chalicelib.edge.serve import mount
from chalicelib.edge.system import system_api
from chalicelib.emergency.http import api as emergency
from chalicelib.enrolment.bulk_http import api as intake_files
from chalicelib.enrolment.http import api as enrolment
from chalicelib.enrolment.life_http import api as life
from chalicelib.enrolment.support_http import api as support
from chalicelib.history.http import api as history
from chalicelib.kernel.host import Host
from chalicelib.notices.http import api as contact
from chalicelib.notices.letters_http import api as letters
from chalicelib.notices.model import Letterhead
from chalicelib.notices.reports_http import api as reports
from chalicelib.profile.http import api as profile
from chalicelib.profile.measures_http import api as measures
from chalicelib.profile.words_http import api as profile_words
from chalicelib.reminders.coverage_http import api as coverage
from chalicelib.reminders.http import api as reminders
from chalicelib.vault.http import api as documents
from chalicelib.vault.reading_http import api as reading
from chalicelib.vault.rectification_http import api as rectifying
from chalicelib.wiring import host_for, site_for

configure_logging()
app = Chalice(app_name="carnet")


@cache
def config() -> Config:
    """Read the settings once, at the first event: packaging imports this module without any."""
    return Config.read(os.environ)


@cache
def host() -> Host:
    """Return the outside world."""
    return host_for(config())


@cache
def site() -> Site:
    """Return what the HTTP views use."""
    return site_for(config(), host())


CAPABILITIES = [
    enrolment,
    intake_files,
    life,
    support,
    *consent,
    documents,
    reading,
    rectifying,
    history,
    profile,
    measures,
    profile_words,
    agenda,
    prevention_api(jobs.PREVENTION),
    calendars,
    reminders,
    coverage,
    contact,
    reports,
    letters,
    emergency,
    care,
]
mount(app, site, [*CAPABILITIES, system_api(CAPABILITIES)])


@app.on_sqs_message(queue="intake", batch_size=10)
def on_intake(event: Any) -> dict[str, Any]:
    """Check what was deposited."""
    return each(event.to_dict(), jobs.intake(host()))


@app.on_sqs_message(queue="notices", batch_size=10)
def on_notices(event: Any) -> dict[str, Any]:
    """Tell the holder."""
    return each(event.to_dict(), jobs.notices(host(), Letterhead(config().mail_from, config().portal_url)))


@app.on_sqs_message(queue="reminders", batch_size=10)
def on_reminders(event: Any) -> dict[str, Any]:
    """Arm and send prevention reminders."""
    return each(event.to_dict(), jobs.reminders(host(), Letterhead(config().mail_from, config().portal_url)))


@app.on_sqs_message(queue="enrolment", batch_size=1)
def on_enrolment(event: Any) -> dict[str, Any]:
    """Take in the people of a fund."""
    return each(event.to_dict(), jobs.enrolment(host()))


@app.schedule(Rate(1, unit=Rate.MINUTES))
def every_minute(_event: Any) -> Any:
    """Relay the journals, sweep what was forgotten."""
    return jobs.minute(host())


@app.schedule(Cron(0, 2, "*", "*", "?", "*"))
def every_night(_event: Any) -> Any:
    """Wake the reminders of the day, put yesterday's refusals into the chains."""
    return jobs.night(host())
