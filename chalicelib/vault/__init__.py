"""Documents: deposit, intake, reading, changes."""
