"""Delivery reports are taken from whoever shares the secret, and from nobody else."""

import json
from typing import Any

import pytest

from infra.local.report import signed

from .api_requests import operation
from .api_world import REPORTS_SECRET, Answer, World

BODY = json.dumps(operation("reports_deliver").example).encode()


def send(world: World, headers: dict[str, str], body: bytes = BODY) -> Answer:
    from .api_world import environ

    return world.ask(environ("POST", "/delivery-reports", "", body, {"Content-Type": "application/json", **headers}))


def at(world: World, seconds: int = 0, secret: str = REPORTS_SECRET, body: bytes = BODY) -> dict[str, str]:
    return dict(signed(secret, body, int(world.clock.now().timestamp()) + seconds))


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_signed_report_is_taken_within_five_minutes(seconds: int) -> None:
    world = World()
    assert send(world, at(world, seconds)).status == 204


@pytest.mark.abuse("Q01")
@pytest.mark.parametrize(
    "headers",
    [
        lambda w: {},
        lambda w: at(w, -301),
        lambda w: at(w, 301),
        lambda w: at(w, secret="another"),
        lambda w: at(w, secret=""),
        lambda w: at(w, body=BODY + b" "),
        lambda w: {"Carnet-Signature": at(w)["Carnet-Signature"].upper()},
        lambda w: {"Carnet-Signature": at(w)["Carnet-Signature"] + ",v1=" + "0" * 64},
        lambda w: {"Carnet-Signature": at(w)["Carnet-Signature"].replace("t=", "t=0")},
        lambda w: {"Carnet-Signature": "t=1,v1="},
        lambda w: {"Carnet-Signature": "t=١,v1=" + "0" * 64},
    ],
)
def test_a_report_that_is_not_signed_by_the_provider_now_is_refused(headers: Any) -> None:
    world = World()
    before = world.host.rows.everything()  # type: ignore[attr-defined]
    assert send(world, headers(world)).told == "401 NOT_AUTHENTICATED"
    assert world.host.rows.everything() == before  # type: ignore[attr-defined]


def test_a_deployment_that_shares_no_secret_takes_no_report() -> None:
    from dataclasses import replace

    world = World()
    world.site = replace(world.site, reports_secret=b"")
    for secret in ("", REPORTS_SECRET):
        assert send(world, at(world, secret=secret)).status == 401


def test_what_is_signed_is_held_to_the_schema_all_the_same() -> None:
    world = World()
    for body in (b"{}", b"[]", b"not json", json.dumps({**json.loads(BODY), "more": 1}).encode()):
        assert send(world, at(world, body=body), body).status in (400, 422)
