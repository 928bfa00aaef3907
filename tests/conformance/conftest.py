"""The checker stands alone in its folder; here it is imported as it imports itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "conformance"))
