"""Whatever the holder decides in whatever order: the choices stay consistent, and are read as they were written."""

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.access.choices import Limit, load_choices
from chalicelib.consent import actions as consent
from chalicelib.consent import deciding, handing
from chalicelib.consent.changing import Wish
from tests.people import HOLDER
from tests.unit.delegated import adult

SUBJECTS = some.sampled_from(["pro:1", "pro:2", "org:1", "prof:10"])
LIMITS = some.sampled_from(
    [Limit(), Limit(categories=frozenset({"BIOLOGIE"})), Limit(ends="2026-12-01T00:00:00+00:00")]
)
DECISIONS = some.lists(
    some.one_of(
        some.tuples(some.just("allow"), SUBJECTS, LIMITS),
        some.tuples(some.just("block"), SUBJECTS, LIMITS),
        some.tuples(some.just("withdraw"), SUBJECTS, LIMITS),
        some.tuples(some.just("team"), SUBJECTS, some.booleans()),
        some.tuples(some.just("code"), SUBJECTS, LIMITS),
    ),
    max_size=8,
)


@given(DECISIONS)
def test_nobody_is_allowed_and_blocked_and_every_limit_belongs_to_a_permission(decisions):
    host, record = adult()
    wish, expected = Wish(HOLDER, record), {}
    for verb, subject, how in decisions:
        if verb == "allow":
            consent.allow(host, HOLDER, record, subject, limit=how)
        elif verb == "team":
            deciding.team(host, wish, subject, member=how)
        elif verb == "code":
            handing.hand_over(host, wish, how)
        else:
            getattr(consent, verb)(host, HOLDER, record, subject)
        if verb in ("allow", "block", "withdraw"):
            expected[subject] = verb
    found = consent.read(host, HOLDER, record).choices
    assert found.allowed == {subject for subject, verb in expected.items() if verb == "allow"}
    assert found.blocked == {subject for subject, verb in expected.items() if verb == "block"}
    assert set(found.limits) <= found.allowed
    assert load_choices(found.dump()) == found
