"""The gate round an agent's own "place call" and "send message": it asks first, and does nothing without an allow.

```python
guard = Guard(client)
question = lambda consumer: Question(consumer=consumer, channel="call", debt="1")
call = guard.wrap(place_call, about=question, outcome=lambda result: result.status)
call("c-17")  # asks, calls, reports; raises Denied where the gate denies
```
There is no way round a denial here: nothing asks again at the earliest instant, and nothing rewords a message.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar, overload

import msgspec

from forbear.doors.gate.api import Answer, Question, Reason, Refused
from forbear.doors.gate.client import AsyncClient, Client, NoAnswer

_Asks = TypeVar("_Asks", Client, AsyncClient)
_Takes = ParamSpec("_Takes")
_Gives = TypeVar("_Gives")


class Denied(Exception):
    """The gate denies; the contact was not placed. `answer` says which rules, and when it becomes lawful.

    Limits, measured values and witnesses are left out of it, whatever the key may see: an agent that knows a cap works up to it.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = msgspec.structs.replace(answer, reasons=_plain(answer.reasons), warnings=_plain(answer.warnings))
        when = "waiting does not make it lawful" if answer.never else f"not before {answer.earliest}"
        super().__init__(f"denied by {', '.join(reason.rule for reason in answer.reasons)}; {when}")


class NotPlaced(Exception):
    """An agent's own function raises this, or a kind of it, when the contact surely was not placed: its slot is given back."""


class Unreported(Exception):
    """The contact was placed, and what came of it did not reach the gate: it keeps counting, as an attempt of unknown outcome.

    Not to be placed again for that. `result` is what the agent's own function gave; `client.outcome(decision, ...)` reports it later.
    """

    def __init__(self, decision: str, result: object) -> None:
        self.decision, self.result = decision, result
        super().__init__(
            f"the contact was placed, but its outcome could not be reported; report it for decision {decision}, and do not place it again"
        )


class Guard(Generic[_Asks]):
    """Asks a gate before an agent's functions do anything."""

    def __init__(self, client: _Asks) -> None:
        """A `Client` guards plain functions, an `AsyncClient` coroutines."""
        self._client: Client | AsyncClient = client

    @overload
    def wrap(
        self: Guard[Client], place: Callable[_Takes, _Gives], about: Callable[_Takes, Question], outcome: Callable[[_Gives], str]
    ) -> Callable[_Takes, _Gives]: ...

    @overload
    def wrap(
        self: Guard[AsyncClient],
        place: Callable[_Takes, Awaitable[_Gives]],
        about: Callable[_Takes, Question],
        outcome: Callable[[_Gives], str],
    ) -> Callable[_Takes, Coroutine[Any, Any, _Gives]]: ...

    def wrap(self, place: Callable[..., Any], about: Callable[..., Question], outcome: Callable[[Any], str]) -> Callable[..., Any]:
        """`place`, but asked before and reported after.

        `about`: what is to be asked, from the same arguments; of a message, its text too. `outcome`: what came of it, from what `place`
        returns, in the words of the records page. Raises `Denied`, `Refused` and `NoAnswer` only before anything is placed, `Unreported`
        only after.

        `place` raises `NotPlaced` where nothing was placed, and the slot is given back. After any other exception nobody knows whether it
        was placed: the contact stays unreported and keeps counting, as an attempt of unknown outcome.
        """
        if inspect.isgeneratorfunction(place) or inspect.isasyncgenfunction(place):
            raise TypeError("a generator is not done when it returns, so nobody could say what came of it; wrap what runs it")
        if isinstance(self._client, AsyncClient):
            return _guarded_async(self._client, place, about, outcome)
        if inspect.iscoroutinefunction(place):
            raise TypeError("this function is a coroutine; give the Guard an AsyncClient")
        return _guarded(self._client, place, about, outcome)


def _guarded(
    client: Client, place: Callable[..., Any], about: Callable[..., Question], outcome: Callable[[Any], str]
) -> Callable[..., Any]:
    @wraps(place)
    def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (as the agent's own function has it)
        decision = _allowed(client.ask(about(*arguments, **named)))
        try:
            result = place(*arguments, **named)
        except NotPlaced as error:
            try:
                client.cancel(decision)
            except (NoAnswer, Refused) as lost:
                error.add_note(_kept(lost))
            raise
        if inspect.isawaitable(result):
            # Nothing came of it yet, so nothing is reported, and its slot keeps counting.
            if inspect.iscoroutine(result):
                result.close()
            raise TypeError("this function is a coroutine; give the Guard an AsyncClient")
        try:
            client.outcome(decision, outcome(result))
        except Exception as error:
            raise Unreported(decision, result) from error
        return result

    return guarded


def _guarded_async(
    client: AsyncClient, place: Callable[..., Any], about: Callable[..., Question], outcome: Callable[[Any], str]
) -> Callable[..., Any]:
    @wraps(place)
    async def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (as the agent's own function has it)
        decision = _allowed(await client.ask(about(*arguments, **named)))
        try:
            result = place(*arguments, **named)
            if inspect.isawaitable(result):  # a plain function has placed it by now, and is reported all the same
                result = await result
        except NotPlaced as error:
            try:
                await client.cancel(decision)
            except (NoAnswer, Refused) as lost:
                error.add_note(_kept(lost))
            raise
        try:
            await client.outcome(decision, outcome(result))
        except Exception as error:
            raise Unreported(decision, result) from error
        return result

    return guarded


def _allowed(answer: Answer) -> str:
    """The id to report with. Raises `Denied`."""
    if answer.decision != "allow":
        raise Denied(answer)
    return answer.id


def _plain(reasons: list[Reason]) -> list[Reason]:
    return [msgspec.structs.replace(reason, measured="", limit="", witness=[]) for reason in reasons]


def _kept(lost: Exception) -> str:
    return f"its slot was not given back and keeps counting ({type(lost).__name__})"
