"""The gate as MCP tools, for AI agents: ask before a contact, report after it, have a message checked, have a rule explained."""

from __future__ import annotations

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from forbear.doors.gate.api import Answer, Question, Refused
from forbear.doors.gate.client import AsyncClient, NoAnswer

INSTRUCTIONS = """Before you contact anyone about a debt, by any channel, ask may_i_contact. Only the answer "allow" lets you go on;
a denial, an error or no answer means: do not contact. Afterwards report_outcome, always. When a message is denied, do not send it, and
do not reword it to get it through: a person decides what happens next. When someone asks you to stop, to call at other hours, or
disputes the debt, hand it to a person at once, so that it is written down."""


def run(url: str, key: str) -> None:
    """Serves the tools over standard input and output until the agent ends them."""
    server(AsyncClient(url, key)).run("stdio")


def server(gate: AsyncClient) -> MCPServer:
    """The tools over a gate."""
    made = MCPServer("forbear-gate", instructions=INSTRUCTIONS)

    @made.tool()
    async def may_i_contact(  # noqa: PLR0913, PLR0917 (what a contact is)
        consumer: str,
        channel: str,
        jurisdiction: str | None = None,
        zone: str | None = None,
        debt: str | None = None,
        debt_kind: str | None = None,
        creditor: str | None = None,
        creditor_kind: str | None = None,
        party: str | None = None,
        person: str | None = None,
        address: str | None = None,
        number: str | None = None,
        place: str | None = None,
        automated: str | None = None,
        text: str | None = None,
    ) -> dict[str, Any]:
        """Ask before every single contact with a consumer or third person about a debt. "allow" reserves this one contact; anything else
        means: do not contact. What you leave out counts as unknown and may lead to a denial that names it; never guess a value.

        channel: call, voicemail, sms, email, letter, visit, app-message, social-message, group-chat. jurisdiction: CN, US, US-MA. zone: the
        consumer's IANA time zone. party: consumer, spouse, family, friend, colleague, employer, other ... place: home, mobile, work, other.
        automated: ai-voice if you speak yourself, prerecorded, person. text: the message you will send, word for word.
        """  # noqa: D205 (agents read it as it stands)
        said = {"consumer": consumer, "channel": channel, "jurisdiction": jurisdiction, "zone": zone, "debt": debt, "debt_kind": debt_kind}
        said |= {"creditor": creditor, "creditor_kind": creditor_kind, "party": party, "person": person, "address": address}
        said |= {"number": number, "place": place, "automated": automated, "text": text}
        answer = await _said(gate.ask(_question(said)))
        return _told(answer) | ({"id": answer.id} if answer.decision == "allow" else {})

    @made.tool()
    async def report_outcome(id: str, outcome: str) -> dict[str, Any]:  # noqa: A002 (the name that the answer gave it)
        """Report what came of a contact that was allowed: conversation, answered, voicemail-left, no-answer, busy, rejected,
        not-in-service, delivered or failed. Until you report, the next contact may be denied.
        """  # noqa: D205 (agents read it as it stands)
        noted = await _said(gate.outcome(id, outcome))
        return {"status": noted.status}

    @made.tool()
    async def check_message(  # noqa: PLR0913, PLR0917 (as above)
        consumer: str,
        text: str,
        channel: str = "sms",
        jurisdiction: str | None = None,
        zone: str | None = None,
        debt: str | None = None,
        debt_kind: str | None = None,
        creditor: str | None = None,
        creditor_kind: str | None = None,
        party: str | None = None,
        person: str | None = None,
        address: str | None = None,
        number: str | None = None,
        place: str | None = None,
    ) -> dict[str, Any]:
        """Check a message without sending or reserving anything, as if it were sent now: its words, but also the hour, what came before,
        and what you left out, so say all that you know, as for may_i_contact. The answer is a verdict with its clauses, never the words
        that led to it. A denied message is not to be reworded until it passes; give it to a person. Before sending, ask may_i_contact.
        """  # noqa: D205 (agents read it as it stands)
        said = {"consumer": consumer, "channel": channel, "jurisdiction": jurisdiction, "zone": zone, "debt": debt, "debt_kind": debt_kind}
        said |= {"creditor": creditor, "creditor_kind": creditor_kind, "party": party, "person": person, "address": address}
        answer = await _said(gate.dry_run(_question(said | {"number": number, "place": place, "text": text})))
        return {"verdict": answer.decision, "clauses": _clauses(answer)}

    @made.tool()
    async def explain_rule(rule: str) -> dict[str, Any]:
        """Explain a rule that an answer named: its title, its clauses, its force, and how sure we are of its text."""
        found = await _said(gate.rule(rule))
        clauses = [clause.cite for clause in found.clauses]
        return {"rule": found.id, "title": found.title, "title_zh": found.title_zh, "clauses": clauses, "force": found.force} | {
            "effect": found.effect,
            "verified": found.verified,
            "since": found.since,
        }

    return made


def _question(said: dict[str, str | None]) -> Question:
    return Question(**{name: value for name, value in said.items() if value is not None})


def _told(answer: Answer) -> dict[str, Any]:
    """Verdict, clauses and time: no witness, no counts."""
    told: dict[str, Any] = {"decision": answer.decision, "rules": [reason.rule for reason in answer.reasons], "clauses": _clauses(answer)}
    if answer.decision == "deny":
        told |= {"earliest": "never" if answer.never else answer.earliest}
        told |= {"unknown": sorted({field for reason in answer.reasons for field in reason.settles})}
    return told | {"warnings": [reason.rule for reason in answer.warnings]}


def _clauses(answer: Answer) -> list[str]:
    return [clause.cite for reason in answer.reasons for clause in reason.clauses]


async def _said(answer: Any) -> Any:  # noqa: ANN401 (whatever the client gives)
    """The answer; what is refused or unanswered is said so that an agent does nothing."""
    try:
        return await answer
    except Refused as refused:
        raise ToolError(f"do not contact: {refused}") from None
    except NoAnswer as error:
        raise ToolError(str(error)) from None
