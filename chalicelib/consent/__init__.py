"""What the holder decides about others."""
