"""What professionals say about care: a consent collected, a member of the care team."""
