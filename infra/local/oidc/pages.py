"""The page where a developer chooses who to be."""

from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import urlencode

from .people import Person, exercices, people

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Development login</title>
<body style="font:1.1rem system-ui;max-width:40rem;margin:3rem auto">
<h1>Development login</h1><p>Nobody here exists. Choose who to be:</p><ul>{choices}</ul></body></html>"""


def choose(realm: str, query: Mapping[str, str]) -> str:
    """Return the page with one link per person and practice."""
    links = (
        f'<li><a href="?{escape(urlencode({**query, "person": key, "exercice": choice}))}">{escape(label)}</a></li>'
        for key, choice, label in _choices(realm)
    )
    return _PAGE.format(choices="".join(links))


def _choices(realm: str) -> Iterator[tuple[str, int, str]]:
    for person in people().values():
        if person.realm == realm:
            name = f"{person.claims['given_name']} {person.claims['family_name']}"
            places = [f" · {found['organisation']['name']}" for found in _exercices(person)] or [""]
            yield from ((person.key, choice, name + place) for choice, place in enumerate(places))


def _exercices(person: Person) -> list[dict[str, dict[str, str]]]:
    return exercices(person) if "SubjectRefPro" in person.claims else []
