"""The OpenAPI document says what the server does, and what it lets through breaks nothing."""

from __future__ import annotations

import pytest
import schemathesis
from gate_server import Served
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from forbear.doors.gate.api import ROLES
from forbear.doors.gate.http.openapi import document
from forbear.doors.gate.http.routes import ROUTES
from forbear.terms import CHANNEL, KIND, OUTCOME, PARTY


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server under the law of the United States."""
    served = Served(tmp_path_factory.mktemp("gate"), "--holds", "all")
    yield served
    assert served.stop() == 0


def test_it_lists_exactly_the_routes():
    """Path, method and statuses of the one route table, no more and no less."""
    listed = {
        (path, method.upper(), tuple(sorted(map(int, operation["responses"]))))
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
    }
    assert listed == {(route.path, route.method, route.statuses) for route in ROUTES}


def test_every_reference_leads_somewhere():
    """A client can be made of it."""
    made = document()
    known = {f"#/components/schemas/{name}" for name in made["components"]["schemas"]}

    def references(part):
        if isinstance(part, dict):
            yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
            part = list(part.values())
        if isinstance(part, list):
            for each in part:
                yield from references(each)

    assert set(references(made)) <= known
    assert len({operation["operationId"] for each in made["paths"].values() for operation in each.values()}) == len(ROUTES)


@pytest.mark.parametrize(
    ("kind", "field", "words"),
    [("Question", "channel", CHANNEL), ("Question", "party", PARTY), ("Fact", "kind", KIND), ("Outcome", "outcome", OUTCOME)],
)
def test_a_column_shows_the_words_that_it_takes(kind, field, words):
    """Our words come first; another text may be the house's own word."""
    schema = document()["components"]["schemas"][kind]["properties"][field]
    assert set(words) <= set(schema["anyOf"][0]["enum"])
    assert schema["description"]


def test_docstrings_become_descriptions():
    """Of types, of fields, and of fields that a type inherits."""
    schemas = document()["components"]["schemas"]
    assert schemas["Question"]["description"] == "May this contact be placed now?"
    assert schemas["Answer"]["properties"]["never"]["description"] == "Of a denial: waiting does not make it lawful."
    assert "judged with the contact" in schemas["Planned"]["properties"]["text"]["description"]


def test_it_says_who_may_do_what():
    """What needs a key says so, and with which role."""
    for operations in document()["paths"].values():
        for operation in operations.values():
            assert bool(operation["security"]) == any(
                role in operation["description"].split() or f"{role}." in operation["description"] for role in ROLES
            )


def test_it_is_served_without_a_key(served):
    """As it is printed."""
    assert served.get("/openapi.json", key="").json() == document()


def test_nothing_that_the_document_allows_or_forbids_breaks_the_server(served):
    """Schemathesis sends what fits and what does not: no 5xx, and every answer has a status, a type and a shape of the document."""
    schema = schemathesis.openapi.from_url(f"{served.url}/openapi.json")
    wanted = [
        checks.not_a_server_error,
        schemathesis.specs.openapi.checks.status_code_conformance,
        schemathesis.specs.openapi.checks.content_type_conformance,
        schemathesis.specs.openapi.checks.response_schema_conformance,
    ]
    for found in schema.get_all_operations():
        operation = found.ok()
        for key in ("auditor",) if operation.path == "/v1/checkpoints" else ("lender", "agency"):
            assert answered(operation, {"Authorization": f"Bearer {served.keys[key]}"}, wanted)


def answered(operation, headers, wanted):
    """How many requests of an operation were answered as the document says."""
    tried = 0

    @given(case=operation.as_strategy())
    @settings(max_examples=15, suppress_health_check=list(HealthCheck), database=None)
    def each(case):
        nonlocal tried
        tried += 1
        case.call_and_validate(checks=wanted, headers=headers)

    each()
    return tried
