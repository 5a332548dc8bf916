"""The access rules: one line of policies/access_rules.csv each, parsed strictly and compiled to bit masks."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .actor import Kind
from .matrix import BadPolicy, rows_of
from .words import BIT

COLUMNS = ["id", "effect", "actions", "when", "reason", "law", "obligations", "sentence"]
ACTIONS = (
    "record:open",
    "record:find",
    "record:invite",
    "record:reinvite",
    "record:oppose",
    "record:activate",
    "record:close",
    "record:reopen",
    "record:erase",
    "record:keep",
    "record:shred",
    "record:suspend",
    "record:resume",
    "record:look",
    "record:decease",
    "record:majority",
    "contact:forget",
    "record:rectify",
    "choices:read",
    "choices:allow",
    "choices:block",
    "choices:withdraw",
    "choices:express",
    "choices:refuse",
    "choices:accept",
    "choices:switch",
    "choices:physician",
    "choices:designate",
    "choices:team",
    "choices:discreet",
    "choices:told",
    "choices:code",
    "choices:card",
    "proxy:invite",
    "proxy:accept",
    "proxy:revoke",
    "carer:invite",
    "carer:accept",
    "carer:revoke",
    "team:declare",
    "consent:collect",
    "code:use",
    "emergency:open",
    "document:deposit",
    "document:upload",
    "document:status",
    "document:list",
    "document:read",
    "document:consult",
    "document:hide",
    "document:show",
    "document:reveal",
    "document:announce",
    "document:disown",
    "document:replace",
    "document:delete",
    "document:inspect",
    "document:settle",
    "document:supersede",
    "document:expire",
    "profile:list",
    "profile:read",
    "profile:hide",
    "profile:show",
    "profile:write",
    "profile:record",
    "profile:correct",
    "agenda:read",
    "agenda:write",
    "agenda:push",
    "calendar:share",
    "calendar:read",
    "history:read",
    "refusals:rollup",
    "notice:send",
    "announcement:tell",
    "reminder:arm",
    "reminder:send",
    "reminder:read",
    "reminder:choose",
    "support:look",
    "support:resend",
    "support:oppose",
    "support:close",
    "support:contact",
    "support:session",
    "disclosure:propose",
    "disclosure:confirm",
    "contact:read",
    "contact:change",
    "notice:report",
    "letters:batch",
    "counts:read",
    "coverage:read",
)
OBLIGATIONS = (
    "notify-holder",
    "notify-change",
    "notify-access",
    "notify-emergency",
    "notify-depositor",
    "arm-reminders",
    "invite",
    "clock",
    "announce",
    "shred",
)
"""what follows from an allowed action: messages to the holder, the treating physician or the depositor, the reminders,
the letter of invitation, the day on which a clock of the law runs out, the destruction of the keys"""

_CODE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and why: `rule` is the line of the table, `reason` the code kept in the journal."""

    effect: str
    reason: str
    rule: str
    law: str
    obligations: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Tell whether the action may go on."""
        return self.effect == "allow"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: the decision it gives when all words of `must` and none of `must_not` hold."""

    actions: frozenset[str]
    must: int
    must_not: int
    decision: Decision
    sentence: str


Line = tuple[int, int, Decision]
"""Words that matter, words that must hold among them, decision."""
Book = Mapping[str, Mapping[int, list[Line]]]
"""Action -> kind of actor -> the lines that can fit one of that kind, in the order they are tried."""

ALREADY = "ALREADY"
"""the reason of what is allowed only so that a request repeated after a lost answer is answered the same"""
DEFAULT_DENY = Decision("deny", "NO_RULE", "DEFAULT_DENY", "CSP L.1110-4")
EVERYTHING = "*"
_TRIED = (*ACTIONS, EVERYTHING)
_KINDS = tuple(BIT[kind.value] for kind in Kind)
_KIND = sum(_KINDS)


def load_rules(lines: Iterable[str]) -> tuple[Rule, ...]:
    """Read the table. Raise BadPolicy on an unknown or contradictory word, action, obligation, effect or id."""
    rules = tuple(_rule(row) for row in rows_of(lines, COLUMNS))
    if len({DEFAULT_DENY.rule, *(rule.decision.rule for rule in rules)}) != len(rules) + 1:
        raise BadPolicy(f"an id stands twice, or is {DEFAULT_DENY.rule}")
    return rules


def compile_rules(rules: Iterable[Rule]) -> Book:
    """Return what is tried for each action and kind of actor: every prohibition in file order, then every grant."""
    book: dict[str, dict[int, list[Line]]] = {action: {kind: [] for kind in _KINDS} for action in _TRIED}
    for rule in sorted(rules, key=lambda rule: rule.decision.allowed):
        line = (rule.must | rule.must_not, rule.must, rule.decision)
        kinds = [kind for kind in _KINDS if rule.must & _KIND in (0, kind) and not rule.must_not & kind]
        for action in rule.actions:
            for kind in kinds:
                book[action][kind].append(line)
    return book


def judge(book: Book, words: int, action: str) -> Decision:
    """Return the decision of the first line that fits, or DEFAULT_DENY. An unknown action meets only `*` lines.

    Everybody is of exactly one kind: who is of none, or of two, meets no line at all.
    """
    for care, must, decision in book.get(action, book[EVERYTHING]).get(words & _KIND, ()):
        if words & care == must:
            return decision
    return DEFAULT_DENY


def _rule(row: dict[str, str]) -> Rule:
    name, effect = row["id"], row["effect"]
    _require(effect in ("allow", "deny"), name, "effect is allow or deny")
    _require(bool(_CODE.fullmatch(name) and _CODE.fullmatch(row["reason"])), name, "id and reason are CAPITALS_1")
    _require(bool(row["law"] and row["sentence"]), name, "law and sentence are required")
    obligations = _words_of(row["obligations"])
    _require(set(obligations) <= set(OBLIGATIONS), name, "unknown obligation")
    decision = Decision(effect, row["reason"], name, row["law"], obligations)
    return Rule(_actions(name, effect, row["actions"]), *_when(name, row["when"]), decision, row["sentence"])


def _actions(name: str, effect: str, text: str) -> frozenset[str]:
    if text == EVERYTHING:
        _require(effect == "deny", name, "a grant names its actions")
        return frozenset(_TRIED)
    actions = _words_of(text)
    _require(bool(actions) and set(actions) <= set(ACTIONS), name, "unknown action")
    return frozenset(actions)


def _when(name: str, text: str) -> tuple[int, int]:
    literals = [part.strip() for part in text.split("&")]
    words = [literal.removeprefix("!") for literal in literals]
    _require(set(words) <= set(BIT), name, "when joins known words by &, each with at most one ! before it")
    _require(len(set(words)) == len(words), name, "a word stands twice")
    must = sum(BIT[word] for word, literal in zip(words, literals, strict=True) if word == literal)
    return must, sum(BIT[word] for word in words) - must


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def _require(holds: bool, name: str, complaint: str) -> None:
    if not holds:
        raise BadPolicy(f"{name}: {complaint}")
