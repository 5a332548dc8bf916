"""What the server loads: `granian --interface wsgi infra.serve:application`."""

import gc

from app import app, site

from .front import Front

site()  # settings that are wrong end the process here, not the first request

application = Front(app, app.routes)

# What was loaded stays: without this, every full collection looks at all of it again, 4 ms within some request.
gc.collect()
gc.freeze()
