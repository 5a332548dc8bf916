"""Every way in of this capability, for app.py."""

from .deciding_http import api as deciding
from .delegating_http import api as delegations
from .disclosing_http import api as disclosures
from .handing_http import api as codes
from .http import api as choices

consent = [choices, deciding, codes, delegations, disclosures]
