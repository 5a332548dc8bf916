"""Which adapter stands behind which port. Another host is another line here."""

import json
import tomllib
from importlib import import_module, resources
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from .access.actor import Actor
from .config import Config, Queues, Root, ScannerPlace, check_perimeter
from .edge.http import Authenticate, Headers, Site
from .hosts.aws import Place
from .hosts.clamd import ClamdScanner, NoScanner
from .hosts.clock import SystemClock
from .hosts.dynamo import DynamoRows
from .hosts.keys import CachedKeys, KeyFileKeys, KmsKeys
from .hosts.no_push import NoPush
from .hosts.outbox_queue import OutboxQueue
from .hosts.s3 import S3Blobs
from .hosts.sms_http import HttpSms, NoSms, SmsProvider
from .hosts.smtp import MailServer, SmtpMail
from .hosts.sqs import SqsQueue
from .kernel.host import Host
from .kernel.loading import Once, undisturbed
from .kernel.ports import Clock, Keys, Push, Queue, Rows, Scanner, Sms

_SECURITY: dict[str, Literal["none", "starttls", "tls"]] = {
    "smtp": "none",
    "smtp+starttls": "starttls",
    "smtps": "tls",
}


def host_for(config: Config) -> Host:
    """Return the outside world of this deployment. Raise ConfigError when it lies outside the perimeter."""
    check_perimeter(config, perimeter())
    clock = SystemClock()
    rows = DynamoRows(_place(config, config.rows_endpoint, config.rows_credentials), config.table)
    return Host(
        rows=rows,
        blobs=S3Blobs(_place(config, config.blobs_endpoint, config.blobs_credentials), config.bucket),
        keys=CachedKeys(_keys(config, config.keys), clock),
        queue=_queue(config, config.queue, rows, clock),
        mail=SmtpMail(_mail_server(config), config.mail_from.rpartition("@")[2]),
        sms=_sms(config),
        push=_push(config, clock),
        scanner=_scanner(config.scanner),
        clock=clock,
    )


def site_for(config: Config, host: Host) -> Site:
    """Return what the HTTP views use beside the call."""
    return Site(
        host=host,
        authenticate=Callers(config, host),
        public_url=config.public_url,
        portal_url=config.portal_url,
        cors_origins=config.cors_origins,
        reports_secret=config.reports_secret.read(),
        quotas={"organisation": config.deposits_per_organisation, "record": config.deposits_per_record},
    )


class Callers:
    """Tells who calls. What that takes is loaded with the first caller: queues and GET /health have none."""

    def __init__(self, config: Config, host: Host) -> None:
        self.load = Once(lambda: _authenticator(config, host))

    def __call__(self, headers: Headers, method: str, url: str) -> Actor:
        """Return who calls. Raise NotAuthenticated, or Unavailable."""
        return self.load()(headers, method, url)


def _authenticator(config: Config, host: Host) -> Authenticate:
    with undisturbed():
        made: Authenticate = import_module(f"{__package__}.callers").authenticator(config, host)
    return made


def perimeter() -> dict[str, Any]:
    """Return policies/perimeter.toml, as it was packaged."""
    return tomllib.loads(resources.files("chalicelib").joinpath("perimeter.toml").read_text())


def _place(config: Config, endpoint: str, credentials: str) -> Place:
    kept = json.loads(Path(credentials).read_text()) if credentials else {}
    return Place(config.region, endpoint, kept.get("access_key", ""), kept.get("secret_key", ""))


def _keys(config: Config, root: Root) -> Keys:
    if root.kind == "kms":
        return KmsKeys(Place(config.region), root.name)
    return KeyFileKeys(Path(root.name))


def _queue(config: Config, queues: Queues, rows: Rows, clock: Clock) -> Queue:
    addresses = queues.addresses()
    if not addresses:
        return OutboxQueue(rows, clock)
    parts = urlsplit(addresses[0])
    return SqsQueue(Place(config.region, f"{parts.scheme}://{parts.netloc}"), queues.prefix, queues.urls)


def _mail_server(config: Config) -> MailServer:
    mail = config.smtp
    return MailServer(mail.host, mail.port, _SECURITY[mail.security], mail.user, mail.password)


def _sms(config: Config) -> Sms:
    if not config.sms:
        return NoSms()
    return HttpSms(SmsProvider(config.sms, config.sms_secret.read().decode(), loopback=config.is_rehearsal))


def _push(config: Config, clock: Clock) -> Push:
    key, contact = config.push_key.read(), f"mailto:{config.mail_from}"
    if not key:
        return NoPush()
    with undisturbed():
        webpush = import_module(f"{__package__}.hosts.webpush")
    vapid = webpush.Vapid(key, contact, config.push_hosts, loopback=config.is_rehearsal)
    made: Push = webpush.WebPush(vapid, clock.now)
    return made


def _scanner(place: ScannerPlace) -> Scanner:
    if place.socket:
        return ClamdScanner(Path(place.socket))
    return ClamdScanner((place.host, place.port)) if place.host else NoScanner()
