"""Who checks callers. Loaded with the first of them: queues, schedules and GET /health need nobody who does."""

from functools import partial

from .access.keyring import subject_id
from .config import Config
from .edge.authn import Authenticator, Issuer, IssuerKind
from .edge.http import Authenticate
from .edge.keysets import fetch_keys
from .kernel.host import Host


def authenticator(config: Config, host: Host) -> Authenticate:
    """Return what turns tokens of the configured issuers, and of nobody else, into actors."""
    issuers = [
        Issuer(one.issuer, IssuerKind(one.kind), one.audience, one.jwks_uri, tuple(one.algorithms))
        for one in config.issuers
    ]
    name = partial(subject_id, host)
    return Authenticator(issuers, fetch_keys, host.clock, name, loopback=config.is_rehearsal)
