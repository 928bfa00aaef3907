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
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, overload

from forbear.doors.gate.api import Answer, Question
from forbear.doors.gate.client import AsyncClient, Client

_Takes = ParamSpec("_Takes")
_Gives = TypeVar("_Gives")


class Denied(Exception):
    """The gate denies; the contact was not placed. `answer` says which rules, and when it becomes lawful."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        when = "waiting does not make it lawful" if answer.never else f"not before {answer.earliest}"
        super().__init__(f"denied by {', '.join(reason.rule for reason in answer.reasons)}; {when}")


class NotPlaced(Exception):
    """An agent's own function raises this, or a kind of it, when the contact surely was not placed: its slot is given back."""


class Guard:
    """Asks a gate before an agent's functions do anything."""

    def __init__(self, client: Client | AsyncClient) -> None:
        """A `Client` guards plain functions, an `AsyncClient` coroutines."""
        self._client = client

    @overload
    def wrap(
        self, place: Callable[_Takes, Awaitable[_Gives]], about: Callable[_Takes, Question], outcome: Callable[[_Gives], str]
    ) -> Callable[_Takes, Awaitable[_Gives]]: ...

    @overload
    def wrap(
        self, place: Callable[_Takes, _Gives], about: Callable[_Takes, Question], outcome: Callable[[_Gives], str]
    ) -> Callable[_Takes, _Gives]: ...

    def wrap(self, place: Callable[..., Any], about: Callable[..., Question], outcome: Callable[[Any], str]) -> Callable[..., Any]:
        """`place`, but asked before and reported after.

        `about`: what is to be asked, from the same arguments; of a message, its text too. `outcome`: what came of it, from what `place`
        returns, in the words of the records page. Raises `Denied` and `NoAnswer` before anything is placed.

        `place` raises `NotPlaced` where nothing was placed, and the slot is given back. After any other exception nobody knows whether it
        was placed: the contact stays unreported and keeps counting, as an attempt of unknown outcome.
        """
        if isinstance(self._client, AsyncClient):
            return _guarded_async(self._client, place, about, outcome)
        if inspect.iscoroutinefunction(place):
            raise TypeError("a coroutine is guarded by an AsyncClient")
        return _guarded(self._client, place, about, outcome)


def _guarded(
    client: Client, place: Callable[..., Any], about: Callable[..., Question], outcome: Callable[[Any], str]
) -> Callable[..., Any]:
    @wraps(place)
    def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (as the agent's own function has it)
        answer = client.ask(about(*arguments, **named))
        if answer.decision != "allow":
            raise Denied(answer)
        try:
            result = place(*arguments, **named)
        except NotPlaced:
            client.cancel(answer.id)
            raise
        client.outcome(answer.id, outcome(result))
        return result

    return guarded


def _guarded_async(
    client: AsyncClient, place: Callable[..., Any], about: Callable[..., Question], outcome: Callable[[Any], str]
) -> Callable[..., Any]:
    @wraps(place)
    async def guarded(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (as the agent's own function has it)
        answer = await client.ask(about(*arguments, **named))
        if answer.decision != "allow":
            raise Denied(answer)
        try:
            result = await place(*arguments, **named)
        except NotPlaced:
            await client.cancel(answer.id)
            raise
        await client.outcome(answer.id, outcome(result))
        return result

    return guarded
