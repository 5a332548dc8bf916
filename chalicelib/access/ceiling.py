"""How often something was done this hour or this day: a ceiling against floods, not an account."""

from contextlib import suppress

from ..kernel.errors import ConditionFailed, TooMany
from ..kernel.host import Host
from ..kernel.ports import Change, Key, When


def count(host: Host, where: Key, name: str, period: str, most: int) -> None:
    """Count it once more, under `name`, in a period that is all digits. Raise TooMany.

    A period that is over is forgotten by the next, whose first count takes one call more.
    """
    now, once_more = int(period), Change(add={name: 1})
    for change, when in (
        (once_more, When(equals={f"{name}_in": now}, below={name: most})),
        (Change(set={f"{name}_in": now, name: 1}), When(below={f"{name}_in": now})),
        (once_more, When(below={name: most})),  # another one has begun this period meanwhile, or a later one
    ):
        with suppress(ConditionFailed):
            host.rows.update(where, change, when)
            return
    raise TooMany
