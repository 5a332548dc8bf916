"""Settings are all there, known, valid, and inside the perimeter."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from chalicelib.config import Config, ConfigError, ScannerPlace, check_perimeter
from chalicelib.wiring import perimeter

POLICIES = Path(__file__).parents[2] / "policies"
ISSUER = {
    "issuer": "https://issuer.example",
    "audience": "https://carnet.example",
    "kind": "citizens",
    "jwks_uri": "https://issuer.example/jwks",
    "algorithms": ["ES256"],
    "development": False,
}
SETTINGS = {
    "CARNET_STAGE": "hospital",
    "CARNET_REGION": "region-1",
    "CARNET_PUBLIC_URL": "https://carnet.example/v1",
    "CARNET_PORTAL_URL": "https://portal.example",
    "CARNET_CORS_ORIGINS": "https://portal.example https://other.example",
    "CARNET_ISSUERS": json.dumps([ISSUER]),
    "CARNET_ROWS_ENDPOINT": "https://rows.host.example:8000",
    "CARNET_ROWS_CREDENTIALS": "file:/run/secrets/rows.json",
    "CARNET_TABLE": "carnet",
    "CARNET_BLOBS_ENDPOINT": "https://s3.host.example",
    "CARNET_BLOBS_CREDENTIALS": "",
    "CARNET_BUCKET": "carnet-documents",
    "CARNET_KEYS": "file:/run/secrets/root.key",
    "CARNET_QUEUE": "rows",
    "CARNET_SMTP": "smtp+starttls://carnet:s%40cret@mail.example",
    "CARNET_MAIL_FROM": "carnet@carnet.example",
    "CARNET_SMS": "none",
    "CARNET_SMS_SECRET": "",
    "CARNET_PUSH_HOSTS": "",
    "CARNET_PUSH_KEY": "",
    "CARNET_REPORTS_SECRET": "",
    "CARNET_SCANNER": "none",
    "CARNET_DEPOSITS_PER_ORGANISATION": "10000",
    "CARNET_DEPOSITS_PER_RECORD": "200",
}
PERIMETER: dict[str, Any] = {
    "stages": {
        "hospital": {"partitions": ["sovereign"], "regions": ["region-1"], "hosts": [".host.example", "clamd"]},
        "local": {"partitions": ["local"], "regions": ["region-1"], "hosts": ["127.0.0.1"]},
    }
}


def read(**changed: str) -> Config:
    return Config.read(SETTINGS | {f"CARNET_{name.upper()}": value for name, value in changed.items()})


def test_every_setting_is_read_and_typed() -> None:
    config = read()
    assert config.cors_origins == ("https://portal.example", "https://other.example")
    assert (config.smtp.host, config.smtp.port, config.smtp.user, config.smtp.password) == (
        "mail.example",
        587,
        "carnet",
        "s@cret",
    )
    assert (config.rows_credentials, config.blobs_credentials) == ("/run/secrets/rows.json", "")
    assert (config.keys.kind, config.keys.name) == ("file", "/run/secrets/root.key")
    assert config.deposits_per_record == 200
    assert config.issuers[0].kind == "citizens"
    assert config.queue.addresses() == ()


def test_what_is_not_ours_is_ignored() -> None:
    assert Config.read(SETTINGS | {"PATH": "/bin"}) == read()


@pytest.mark.parametrize("name", SETTINGS)
def test_no_setting_has_a_default(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"missing settings: {name}$"):
        Config.read({key: value for key, value in SETTINGS.items() if key != name})


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"unknown settings: CARNET_TABEL$"):
        read(tabel="secret")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stage", ""),
        ("stage", "Local"),
        ("region", " x"),
        ("table", ""),
        ("bucket", ""),
        ("public_url", "carnet.example"),
        ("public_url", "https://hidden:hidden@carnet.example"),
        ("portal_url", ""),
        ("cors_origins", "*"),
        ("cors_origins", "https://portal.example/path"),
        ("rows_endpoint", "ftp://hidden.example"),
        ("rows_credentials", "hidden:hidden"),
        ("blobs_credentials", "file:"),
        ("keys", "hidden"),
        ("keys", "kms:"),
        ("queue", "sqs:"),
        ("queue", "sqs:{"),
        ("queue", 'sqs:{"intake": 1}'),
        ("smtp", "https://mail.example"),
        ("smtp", "smtp://mail.example:hidden"),
        ("mail_from", "hidden"),
        ("sms", ""),
        ("sms", "hidden"),
        ("sms", "https://hidden:hidden@sms.example/"),
        ("sms_secret", "hidden"),
        ("push_hosts", "https://hidden.example"),
        ("push_hosts", "hidden.example:443"),
        ("push_key", "hidden"),
        ("push_key", "file:"),
        ("push_key", "text:"),
        ("reports_secret", "hidden"),
        ("scanner", "clamd://hidden"),
        ("scanner", "hidden"),
        ("deposits_per_record", "0"),
        ("deposits_per_record", "-1"),
        ("deposits_per_organisation", "many-hidden"),
        ("issuers", "hidden"),
        ("issuers", "{}"),
        ("issuers", json.dumps([{**ISSUER, "kind": "hidden"}])),
        ("issuers", json.dumps([{**ISSUER, "hidden": 1}])),
        ("issuers", json.dumps([{**ISSUER, "development": "no"}])),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_setting_and_not_shown(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(**{name: value})
    assert str(raised.value) == f"CARNET_{name.upper()} is not valid"
    assert raised.value.__cause__ is None


def test_a_secret_is_in_a_file_or_in_the_setting_and_never_in_the_representation(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s@cret\n")
    inside, outside = read(sms_secret="text:s@cret:1"), read(sms_secret=f"file:{tmp_path / 'secret'}")
    assert (inside.sms_secret.read(), outside.sms_secret.read()) == (b"s@cret:1", b"s@cret")
    assert read().sms_secret.read() == b""
    assert "s@cret" not in repr(inside)


def test_the_mail_password_is_not_in_the_representation() -> None:
    assert "s@cret" not in repr(read())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("none", ScannerPlace()),
        ("clamd://clamd:3310", ScannerPlace("clamd", 3310)),
        ("clamd-unix:/run/clamd.sock", ScannerPlace(socket="/run/clamd.sock")),
    ],
)
def test_the_scanner_is_a_host_a_socket_or_none(text: str, place: ScannerPlace) -> None:
    assert read(scanner=text).scanner == place


def test_queues_have_a_prefix_or_an_address_each() -> None:
    assert read(queue="sqs:https://sqs.host.example/1/carnet-").queue.prefix == "https://sqs.host.example/1/carnet-"
    urls = {"intake": "https://sqs.host.example/1/a", "notices": "https://sqs.host.example/1/b"}
    assert read(queue=f"sqs:{json.dumps(urls)}").queue.urls == urls


def test_a_deployment_inside_its_perimeter_starts() -> None:
    check_perimeter(read(), PERIMETER)
    check_perimeter(read(scanner="clamd://clamd:3310", keys="kms:arn:sovereign:kms:region-1:1:key/1"), PERIMETER)
    check_perimeter(read(rows_endpoint="", blobs_endpoint="", queue="sqs:https://sqs.host.example/1/"), PERIMETER)


@pytest.mark.abuse("C10")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stage", "elsewhere"),
        ("region", "region-2"),
        ("rows_endpoint", "https://rows.elsewhere.example"),
        ("rows_endpoint", "https://host.example.elsewhere.example"),
        ("rows_endpoint", "https://nothost.example"),
        ("rows_endpoint", "http://127.0.0.1:8000"),
        ("blobs_endpoint", "http://localhost"),
        ("blobs_endpoint", "http://[::1]:9000"),
        ("queue", "sqs:https://sqs.elsewhere.example/1/"),
        ("queue", 'sqs:{"intake": "https://sqs.host.example/1", "notices": "https://sqs.elsewhere.example/1"}'),
        ("scanner", "clamd://clamd.elsewhere.example:3310"),
        ("sms", "http://sms.host.example/"),
        ("push_hosts", "push.example 127.0.0.1"),
        ("keys", "kms:arn:other:kms:region-1:1:key/1"),
        ("keys", "kms:arn:sovereign:kms:region-2:1:key/1"),
        ("issuers", json.dumps([{**ISSUER, "development": True}])),
        ("issuers", json.dumps([{**ISSUER, "jwks_uri": "http://127.0.0.1:8421/jwks"}])),
    ],
)
def test_a_place_outside_the_perimeter_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^CARNET_{name.upper()} "):
        check_perimeter(read(**{name: value}), PERIMETER)


def test_one_machine_may_use_itself_and_a_development_issuer_but_never_leaves() -> None:
    here = {"stage": "local", "rows_endpoint": "http://127.0.0.1:1", "blobs_endpoint": "http://127.0.0.1:2"}
    issuer = {**ISSUER, "development": True, "jwks_uri": "http://127.0.0.1:3/jwks"}
    check_perimeter(read(**here, issuers=json.dumps([issuer])), PERIMETER)
    with pytest.raises(ConfigError, match="CARNET_BLOBS_ENDPOINT"):
        check_perimeter(read(**(here | {"blobs_endpoint": ""})), PERIMETER)


def test_the_packaged_perimeter_is_the_published_one_and_no_real_stage_in_it_is_on_loopback() -> None:
    assert perimeter() == tomllib.loads((POLICIES / "perimeter.toml").read_text())
    assert not {"127.0.0.1", "localhost"} & set(perimeter()["stages"]["sovereign"]["hosts"])
