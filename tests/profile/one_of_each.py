"""One entry of every kind."""

from datetime import date
from typing import Any

from tests.profile.world import dose

ONE_OF_EACH: dict[str, dict[str, Any]] = {
    "allergies": {"label": "Pénicilline", "severity": "severe"},
    "conditions": {"label": "Asthme", "risk": "respiratory_or_cardiac", "code": {"system": "CIM-10", "code": "J45"}},
    "treatments": {"label": "Salbutamol", "posology": "2 bouffées", "comment": "au besoin"},
    "pregnancies": {"began_on": date(2026, 3, 1)},
    "hospitalisations": {"label": "Appendicectomie", "since": date(1990, 3, 2)},
    "family_history": {"label": "Cancer colorectal", "relation": "MTH", "age": 61},
    "disabilities": {"label": "Malentendante", "help": "Parler en face"},
    "habits": {"kind": "TOBACCO", "label": "Arrêté en 2010"},
    "vaccinations": dose(lot="A1", dose=3, route="20035000", site="16217661000119109", kind="BOOSTER"),
    "prevention": {"act": "fit", "on": date(2025, 2, 3), "result": "normal"},
    "blood_group": {"group": "O+"},
    "contacts": {"role": "EMERGENCY", "label": "Sacha", "relation": "BRO", "phone": "06 00 00 00 00"},
    "trusted_person": {"label": "Sacha"},
    "advance_directives": {"place": "Chez mon médecin", "written": date(2024, 1, 1)},
    "organ_donation": {"wish": "donor"},
    "targets": {"kind": "WEIGHT", "low": 60, "high": 70},
}
