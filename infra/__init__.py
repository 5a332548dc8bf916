"""What an operator applies: templates, packaging, the container shape, the one-machine host."""
