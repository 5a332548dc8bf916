"""What the front and the worker of this machine are told, as CARNET_* settings (chalicelib/config)."""

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from joserfc.jwk import ECKey

from .home import Home, inherited
from .oidc.people import REALMS
from .oidc.signing import ALGORITHM
from .ports import LOOPBACK
from .provider import secret_file
from .servers import REGION
from .stores import BUCKET, TABLE

STAGE = "local"
AUDIENCE = "carnet"
_DEPOSITS_A_DAY = "1000000"
"""no real quota: one machine for evaluation is loaded by one person"""


def settings(home: Home, ports: Mapping[str, int]) -> dict[str, str]:
    """Return all settings of the two; an address given to callers is the front's own."""
    urls = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
    plain = {
        "stage": STAGE,
        "region": REGION,
        "public_url": urls["front"],
        "portal_url": urls["front"],
        "cors_origins": "",
        "issuers": json.dumps(_issuers(urls["issuer"])),
        "rows_endpoint": urls["rows"],
        "rows_credentials": f"file:{home.data('rows') / 'credentials.json'}",
        "table": TABLE,
        "blobs_endpoint": urls["blobs"],
        "blobs_credentials": f"file:{home.data('blobs') / 'credentials.json'}",
        "bucket": BUCKET,
        "keys": f"file:{home.root / 'root.key'}",
        "queue": "rows",
        "smtp": f"smtp://{LOOPBACK}:{ports['mail']}",
        "mail_from": "carnet@example.org",
        "sms": f"{urls['provider']}/sms",
        "sms_secret": f"file:{secret_file(home.data('provider'), 'sms')}",
        "push_hosts": LOOPBACK,
        "push_key": f"file:{push_key(home.root / 'push.pem')}",
        "reports_secret": f"file:{secret_file(home.data('provider'), 'reports')}",
        "scanner": inherited().get("EMBEDDED_SCANNER", "none"),
        "deposits_per_organisation": _DEPOSITS_A_DAY,
        "deposits_per_record": _DEPOSITS_A_DAY,
    }
    return {f"CARNET_{name.upper()}": value for name, value in plain.items()}


def push_key(file: Path) -> Path:
    """Return the file of our key for push services, made when it is not there."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(ECKey.generate_key("P-256").as_pem(private=True))
    return file


def _issuers(base: str) -> list[dict[str, object]]:
    return [
        {
            "issuer": f"{base}/{realm}",
            "audience": AUDIENCE,
            "kind": realm,
            "jwks_uri": f"{base}/{realm}/jwks",
            "algorithms": [ALGORITHM],
            "development": True,
        }
        for realm in REALMS
    ]


def write_env(file: Path, env: Mapping[str, str]) -> None:
    """Keep the settings for a shell: `set -a; . .carnet/env; set +a`."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f"{name}={shlex.quote(value)}\n" for name, value in env.items())
