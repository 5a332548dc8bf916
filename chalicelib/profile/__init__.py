"""The profile: what a person, and who acts for them, notes about their health."""
