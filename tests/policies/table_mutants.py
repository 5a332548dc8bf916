"""Twenty seeded mutants of policies/access_rules.csv, each killed by a named test."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, product
from random import Random

from chalicelib.access.actor import Kind
from chalicelib.access.decide import Tables
from chalicelib.access.matrix import BadPolicy
from chalicelib.access.rules import ACTIONS, OBLIGATIONS, Book, Rule, compile_rules, judge, load_rules

from .second_reading import compared, sampled
from .situations import POLICIES, SHIPPED, cases
from .space import around, drawn, groups, some
from .table import RULES, decided

SEED, COUNT, DRAWN = 20261122, 20, 2_000
Row = dict[str, str]
TEXT = (POLICIES / "access_rules.csv").read_text(encoding="utf-8")
CASES = cases()


def rows() -> list[Row]:
    """Return the lines of the table."""
    return list(csv.DictReader(TEXT.splitlines()))


def loaded(some: Sequence[Row]) -> tuple[Rule, ...]:
    """Return the rules that these lines say. Raise BadPolicy."""
    head = list(some[0])
    quoted = [",".join('"' + row[name].replace('"', '""') + '"' for name in head) for row in some]
    return load_rules([",".join(head), *quoted])


def mutant(chance: Random) -> tuple[str, list[Row]]:
    """Return what was changed, and the changed table."""
    table = rows()
    place = chance.randrange(len(table))
    row, ways = table[place], (_drop_word, _negate, _drop_action, _drop_line, _turn, _oblige)
    what = chance.choice(ways)(row, chance)
    if what == "the line is gone":
        del table[place]
    return f"{row['id']}: {what}", table


def _drop_word(row: Row, chance: Random) -> str:
    words = row["when"].split(" & ")
    gone = chance.choice(words)
    row["when"] = " & ".join(word for word in words if word != gone)
    return f"without `{gone}`"


def _negate(row: Row, chance: Random) -> str:
    words = row["when"].split(" & ")
    place = chance.randrange(len(words))
    words[place] = words[place][1:] if words[place].startswith("!") else f"!{words[place]}"
    row["when"] = " & ".join(words)
    return f"with `{words[place]}`"


def _drop_action(row: Row, chance: Random) -> str:
    actions = row["actions"].split("|")
    if len(actions) == 1:
        return _drop_line(row, chance)
    gone = chance.choice(actions)
    row["actions"] = "|".join(action for action in actions if action != gone)
    return f"not for {gone}"


def _drop_line(_row: Row, _chance: Random) -> str:
    return "the line is gone"


def _turn(row: Row, _chance: Random) -> str:
    row["effect"] = "deny" if row["effect"] == "allow" else "allow"
    return f"now {row['effect']}"


def _oblige(row: Row, chance: Random) -> str:
    had = row["obligations"].split("|") if row["obligations"] else []
    other = chance.choice(OBLIGATIONS)
    row["obligations"] = "|".join([*had, other] if other not in had else [one for one in had if one != other])
    return f"obligations {row['obligations'] or 'none'}"


def killers(table: Sequence[Row]) -> Iterator[str]:
    """Yield the names of the tests that fail with a changed table, the plainest first."""
    try:
        rules = loaded(table)
    except BadPolicy as error:
        yield f"loading: {error}"
        return
    tables: Tables = replace(SHIPPED, book=compile_rules(rules))
    for name, case in CASES.items():
        if not case.holds(name.split("/")[0], tables):
            yield f"test_a_case_is_decided_by_the_rule_it_names[{name}]"
    yield from (f"test_no_decided_state_breaks_an_invariant ({what})" for what in decided(rules, 100, 1).broken)
    if compared(sampled(20_000, SEED), rules).apart:
        yield "test_both_readings_agree_on_twenty_thousand_situations"


def decides_otherwise(what: str, table: Sequence[Row]) -> bool:
    """Tell whether a changed table decides something otherwise; one that does not is no mutant, but the same law."""
    try:
        rules, name = loaded(table), what.split(":", maxsplit=1)[0]
    except BadPolicy:
        return True
    chance, books = Random(SEED), (compile_rules(RULES), compile_rules(rules))
    for rule in (one for one in (*RULES, *rules) if one.decision.rule == name):
        for action, kind in product(sorted(rule.actions & {*ACTIONS}), Kind):
            dimensions = groups((*RULES, *rules), action, kind)
            looked_at = chain(drawn(around(rule, dimensions), DRAWN, chance), some(dimensions, DRAWN, chance))
            if any(_said(books[0], words, action) != _said(books[1], words, action) for words in looked_at):
                return True
    return False


def _said(book: Book, words: int, action: str) -> tuple[str, tuple[str, ...]]:
    decision = judge(book, words, action)
    return decision.effect, decision.obligations


def chosen() -> Iterator[tuple[str, list[Row]]]:
    """Yield the mutants that are tried."""
    chance = Random(SEED)
    drawn_ones = (mutant(chance) for _ in iter(int, 1))
    yield from islice((one for one in drawn_ones if decides_otherwise(*one)), COUNT)


def report() -> bool:
    """Print each mutant and its killer; tell whether none lives."""
    alive = 0
    for number, (what, table) in enumerate(chosen(), 1):
        name = next(killers(table), "")
        alive += not name
        print(f"table mutant {number}: {what}: {f'killed by {name}' if name else 'ALIVE'}", flush=True)
    print(f"table mutants: {COUNT - alive} of {COUNT} killed by named tests", flush=True)
    return not alive
