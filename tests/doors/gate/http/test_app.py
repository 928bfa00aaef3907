"""The gate over HTTP: every refusal by a real request, and what happens when the store fails or the server is told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from gate_server import Served, about
from waiting import until

from forbear.doors.gate.api import Refused
from forbear.doors.gate.http import bodies, keys
from forbear.doors.gate.http.app import App
from forbear.doors.gate.store.store import Broken

MARK = "Zq7Marker"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server that all tests of this file share; they ask about consumers of their own."""
    served = Served(tmp_path_factory.mktemp("gate"), "--holds", "all")
    yield served
    assert served.stop() == 0


def problem(answer, status, name):
    """The problem of an answer, which must have this status and name."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    found = answer.json()
    assert found["type"] == f"urn:forbear:{name}", found
    assert found["status"] == status
    assert answer.headers["x-request-id"]
    assert MARK not in answer.text
    return found


def test_ask_report_and_read(served):
    """A lawful call is allowed, its outcome is noted, and its agency finds both in the ledger."""
    answer = served.post("/v1/ask", about("walk"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["decision"] == "allow", answer.text
    assert answer.headers["content-type"] == "application/json"
    noted = served.post(f"/v1/decisions/{answer.json()['id']}/outcome", {"outcome": "no-answer"})
    assert noted.json()["id"] == answer.json()["id"]
    assert [entry["what"] for entry in served.get("/v1/decisions?consumer=walk").json()] == ["allow", "outcome"]


def test_a_denial_is_an_answer_not_a_problem(served):
    """A deny has status 200, like an allow: the request was answered."""
    answer = served.post("/v1/ask", about("night", zone="Etc/GMT-14") | {"party": "employer"})
    assert (answer.status_code, answer.json()["decision"]) == (200, "deny")
    assert answer.json()["reasons"][0]["clauses"]


def test_an_allowed_contact_is_cancelled_without_a_body(served):
    """Cancel takes no body and gives the slot back."""
    made = served.post("/v1/ask", about("cancel")).json()
    assert served.post(f"/v1/decisions/{made['id']}/cancel").json()["status"] == "cancelled"


def test_dry_run_and_plan_reserve_nothing(served):
    """Both answer; neither leaves an allowed contact."""
    assert served.post("/v1/dry-run", about("dry")).json()["decision"] == "allow"
    assert served.post("/v1/plan", about("dry", days=3)).json()["windows"]
    assert [entry["what"] for entry in served.get("/v1/decisions?consumer=dry").json()] == ["dry-run", "plan"]


def test_facts_and_contacts_are_noted(served):
    """What was not asked about is written down."""
    assert served.post("/v1/facts", {"consumer": "told", "kind": "dispute", "debt": "1"}).json()["id"]
    happened = about("told", occurred_at=int(time.time()) - 60, direction="inbound", outcome="conversation")
    assert served.post("/v1/contacts", happened).json()["id"]


@pytest.mark.parametrize(
    ("body", "status", "name", "field"),
    [
        (b'{"consumer": "' + MARK.encode(), 400, "malformed-json", ""),
        (b"", 400, "malformed-json", ""),
        (b'{"consumer": "\xff", "channel": "call"}', 400, "malformed-json", ""),
        (b'{"consumer": "a", "channel": "call", "debt": ' + b"[" * 30_000, 422, "wrong-type", "debt[0]"),
        (b"[" * 30_000, 422, "wrong-type", ""),
        (json.dumps([MARK]).encode(), 422, "wrong-type", ""),
        (json.dumps({"consumer": {MARK: MARK}, "channel": "call"}).encode(), 422, "wrong-type", "consumer"),
        (json.dumps({"consumer": MARK, "channel": "call", "debt": ["1", 2]}).encode(), 422, "wrong-type", "debt[1]"),
        (json.dumps({"consumer": MARK * 50, "channel": "call"}).encode(), 422, "wrong-type", "consumer"),
        (json.dumps({"consumer": f"{MARK}\0", "channel": "call"}).encode(), 422, "wrong-type", ""),
        (json.dumps({"consumer": MARK, "channel": "call", MARK: 1}).encode(), 422, "unknown-field", ""),
        (json.dumps({"consumer": MARK}).encode(), 422, "missing-field", "channel"),
        (json.dumps({"consumer": MARK, "channel": MARK}).encode(), 422, "unreadable", "channel"),
        (json.dumps({"consumer": MARK, "channel": "call", "asked_at": MARK}).encode(), 422, "unreadable", "asked_at"),
    ],
)
def test_a_body_that_cannot_be_read(served, body, status, name, field):
    """Each fault has its own name and names the field, and nothing of the body comes back."""
    assert problem(served.post("/v1/ask", body), status, name).get("field", "") == field


def test_a_misspelt_field_is_answered_with_the_nearest_that_there_is(served):
    """The hint is a name of ours, never the request's."""
    found = problem(served.post("/v1/ask", about("spelt", colector=MARK)), 422, "unknown-field")
    assert found["hint"] == "perhaps collector"


