"""The documentation page: one static page without scripts, made from the specification."""

import base64
import hashlib
import json
from collections.abc import Iterable
from html import escape

from . import members
from .parameters import Json
from .problems import TABLE, anchor_of, row_of

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }
h2 { border-bottom: 2px solid #000091; padding-bottom: .2rem; margin-top: 3rem }
h3 { margin-top: 2rem } h3 code { font-size: 1rem }
.method { color: #fff; background: #000091; border-radius: .2rem; padding: .1rem .5rem; font-size: .9rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .6rem .25rem 0 }
td, th { border-bottom: 1px solid #ddd; vertical-align: top }
pre { background: #f5f5fe; padding: .8rem; overflow-x: auto }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #eee } pre { background: #21213f } td, th { border-color: #444 }
  a { color: #8585f6 }
}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

CONTENT_SECURITY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'"


def page(document: Json, language: str = "en") -> str:
    """Return the whole page."""
    title = escape(document["info"]["title"])
    operations = list(_operations(document))
    tags = list(dict.fromkeys(operation["tags"][0] for _, _, operation in operations))
    sections = (_section(tag, [each for each in operations if each[2]["tags"][0] == tag]) for tag in tags)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{title}</h1><p>{escape(document['info']['description'])} The same as a document for programs: "
        f'<a href="openapi.json">openapi.json</a>.</p>{_contents(tags)}{_login(document)}{"".join(sections)}'
        f"{_types(document)}{_errors()}</body></html>"
    )


def _operations(document: Json) -> Iterable[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _contents(tags: list[str]) -> str:
    links = "".join(
        f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in ["login", *tags, "types", "errors"]
    )
    return f"<nav><ul>{links}</ul></nav>"


def _login(document: Json) -> str:
    schemes = document["components"]["securitySchemes"]
    rows = ((f"<code>{escape(name)}</code>", escape(one["description"])) for name, one in schemes.items())
    return f'<h2 id="login">login</h2>{_table(("Scheme", "What is sent"), rows)}'


def _types(document: Json) -> str:
    """Return what bodies and answers are made of."""
    lines = (
        f'<h3 id="{escape(members.anchor(name))}">{escape(name)}</h3><p>{escape(schema.get("description", ""))}</p>'
        f"{_members(schema)}"
        for name, schema in document["components"]["schemas"].items()
    )
    return f'<h2 id="types">types</h2>{"".join(lines)}'


def _members(schema: Json) -> str:
    if "properties" in schema:
        return _table(("Member", "Is", "", ""), members.rows(schema))
    return f"<p>{members.kind(schema)}</p>"


def _section(tag: str, operations: list[tuple[str, str, Json]]) -> str:
    return f'<h2 id="{escape(tag)}">{escape(tag)}</h2>' + "".join(_operation(*each) for each in operations)


def _operation(method: str, path: str, operation: Json) -> str:
    return (
        f'<h3 id="{escape(operation["operationId"])}"><span class="method">{method}</span> '
        f"<code>{escape(path)}</code></h3><p>{escape(operation['summary'])}.</p>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"<p>{_needs(operation['security'])}</p>"
        f"{_parameters(operation['parameters'])}{_body(operation)}{_answers(operation['responses'])}"
    )


def _needs(security: list[Json]) -> str:
    schemes = sorted({name for one in security for name in one})
    return f'<a href="#login">Login</a>: {escape(" or ".join(schemes) or "none")}.'


def _parameters(parameters: list[Json]) -> str:
    rows = (
        (escape(one["name"]), escape(one["in"]), escape(one.get("description", one["schema"].get("pattern", ""))))
        for one in parameters
    )
    return _table(("Parameter", "In", ""), rows) if parameters else ""


def _body(operation: Json) -> str:
    contents = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f"<p>Body: {escape(media)}</p>{_members(content.get('schema', {}))}{_formats(content)}{_example(content)}"
        for media, content in contents.items()
    )


def _formats(content: Json) -> str:
    """Return in which formats the parts of a form are taken."""
    parts = content.get("encoding", {}).items()
    return "".join(f"<p><code>{escape(name)}</code>: {escape(part['contentType'])}</p>" for name, part in parts)


def _answers(responses: Json) -> str:
    rows = ((escape(status), *_meaning(answer)) for status, answer in responses.items())
    examples = (_example(content) for answer in responses.values() for content in answer.get("content", {}).values())
    return _table(("Answer", "Is", ""), rows) + "".join(examples)


def _meaning(answer: Json) -> tuple[str, str]:
    """Return what an answer is made of and what it and its headers say; a problem leads to the list of them."""
    if code := str(answer.get("$ref", "")).rpartition("/")[2]:
        return f'<a href="#{anchor_of(code)}">{escape(code)}</a>', ""
    kinds = " or ".join(members.kind(content.get("schema", {})) for content in answer.get("content", {}).values())
    given = (f"{name}: {one['description']}" for name, one in answer.get("headers", {}).items())
    return kinds, escape("; ".join((answer.get("description", ""), *given)))


def _example(content: Json) -> str:
    if content.get("example") is None:
        return ""
    return f"<pre>{escape(json.dumps(content['example'], indent=2, ensure_ascii=False))}</pre>"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table of cells that are HTML already."""

    def line(cells: tuple[str, ...], kind: str) -> str:
        return "<tr>" + "".join(f"<{kind}>{cell}</{kind}>" for cell in cells) + "</tr>"

    return f"<table>{line(head, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def _errors() -> str:
    lines = (
        f'<h3 id="{row_of(kind).anchor}">{row_of(kind).status} {row_of(kind).code}</h3>'
        f"<p>{escape(kind.__doc__ or '')}</p>"
        for kind in TABLE
    )
    return f'<h2 id="errors">errors</h2>{"".join(lines)}'
