"""The gate round an agent's own functions."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from gate_server import Served, about

from forbear.doors.gate.agents import Denied, Guard, NotPlaced
from forbear.doors.gate.api import Question
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
        return guard.wrap(place, question, lambda said: said["status"])
    return guard.wrap(place_async, question, lambda said: said["status"])


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
