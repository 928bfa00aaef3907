"""Who may ask, and what every answer carries."""

import secrets

import pytest

HOST = "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/files", {}),
        ("/Token/files", {}),
        ("/token2/files", {}),
        ("/tokeñ/files", {}),
        ("/token/files", {"host": "localhost:8123"}),
        ("/token/files", {"host": "127.0.0.1"}),
        ("/token/files", {"host": "127.0.0.1:8124"}),
        ("/token/files", {"host": "rebound.example:8123"}),
    ],
)
def test_without_the_token_or_by_another_name_there_is_nothing(client, path, headers):
    """Neither a wrong token nor a name that somebody has point here learns anything: not even that there is something."""
    answer = client.get(f"{HOST}{path}", headers=headers)
    assert (answer.status_code, answer.text) == (404, "")
    assert client.get(f"{HOST}/token/files").status_code == 200


def test_the_token_is_compared_in_constant_time(client, monkeypatch):
    """By what the standard library has for it."""
    compared = []
    monkeypatch.setattr(secrets, "compare_digest", lambda one, other: compared.append((one, other)) or one == other)
    client.get("files")
    assert compared == [(b"token", b"token")]


@pytest.mark.parametrize("origin", ["null", "http://127.0.0.1:8124", "http://localhost:8123", "https://elsewhere.example", ""])
@pytest.mark.parametrize("path", ["files", "numbers", "told", "end"])
def test_no_other_page_sends_a_form_here(client, session, path, origin):
    """Even one that knew the address."""
    answer = client.post(path, headers={"origin": origin}, data={"law": "us", "lang": "zh"})
    assert answer.status_code == 404
    assert (session.law, session.lang) == ("", "en")
    assert not hasattr(session, "ended")
    del client.headers["origin"]
    assert client.post(path, data={"law": "us"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["files", "style.css", "page.js", "icon.svg", "progress", "nothing", "get/dossier.pdf", "get/../case.toml"]
)
def test_every_answer_allows_nothing_from_outside(client, path):
    """No script, picture, frame or request but our own; kept nowhere, told to nobody, shared with no other origin."""
    headers = client.get(path).headers
    allowed = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert allowed["default-src"] == "'none'"
    assert set(allowed.values()) == {"'none'", "'self'"}
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control")]
