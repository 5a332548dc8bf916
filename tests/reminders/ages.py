"""Ages at which something changes."""

# From the published calendar, by hand: the youngest age of each rule, and the age from which it is too late.
EXAMS = "P1D P8D P1M P2M P3M P4M P5M P8M P11M P12M P16M P23M P2Y P3Y P4Y P5Y P6Y P8Y P11Y P15Y".split()
EXAM_ENDS = "P9D P14D P2M P3M P4M P5M P6M P9M P12M P13M P19M P24M P3Y P4Y P5Y P6Y P7Y P10Y P14Y P17Y".split()
AGES = {
    "hexavalent": ("P2M", "P6Y"), "pneumococcal_infant": ("P2M", "P6Y"), "rotavirus": ("P2M", "P32W"),
    "meningococcal_b": ("P3M", "P2Y"), "meningococcal_acwy_infant": ("P6M", "P5Y"),
    "measles_mumps_rubella": ("P12M", ""), "bcg": ("P1M", "P15Y"), "dtcap_6": ("P6Y", "P11Y"),
    "dtcap_11": ("P11Y", "P14Y"), "hpv": ("P11Y", "P27Y"), "meningococcal_acwy_adolescent": ("P11Y", "P25Y"),
    "hepatitis_b_catchup": ("P6Y", "P16Y"), "dtcap_25": ("P25Y", "P40Y"), "dtp_45": ("P45Y", "P65Y"),
    "dtp_65": ("P65Y", ""), "influenza": ("P6M", ""), "pneumococcal_adult": ("P18Y", ""), "zoster": ("P18Y", ""),
    "rsv_senior": ("P65Y", ""), "covid_autumn": ("P6M", ""), "covid_spring": ("P6M", ""),
    "yellow_fever": ("P12M", ""), "breast_screening": ("P50Y", "P75Y"), "colorectal_screening": ("P50Y", "P75Y"),
    "cervical_cytology": ("P25Y", "P30Y"), "cervical_hpv": ("P30Y", "P66Y"), "prevention_checkup": ("P18Y", "P76Y"),
    "dental_exam": ("P3Y", "P25Y"),
} | {f"child_exam_{n:02d}": ages for n, ages in enumerate(zip(EXAMS, EXAM_ENDS, strict=True), 1) if n > 1}  # fmt: skip
PREGNANT = {"rsv_pregnancy", "pertussis_pregnancy", "dental_maternity", "child_exam_01"}
