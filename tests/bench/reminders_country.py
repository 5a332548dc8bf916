"""From what was measured to a country: arithmetic, with every assumption in one place."""

from collections import Counter

PEOPLE, WEEKS, HOURS = 69_000_000, 8, 12
"""everybody once in eight weeks, seven days a week, between eight and eight"""
GROUP = 25
MEMORY_GB = 0.5
PRICES = {
    "million write units": 0.705,
    "million read units": 0.1411,
    "GB-second of a function": 0.0000166667,
    "million queue requests": 0.40,
    "thousand e-mails": 0.10,
}
"""US dollars, list prices of one large host in a European region as remembered in 2026: assumptions, to be replaced"""
WRITES = {"UpdateItem": 2, "PutItem": 1.3, "DeleteItem": 1}
"""write units of one call: facts with waiting entries are two kilobytes, a state or a row of one notice about one"""
READS = ("GetItem", "Query")
"""calls that read one unit or little more; each row that is read or written in a group is one unit"""


def units(calls: Counter[str], rows: Counter[str]) -> tuple[float, float]:
    """Return the read and write units of what was counted: calls, and the rows that those of many rows named."""
    read = sum(calls[name] for name in READS) + rows["BatchGetItem"]
    written = sum(each * calls[name] for name, each in WRITES.items()) + rows["BatchWriteItem"]
    return read, written


def country(calls: Counter[str], rows: Counter[str], seconds: float, due: int = 1000) -> None:
    """Print workers, queue and money."""
    reads, writes = (counted / due for counted in units(calls, rows))
    each = seconds / due
    per_second = PEOPLE / (WEEKS * 7 * HOURS * 3600)
    messages = PEOPLE / GROUP
    costs = {
        "rows written": PEOPLE * writes / 1e6 * PRICES["million write units"],
        "rows read": PEOPLE * reads / 1e6 * PRICES["million read units"],
        "functions": PEOPLE * each * MEMORY_GB * PRICES["GB-second of a function"],
        "queue": 3 * messages / 1e6 * PRICES["million queue requests"],
        "e-mail": PEOPLE / 1000 * PRICES["thousand e-mails"],
    }
    money = " · ".join(f"{name} {cost:,.0f}" for name, cost in costs.items())
    print(
        f"(e) {PEOPLE:,} people in {WEEKS} weeks: {per_second:.1f} reminders a second, {per_second * each:.1f} workers "
        f"busy at {each * 1000:.1f} ms each, {messages:,.0f} queue messages of {GROUP}, "
        f"{PEOPLE * calls.total() / due / 1e6:,.0f} million store calls\n"
        f"    money at list prices (assumed): {money} = {sum(costs.values()):,.0f} USD, "
        f"{sum(costs.values()) / PEOPLE * 1000:.2f} for a thousand people",
        flush=True,
    )
