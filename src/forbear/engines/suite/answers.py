"""What plain and the kernel answer to a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from forbear.engines.earliest import earliest, unsettled
from forbear.engines.judgement import Judgement, judge_timeline
from forbear.engines.kernel.desk import Desk
from forbear.engines.kernel.host import Kernel
from forbear.engines.plain import Judge
from forbear.engines.suite.case import Answer, Case, Decided, Found, instant
from forbear.records.entry import Entry
from forbear.records.packed import Packed
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.terms import Verdict

Answering = Callable[[Case], Answer]


def plain(book: Book) -> Answering:
    """Answers by the meaning of the rule language: what the suite expects."""

    def answer(case: Case) -> Answer:
        entries, rules, coverage = case.timeline, of(book, case.rules), case.coverage
        no = [rule for rule in rules if not rule.warns and not rule.owe]

        def decided(i: int, entry: Entry) -> Decided | None:
            asked, judge = unsettled(entry), Judge(book, entries[:i], coverage)
            said = [rule for rule in rules if judge.judge(rule, asked, i, gate=True).value is not False]
            return decision(entry, said, lambda: earliest(book, no, entries[:i], asked, coverage))

        judgements = judge_timeline(book, rules, entries, coverage)
        return Answer(case.id, audit(entries, judgements), gate(entries, decided))

    return answer


def kernel(book: Book) -> Answering:
    """Answers by compiled code: the audit's loops, and the gate's desk."""
    kernel_of = lru_cache(maxsize=64)(lambda rules, coverage: Kernel(book, of(book, rules), coverage))
    desk_of = lru_cache(maxsize=64)(lambda rules, coverage: Desk(book, of(book, rules), coverage))

    def answer(case: Case) -> Answer:
        entries, rules, coverage = case.timeline, tuple(case.rules), case.coverage
        (judgements,) = kernel_of(rules, coverage).judge([entries])
        desk = desk_of(rules, coverage._replace(records_until=None))  # a gate does not look forward

        def decided(i: int, entry: Entry) -> Decided | None:
            known, asked = Packed.of(entries[:i]), unsettled(entry)
            said = [judgement.rule for judgement in desk.ask(known, asked).judgements]
            return decision(entry, said, lambda: desk.earliest(known, asked))

        return Answer(case.id, audit(entries, judgements), gate(entries, decided))

    return answer


def of(book: Book, rules: Iterable[str]) -> list[Rule]:
    """Every version of these rules."""
    asked = set(rules)
    return [rule for rule in book.rules if rule.id in asked]


def audit(entries: Sequence[Entry], judgements: Iterable[Judgement]) -> list[Found]:
    """Judgements as an answer says them."""
    return sorted(
        Found(
            entries[j.position].entry_id,
            j.rule.id,
            j.verdict.value,
            [entries[k].entry_id for k in j.witness] if j.verdict is not Verdict.UNCLEAR and not j.rule.owe else None,
        )
        for j in judgements
    )


def gate(entries: Sequence[Entry], decided: Callable[[int, Entry], Decided | None]) -> list[Decided]:
    """What is decided of each contact that a gate would be asked about."""
    return sorted(said for i, entry in enumerate(entries) if asked_about(entry) if (said := decided(i, entry)) is not None)


def asked_about(entry: Entry) -> bool:
    """Whether a gate is asked about it: a contact that surely goes out, about one consumer who is known."""
    fields = entry.fields
    return entry.is_contact and fields.get("direction") == ("outbound",) and len(fields.get("consumer", ())) == 1 and "channel" in fields


def decision(entry: Entry, said: Sequence[Rule], first: Callable[[], int | None]) -> Decided | None:
    """What the gate says where these rules say breach or unclear; None where it allows."""
    deny = sorted({rule.id for rule in said if not rule.warns})
    if deny:
        at = first()
        return Decided(entry.entry_id, "deny", deny, "never" if at is None else instant(at))
    return Decided(entry.entry_id, "warn", sorted({rule.id for rule in said})) if said else None
