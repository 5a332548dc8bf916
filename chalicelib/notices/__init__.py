"""Telling the holder that there is something new."""
