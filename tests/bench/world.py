"""What is measured on: records and documents of the running instance, made by the product's own code.

`SHELVES` records of 25 documents stand for a day's work; the newest document of each has 1 MB of content.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from chalicelib.access.actor import Actor, Kind
from chalicelib.access.gate import Ask, gate
from chalicelib.access.grant import Grant, Shelf
from chalicelib.access.thing import Thing
from chalicelib.config import Config
from chalicelib.consent import actions as consent
from chalicelib.enrolment import actions as enrolment
from chalicelib.hosts.expressions import item
from chalicelib.kernel.host import Host
from chalicelib.kernel.ids import new_document_id
from chalicelib.kernel.ports import Row
from chalicelib.vault.actions import category_of, put_part
from chalicelib.vault.model import Document, Draft, head_sort
from chalicelib.vault.store import new_document, pin
from chalicelib.wiring import host_for
from tests.people import ENROLMENT, LAB, person

SHELVES = 64
MEGABYTE = 1_000_000
READER = "pro:810009900019"
HOLDER = Actor(Kind.CITIZEN, "citizen:bench", "Camille EXEMPLE")
TYPE, MEDIA, TITLE = "11502-2", "text/plain", "Bilan sanguin du mois de novembre"
_BATCH = 25


def content(size: int = MEGABYTE) -> bytes:
    """Return a plain text of this size."""
    line = b"Hemoglobine 13,8 g/dL (12,0 - 16,0)\n"
    return (line * (size // len(line) + 1))[:size]


def settings_of(file: Path) -> Mapping[str, str]:
    """Return the settings that an instance wrote down."""
    return dict(line.split("=", 1) for line in shlex.split(file.read_text()) if "=" in line)


@dataclass(slots=True)
class World:
    """Records with documents: `newest` names the document with content of each record."""

    host: Host
    settings: Mapping[str, str]
    table: str
    records: list[str] = field(default_factory=list)
    newest: dict[str, str] = field(default_factory=dict)
    long: dict[int, str] = field(default_factory=dict)
    """number of documents -> a record that has so many"""


def build(env: Path) -> World:
    """Make the records."""
    settings = settings_of(env)
    config = Config.read(settings)
    world = World(host_for(config), settings, config.table)
    with ThreadPoolExecutor(4) as pool:
        for record, newest in pool.map(lambda number: _record(world, number, 25), range(SHELVES)):
            world.records.append(record)
            world.newest[record] = newest
    return world


def build_in(host: Host, like: World, count: int) -> World:
    """Make a few records on another host."""
    world = World(host, like.settings, like.table)
    for number in range(count):
        record, newest = _record(world, number, 25)
        world.records.append(record)
        world.newest[record] = newest
    return world


def lengthen(world: World, sizes: tuple[int, ...]) -> None:
    """Make records with so many documents."""
    for size in sizes:
        world.long[size], _ = _record(world, 1000 + size, size)


def _record(world: World, number: int, documents: int) -> tuple[str, str]:
    host = world.host
    record, _ = enrolment.open_(host, ENROLMENT, person(ins=f"2{number:014d}"), HOLDER.id)
    consent.allow(host, HOLDER, record, READER)
    now = datetime.now(UTC)
    ids = [new_document_id(now - timedelta(seconds=age)) for age in range(documents)]
    thing = Thing("document", ids[0], "BIOLOGIE")
    grant = gate(host, Ask(LAB, record, "document:deposit", thing=lambda _: thing))
    _store(world, (_row(host, grant, name) for name in ids))
    return record, ids[0]


def draft(data: bytes, unique: str) -> Draft:
    """Return what a depositor says of this content."""
    digest = sha256(data).hexdigest()
    return Draft(type=TYPE, title=TITLE, media=MEDIA, size=len(data), sha256=digest, unique_id=unique)


_CONTENT = content()
_DRAFT = draft(_CONTENT, "2.25.1")


def _row(host: Host, grant: Grant, name: str) -> Row:
    mine = replace(grant, about=name)
    document = new_document(mine, _DRAFT, category_of(_DRAFT), 1, datetime.now(UTC))
    if name == grant.about:
        document = document.model_copy(update={"pins": (pin(put_part(host, mine, document, 1, _CONTENT)),)})
    return _sealed(host, mine, document)


def _sealed(host: Host, grant: Grant, document: Document) -> Row:
    clear = document.model_dump_json().encode()
    shelf = Shelf(host, grant)
    return shelf.row(head_sort(document.id), clear, version=2, state="available", attempt=document.attempt)


def _store(world: World, rows: Iterator[Row]) -> None:
    client: Any = getattr(world.host.rows, "_client", None)
    if client is None:
        for row in rows:
            world.host.rows.put(row)
        return
    found = [{"PutRequest": {"Item": item(row)}} for row in rows]
    for start in range(0, len(found), _BATCH):
        client.batch_write_item(RequestItems={world.table: found[start : start + _BATCH]})


def place_of(settings: Mapping[str, str], name: str) -> dict[str, Any]:
    """Return the arguments with which boto3 reaches one of the two stores."""
    kept = json.loads(Path(settings[f"CARNET_{name.upper()}_CREDENTIALS"].removeprefix("file:")).read_text())
    return {
        "endpoint_url": settings[f"CARNET_{name.upper()}_ENDPOINT"],
        "region_name": settings["CARNET_REGION"],
        "aws_access_key_id": kept["access_key"],
        "aws_secret_access_key": kept["secret_key"],
    }
