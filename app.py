"""Carnet: every way in, on one page. HTTP is listed in `chalicelib/routes.csv`; queues and schedules stand here.

Of the product, only this module asks for the environment.
"""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from chalicelib.kernel.loading import undisturbed

with undisturbed():
    from chalice.app import Chalice, Cron, Rate

    from chalicelib import routes
    from chalicelib.config import Config
    from chalicelib.config.environment import environment
    from chalicelib.edge.events import each
    from chalicelib.edge.http import Site
    from chalicelib.edge.logs import configure_logging
    from chalicelib.edge.serve import mount
    from chalicelib.kernel.host import Host
    from chalicelib.notices.model import Letterhead
    from chalicelib.wiring import host_for, site_for

configure_logging()
app = Chalice(app_name="carnet")


@cache
def config() -> Config:
    """Read the settings once, at the first event: packaging imports this module without any."""
    return Config.read(environment())


@cache
def host() -> Host:
    """Return the outside world."""
    return host_for(config())


@cache
def site() -> Site:
    """Return what the HTTP views use."""
    return site_for(config(), host())


@cache
def jobs() -> ModuleType:
    """Load what queues and schedules do: a function that answers HTTP starts without it."""
    with undisturbed():
        return import_module("chalicelib.jobs")


mount(app, site, routes.ways())


@app.on_sqs_message(queue="intake", batch_size=10)
def on_intake(event: Any) -> dict[str, Any]:
    """Check what was deposited."""
    return each(event.to_dict(), jobs().intake(host()))


@app.on_sqs_message(queue="notices", batch_size=4)  # twenty people each, half a second a mail: 40 of 60 s
def on_notices(event: Any) -> dict[str, Any]:
    """Tell the holder."""
    return each(event.to_dict(), jobs().notices(host(), Letterhead(config().mail_from, config().portal_url)))


@app.on_sqs_message(queue="reminders", batch_size=10)
def on_reminders(event: Any) -> dict[str, Any]:
    """Arm and send prevention reminders."""
    return each(event.to_dict(), jobs().reminders(host(), Letterhead(config().mail_from, config().portal_url)))


@app.on_sqs_message(queue="enrolment", batch_size=1)
def on_enrolment(event: Any) -> dict[str, Any]:
    """Take in the people of a fund."""
    return each(event.to_dict(), jobs().enrolment(host()))


@app.schedule(Rate(1, unit=Rate.MINUTES))
def every_minute(_event: Any) -> Any:
    """Relay the journals, sweep what was forgotten."""
    return jobs().minute(host())


@app.schedule(Cron(0, 2, "*", "*", "?", "*"))
def every_night(_event: Any) -> Any:
    """Wake the reminders of the day, put yesterday's refusals into the chains."""
    return jobs().night(host())
