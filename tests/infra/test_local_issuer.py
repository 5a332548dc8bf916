"""The development issuer gives the tokens that the edge accepts, and no others."""

import base64
import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from chalicelib.access.actor import Actor, Kind
from chalicelib.edge.authn import Authenticator, Issuer, IssuerKind
from chalicelib.edge.keysets import fetch_keys
from chalicelib.hosts.clock import SystemClock
from chalicelib.kernel.errors import NotAuthenticated
from infra.local.issuer import Issuer as DevelopmentIssuer
from infra.local.issuer import NotHere
from infra.local.oidc.dpop import proof
from infra.local.oidc.people import REALMS
from infra.local.oidc.signing import new_key
from tests.infra.issuers import AUDIENCE, RunningIssuer, running_issuer

URL = "http://127.0.0.1/me"


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningIssuer]:
    with running_issuer(tmp_path_factory.mktemp("issuer")) as running:
        yield running


@pytest.fixture
def authenticate(issuer: RunningIssuer) -> Authenticator:
    realms = [
        Issuer(f"{issuer.base}/{realm}", IssuerKind(realm), AUDIENCE, f"{issuer.base}/{realm}/jwks") for realm in REALMS
    ]
    return Authenticator(realms, fetch_keys, SystemClock(), lambda _, subject: f"hash-of-{subject}", loopback=True)


def whoever(issuer: RunningIssuer, authenticate: Authenticator, key: str, exercice: int = 0) -> Actor:
    return authenticate(_lower(issuer.caller(key, exercice).headers("GET", URL)), "GET", URL)


def post(url: str, form: dict[str, str], headers: dict[str, str] | None = None) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(url, urlencode(form).encode(), headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("ondine", Kind.CITIZEN),
        ("barnabe", Kind.CITIZEN),
        ("doctor", Kind.PROFESSIONAL),
        ("physiotherapist", Kind.PROFESSIONAL),
        ("laboratory", Kind.PROFESSIONAL),
        ("robot", Kind.SOFTWARE),
        ("enrolment", Kind.ENROLMENT),
        ("support", Kind.SUPPORT),
        ("insurer", Kind.INSURER),
        ("mutuelle", Kind.MUTUELLE),
        ("employer", Kind.EMPLOYER),
        ("bank", Kind.BANK),
        ("state", Kind.STATE),
        ("health_fund", Kind.HEALTH_FUND),
    ],
)
def test_every_seeded_person_is_known_to_the_edge_as_what_they_are(
    issuer: RunningIssuer, authenticate: Authenticator, key: str, kind: Kind
) -> None:
    assert whoever(issuer, authenticate, key).kind is kind


def test_a_family_doctor_acts_in_the_chosen_practice(issuer: RunningIssuer, authenticate: Authenticator) -> None:
    surgery, hospital = (whoever(issuer, authenticate, "doctor", choice) for choice in (0, 1))
    assert surgery.profession == hospital.profession == "10"
    assert (surgery.organisation, hospital.organisation) == ("org:R10009900101", "org:F990000026")


def test_a_laboratory_calls_as_the_biologist_behind_it(issuer: RunningIssuer, authenticate: Authenticator) -> None:
    actor = whoever(issuer, authenticate, "laboratory")
    assert (actor.id, actor.organisation, actor.client) == ("pro:810009900035", "org:F990000018", "laboratory")


def test_a_machines_token_is_worth_nothing_with_another_key(issuer: RunningIssuer, authenticate: Authenticator) -> None:
    token = issuer.caller("laboratory").token()
    stolen = {"Authorization": f"DPoP {token}", "DPoP": proof(new_key(), "GET", URL, token)}
    with pytest.raises(NotAuthenticated):
        authenticate(_lower(stolen), "GET", URL)


def test_a_machine_without_proof_gets_no_token(issuer: RunningIssuer) -> None:
    secret = json.loads((issuer.folder / "clients" / "robot.json").read_text())["client_secret"]
    form = {"grant_type": "client_credentials", "client_id": "robot", "client_secret": secret}
    endpoint = f"{issuer.base}/machines/token"
    assert post(endpoint, form) == (400, {"error": "invalid_dpop_proof"})
    assert post(endpoint, form, {"DPoP": proof(new_key(), "POST", endpoint)})[0] == 200


def test_a_machine_with_a_wrong_secret_gets_no_token(issuer: RunningIssuer) -> None:
    form = {"grant_type": "client_credentials", "client_id": "robot", "client_secret": "wrong"}
    endpoint = f"{issuer.base}/machines/token"
    assert post(endpoint, form, {"DPoP": proof(new_key(), "POST", endpoint)}) == (400, {"error": "invalid_client"})


def test_a_rotated_key_is_accepted_and_the_one_before_stays_good(
    issuer: RunningIssuer, authenticate: Authenticator
) -> None:
    before = issuer.caller("support").headers("GET", URL)
    post(f"{issuer.base}/staff/rotate", {})
    after = issuer.caller("support").headers("GET", URL)
    assert authenticate(_lower(before), "GET", URL) == authenticate(_lower(after), "GET", URL)


def test_a_browser_logs_in_with_a_code_that_works_once_and_only_for_its_verifier(issuer: RunningIssuer) -> None:
    verifier = "v" * 60
    assert _redeem(issuer, _code(issuer, verifier), "x" * 60)[0] == 400
    code = _code(issuer, verifier)
    status, answer = _redeem(issuer, code, verifier)
    assert (status, answer["token_type"]) == (200, "Bearer")
    assert _redeem(issuer, code, verifier)[0] == 400


def test_a_login_returns_to_the_loopback_only(issuer: RunningIssuer) -> None:
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(_authorize(issuer, "v" * 60, redirect_uri="https://elsewhere.example/"))


def test_the_login_page_offers_every_practice_of_every_professional(issuer: RunningIssuer) -> None:
    page = urllib.request.urlopen(_authorize(issuer, "v" * 60, realm="professionals")).read().decode()
    assert "Cabinet des Exemples" in page
    assert "Hôpital des Exemples" in page


def test_the_issuer_refuses_to_exist_on_a_real_stage(tmp_path: Path) -> None:
    with pytest.raises(NotHere):
        DevelopmentIssuer("sovereign", "https://issuer.example", AUDIENCE, tmp_path)


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _authorize(issuer: RunningIssuer, verifier: str, realm: str = "citizens", **changed: str) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {"response_type": "code", "client_id": "portal", "redirect_uri": "http://127.0.0.1:9/back", "state": "s"}
    query |= {"code_challenge": challenge, "code_challenge_method": "S256", **changed}
    return f"{issuer.base}/{realm}/authorize?{urlencode(query)}"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _code(issuer: RunningIssuer, verifier: str) -> str:
    with pytest.raises(urllib.error.HTTPError) as found:
        urllib.request.build_opener(_Stay).open(_authorize(issuer, verifier) + "&person=ondine")
    back = parse_qs(urlsplit(found.value.headers["Location"]).query)
    assert back["state"] == ["s"]
    return back["code"][0]


def _redeem(issuer: RunningIssuer, code: str, verifier: str) -> tuple[int, dict[str, str]]:
    form = {"grant_type": "authorization_code", "client_id": "portal", "code": code, "code_verifier": verifier}
    return post(f"{issuer.base}/citizens/token", form | {"redirect_uri": "http://127.0.0.1:9/back"})