def test_a_large_body_is_not_read(served):
    """More than 64 KiB are refused by their announced length, and also where no length is announced; the connection is closed."""
    large = json.dumps(about(text=MARK * 20_000)).encode()
    for body in (large, iter([large])):
        answer = served.client.post("/v1/ask", content=body, headers={"Authorization": f"Bearer {served.keys['agency']}"})
        problem(answer, 413, "body-too-large")
        assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("said", ["", "Basic eDp5", "Bearer", f"Bearer {MARK}", f"Bearer fb_{MARK}_{MARK}", "Bearer fb__"])
def test_without_a_key_nothing_is_answered(served, said):
    """No key, another scheme, and a key that is nobody's: not authenticated."""
    answer = served.post("/v1/ask", about(), key="", Authorization=said)
    problem(answer, 401, "not-authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_secret_of_another_key_opens_nothing(served):
    """An id is no secret: only with its own secret is it a key."""
    name, secret = served.keys["agency"].split("_")[1], served.keys["lender"].split("_", 2)[2]
    problem(served.post("/v1/ask", about(), key="", Authorization=f"Bearer fb_{name}_{secret}"), 401, "not-authenticated")


def test_a_revoked_key(served):
    """It is told that it was revoked."""
    problem(served.post("/v1/ask", about(), key="gone"), 401, "revoked-key")


@pytest.mark.parametrize(
    ("key", "method", "path"),
    [
        ("reporter", "POST", "/v1/ask"),
        ("reporter", "GET", "/v1/decisions?consumer=a"),
        ("auditor", "POST", "/v1/facts"),
        ("agency", "POST", "/v1/checkpoints"),
        ("lender", "POST", "/v1/checkpoints"),
    ],
)
def test_a_role_that_is_missing(served, key, method, path):
    """What a key may do, its roles say."""
    problem(served.send(method, path, about(), key), 403, "not-allowed")


def test_an_agency_speaks_for_itself(served):
    """A key that names another agency is refused; the creditor's may."""
    problem(served.post("/v1/ask", about("whose", agency=f"{MARK}")), 403, "not-allowed")
    assert served.post("/v1/ask", about("whose", agency="Z"), key="lender").status_code == 200


@pytest.mark.parametrize("path", ["/", f"/{MARK}", "/v1/ask/", "/v1/decisions/a/b/cancel", f"/v1/decisions/{MARK}/confirm"])
def test_a_path_that_is_not_there(served, path):
    """Said so before any key is looked at."""
    problem(served.post(path, b"", key=""), 404, "no-such-path")


def test_a_method_that_is_not_there(served):
    """The answer says which methods the path has."""
    answer = served.get("/v1/ask")
    problem(answer, 405, "wrong-method")
    assert answer.headers["allow"] == "POST"


def test_the_same_key_with_another_body(served):
    """The same body gives the same bytes again; another body under the same key is refused."""
    once = served.post("/v1/ask", about("idem"), Idempotency_Key="one")
    assert served.post("/v1/ask", about("idem"), Idempotency_Key="one").content == once.content
    problem(served.post("/v1/ask", about("idem", place="work"), Idempotency_Key="one"), 409, "idempotency-key-reused")
    problem(served.post("/v1/ask", about("idem"), Idempotency_Key=MARK * 50), 400, "bad-idempotency-key")


@pytest.mark.parametrize("off", [-3600, 3600])
def test_a_clock_that_is_far_off(served, off):
    """Both clocks are told."""
    found = problem(served.post("/v1/ask", about("late", asked_at=int(time.time()) + off)), 409, "clock-skew")
    assert found["detail"].count("Z") == 2


@pytest.mark.parametrize("what", ["outcome", "cancel"])
def test_a_decision_that_is_not_ones_own(served, what):
    """Another agency's decision is as unknown as one that never was."""
    made = served.post("/v1/ask", about(f"theirs {what}"), key="other").json()["id"]
    body = {"outcome": "busy"} if what == "outcome" else None
    answers = [problem(served.post(f"/v1/decisions/{name}/{what}", body), 404, "unknown-decision") for name in (made, "0" * 33, MARK)]
    assert answers[0] == answers[1] == answers[2]


def test_the_ledger_of_a_consumer_who_is_not_ones_own(served):
    """What others did is not told, nor that there was anything."""
    served.post("/v1/ask", about("hidden"), key="other")
    assert problem(served.get("/v1/decisions?consumer=hidden"), 404, "unknown-consumer") == problem(
        served.get(f"/v1/decisions?consumer={MARK}-nobody"), 404, "unknown-consumer"
    )
    assert served.get("/v1/decisions?consumer=hidden", key="auditor").json()[0]["what"] == "allow"


@pytest.mark.parametrize(
    "query", ["", "?consumer=", f"?consumer={MARK}&consumer=b", f"?consumer={MARK * 50}", "?consumer=%00", "?" + "a=1&" * 50]
)
def test_a_query_that_names_nobody(served, query):
    """Exactly one consumer is to be named."""
    problem(served.get(f"/v1/decisions{query}"), 422, "wrong-query")


def test_a_rule_of_public_law_needs_no_key(served):
    """Title in both languages, clause, limit, and how sure we are of the text."""
    found = served.get("/v1/rules/us.reg-f.call-frequency", key="").json()
    assert found["limit"] == "at most 7 in 7 days per person+debt+agency"
    assert found["title_zh"]
    assert found["clauses"][0]["cite"].startswith("12 CFR 1006.14")
    problem(served.get(f"/v1/rules/{MARK}", key=""), 404, "unknown-rule")


def test_a_checkpoint_is_signed_with_the_public_key(served):
    """The auditor may have one made at any time."""
    assert served.get("/v1/public-key", key="").text.startswith("-----BEGIN PUBLIC KEY-----")
    assert served.post("/v1/checkpoints", key="auditor").json()["signature"]


def test_health(served):
    """It lives, and may be asked."""
    assert [served.get(path, key="").status_code for path in ("/healthz", "/readyz")] == [200, 200]


def test_metrics_and_log_hold_nothing_of_a_request(served):
    """Routes, statuses and verdicts are counted; a log line has seven fields; consumer, text, path and query are in neither."""
    served.post("/v1/ask", about(MARK, text=MARK, collector=MARK), Idempotency_Key=MARK)
    served.get(f"/v1/decisions?consumer={MARK}")
    served.post(f"/v1/decisions/{MARK}/outcome", {"outcome": "busy"})
    served.get(f"/{MARK}")
    metrics = served.get("/metrics", key="").text
    # The log is handed over ten times a second.
    log = until(lambda: said if '"/metrics"' in (said := served.log.read_text()) else "")
    assert MARK not in metrics
    assert MARK not in log
    assert 'forbear_gate_requests_total{route="/v1/decisions/{id}/outcome",status="404"}' in metrics
    assert 'forbear_gate_decisions_total{decision="allow"}' in metrics
    assert "forbear_gate_commit_seconds_bucket" in metrics
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {tuple(line) for line in lines} == {("time", "id", "route", "status", "ms", "key")}
    assert served.keys["agency"].split("_")[1] in {line["key"] for line in lines}


def test_sixty_four_clients_at_once(served):
    """All are answered, and one by one: of one consumer's first seven calls none is lost."""
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda n: served.post("/v1/ask", about(f"many {n % 32}")), range(64)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 64
    assert len({answer.headers["x-request-id"] for answer in answers}) == 64


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_finishes_what_it_accepted(tmp_path, number):
    """Every request that was sent gets a whole answer or no connection, and the exit code is 0."""
    served = Served(tmp_path)
    asked, answers = threading.Event(), []

    def ask():
        for n in range(1000):
            try:
                answers.append(served.post("/v1/dry-run", about(str(n))).status_code)
            except httpx2.TransportError:
                return
            asked.set()

    thread = threading.Thread(target=ask)
    thread.start()
    assert asked.wait(30)
    served.process.send_signal(number)
    assert served.process.wait(30) == 0
    thread.join()
    served.stop()
    assert set(answers) <= {200, 503}


# What a real store does not do at will.


class Fake:
    """A gate that does what a test says."""

    class signer:  # noqa: D106, N801
        public_pem = b""

    def __init__(self, does):
        self.failed, self.batches, self._does, self.store = None, [], does, self
        self.text, self._kept = keys.make("X", "third-party-agency", ("decide", "report", "read", "audit"))

    def keys(self):
        """One key."""
        return [self._kept]

    def do(self, jobs):
        """Does it, and remembers how many came together."""
        self.batches.append(len(jobs))
        return [self._does(job) for job in jobs]

    def decisions(self, *_):
        """Something unforeseen."""
        raise RuntimeError(MARK)


def asked(gate, *paths):
    """Answers of requests that are sent at once, and how often the server was told that the store failed."""

    async def run():
        told = []
        app = App(gate, lambda: told.append(1))
        app.start()
        headers = {"Authorization": f"Bearer {gate.text}"}
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://gate", headers=headers) as client:
            sent = [client.get(path) if "?" in path or path == "/readyz" else client.post(path, json=about(path)) for path in paths]
            answers = await asyncio.gather(*sent)
            ready = await client.get("/readyz")
        await app.stop()
        return answers, ready, told

    return asyncio.run(run())


def test_what_waits_is_done_together():
    """While one batch is being done the next gathers."""

    def slow(job):
        time.sleep(0.02)
        return b'{"decision":"allow"}'

    gate = Fake(slow)
    answers, _, _ = asked(gate, *["/v1/ask"] * 20)
    assert {answer.status_code for answer in answers} == {200}
    assert sum(gate.batches) == 20
    assert len(gate.batches) < 5


def test_a_failed_commit_is_answered_to_all_that_wait():
    """503 for every request of the batch; the server is told, and is ready no more."""

    def breaks(job):
        gate.failed = Broken(MARK)
        raise gate.failed

    gate = Fake(breaks)
    answers, ready, told = asked(gate, *["/v1/ask"] * 5)
    for answer in [*answers, ready]:
        problem(answer, 503, "store-failed")
    assert told


def test_one_job_that_cannot_be_done_does_not_spoil_the_others(caplog):
    """The batch is undone and each job done alone: only the faulty one has a 500, and only its kind and place are written down."""

    def does(job):
        if job.what == "dry-run":
            raise ValueError(MARK)
        return b'{"decision":"allow"}'

    answers, ready, told = asked(Fake(does), "/v1/ask", "/v1/dry-run", "/v1/ask")
    assert [answer.status_code for answer in answers] == [200, 500, 200]
    problem(answers[1], 500, "fault")
    assert (ready.status_code, told) == (200, [])
    assert "ValueError" in caplog.text
    assert MARK not in caplog.text


def test_no_stack_trace_leaves(caplog):
    """What fails beside the transactions is a problem, too."""
    (answer,), _, _ = asked(Fake(lambda job: b"{}"), "/v1/decisions?consumer=a")
    problem(answer, 500, "fault")
    assert MARK not in caplog.text


def test_a_refusal_of_the_gate_is_its_problem():
    """Status and name are the gate's."""
    (answer,), _, _ = asked(Fake(lambda job: Refused("some-name", 409, "Some title")), "/v1/ask")
    problem(answer, 409, "some-name")


def sent(app, *messages, method="POST", path="/v1/ask"):
    """Status and body of a request whose body comes in these messages; after the last one nothing comes."""

    async def run():
        coming, said = iter(messages), []

        async def receive():
            for message in coming:
                return message
            return await asyncio.Event().wait()

        async def send(message):
            said.append(message)

        app.start()
        headers = [(b"authorization", f"Bearer {app.text}".encode())]
        await app({"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}, receive, send)
        await app.stop()
        return said[0]["status"], json.loads(said[1]["body"])["type"]

    return asyncio.run(run())


@pytest.fixture
def app():
    """An application over a gate that allows everything."""
    gate = Fake(lambda job: b'{"decision":"allow"}')
    app = App(gate, lambda: None)
    app.text = gate.text
    return app


def test_a_body_that_does_not_come_is_not_waited_for(app, monkeypatch):
    """Nobody may hold a request open for ever."""
    monkeypatch.setattr(bodies, "_BODY_S", 0.05)
    assert sent(app, {"type": "http.request", "body": b"{", "more_body": True}) == (408, "urn:forbear:too-slow")


def test_a_request_that_is_cut_off_is_not_asked(app):
    """Half a body is no request, even if it happens to be whole JSON."""
    whole = json.dumps(about()).encode()
    messages = [{"type": "http.request", "body": whole, "more_body": True}, {"type": "http.disconnect"}]
    assert sent(app, *messages) == (400, "urn:forbear:cut-off")


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/ask"), ("GET", "/readyz")])
def test_a_gate_that_stops_says_so(app, method, path):
    """Who still has a connection is told to go elsewhere."""
    app.stopping = True
    assert sent(app, {"type": "http.request"}, method=method, path=path) == (503, "urn:forbear:stopping")
