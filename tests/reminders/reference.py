"""What should be done today, from the facts alone: slow, obvious, and without a line of the product.

`expected(person, history, today)` answers for every rule of the vocabulary. It is meant to disagree: REFERENCE.md
lists each decision with the line of the facts, and settles who is right.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from . import reference_screening as screening
from . import reference_vaccines as vaccines
from .reference_life import Act, Life, Person

Rule = Callable[[Life], int | None]

RULES: dict[str, Rule] = {
    "hexavalent": vaccines.hexavalent,
    "pneumococcal_infant": vaccines.pneumococcal_infant,
    "rotavirus": vaccines.rotavirus,
    "meningococcal_b": vaccines.meningococcal_b,
    "meningococcal_acwy_infant": vaccines.meningococcal_acwy_infant,
    "measles_mumps_rubella": vaccines.measles_mumps_rubella,
    "bcg": vaccines.bcg,
    "dtcap_6": vaccines.dtcap_6,
    "dtcap_11": vaccines.dtcap_11,
    "hpv": vaccines.hpv,
    "meningococcal_acwy_adolescent": vaccines.meningococcal_acwy_adolescent,
    "hepatitis_b_catchup": vaccines.hepatitis_b_catchup,
    "dtcap_25": vaccines.dtcap_25,
    "dtp_45": vaccines.dtp_45,
    "dtp_65": vaccines.dtp_65,
    "influenza": vaccines.influenza,
    "pneumococcal_adult": vaccines.pneumococcal_adult,
    "zoster": vaccines.zoster,
    "rsv_senior": vaccines.rsv_senior,
    "rsv_pregnancy": vaccines.rsv_pregnancy,
    "pertussis_pregnancy": vaccines.pertussis_pregnancy,
    "covid_autumn": vaccines.covid_autumn,
    "covid_spring": vaccines.covid_spring,
    "yellow_fever": vaccines.yellow_fever,
    "breast_screening": screening.breast_screening,
    "colorectal_screening": screening.colorectal_screening,
    "cervical_cytology": screening.cervical_cytology,
    "cervical_hpv": screening.cervical_hpv,
    "prevention_checkup": screening.prevention_checkup,
    "dental_exam": screening.dental_exam,
    "dental_maternity": screening.dental_maternity,
    **{f"child_exam_{number:02}": partial(screening.child_exam, number=number) for number in range(1, 21)},
}


def expected(person: Person, history: Iterable[Act], today: date) -> set[tuple[str, int]]:
    """Return the rule and the dose number of everything that should be done today."""
    life = Life(person, tuple(history), today)
    due = set()
    for rule, dose_due in RULES.items():
        if today < person.birth or rule in person.opted_out or life.has(f"contraindicated:{rule}"):
            continue
        dose = dose_due(life)
        if dose is not None:
            due.add((rule, dose))
    return due
