"""The gate as MCP tools, asked by a real MCP client over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys

import pytest
from gate_server import Served, about
from mcp import ClientSession, StdioServerParameters, stdio_client


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A gate that serves."""
    served = Served(tmp_path_factory.mktemp("gate"), "--holds", "all")
    yield served
    served.stop()


def told(served, act):
    """What an agent does with the tools, in a session of its own."""

    async def session():
        arguments = ["-m", "forbear.doors.cli", "gate", "mcp", "--url", served.url]
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
    """Neither the words that led to it nor anything else comes back: that would teach evasion."""

    async def act(session, _):
        said = {"consumer": "message", "jurisdiction": "US", "text": "Pay today or we will have you arrested and put in jail."}
        return (await session.call_tool("check_message", said)).structured_content

    found = told(served, act)
    assert set(found) == {"verdict", "clauses"}
    assert found["verdict"] == "deny"
    assert found["clauses"]


def test_what_is_wrong_says_do_not_contact(served):
    """A word that is none is a tool error that names the column and tells the agent to do nothing."""

    async def act(session, _):
        return await session.call_tool("may_i_contact", {"consumer": "A", "channel": "telepathy"})

    result = told(served, act)
    assert result.is_error
    assert "do not contact" in result.content[0].text
    assert "telepathy" not in result.content[0].text
