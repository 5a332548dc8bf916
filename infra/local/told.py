"""The story over HTTP: real requests against the running instance, each one shown as a line to paste."""

import email
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from email.policy import default
from urllib.parse import urlsplit

from chalicelib.config import Config
from chalicelib.wiring import host_for

from .home import REPOSITORY, default_home, inherited
from .instance import Instance
from .life import Life
from .prevention import Preventive
from .send import send
from .story import Answer, Ask, Story, StoryError, World


class Embedded:
    """The instance on this machine."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._asked: Ask | None = None

    def send(self, ask: Ask) -> Answer:
        """Send one request and show it, unless it only repeats the one before."""
        answer = send(self._instance, ask)
        if ask != self._asked:
            print(f"   {pasteable(ask, self._kept(ask))}\n      → {answer.status}", flush=True)
        self._asked = ask
        return answer

    def _kept(self, ask: Ask) -> str:
        """Keep the content that is sent as a file, so that the line can be pasted; return its name, empty without."""
        if ask.form is None:
            return ""
        return self.keep(self._instance.home.report.name, ask.form[1])

    def keep(self, name: str, data: bytes) -> str:
        """Keep a file in the folder of the instance; return where, as the lines that are shown begin."""
        file = self._instance.home.root / name
        file.write_bytes(data)
        return str(file.relative_to(REPOSITORY) if file.is_relative_to(REPOSITORY) else file)

    def issuer(self) -> str:
        """Return the name of the citizens' issuer."""
        return f"{self._instance.state['issuer']}/citizens"

    def until(self, done: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Wait for the worker."""
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not come within {seconds:g} s")
            time.sleep(0.1)

    def night(self) -> None:
        """Run the night now, as the worker would at its hour."""
        self._run("infra.worker", "--night")

    def reviewed(self, professional: str) -> None:
        """End the review of this professional, as the privacy officer does."""
        self._run("infra.review", "--end", professional)

    def _run(self, *module: str) -> None:
        command, self._asked = [sys.executable, "-m", *module], None  # what is asked again after it is shown again
        print(f"   set -a; . .carnet/env; {' '.join(['.venv/bin/python', *command[1:]])}", flush=True)
        subprocess.run(
            command, check=True, cwd=REPOSITORY, env=inherited(**self._settings()), stdout=subprocess.DEVNULL
        )

    def mails(self, address: str) -> list[str]:
        """Return the bodies of the mails kept for this address."""
        files = sorted(self._instance.home.mail.glob("*.eml"), key=lambda file: file.stat().st_mtime)
        messages = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [m.get_body().get_content() for m in messages if m["To"] == address]  # type: ignore[union-attr]

    def put(self, name: str, data: bytes) -> None:
        """Put an object into the store, with the instance's own settings."""
        print(f"   (a file of {len(data)} bytes is put into the store as {name})", flush=True)
        host_for(Config.read(self._settings())).blobs.put(name, data)

    def _settings(self) -> dict[str, str]:
        text = self._instance.home.env.read_text()
        return dict(line.split("=", 1) for line in shlex.split(text) if "=" in line)

    def say(self, text: str) -> None:
        """Tell the reader."""
        print(text, flush=True)


def pasteable(ask: Ask, content: str) -> str:
    """Return the command that sends the same request again, its content from this file."""
    words = [".venv/bin/python", "-m", "infra.local.send", ask.who, ask.method, ask.path]
    if ask.json is not None:
        words += ["--json", json.dumps(ask.json, ensure_ascii=False)]
    if ask.form is not None:
        words += ["--metadata", json.dumps(ask.form[0], ensure_ascii=False), "--content", content]
    words += [word for name, value in ask.headers.items() for word in ("--header", f"{name}: {value}")]
    return shlex.join(words)


def tell(world: World) -> bool:
    """Tell the three stories. Return whether every answer was as expected; what was not is said in one line."""
    try:
        Story(world).tell()
        Life(world).tell()
        Preventive(world).tell()
    except (StoryError, TimeoutError) as error:
        world.say(f"The story stopped here: {error}")
        return False
    return True


def main() -> int:
    """Tell the story against the running instance."""
    instance = Instance(default_home())
    started = time.monotonic()
    if not tell(Embedded(instance)):
        return 1
    port = urlsplit(instance.base_url).port
    print(f"The story is told: every answer was as expected, in {time.monotonic() - started:.1f} s (port {port}).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
