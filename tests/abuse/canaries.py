"""Values that must never be seen outside: what they look like in whatever form, and where they are looked for."""

import base64
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_SHORTEST = 6
_TEXTS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")


def forms(canary: str) -> frozenset[bytes]:
    """Return how a value may lie in bytes: encodings, hex, base 64 at each of three offsets, JSON, percent."""
    clear = canary.encode()
    plain = {canary.encode(name) for name in _TEXTS if name != "latin-1" or max(map(ord, canary)) < 256}
    escaped = json.dumps(canary)[1:-1]
    texts = {canary.upper().encode(), canary.lower().encode(), escaped.encode(), quote(canary, safe="").encode()}
    texts |= {json.dumps(escaped)[1:-1].encode()}
    coded = {clear.hex().encode(), clear.hex().upper().encode(), *_base64(clear), *_base64(escaped.encode())}
    return frozenset(form for form in plain | texts | coded if len(form) >= _SHORTEST)


def _base64(text: bytes) -> Iterator[bytes]:
    """Yield the characters that depend on the text alone, wherever it stands in a longer one."""
    for offset in range(3):
        start, stop = -(-offset * 4 // 3), (offset + len(text)) * 4 // 3
        for coded in (base64.b64encode(bytes(offset) + text), base64.urlsafe_b64encode(bytes(offset) + text)):
            yield coded[start + (offset > 0) : stop]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to look."""

    name: str
    content: bytes


class Search:
    """All forms of all canaries."""

    def __init__(self, canaries: Iterable[str]) -> None:
        self.canaries = sorted(set(canaries))
        self._forms = {canary: forms(canary) for canary in self.canaries}

    def found(self, places: Iterable[Place]) -> list[str]:
        """Return a sentence for each canary that is in a place."""
        return [f"{canary!r} in {place.name}" for place in places for canary in self._within(place.content)]

    def _within(self, content: bytes) -> Iterator[str]:
        for canary, known in self._forms.items():
            if any(form in content for form in known):
                yield canary


def words(count: int, seed: int = 7) -> list[str]:
    """Return invented words of ten letters, every third one with an accent in it."""
    chance = random.Random(seed)
    letters = "bcdfghjklmnpqrstvwxz"
    made = ["".join(chance.choice(letters) for _ in range(9)).capitalize() for _ in range(count)]
    return [word + ("é" if number % 3 == 0 else "y") for number, word in enumerate(made)]


def texts(value: object) -> Iterator[bytes]:
    """Yield every text, number and byte string in something that is handed to a port."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode()
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from (*texts(name), *texts(one))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from texts(getattr(value, name))


class Tap:
    """Stands before a port and keeps what it is handed; beside that it does nothing."""

    def __init__(self, inner: object, kept: list[bytes]) -> None:
        self._inner, self._kept = inner, kept

    def __getattr__(self, name: str) -> object:
        call = getattr(self._inner, name)
        if not callable(call):
            return call

        def tapped(*arguments: object, **named: object) -> object:
            self._kept.extend(texts([*arguments, *named.values()]))
            return call(*arguments, **named)

        return tapped


def files(folder: Path) -> Iterator[Place]:
    """Yield every file below a folder: its name and what is in it."""
    for path in sorted(folder.rglob("*")):
        yield Place("a file name", str(path.relative_to(folder)).encode())
        if path.is_file():
            yield Place(f"the file {path.name}", path.read_bytes())
