"""The gate as MCP tools, asked by a real MCP client over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec
import pytest
from gate_server import Served, about
from mcp import ClientSession, StdioServerParameters, stdio_client

from forbear.doors.gate.api import Question


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A gate that serves."""
    served = Served(tmp_path_factory.mktemp("gate"), "--holds", "all")
    yield served
    served.stop()


def told(served, act, url=""):
    """What an agent does with the tools, in a session of its own."""

    async def session():
        arguments = ["-m", "forbear.doors.cli", "gate", "mcp", "--url", url or served.url]
        environment = {**os.environ, "FORBEAR_GATE_KEY": served.keys["agency"]}
        server = StdioServerParameters(command=sys.executable, args=arguments, env=environment)
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            started = await session.initialize()
            return await act(session, started)

    return asyncio.run(session())


def arguments(consumer, **more):
    """What an agent says of a contact."""
    known = about(consumer, **more)
    return {name: known[name] for name in ("consumer", "channel", "jurisdiction", "zone", "debt", "party", "creditor", *more)}


def test_an_agent_asks_reports_and_is_denied(served):
    """The tools teach what to do; an allow gives an id to report with; a denial gives rules, clauses and a time, and no counts."""

    async def act(session, started):
        assert "do not contact" in started.instructions
        tools = (await session.list_tools()).tools
        assert {tool.name for tool in tools} == {"may_i_contact", "report_outcome", "check_message", "explain_rule"}
        assert all(tool.description for tool in tools)
        first = (await session.call_tool("may_i_contact", arguments("agent"))).structured_content
        assert first["decision"] == "allow"
        reported = await session.call_tool("report_outcome", {"id": first["id"], "outcome": "conversation"})
        assert reported.structured_content == {"status": "noted"}
        second = (await session.call_tool("may_i_contact", arguments("agent"))).structured_content
        rule = (await session.call_tool("explain_rule", {"rule": second["rules"][0]})).structured_content
        return second, rule

    denied, rule = told(served, act)
    assert set(denied) == {"decision", "rules", "clauses", "earliest", "unknown", "warnings"}
    assert denied["rules"] == ["us.reg-f.cooling-off"]
    assert rule["clauses"] == denied["clauses"]


def test_a_message_is_checked_for_verdict_and_clause_only(served):
    """Harmless words pass, a threat does not. Neither the words that led to it nor anything else comes back: that would teach evasion.
    Nothing is reserved: the contact may still be asked about.
    """

    async def act(session, _):
        known = arguments("message", channel="sms", place="mobile", address="+12025550123", debt_kind="card", creditor_kind="bank")
        harmless, threat = "Please call us back.", "Pay today or we will have you arrested and put in jail."
        found = [(await session.call_tool("check_message", known | {"text": text})).structured_content for text in (harmless, threat)]
        asked = await session.call_tool("may_i_contact", known | {"text": harmless})
        return *found, asked.structured_content["decision"]

    harmless, threat, asked = told(served, act)
    assert harmless == {"verdict": "allow", "clauses": []}
    assert set(threat) == {"verdict", "clauses"}
    assert threat["verdict"] == "deny"
    assert "15 USC 1692e" in threat["clauses"]
    assert asked == "allow"


def test_an_agent_can_say_all_that_a_denial_may_name(served):
    """Every column of a contact is there to be said, but those that the key says, that no agent may say, or that are about visits."""

    async def act(session, _):
        return {tool.name: set(tool.input_schema["properties"]) for tool in (await session.list_tools()).tools}

    said = told(served, act)
    others = {"agency", "agency_kind", "asked_at", "collector", "collectors_present", "direction", "reason", "tags"}
    assert said["may_i_contact"] == {field.name for field in msgspec.structs.fields(Question)} - others
    assert said["check_message"] == said["may_i_contact"] - {"automated"}


def test_without_a_gate_an_agent_is_told_not_to_contact(served):
    """Nobody listens: the tool fails, and its text says what that means."""

    async def act(session, _):
        return await session.call_tool("may_i_contact", {"consumer": "A", "channel": "call"})

    result = told(served, act, url="http://127.0.0.1:9")
    assert result.is_error
    assert "do not place the contact" in result.content[0].text


def test_what_is_wrong_says_do_not_contact(served):
    """A word that is none is a tool error that names the column and tells the agent to do nothing."""

    async def act(session, _):
        return await session.call_tool("may_i_contact", {"consumer": "A", "channel": "telepathy"})

    result = told(served, act)
    assert result.is_error
    assert "do not contact" in result.content[0].text
    assert "telepathy" not in result.content[0].text
