"""Adapters behind the ports, one a file; only the wiring imports them."""
