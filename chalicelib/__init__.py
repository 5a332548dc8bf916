"""Carnet, a sovereign personal health record."""
