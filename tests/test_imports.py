"""What comes along when forbear is imported: a caller who wants one word must not pay for a chart library."""

import json
import subprocess
import sys

import pytest

# The rulebook is read with msgspec, which is small; everything else from outside loads only where it is used.
LIGHT = {"forbear", "msgspec"}


def loaded_by(module: str) -> set[str]:
    """The roots of all that `import module` loads, in a fresh interpreter, beyond the standard library."""
    script = f"import sys, json; before = set(sys.modules); import {module}; print(json.dumps(sorted(set(sys.modules) - before)))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(answer.stdout)} - sys.stdlib_module_names


def test_import_forbear_is_light():
    """`import forbear` loads nothing heavy: no duckdb, pyarrow, altair, jinja2 or numba, nor anything else from outside but msgspec."""
    assert loaded_by("forbear") <= LIGHT


def test_the_vocabulary_needs_nothing():
    """`forbear.terms` stands on the standard library alone, so that any tool may use the words."""
    assert loaded_by("forbear.terms") == {"forbear"}


@pytest.mark.parametrize("heavy", ["duckdb", "jinja2"])
def test_a_heavy_library_would_be_seen(heavy: str):
    """The probe of the two tests above does see a heavy library when one is loaded."""
    assert heavy in loaded_by(heavy)
