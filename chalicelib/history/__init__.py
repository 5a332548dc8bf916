"""The holder's view of the journal."""
