"""Property tests draw the same examples at every run, and no deadline: `HYPOTHESIS_PROFILE=search` draws new ones."""

import os

from hypothesis import settings

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
