"""The client: typed, patient, and silent where there is no answer."""

from __future__ import annotations

import asyncio

import httpx2
import msgspec
import pytest
from gate_server import Served, about

from forbear.doors.gate.api import Answer, Fact, Happened, Planned, Problem, Question, Refused
from forbear.doors.gate.client import AsyncClient, Client, NoAnswer, _pause

ALLOW = msgspec.json.encode(Answer(decision="allow", id="1", at="2026-09-21T16:00:00Z"))


class Both:
    """Either client behind one face, so that every claim is tried with both."""

    def __init__(self, kind, url, key, transport=None):
        self.kind = kind
        self._run = asyncio.Runner() if kind == "async" else None
        make = AsyncClient if self._run else Client
        self.client = make(url, key, transport=transport)

    def __getattr__(self, name):
        def call(*arguments, **named):
            found = getattr(self.client, name)(*arguments, **named)
            return self._run.run(found) if self._run else found

        return call

    def end(self):
        """Closes it."""
        self.close()
        if self._run:
            self._run.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A gate that serves."""
    served = Served(tmp_path_factory.mktemp("gate"), "--holds", "all")
    yield served
    served.stop()


@pytest.fixture(params=["sync", "async"])
def kind(request):
    """Which client."""
    return request.param


@pytest.fixture
def gate(served, kind):
    """A client of the gate, of either kind."""
    gate = Both(kind, served.url, served.keys["agency"])
    yield gate
    gate.end()


def test_a_contact_is_asked_about_reported_and_seen(gate, kind):
    """Ask, report, ask again, plan: each answer comes back in its type."""
    question = Question(**about(f"seen-{kind}"))
    answer = gate.ask(question)
    assert answer.decision == "allow"
    assert answer.receipt
    assert gate.outcome(answer.id, "conversation", 65).status == "noted"
    denied = gate.ask(question)
    assert (denied.decision, denied.reasons[0].rule) == ("deny", "us.reg-f.cooling-off")
    assert len(gate.plan(Planned(**about(f"seen-{kind}"), days=9)).windows) > 0
    assert [told["what"] for told in gate.decisions(f"seen-{kind}")] == ["allow", "outcome", "deny", "plan"]


def test_facts_and_other_contacts_are_noted_and_a_slot_is_given_back(gate, kind):
    """What else happened is told in one call each; a cancelled contact frees its slot; a dry run takes none."""
    named = about(f"noted-{kind}")
    assert gate.dry_run(Question(**named)).decision == "allow"
    answer = gate.ask(Question(**named))
    assert gate.cancel(answer.id).status == "cancelled"
    assert gate.contact(Happened(**named, occurred_at=1_780_000_000, outcome="no-answer")).status == "noted"
    fact = Fact(consumer=named["consumer"], kind="cease-request", form="written", agency="X", debt=named["debt"], zone=named["zone"])
    assert gate.fact(fact).status == "noted"
    assert gate.ask(Question(**named)).never


def test_a_rule_is_explained(gate):
    """A rule that an answer named comes with its clause."""
    assert gate.rule("us.reg-f.call-frequency").clauses[0].cite.startswith("12 CFR 1006.14")


def test_what_is_refused_says_why(gate):
    """A problem is raised with its type and its hint."""
    with pytest.raises(Refused) as caught:
        gate.ask(Question(consumer="A", channel="telepathy"))
    assert (caught.value.problem.type, caught.value.problem.field) == ("urn:forbear:unreadable", "channel")


@pytest.mark.parametrize("failure", [503, 429, httpx2.ConnectError, httpx2.ReadTimeout, httpx2.RemoteProtocolError])
def test_the_same_request_is_sent_again_under_the_same_key(kind, failure):
    """After a broken line, 503 or 429 the request comes again, byte for byte, with its idempotency key: it is done once."""
    seen = []

    def answer(request):
        seen.append((request.headers["Idempotency-Key"], request.content))
        if len(seen) > 2:
            return httpx2.Response(200, content=ALLOW)
        if not isinstance(failure, int):
            raise failure("broken", request=request)
        return httpx2.Response(failure, headers={"Retry-After": "0"}, content=b"{}")

    gate = Both(kind, "http://gate", "key", httpx2.MockTransport(answer))
    assert gate.ask(Question(consumer="A", channel="call")).decision == "allow"
    gate.end()
    assert len(seen) == 3
    assert len(set(seen)) == 1
    gate = Both(kind, "http://gate", "key", httpx2.MockTransport(answer))
    gate.ask(Question(consumer="A", channel="call"))
    gate.end()
    assert seen[3][0] != seen[0][0], "another call is another request"


@pytest.mark.parametrize(
    ("failure", "wish", "sent", "raised"),
    [
        (503, "0", 4, NoAnswer),
        (429, "0", 4, Refused),
        (503, "60", 1, NoAnswer),
        (429, "60", 1, Refused),
        (500, "0", 1, NoAnswer),
        (422, "0", 1, Refused),
        (409, "0", 1, Refused),
    ],
)
def test_tries_have_an_end(kind, failure, wish, sent, raised):
    """Four at the most; none that comes sooner than the gate wishes; what is refused is not sent again."""
    seen, problem = [], msgspec.json.encode(Problem(type="urn:forbear:x", title="x", status=failure))

    def answer(request):
        seen.append(request)
        return httpx2.Response(failure, headers={"Retry-After": wish}, content=problem)

    gate = Both(kind, "http://gate", "key", httpx2.MockTransport(answer))
    with pytest.raises(raised):
        gate.ask(Question(consumer="A", channel="call"))
    gate.end()
    assert len(seen) == sent


def test_without_a_wish_the_waits_grow():
    """Each wait is twice the one before."""
    broken = httpx2.ConnectError("broken")
    assert [_pause(tried, broken) for tried in (1, 2, 3, 4)] == [0.1, 0.2, 0.4, None]
    assert _pause(1, httpx2.Response(503, headers={"Retry-After": "2"})) == 2


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"decision":"maybe","id":"1","at":""}', b'{"decision":"\xff"}', b"[" * 5000])
@pytest.mark.parametrize("status", [200, 500, 502])
def test_what_is_no_answer_of_a_gate_is_no_answer(kind, status, content):
    """A proxy's page, a fault, half an answer: NoAnswer, whose words say that the contact is not to be placed."""
    gate = Both(kind, "http://gate", "key", httpx2.MockTransport(lambda _: httpx2.Response(status, content=content)))
    with pytest.raises(NoAnswer, match="do not place the contact"):
        gate.ask(Question(consumer="A", channel="call"))
    gate.end()


def test_a_garbled_answer_is_no_answer(kind):
    """What cannot be unpacked says nothing."""
    garbled = httpx2.MockTransport(
        lambda _: httpx2.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx2.ByteStream(b"no gzip"))
    )
    gate = Both(kind, "http://gate", "key", garbled)
    with pytest.raises(NoAnswer):
        gate.ask(Question(consumer="A", channel="call"))
    gate.end()


def test_a_gate_that_is_not_there_gives_no_answer(kind):
    """Nobody listens: the client gives up after a few tries."""
    gate = Both(kind, "http://127.0.0.1:9", "key")
    with pytest.raises(NoAnswer):
        gate.ask(Question(consumer="A", channel="call"))
    gate.end()
