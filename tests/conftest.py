"""What every test shares: how hard Hypothesis looks."""

import os

from hypothesis import HealthCheck, settings

# No deadline: shared machines pause. Too slow is for a person to judge, not for a clock. Every run looks at new cases; a failure prints
# the line that brings its case back. `HYPOTHESIS_PROFILE=deep make test` looks for longer.
_COMMON = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("quick", _COMMON, max_examples=30)
settings.register_profile("ci", _COMMON, max_examples=100, derandomize=False)
settings.register_profile("deep", _COMMON, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
