"""What the server loads: `granian --interface wsgi infra.serve:application`."""

from app import app, site

from .front import Front

site()  # settings that are wrong end the process here, not the first request

application = Front(app, app.routes)
