"""Commands that look at a whole history: what is found is a lead, a rate with its uncertainty, or what if; and never a breach."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forbear.doors import options
from forbear.doors.options import (
    Contacts,
    Engine,
    Facts,
    Holds,
    Lang,
    Law,
    LawOf,
    Mappings,
    Master,
    Memory,
    RecordsUntil,
    Rules,
    Threads,
    example,
)

app = typer.Typer()


@app.command(
    epilog=example(
        "python examples/make_phones.py --out out/phones",
        "forbear reconcile --consumer out/phones/phones.csv \\",
        "  --lender out/phones/lender.csv --out out/reconciled",
        given="after `make demo`",
    )
)
def reconcile(
    consumer: Annotated[Path | None, typer.Option("--consumer", help="The person's own log: a phone's export, or a sealed one.")] = None,
    lender: Annotated[Path | None, typer.Option("--lender", help="The lender's contacts: a file or folder; or a sealed one.")] = None,
    who: Annotated[str, typer.Option("--who", help="Whose log it is, where its rows do not say; the consumer's id in the lender's.")] = "",
    mapping: Annotated[list[Path] | None, typer.Option("--mapping", help="What the columns mean; one for each side.")] = None,
    key: Annotated[
        Path | None, typer.Option("--seal", help="Seal one log with the key in this file, which is made if it is not there.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A folder for the tables; with --seal, the sealed file.")] = None,
    lang: Lang = "en",
) -> None:
    """Compare a person's own log with the lender's records.

    Which contacts do the records not hold? In: both logs. Clocks may differ, by zones too; numbers, lengths and seconds need not agree
    wholly. With many people there is a line for each agency: the share of contacts that its records lack, with an interval.

    Out: what agrees, and with --out matched.csv, hidden.csv (leads, each with its probability), unseen.csv and agencies.csv.

    Where neither may see the other's log, both seal theirs with one key (--seal) and give the sealed files, not the key, to somebody whom
    both trust; he compares those.

    An unmatched contact is a lead, not proof.
    """
    from forbear.doors.reconcile import commands as door

    door.run(consumer, lender, who, mapping or (), key, out, options.language(lang))


@app.command(
    epilog=example(
        "forbear simulate --out out/portfolio --tactic timed-dialling",
        "forbear leads out/portfolio/contacts.csv \\",
        "  --facts out/portfolio/facts.csv --law cn",
    )
)
def leads(
    paths: Contacts,
    facts: Facts = None,
    mapping: Mappings = None,
    law: Annotated[str, typer.Option("--law", help="Whose clauses a lead may touch, joined by commas: cn,us.")] = "",
    rules: Rules = None,
    out: Annotated[Path | None, typer.Option("--out", help="A CSV file with one row a lead.")] = None,
    lang: Lang = "en",
) -> None:
    """Find patterns that only show across contacts.

    In: a history of contacts, as for `audit`. Looked for are calls timed by a machine, an address book worked through, tries made only to
    be allowed to call others, rough and kind collectors by turns, loans that pay loans, caps that are ridden, new numbers after a block,
    collectors who pose as debtors in groups, collectors' numbers that follow one another, and, if facts say what was paid out and paid
    back, credit that costs more than the rate caps of --law.

    Out: each pattern with what was seen, how often lawful operators look like this, how much likelier it is if it is what it looks like
    (the cost of credit is computed, so it has neither), and the clauses of --law that it may touch.

    A lead is worth a look. It is never a breach.
    """
    from forbear.doors.audit import across as door
    from forbear.rulebook.choice import Choice

    asked = Choice(tuple(options.listed(law)), tuple(rules or ()))
    door.leads(door.Asked(paths, facts or (), mapping or (), asked, options.language(lang)), out)


@app.command(
    epilog=example(
        "forbear oversight out/example/contacts.csv --facts out/example/facts.csv \\",
        "  --mapping examples/mapping.toml --law cn,us --out out/oversight.html",
        given="after `make demo`",
    )
)
def oversight(
    paths: Contacts,
    out: Annotated[Path, typer.Option("--out", help="The page to write.")],
    law: Law = "",
    facts: Facts = None,
    mapping: Mappings = None,
    rules: Rules = None,
    complaints: Annotated[Path | None, typer.Option("--complaints", help="companies.csv of forbear read --triage.")] = None,
    lang: Lang = "en",
) -> None:
    """Show which agencies and collectors get rougher, with uncertainty.

    In: a history of contacts, as for `audit`. It is judged by --law and looked through for leads.

    Out: a page with breaches and leads per thousand contacts of each agency and collector, drawn towards those of all where contacts are
    few; how breaches change over time and with days past due; debts that two agencies work; complaints. What to look at first is printed.

    Every figure has its interval, and names stand in their own order: it is no ranking.
    """
    from forbear.doors.audit import across as door

    asked = door.Asked(paths, facts or (), mapping or (), options.choice(law, rules), options.language(lang))
    door.oversight(asked, complaints, out)


@app.command(
    epilog=example(
        "forbear whatif out/example/contacts.csv --facts out/example/facts.csv \\",
        "  --mapping examples/mapping.toml --law cn,us \\",
        "  --rules examples/draft-rule --out out/whatif",
        given="after `make demo`",
    )
)
def whatif(
    paths: Contacts,
    out: Annotated[Path, typer.Option("--out", help="Folder for the page, the changes and their summary.")],
    law: Annotated[str, typer.Option("--law", help="The first rulebook: whose law, joined by commas: cn,us.")] = "",
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", help="Draft: a folder of rules or one file, which change the law; may be repeated.")
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="The shipped rules that are still drafts judge, too.")] = False,
    law_of: LawOf = None,
    mapping: Mappings = None,
    facts: Facts = None,
    holds: Holds = "",
    records_until: RecordsUntil = None,
    lang: Lang = "en",
    engine: Engine = "kernel",
    master: Master = "local[*]",
    threads: Threads = 0,
    memory: Memory = "2GB",
) -> None:
    """Compare two rulebooks over one history: what would change?

    In: a history of contacts, as for `audit`. The first rulebook is --law, each contact by the law of its day. The second is the same,
    changed by --rules, --drafts or --law-of, or by several of them. A rule of the draft stands in place of all versions of the rule with
    its id, and a standing or place likewise; any other is added. It is judged as if it had always been in force, whatever its dates and
    its status say. A copy of a file that judges already changes nothing.

    Out: in the folder of --out, whatif.html to be read, changes.csv and changes.parquet with a row for each contact and rule of which the
    two say something else, summary.json, quarantine.csv.

    Nothing of it is a finding: a draft binds nobody, and had it been in force, people would have called otherwise.
    """
    from forbear.doors.audit import whatif as door
    from forbear.doors.audit.audit import Request

    first, second = options.changed(law, rules, drafts=drafts, day=law_of.date() if law_of else None)
    request = Request(
        paths=paths,
        out=out,
        law=first,
        second=second,
        mapping=mapping or (),
        facts=facts or (),
        holds=options.held(holds),
        records_until=records_until.date() if records_until else None,
        lang=options.language(lang),
        engine=options.engine(engine),
        master=master,
        threads=threads,
        memory=options.size(memory, "--memory"),
    )
    door.compare(request)


@app.command(epilog=example("forbear simulate --out out/portfolio --tactic address-book --strength 0.6"))
def simulate(
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    people: Annotated[int, typer.Option("--people", help="So many consumers.", min=1)] = 1000,
    tactic: Annotated[str, typer.Option("--tactic", help="One that some operators use; none if left out.")] = "",
    share: Annotated[float, typer.Option("--share", help="With how many of the consumers, 0 to 1.")] = 0.05,
    strength: Annotated[float, typer.Option("--strength", help="How openly, 0 to 1.")] = 0.8,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same portfolio.")] = 7,
) -> None:
    """Invent a portfolio: lawful operators, and a tactic if you like.

    Out: contacts.csv and facts.csv with our columns, and truth.csv: who did what. Nobody in it is real.
    """
    from forbear.doors import simulate as door

    door.run(out, people, tactic, share, strength, seed)
