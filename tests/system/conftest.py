"""tests/system/conftest.py: where the system tests find the harness and the verifier."""

import os
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
for folder in ("network", "vectors", "system"):
    sys.path.insert(0, str(TESTS / folder))

# What the programs say is compared in English, whoever runs the tests.
os.environ["LANGUAGE"] = "en"
