"""Access in an emergency (bris de glace): with a reason, within the holder's switches, told every time."""
