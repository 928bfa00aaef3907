"""The OpenAPI 3.1 document, made of the route table and of the types that HTTP decodes: it cannot say what the server does not do."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec

from forbear import __version__
from forbear.doors.gate import api
from forbear.doors.gate.http import routes
from forbear.doors.gate.http.routes import JSON, LIMIT, PROBLEM, ROUTES, Route
from forbear.terms import FIELDS

_REF: Final = "#/components/schemas/{name}"
_DESCRIPTION: Final = f"""Asked before every contact: allow takes the slot, deny says why and when it becomes lawful.
**No answer means: do not place the contact.**

A column takes a word of ours, or one that the house's mapping translates; a list stands for several debts or tags; `a|b` for candidates.
What is left out is unknown, and denies where it matters. A body has at most {LIMIT} bytes. This is not legal advice."""


def document() -> dict[str, Any]:
    """The document, as JSON would hold it."""
    kinds = [kind for route in ROUTES for kind in (route.request, route.response) if kind is not None] + [api.Problem]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    of_kind = {repr(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    said = {**_field_docs(api), **_field_docs(routes)}
    for name, schema in components.items():
        _describe(schema, said.get(name, {}))
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, of_kind)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "forbear gate",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, `fb_<id>_<secret>`: `forbear gate key create` makes one.",
                }
            },
        },
    }


def _operation(route: Route, of_kind: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "-", f"{route.method.lower()}{re.sub('{.*?}', 'one', route.path).replace('/v1', '')}"),
        "summary": route.summary,
        "description": route.description + (f" Needs a key with the role {' or '.join(route.roles)}." if route.roles else ""),
        "security": [{"key": []}] if route.roles else [],
    }
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in re.findall(r"{(\w+)}", route.path)
    ] + [
        {"name": name, "in": "query", "required": True, "description": what, "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
        for name, what in route.query
    ]
    if route.what:
        named.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "The asker's own name for this request, fresh for every request: a repetition gets the same answer.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }
        )
    if named:
        made["parameters"] = named
    if route.request:
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": of_kind[repr(route.request)]}}}
    made["responses"] = {str(status): _response(route, status, of_kind) for status in route.statuses}
    return made


def _response(route: Route, status: int, of_kind: Mapping[str, Any]) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name="Problem")}
    if status == HTTPStatus.OK:
        schema = {"type": "string"} if route.response is None else of_kind[repr(route.response)]
    headers = {"X-Request-Id": _header("Names this request in the log.")}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = _header("Seconds to wait.", "integer")
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _header("Bearer.")
    media = route.media if status == HTTPStatus.OK else PROBLEM
    return {"description": HTTPStatus(status).phrase, "headers": headers, "content": {media.partition(";")[0]: {"schema": schema}}}


def _header(what: str, kind: str = "string") -> dict[str, Any]:
    return {"description": what, "schema": {"type": kind}}


def _describe(schema: dict[str, Any], said: Mapping[str, str]) -> None:
    """Puts what we say about fields, and the words that a column knows, into a type's schema."""
    for name, field in schema.get("properties", {}).items():
        column = FIELDS.get(name) if schema["title"] in ("Question", "Planned", "Happened", "Fact", "Outcome") else None
        if column and column.shape == "word":
            # First, so that whoever shows the document shows the words; any text may follow, for it may be the house's own word.
            words = {"title": column.name.en, "enum": list(column.words)}
            rest = field.pop("anyOf", None) or [{key: field.pop(key) for key in list(field) if key != "default"}]
            field["anyOf"] = [words, *rest]
        if text := said.get(name) or (column.name.en.capitalize() + "." if column else ""):
            field["description"] = text


def _field_docs(module: Any) -> dict[str, dict[str, str]]:  # noqa: ANN401 (a module)
    """Type -> field -> the docstring below it; a type has those of what it inherits from, too."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        texts = found[node.name] = {}
        for base in node.bases:
            texts |= found.get(ast.unparse(base), {})
        for field, after in zip(node.body, node.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                texts[ast.unparse(field.target)] = inspect.cleandoc(str(after.value.value))
    return found
