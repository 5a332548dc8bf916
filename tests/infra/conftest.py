"""One package and one running stand-in for all tests of this folder."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller

from infra.deploy import deploy
from infra.local.mailbox import Mailbox
from infra.local.oidc.people import REALMS
from infra.local.oidc.signing import ALGORITHM
from infra.local.ports import LOOPBACK, free_port
from infra.package import package
from infra.perimeter import Stage, read_stage
from tests.infra.deployment import Deployed, Made, Mails
from tests.infra.issuers import AUDIENCE, RunningIssuer, running_issuer
from tests.infra.ministack import Cloud, ministack


@pytest.fixture(scope="session")
def stage() -> Stage:
    """Return the stage of the stand-in."""
    return read_stage("test")


@pytest.fixture(scope="session")
def made(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make the package once."""
    folder = tmp_path_factory.mktemp("package")
    return Made(folder, package(stage, folder))


@pytest.fixture(scope="session")
def made_again(stage: Stage, made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[Made]]:
    """Make the package a second time, while the first one is deployed: that mostly waits."""
    folder = tmp_path_factory.mktemp("package-again")
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(lambda: Made(folder, package(stage, folder)))


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningIssuer]:
    """Run the development issuer for the deployed functions."""
    with running_issuer(tmp_path_factory.mktemp("issuer")) as running:
        yield running


@pytest.fixture(scope="session")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mails]:
    """Run a mail server that keeps what it takes."""
    folder, port = tmp_path_factory.mktemp("mails"), free_port()
    server = Controller(Mailbox(folder), hostname=LOOPBACK, port=port)
    server.start()
    yield Mails(f"smtp://{LOOPBACK}:{port}", folder)
    server.stop()


@pytest.fixture(scope="session")
def deployed(
    stage: Stage,
    made: Made,
    made_again: Future[Made],
    issuer: RunningIssuer,
    mails: Mails,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployed]:
    """Deploy to a fresh stand-in."""
    told = replace(stage, edge={**stage.edge, "Issuers": json.dumps(_issuers(issuer.base)), "Smtp": mails.url})
    with ministack(tmp_path_factory.mktemp("cloud"), stage.region) as cloud:
        first = deploy(told, made.folder, cloud.client("cloudformation"), cloud.client("s3"))
        _two_at_once(cloud)
        yield Deployed(cloud, told, first)


def _two_at_once(cloud: Cloud) -> None:
    """Let no queue have more than two functions at once: the stand-in unpacks the whole package for each of them."""
    functions = cloud.client("lambda")
    for source in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=source["UUID"], ScalingConfig={"MaximumConcurrency": 2})


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
