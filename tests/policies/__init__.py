"""The law as data, tried."""
