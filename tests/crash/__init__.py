"""Kills at port calls: what is acknowledged stays, nothing happens twice, nothing is released without an entry."""
