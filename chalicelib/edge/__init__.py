"""HTTP and queues in, problems out; tokens become actors."""
