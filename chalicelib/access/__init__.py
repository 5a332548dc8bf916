"""May they? Facts, choices, rules, journal: the gate and what it grants."""
