"""Lay unusual emergency access before the privacy officer, and end what waited for a review (abuse A08).

`python -m infra.review` lists the cases; `python -m infra.review --end pro:810000000001` lets that professional open
records in an emergency again. It runs with the settings of the workers.
"""

import argparse
from collections.abc import Iterator, Sequence

from chalicelib.emergency.review import flagged, reviewed
from chalicelib.kernel.host import Host


def listed(host: Host, since: str = "") -> Iterator[str]:
    """Yield a line a case, oldest first: instant, professional, name, organisation, records opened in 24 hours."""
    after = since
    while cases := flagged(host, after):
        for case in cases:
            yield "\t".join((case.at, case.actor, case.name, case.organisation or "-", str(case.count)))
        after = cases[-1].at + "~"


def main(host: Host, arguments: Sequence[str] | None = None) -> None:
    """List the cases, or end the suspension of the professional that is named."""
    parser = argparse.ArgumentParser(prog="infra.review", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--since", default="", help="an instant or a day, as 2026-11-28")
    parser.add_argument("--end", metavar="PROFESSIONAL", help="end the suspension of this one")
    asked = parser.parse_args(arguments)
    if asked.end:
        found = reviewed(host, asked.end)
        print(f"{asked.end} may open records in an emergency again" if found else f"{asked.end} was not suspended")
        return
    lines = list(listed(host, asked.since))
    print("\n".join(lines) if lines else "no case")


if __name__ == "__main__":
    from app import host

    main(host())
