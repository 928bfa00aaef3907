"""The pinned releases in constraints/: exact, hashed, complete, and free of any machine's own paths and addresses."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ["run", "dev", "bench", "mutate"]


def text_of(name: str) -> str:
    """The text of constraints/<name>.txt."""
    return (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    """Package -> all that is said of it (version and hashes) in constraints/<name>.txt."""
    body = re.sub(r"^\s*#.*$", "", text_of(name), flags=re.MULTILINE).replace("\\\n", " ")
    return {line.partition("==")[0]: line for line in body.splitlines() if line.strip()}


def names(asked: list[str]) -> set[str]:
    """The packages that requirements such as `duckdb>=2` ask for, spelled as pip spells them."""
    return {re.split(r"[^A-Za-z0-9._-]", one)[0].lower().replace("_", "-") for one in asked}


@pytest.mark.parametrize("name", FILES)
def test_every_release_is_pinned_with_its_hashes(name: str):
    """Each requirement names one exact version and at least one SHA-256, so that nothing else can be installed in its place."""
    assert pins(name)
    loose = [line for line in pins(name).values() if not re.match(r"[a-z0-9-]+==\S+(\s+--hash=sha256:[0-9a-f]{64})+\s*$", line)]
    assert not loose


@pytest.mark.parametrize("name", FILES)
def test_no_address_and_no_path_of_a_machine(name: str):
    """No line names an index, a link, a host or a folder outside the repository: where packages come from is the reader's own business."""
    wrong = [line for line in text_of(name).splitlines() if re.search(r"://|@|(^|\s)/|\.\./|^--?[a-z]", line)]
    assert not wrong


def test_all_that_the_project_asks_for_is_pinned():
    """Every dependency of pyproject.toml is in the file that installs it, so `make lock` cannot be forgotten."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert names(project["dependencies"] + extras["build"]) <= set(pins("run"))
    assert names(extras["dev"]) <= set(pins("dev"))
    assert names(extras["bench"]) <= set(pins("bench"))
    assert names(extras["mutate"]) <= set(pins("mutate"))


@pytest.mark.parametrize("name", FILES[1:])
def test_developers_and_benchmarks_run_what_users_run(name: str):
    """Each other file holds every release of constraints/run.txt unchanged."""
    assert pins("run").items() <= pins(name).items()
