"""Property tests draw the same examples at every run of the suite; `HYPOTHESIS_PROFILE=search` draws new ones."""

import os

from hypothesis import settings

settings.register_profile("suite", derandomize=True)
settings.register_profile("search", max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
