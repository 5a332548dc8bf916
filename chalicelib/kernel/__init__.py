"""Words and ports: ids, errors, sealing, Host."""
