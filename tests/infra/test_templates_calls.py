"""A call to the stores from a new place is weighed against the roles: this table says who makes which, and for whom."""

import re

import pytest

from tests.infra.templates import ROOT, listed, statements

# (port call, module of chalicelib) -> functions that reach it; the action that their roles have to list
CALLS = {
    ("blobs.begin_get", "vault/store.py"): ({"app", "on_intake"}, "s3:GetObject"),
    ("blobs.begin_put", "vault/actions.py"): ({"app"}, "s3:PutObject"),
    ("blobs.delete", "enrolment/bulk.py"): ({"on_enrolment"}, "s3:DeleteObject"),
    ("blobs.delete", "vault/intake.py"): ({"on_intake"}, "s3:DeleteObject"),
    ("blobs.list", "vault/intake.py"): ({"on_intake"}, "s3:ListBucket"),
    ("blobs.delete", "vault/expiry.py"): ({"every_night"}, "s3:DeleteObject"),
    ("blobs.list", "enrolment/bulk.py"): ({"app"}, "s3:ListBucket"),
    ("blobs.delete", "enrolment/shred.py"): ({"on_reminders"}, "s3:DeleteObject"),
    ("blobs.list", "enrolment/shred.py"): ({"on_reminders"}, "s3:ListBucket"),
    ("blobs.list", "vault/expiry.py"): ({"every_night"}, "s3:ListBucket"),
    ("blobs.list", "vault/upload.py"): ({"app"}, "s3:ListBucket"),
    ("blobs.read", "enrolment/bulk.py"): ({"app", "on_enrolment"}, "s3:GetObject"),
    ("keys.wrap", "access/keyring.py"): ({"app", "on_enrolment"}, "kms:Encrypt"),
    ("queue.send", "profile/prevention.py"): ({"app", "every_minute"}, "sqs:SendMessage"),
    ("queue.send", "access/relay.py"): (
        {"app", "on_intake", "on_reminders", "on_enrolment", "every_minute", "every_night"},
        "sqs:SendMessage",
    ),
    ("rows.delete", "access/codes.py"): ({"app", "on_reminders"}, "dynamodb:DeleteItem"),
    ("rows.delete", "agenda/book.py"): ({"app"}, "dynamodb:DeleteItem"),
    ("rows.delete", "access/delegation.py"): ({"app"}, "dynamodb:DeleteItem"),
    ("rows.delete", "access/inviting.py"): ({"on_enrolment", "every_night"}, "dynamodb:DeleteItem"),
    ("rows.delete", "enrolment/groups.py"): ({"on_enrolment", "every_night"}, "dynamodb:DeleteItem"),
    ("rows.delete", "enrolment/outcomes.py"): ({"every_night"}, "dynamodb:DeleteItem"),
    ("rows.delete", "enrolment/reinviting.py"): ({"app", "on_reminders"}, "dynamodb:DeleteItem"),
    ("rows.delete", "notices/actions.py"): ({"on_notices"}, "dynamodb:DeleteItem"),
    ("rows.delete", "notices/batches.py"): ({"every_night"}, "dynamodb:DeleteItem"),
    ("rows.delete", "notices/daily.py"): ({"on_notices"}, "dynamodb:DeleteItem"),
    ("rows.delete", "notices/elsewhere.py"): ({"app", "on_notices"}, "dynamodb:DeleteItem"),
    ("rows.delete", "access/days.py"): ({"on_reminders"}, "dynamodb:DeleteItem"),
    ("rows.delete", "access/reach.py"): ({"app", "on_notices"}, "dynamodb:DeleteItem"),
    ("rows.delete", "enrolment/shred.py"): ({"on_reminders"}, "dynamodb:DeleteItem"),
    ("rows.delete", "reminders/counting.py"): ({"every_night"}, "dynamodb:DeleteItem"),
    ("rows.delete", "reminders/roster.py"): ({"on_reminders"}, "dynamodb:DeleteItem"),
    ("rows.delete", "reminders/slots.py"): ({"on_reminders"}, "dynamodb:DeleteItem"),
    ("rows.delete", "vault/replacing.py"): ({"app"}, "dynamodb:DeleteItem"),
    ("rows.delete", "vault/intake.py"): ({"on_intake"}, "dynamodb:DeleteItem"),
    ("rows.put_many", "access/days.py"): ({"on_reminders"}, "dynamodb:BatchWriteItem"),
    ("rows.put_many", "access/inviting.py"): ({"on_enrolment"}, "dynamodb:BatchWriteItem"),
    ("rows.put_many", "notices/told.py"): ({"on_notices", "on_reminders"}, "dynamodb:BatchWriteItem"),
    ("rows.put_many", "reminders/turns.py"): ({"on_reminders"}, "dynamodb:BatchWriteItem"),
    ("rows.work", "access/relay.py"): ({"every_minute"}, "dynamodb:Query"),
    ("rows.work", "enrolment/bulk.py"): ({"every_minute"}, "dynamodb:Query"),
    ("rows.work", "enrolment/clock.py"): ({"every_night"}, "dynamodb:Query"),
    ("rows.work", "enrolment/outcomes.py"): ({"every_night"}, "dynamodb:Query"),
    ("rows.work", "enrolment/groups.py"): ({"every_night"}, "dynamodb:Query"),
    ("rows.work", "profile/prevention.py"): ({"every_minute"}, "dynamodb:Query"),
    ("rows.work", "history/actions.py"): ({"every_night"}, "dynamodb:Query"),
    ("rows.work", "vault/expiry.py"): ({"every_night"}, "dynamodb:Query"),
    ("rows.work", "vault/intake.py"): ({"every_minute"}, "dynamodb:Query"),
}
READS = ("blobs.begin_get", "blobs.read")
"""what an object that is not there is told of with 403 instead of 404, unless the bucket may be listed as well"""
_CALL = re.compile(r"\bhost\.(blobs\.\w+|keys\.wrap|queue\.\w+|rows\.(?:delete|put_many|work))\(")
_INDEX = "${TableArn}/index/work"


