"""One machine: what dies comes back by itself, and a killed supervisor loses nothing."""

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import instance as instances
from infra.local.instance import Instance
from infra.local.kept import read
from infra.local.oidc.people import people
from infra.local.orphans import marked
from infra.local.servers import answers
from infra.local.supervisor import AlreadyRunning, only_one

CHILDREN = {"rows", "blobs", "issuer", "mail", "provider", "front", "worker"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with instances.running(tmp_path_factory.mktemp("instance")) as instance:
        yield instance


def until(what: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come back"
        time.sleep(0.05)


def test_everything_runs_and_the_api_answers(running: Instance) -> None:
    assert set(running.state["children"]) == CHILDREN
    assert answers(running.base_url + "/health")
    assert running.caller("doctor").token()


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_a_killed_child_comes_back_by_itself(running: Instance, name: str) -> None:
    before = running.pid(name)
    running.kill_child(name)
    until(lambda: running.pid(name) != before and running.is_ready())


def test_a_second_supervisor_on_the_same_folder_is_refused(running: Instance) -> None:
    with pytest.raises(AlreadyRunning), only_one(running.home):
        pytest.fail("two supervisors at once")


def ask(instance: Instance, path: str, body: dict[str, object]) -> dict[str, object]:
    url = instance.base_url + path
    headers = {**instance.caller("enrolment").headers("POST", url), "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers)) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def test_data_survive_a_killed_supervisor_and_nothing_of_it_stays_behind(tmp_path: Path) -> None:
    ins = dict(people()["barnabe"].ins)
    traits = {"ins": ins, "family_name": "FICTIF", "given_names": ["Barnabé"], "birth_date": "1994-03-14"}
    first = instances.start(tmp_path)
    ports = read(tmp_path / "ports.json")
    opened = ask(first, "/records", {**traits, "sex": "M", "birth_place": "99990"})
    first.kill()
    second = instances.start(tmp_path)
    try:
        assert read(tmp_path / "ports.json") == ports
        assert ask(second, "/record-lookups", {"ins": ins})["record"] == opened["record"]
        assert second.state["children"].keys() == CHILDREN
        assert len({os.getpgid(pid) for pid in marked(tmp_path.resolve())}) == len(CHILDREN)
    finally:
        second.stop()
    assert not list(marked(tmp_path.resolve()))
