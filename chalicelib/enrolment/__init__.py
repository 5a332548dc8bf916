"""Opening records."""
