"""Writes docs/access_rules.html, the access rules as a page for reading: `python -m infra.access_rules`."""

from html import escape
from pathlib import Path

from chalicelib.access.rules import ACTIONS, DEFAULT_DENY, Rule, load_rules
from chalicelib.access.words import BIT, WORDS

ROOT = Path(__file__).parents[1]
FILE, TABLE = ROOT / "docs" / "access_rules.html", ROOT / "policies" / "access_rules.csv"
COLUMNS = ("id", "effect", "actions", "when", "reason", "law", "what follows", "sentence")
STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #c8c8c8;padding:.4rem .5rem;text-align:left;vertical-align:top}
th{background:#f1f1f1;position:sticky;top:0}tr.allow td:nth-child(2){background:#e3f4e3}
tr.deny td:nth-child(2){background:#fbe5e5}code{font-size:.85em}ul{margin:0;padding-left:1.1rem}
"""
INTRODUCTION = (
    "Written by <code>make docs</code> from <code>policies/access_rules.csv</code>, the table that decides. "
    "Prohibitions are tried first, from top to bottom, then grants, from top to bottom; the first line that fits "
    "decides. Where none fits the answer is no (<code>{rule}</code>, {law})."
)


def when(rule: Rule) -> list[str]:
    """Return the conditions of a rule in plain words."""
    return [
        sentence if rule.must & BIT[word] else f"not: {sentence}"
        for word, sentence in WORDS.items()
        if (rule.must | rule.must_not) & BIT[word]
    ]


def actions(rule: Rule) -> str:
    """Return the actions of a rule; `*` is every one, also one that nobody knows."""
    return "every action" if rule.actions > {*ACTIONS} else ", ".join(one for one in ACTIONS if one in rule.actions)


def row(rule: Rule) -> str:
    """Return one line of the page."""
    made = rule.decision
    cells = (
        f"<code>{escape(made.rule)}</code>",
        escape(made.effect),
        f"<code>{escape(actions(rule))}</code>",
        f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in when(rule))}</ul>",
        f"<code>{escape(made.reason)}</code>",
        escape(made.law),
        escape(", ".join(made.obligations) or "nothing but the journal"),
        f'<span lang="fr">{escape(rule.sentence)}</span>',
    )
    inside = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr class="{made.effect}" id="{escape(made.rule)}">{inside}</tr>'


def written() -> str:
    """Return the text of the page, in the order in which the lines are tried."""
    rules = load_rules(TABLE.read_text(encoding="utf-8").splitlines())
    tried = sorted(rules, key=lambda rule: rule.decision.allowed)
    head = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Carnet: access rules</title>',
            f"<style>{STYLE}</style></head><body><h1>Who may do what: {len(rules)} rules</h1>",
            f"<p>{INTRODUCTION.format(rule=DEFAULT_DENY.rule, law=DEFAULT_DENY.law)}</p>",
            f"<table><thead><tr>{head}</tr></thead><tbody>",
            *map(row, tried),
            "</tbody></table></body></html>\n",
        ]
    )


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
