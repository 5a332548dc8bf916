"""The sentence that answers "why am I told this?", and the short mark by which what was sent keeps it.

A mark names the words, not their place in a file: when a rule is written anew, nobody is shown another line's sentence.
"""

from hashlib import sha256

from .rules import Mandatory, Reason, Rule

_LENGTH = 8


def said(reason: Reason, law: Mandatory | None) -> tuple[str, str]:
    """Return the sentence in French and in English, with that of the law for whom it obliges."""
    if law is None:
        return reason.fr, reason.en
    return f"{reason.fr} {law.sentence.fr}", f"{reason.en} {law.sentence.en}"


def mark(fr: str, en: str) -> str:
    """Return the short hash by which a sentence is found again; it is kept sealed only."""
    return sha256(f"{fr}\0{en}".encode()).hexdigest()[:_LENGTH]


def sentence_of(rule: Rule, kept: str) -> tuple[str, str]:
    """Return the sentence of a rule that has this mark; the general one when none has it any more, or none was kept."""
    reasons = [line.reason for line in rule.lines if line.reason]
    known = (said(reason, law) for reason in (rule.reason, *reasons) for law in (None, rule.mandatory))
    return next((one for one in known if mark(*one) == kept), said(rule.reason, None))
