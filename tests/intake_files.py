"""Intake files of invented people, and what is left in the stores after one."""

import contextlib
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from stdnum.fr import nir

from chalicelib import jobs
from chalicelib.access.facts import Facts, facts_key, facts_of
from chalicelib.access.opening import record_of
from chalicelib.enrolment import bulk
from chalicelib.enrolment.lines import MOST
from chalicelib.hosts.memory import MemoryClock, MemoryRows
from chalicelib.kernel.errors import CarnetError
from chalicelib.kernel.host import Host
from chalicelib.kernel.ports import Key, Row
from tests.people import ENROLMENT

OID = "1.2.250.1.213.1.4.8"
NAME = "enrolment/people.ndjson"


def number(place: int) -> str:
    """Return the national number of an invented person."""
    plain = f"255{20 + place // 1_000_000:02}{place % 1_000_000:06}".ljust(13, "1")
    return plain + nir.calc_check_digits(plain)


def insured(place: int, **changed: Any) -> dict[str, Any]:
    """Return one line's members."""
    return {
        "ins": {"value": number(place), "oid": OID},
        "family_name": f"EXEMPLE{place}",
        "given_names": ["Camille", "Anne"],
        "birth_date": "1955-08-14",
        "sex": "F",
        "birth_place": "14168",
        "email": f"camille{place}@example.org",
        "phone": "+33612345678",
        "address": ["1 rue du Port", "14000 CAEN"],
        "territory": "14",
        **changed,
    }


def ndjson(people: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> bytes:
    """Return a file."""
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in people)


def drain(host: Host, most: int = MOST) -> None:
    """Work until no message of the enrolment queue is in sight; a failed one stays, and comes again after its lease."""
    while deliveries := host.queue.receive(bulk.QUEUE, 1):
        with contextlib.suppress(CarnetError):
            jobs.enrolment(host, most)(json.loads(deliveries[0].body))
            host.queue.delete(bulk.QUEUE, deliveries[0].receipt)


def begin(host: Host, content: bytes, form: Any = "ndjson", name: str = NAME) -> str:
    """Put a file and begin its job."""
    host.blobs.put(name, content)
    return bulk.start(host, ENROLMENT, name, form).name


def facts(host: Host, place: int) -> Facts:
    """Return the facts of somebody's record, state `absent` without one."""
    record = record_of(host, OID, number(place))
    return facts_of(record or "none", host.rows.get([facts_key(record)]).get(facts_key(record)) if record else None)


def records(host: Host) -> list[str]:
    """Return every record that has any row."""
    return sorted({pk.removeprefix("r#") for pk, _ in everything(host) if pk.startswith("r#")})


def everything(host: Host) -> dict[Key, Row]:
    """Return the whole table."""
    assert isinstance(host.rows, MemoryRows)
    return host.rows.everything()


def later(host: Host, minutes: int = 2) -> None:
    """Let time pass and the schedule run."""
    assert isinstance(host.clock, MemoryClock)
    host.clock.advance(timedelta(minutes=minutes))
    jobs.minute(host)
