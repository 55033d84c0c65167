"""The fixtures of the results pages; what they are made of stands in conftest_results."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from conftest_results import changed, city, residents, service, shelf

__all__ = ["changed", "city", "residents", "service", "shelf"]
