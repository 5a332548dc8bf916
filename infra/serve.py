"""What the server loads: `granian --interface wsgi infra.serve:application`."""

import gc
from importlib import import_module

from app import app, host, site
from chalicelib import routes
from chalicelib.hosts.s3 import S3Blobs
from chalicelib.wiring import Callers

from .front import Front

# Settings that are wrong end the process here, not the first request.
if isinstance(callers := site().authenticate, Callers):
    callers.load()

# So that no first request of a process that goes on waits for what it needs.
routes.capabilities()
import_module("chalicelib.kernel.parts_sdk")
if isinstance(blobs := host().blobs, S3Blobs):
    blobs.client()

application = Front(app, app.routes)

# What was loaded stays: without this, every full collection looks at all of it again, 4 ms within some request.
gc.collect()
gc.freeze()
