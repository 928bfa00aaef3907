"""The gate round an agent's own functions."""

from __future__ import annotations

import asyncio

import httpx2
import msgspec
import pytest
from gate_server import Served, about

from forbear.doors.gate.agents import Denied, Guard, NotPlaced, Unreported
from forbear.doors.gate.api import Answer, Question
from forbear.doors.gate.client import AsyncClient, Client, NoAnswer


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A gate that serves."""
    served = Served(tmp_path_factory.mktemp("gate"), "--holds", "all")
    yield served
    served.stop()


def question(consumer):
    """What is asked about a consumer."""
    return Question(**about(consumer))


def guarded(client, placed, result="conversation"):
    """A function that places calls, guarded; of either kind, called the same way."""

    def place(consumer):
        placed.append(consumer)
        if isinstance(result, Exception):
            raise result
        return {"status": result}

    async def place_async(consumer):
        return place(consumer)

    guard = Guard(client)
    if isinstance(client, Client):
        return guard.wrap(place, question, lambda said: said["status"].strip())
    return guard.wrap(place_async, question, lambda said: said["status"].strip())


@pytest.fixture(params=["sync", "async"])
def run(request, served):
    """Runs what is done with a client of either kind, and the name of the kind."""

    def run(act, url=served.url, transport=None):
        if request.param == "sync":
            with Client(url, served.keys["agency"], transport=transport) as client:
                return act(client, lambda call, *arguments: call(*arguments))

        async def all_of_it():
            async with AsyncClient(url, served.keys["agency"], transport=transport) as client:
                loop = asyncio.get_running_loop()
                waiting = lambda call, *arguments: asyncio.run_coroutine_threadsafe(call(*arguments), loop).result()  # noqa: E731
                return await asyncio.to_thread(act, client, waiting)

        return asyncio.run(all_of_it())

    run.kind = request.param
    return run


def test_an_allowed_call_is_placed_and_reported(run):
    """The function runs with its own arguments, its result comes back, and the outcome is reported: the next call is denied by it."""
    placed, consumer = [], f"placed-{run.kind}"

    def act(client, do):
        call = guarded(client, placed)
        assert do(call, consumer) == {"status": "conversation"}
        with pytest.raises(Denied, match=r"us\.reg-f\.cooling-off; not before 2"):
            do(call, consumer)

    run(act)
    assert placed == [consumer]


def test_nothing_is_placed_without_an_answer(run):
    """Where the gate does not answer, the function is not called."""
    placed = []

    def act(client, do):
        with pytest.raises(NoAnswer):
            do(guarded(client, placed), "nobody")

    run(act, transport=httpx2.MockTransport(lambda _: httpx2.Response(502)))
    assert placed == []


def only_asking(request):
    """A gate that allows, and then is not there any more."""
    if request.url.path == "/v1/ask":
        return httpx2.Response(200, content=msgspec.json.encode(Answer(decision="allow", id="7", at="2026-09-21T16:00:00Z")))
    return httpx2.Response(502)


@pytest.mark.parametrize("result", ["conversation", 7])
def test_what_was_placed_is_never_called_unplaced(run, result):
    """Where the report does not arrive, or nobody can say the outcome, the caller hears that it was placed, gets its result, and the id."""
    placed = []

    def act(client, do):
        with pytest.raises(Unreported, match="was placed") as caught:
            do(guarded(client, placed, result), "A")
        assert (caught.value.decision, caught.value.result) == ("7", {"status": result})

    run(act, transport=httpx2.MockTransport(only_asking))
    assert placed == ["A"]


def test_what_was_not_placed_stays_so_when_the_slot_cannot_be_given_back(run):
    """NotPlaced comes through, and says that the slot keeps counting."""

    def act(client, do):
        with pytest.raises(NotPlaced) as caught:
            do(guarded(client, [], NotPlaced("no line")), "A")
        assert caught.value.__notes__ == ["its slot was not given back and keeps counting (NoAnswer)"]

    run(act, transport=httpx2.MockTransport(only_asking))


def test_an_agent_never_learns_a_limit(served):
    """Even with the creditor's key, which may see them, a denial holds no limit, no measured value, no witness."""
    asked = Question(**about("lender", agency="X", agency_kind="third-party-agency"))
    with Client(served.url, served.keys["lender"]) as client:
        client.outcome(client.ask(asked).id, "conversation")
        assert client.dry_run(asked).reasons[0].measured
        with pytest.raises(Denied) as caught:
            Guard(client).wrap(str, lambda: asked, str)()
    assert caught.value.answer.reasons
    assert {(reason.limit, reason.measured, *reason.witness) for reason in caught.value.answer.reasons} == {("", "")}


def test_what_was_surely_not_placed_gives_its_slot_back(run):
    """NotPlaced cancels; any other exception leaves the contact open, so that it keeps counting as an attempt of unknown outcome."""
    placed, consumer = [], f"open-{run.kind}"

    def act(client, do):
        with pytest.raises(NotPlaced):
            do(guarded(client, placed, NotPlaced("no line")), consumer)
        with pytest.raises(OSError, match="dropped"):
            do(guarded(client, placed, OSError("dropped")), consumer)
        with pytest.raises(Denied) as caught:
            do(guarded(client, placed), consumer)
        assert caught.value.answer.reasons[0].settles == ["outcome"]

    run(act)
    assert len(placed) == 2


def test_a_coroutine_wants_the_client_that_can_wait_for_it(served):
    """Guarded by the plain client, a coroutine would be reported before it ran: refused at once."""

    async def place():
        """Places nothing."""

    with Client(served.url, "key") as client, pytest.raises(TypeError, match="AsyncClient"):
        Guard(client).wrap(place, question, str)


def test_a_coroutine_in_disguise_is_not_reported_before_it_ran(served):
    """A plain function that gives a coroutine is found out when it does: it does not run, and its slot keeps counting."""
    placed = []

    async def place(consumer):
        placed.append(consumer)
        return "no-answer"

    with Client(served.url, served.keys["agency"]) as client:
        with pytest.raises(TypeError, match="AsyncClient"):
            Guard(client).wrap(lambda consumer: place(consumer), question, lambda _: "no-answer")("disguise")  # noqa: PLW0108
        assert [told["what"] for told in client.decisions("disguise")] == ["allow"]
    assert placed == []


def test_a_plain_function_under_the_waiting_client_is_reported(served):
    """It has placed the contact when it returns, and what came of it is reported."""

    async def all_of_it():
        async with AsyncClient(served.url, served.keys["agency"]) as client:
            assert await Guard(client).wrap(lambda _: "no-answer", question, str)("plain") == "no-answer"
            return [told["what"] for told in await client.decisions("plain")]

    assert asyncio.run(all_of_it()) == ["allow", "outcome"]


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_generator_is_refused(client):
    """It would be reported before it ran."""

    def place():
        yield

    async def place_async():
        yield

    for each in (place, place_async):
        with pytest.raises(TypeError, match="generator"):
            Guard(client("http://gate", "key")).wrap(each, question, str)
