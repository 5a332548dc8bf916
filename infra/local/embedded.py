"""The whole system on one machine, as children of this process, in the order in which they need each other."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chalicelib.hosts.aws import Place

from . import servers, stores, tools
from .children import Child, accepts, always, answers_http, wait_for
from .home import REPOSITORY, Home
from .kept import write
from .orphans import MARK
from .ports import LOOPBACK, Claims
from .processes import Launch
from .settings import AUDIENCE, STAGE, settings, write_env

Say = Callable[[str], None]

_GRANIAN = ("-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1", "--host", LOOPBACK)
_QUIET = ("--log-level", "error")
_FRONT = ("--workers", "2", "--blocking-threads", "8", "--respawn-failed-workers", "--respawn-interval", "0.2")


@dataclass(slots=True)
class Embedded:
    """One instance; `say` gets a line of progress at a time."""

    home: Home
    say: Say
    ports: Mapping[str, int] = field(init=False)
    children: list[Child] = field(default_factory=list)
    claims: Claims = field(default_factory=Claims)

    def __post_init__(self) -> None:
        self.ports = self.home.ports(self.claims)

    @property
    def base_url(self) -> str:
        """Return the address of the API."""
        return self._url("front")

    def _url(self, name: str) -> str:
        return f"http://{LOOPBACK}:{self.ports[name]}"

    def start(self) -> None:
        """Start everything and return when the API answers."""
        tools.install()
        places = {name: self._place(name) for name in ("rows", "blobs")}
        env = settings(self.home, self.ports)
        write_env(self.home.env, env)
        self.say("starting the stores")
        rows, blobs = self._rows(), self._blobs()
        helpers = [self._issuer(), self._mail(), self._provider()]
        wait_for(rows, lambda: servers.answers(self._url("rows") + "/health"))
        wait_for(blobs, lambda: servers.answers(self._url("blobs") + "/healthz"))
        stores.prepare(places["rows"], places["blobs"])
        self.say("starting the development issuer, the mailbox, the message provider, the HTTP front and the worker")
        front = self._front(env)
        self._worker(env)
        for helper in helpers:
            wait_for(helper, helper.alive)
        wait_for(front, lambda: servers.answers(self.base_url + "/health"))
        self.write_state()

    def write_state(self) -> None:
        """Say what runs where, for tests and people."""
        children = {c.name: {"pid": c.process.pid, "starts": c.starts} for c in self.children if c.process}
        urls = {"base_url": self.base_url, "issuer": self._url("issuer"), "mail": str(self.home.mail)}
        write(self.home.state, {**urls, "credentials": str(self.home.credentials), "children": children})

    def tend(self) -> None:
        """Start again what died; call it often."""
        started = [child.name for child in self.children if child.tend()]
        if started:
            self.say(f"started again: {', '.join(started)}")
            self.write_state()

    def stop(self) -> None:
        """End everything, the stores last."""
        for child in reversed(self.children):
            child.stop()
        servers.tidy(self.home.data("blobs"))
        self.claims.give_back()
        self.home.state.unlink(missing_ok=True)

    def _place(self, name: str) -> Place:
        return Place(servers.REGION, self._url(name), *servers.credentials(self.home.data(name)))

    def _add(self, name: str, launch: Callable[[], Launch], alive: Callable[[], bool]) -> Child:
        def marked() -> Launch:
            plain = launch()
            log = self.home.log(name)
            return Launch(plain.command, plain.cwd, log, {**plain.env, MARK: str(self.home.root)})

        child = Child(name, marked, alive)
        self.children.append(child)
        child.start()
        return child

    def _rows(self) -> Child:
        def launch() -> Launch:
            return servers.rows_launch(self.home.data("rows"), self.ports["rows"])

        return self._add("rows", launch, lambda: answers_http(self._url("rows") + "/health"))

    def _blobs(self) -> Child:
        def launch() -> Launch:
            return servers.blobs_launch(self.home.data("blobs"), self.ports["blobs"])

        return self._add("blobs", launch, lambda: answers_http(self._url("blobs") + "/healthz"))

    def _python(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> Callable[[], Launch]:
        command = [sys.executable, *arguments]
        return lambda: Launch(command, REPOSITORY, self.home.log(name), {"PYTHONUNBUFFERED": "1", **(env or {})})

    def _issuer(self) -> Child:
        env = {"ISSUER_STAGE": STAGE, "ISSUER_BASE": self._url("issuer"), "ISSUER_AUDIENCE": AUDIENCE}
        env["ISSUER_FOLDER"] = str(self.home.data("issuer"))
        port = str(self.ports["issuer"])
        arguments = [*_GRANIAN, *_QUIET, "--port", port, "--workers", "1", "--blocking-threads", "4", "--factory"]
        launch = self._python("issuer", *arguments, "infra.local.issuer:application", env=env)
        return self._add("issuer", launch, lambda: answers_http(self._url("issuer") + "/health"))

    def _mail(self) -> Child:
        port = self.ports["mail"]
        launch = self._python("mail", "-m", "infra.local.mailbox", str(port), str(self.home.mail))
        return self._add("mail", launch, lambda: accepts(port))

    def _provider(self) -> Child:
        port = self.ports["provider"]
        arguments = ("-m", "infra.local.provider", str(port), str(self.home.data("provider")))
        return self._add("provider", self._python("provider", *arguments), lambda: accepts(port))

    def _front(self, env: Mapping[str, str]) -> Child:
        arguments = [*_GRANIAN, *_QUIET, *_FRONT, "--port", str(self.ports["front"]), "infra.serve:application"]
        launch = self._python("front", *arguments, env=env)
        return self._add("front", launch, lambda: answers_http(self.base_url + "/health"))

    def _worker(self, env: Mapping[str, str]) -> Child:
        return self._add("worker", self._python("worker", "-m", "infra.worker", env=env), always)
