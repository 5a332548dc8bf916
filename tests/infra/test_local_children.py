"""What the supervisor does with a child that dies, is deaf, or outlived another supervisor; and where mails lie."""

import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from infra.local import children, processes
from infra.local.children import Child, accepts, always, listening, wait_for
from infra.local.home import REPOSITORY, Home
from infra.local.kept import kept
from infra.local.orphans import MARK, kill_orphans, marked
from infra.local.ports import Claims, claimed, free_port, is_free
from infra.local.processes import Launch


def launch(folder: Path, code: str) -> Launch:
    return Launch([sys.executable, "-c", code], folder, folder / "log", {MARK: str(folder)})


def test_a_child_that_keeps_dying_young_is_started_less_and_less_often(tmp_path: Path) -> None:
    child = Child("broken", lambda: launch(tmp_path, "raise SystemExit(3)"), always)
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        child.tend()
        time.sleep(0.01)
    assert 2 <= child.starts <= 5


def test_a_child_that_dies_at_the_start_is_named_with_its_log(tmp_path: Path) -> None:
    child = Child("broken", lambda: launch(tmp_path, "raise SystemExit(3)"), always)
    child.start()
    with pytest.raises(RuntimeError, match=r"broken did not start: see .*log"):
        wait_for(child, lambda: False)


def test_stopping_ends_the_children_of_a_child(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()"
    process = processes.spawn(launch(tmp_path, code))
    while len(list(marked(tmp_path))) < 2:
        time.sleep(0.01)
    processes.stop(process)
    while list(marked(tmp_path)):
        time.sleep(0.01)


def until(what: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def sleeper(folder: Path, alive: Callable[[], bool]) -> Child:
    child = Child("sleeper", lambda: launch(folder, "import time; time.sleep(60)"), alive)
    child.start()
    return child


def test_a_child_that_falls_silent_is_killed_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "DEAF", 0.2)
    answers = [True]
    child = sleeper(tmp_path, lambda: answers[0])
    child.listen()
    answers.clear()
    answers.append(False)
    until(lambda: child.listen() or child.tend())
    assert child.starts == 2
    child.stop()


def test_a_child_may_take_longer_for_its_first_answer_than_for_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "DEAF", 0.1)
    child = sleeper(tmp_path, lambda: False)
    time.sleep(0.2)
    child.listen()
    time.sleep(0.1)
    assert not child.tend()
    monkeypatch.setattr(children, "STARTING", 0.1)
    until(lambda: child.listen() or child.tend())
    child.stop()


def test_a_child_that_lets_us_wait_for_its_answer_does_not_delay_another_one(tmp_path: Path) -> None:
    silence = threading.Event()
    mute, dead = sleeper(tmp_path, lambda: silence.wait(5)), sleeper(tmp_path, always)
    began = time.monotonic()
    with listening([mute, dead], pause=0.05):
        time.sleep(0.2)
        processes.signal_group(dead.process.pid, signal.SIGKILL)
        until(dead.tend)
        assert time.monotonic() - began < 3
        silence.set()
    for child in (mute, dead):
        child.stop()


def test_orphans_are_known_by_their_mark_and_by_nothing_else(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    spawned = [processes.spawn(launch(folder, "import time; time.sleep(60)")) for folder in (ours, other)]
    assert kill_orphans(ours) == 1
    assert spawned[0].wait() == -9
    assert spawned[1].poll() is None
    processes.kill(spawned[1])


def test_ports_stay_the_same_while_they_are_free(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Claims() as claims:
        first = home.ports(claims)
    with Claims() as claims:
        assert home.ports(claims) == first


def test_a_port_belongs_to_its_instance_also_while_nobody_listens_on_it(tmp_path: Path) -> None:
    with Claims() as ours, Claims() as others:
        first, second = Home(tmp_path / "ours").ports(ours), Home(tmp_path / "other").ports(others)
        assert not set(first.values()) & set(second.values())
        assert not is_free(first["front"])
    assert is_free(first["front"])


def test_a_port_that_was_chosen_for_a_server_is_chosen_by_nobody_else_before_it_listens() -> None:
    port = free_port()
    code = f"from infra.local.ports import is_free; print(is_free({port}))"
    asked = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


def test_of_more_claims_than_a_process_may_hold_the_oldest_are_given_back() -> None:
    with Claims(most=2) as ours:
        first, second, third = claimed(ours), claimed(ours), claimed(ours)
        assert [is_free(port) for port in (first, second, third)] == [True, False, False]


def test_a_killed_instance_does_not_keep_its_ports(tmp_path: Path) -> None:
    code = "import sys, time; from infra.local.ports import Claims; c = Claims(); c.take({}); time.sleep(9)"
    with Claims() as ours:
        port = claimed(ours)
    holder = processes.spawn(Launch([sys.executable, "-c", code.format(port)], REPOSITORY, tmp_path / "log"))
    until(lambda: not is_free(port))
    processes.kill(holder)
    assert is_free(port)


def test_a_credential_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first, second = (kept(tmp_path / "secret.json", lambda value=value: {"value": value}) for value in (1, 2))  # type: ignore[misc]
    assert first == second == {"value": 1}
    assert (tmp_path / "secret.json").stat().st_mode & 0o077 == 0


def test_the_mailbox_keeps_every_mail_and_shows_one_that_came_twice(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "infra.local.mailbox", str(port), str(tmp_path / "mail")]
    child = Child("mail", lambda: Launch(command, REPOSITORY, tmp_path / "log"), lambda: accepts(port))
    child.start()
    wait_for(child, child.alive)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "a@example.org", "b@example.org", "<same@example.org>"
    for _ in range(2):
        with smtplib.SMTP("127.0.0.1", port) as session:
            session.send_message(mail)
    child.stop()
    names = sorted(file.name for file in (tmp_path / "mail").iterdir())
    assert len(names) == 2
    assert names[0].endswith("-again-1.eml")
