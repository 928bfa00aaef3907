"""A person's own log against the lender's: which contacts are the same, and which of the person's the lender's records do not hold.

`sightings.py` says what a log tells, `offset.py` how far the two clocks lie apart, `align.py` which contacts are the same, `compare.py`
what follows for a person, `sealed.py` how two logs are compared that nobody may see.
"""

from forbear.leads.reconcile.compare import Compared, compare
from forbear.leads.reconcile.sightings import Log, Sighting

__all__ = ["Compared", "Log", "Sighting", "compare"]