def _found() -> set[tuple[str, str]]:
    modules = (ROOT / "chalicelib").rglob("*.py")
    return {
        (call, path.relative_to(ROOT / "chalicelib").as_posix())
        for path in modules
        for call in _CALL.findall(path.read_text())
    }


def test_every_place_that_calls_the_stores_is_in_the_table() -> None:
    assert _found() == CALLS.keys()


@pytest.mark.parametrize(("call", "module"), CALLS)
def test_whoever_reaches_a_call_may_make_it(call: str, module: str) -> None:
    functions, action = CALLS[call, module]
    for function in functions:
        allowed = [one for one in statements(function) if action in listed(one["Action"])]
        assert allowed, f"{function} may not {action}"
        if call == "rows.work":
            assert any(_INDEX in listed(one["Resource"]) for one in allowed)


READERS = set().union(*(functions for (call, _), (functions, _) in CALLS.items() if call in READS))


@pytest.mark.parametrize("function", sorted(READERS))
def test_whoever_reads_objects_is_told_which_are_not_there(function: str) -> None:
    (allowed,) = [one for one in statements(function) if "s3:ListBucket" in listed(one["Action"])]
    assert (allowed["Resource"], "Condition" in allowed) == ("${DocumentsArn}", False)


@pytest.mark.parametrize(
    "action",
    [
        "s3:DeleteObject",
        "s3:ListBucket",
        "kms:Encrypt",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
        "s3:PutObject",
    ],
)
def test_nobody_else_may(action: str) -> None:
    reached = set().union(*(functions for functions, needed in CALLS.values() if needed == action))
    reached |= READERS if action == "s3:ListBucket" else set()
    names = {path.stem for path in ROOT.glob("policies/iam/*.json")}
    assert {name for name in names if any(action in listed(one["Action"]) for one in statements(name))} == reached
