"""A route is loaded at its first request: what cannot be loaded is one failure, told like any other and tried again."""

import json
from typing import cast

import pytest
from chalice.app import Chalice

from chalicelib.edge.http import Route, Site
from chalicelib.edge.serve import mount
from chalicelib.edge.ways import Way
from chalicelib.kernel.host import Host

from .edge_site import PUBLIC_URL, SECRET, api, authenticate, event

PORTAL = "https://portal.example"
WHO = next(route for route in api.routes if route.path == "/who")


def site(*loading: Route | Exception) -> tuple[Chalice, list[Route | Exception]]:
    """Return an application of one way, and what its loading gives, one after the other."""
    app, left = Chalice("ways", configure_logs=False, env={}), list(loading)

    def load() -> Route:
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    told = Site(cast(Host, None), authenticate, PUBLIC_URL, cors_origins=(PORTAL,))
    mount(app, lambda: told, [Way("GET", "/who", "who", load)])
    return app, left


def test_a_module_that_cannot_be_loaded_is_told_to_a_portal_without_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    app, _ = site(ImportError(SECRET), WHO)
    asked = event("GET", "/who", headers={"origin": PORTAL})
    answers = [app(asked, None) for _ in range(2)]
    assert [json.loads(one["body"])["code"] for one in answers] == ["FAULT", "NOT_AUTHENTICATED"]
    assert [one["headers"].get("Access-Control-Allow-Origin") for one in answers] == [PORTAL, PORTAL]
    assert SECRET not in str(answers) + capsys.readouterr().out


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 204), ("POST", 405), ("DELETE", 405)])
def test_a_question_about_a_route_loads_nothing(method: str, status: int) -> None:
    app, left = site(WHO)
    assert app(event(method, "/who"), None)["statusCode"] == status
    assert left == [WHO]
