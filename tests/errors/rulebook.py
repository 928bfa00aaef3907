"""What is wrong with rules: of the rule language, between files, in diaries, and in the lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from errors.met import Met, command, raised

from forbear.engines.trial import diaries
from forbear.rulebook import diary, lock
from forbear.rulebook.load import amended, load
from forbear.terms import FORM

SOURCES = ("rulebook/", "records/hours.py", "records/toml.py", "engines/trial.py", "doors/check.py")
WRITING, TOGETHER, DIARY, CHECKING = (
    "Writing a rule, a standing, a place or a rate cap",
    "Rules that do not go together",
    "Writing a diary",
    "Checking and locking rules",
)
PLACE = 'zones = ["Etc/UTC"]\n'
PUBLISHED = """\
[[rates]]
id      = "base-rate"
name    = { en = "base rate", zh = "基准利率" }
version = 1
[[rates.announced]]
day     = 2026-01-20
annual  = 3
sources = ["Gazette", "Courier"]
"""
RULE = """\
id       = "xx.courtesy-act.messages-a-day"
title.en = "More than two text messages in a day"
title.zh = "一天内发送超过两条短信"
conduct  = "frequency"
force    = "statute"
effect   = "prohibited"
verified = "clause"
status   = "stable"
version  = 1
row      = "xx.courtesy.12"
from     = 2026-01-01

[[clause]]
cite = "Courtesy Act, section 12"

[applies]
jurisdiction = "XX"
channel      = "sms"
direction    = "outbound"

[cap]
limit  = 2
within = "1 day"
per    = ["consumer", "agency"]

[given]
jurisdiction = "XX"

[[example]]
name  = "the third message of a day is one too many"
diary = \"\"\"
2026-01-01 09:00  sms  delivered
2026-01-01 09:10  sms  delivered
2026-01-01 09:20  sms  delivered  !  -> 2026-01-02 00:00
\"\"\"
"""
STANDING = """\
id       = "xx.said-stop"
title.en = "said stop"
title.zh = "已要求停止"
per      = ["consumer"]

[[opens]]
kind = "cease-request"
"""
RATE = """\
id       = "xx.credit-act.rate"
title.en = "A loan that costs more than 24 % a year"
title.zh = "贷款年化成本超过24%"
force    = "statute"
verified = "clause"
status   = "stable"
version  = 1
row      = "xx.credit.3"
from     = 2026-01-01

[clause]
cite = "Credit Act, section 3"

[applies]
jurisdiction = "XX"

[rate]
annual  = 24
counted = "effective"
"""
ALLOWED = """\
2026-01-01 09:00  sms  delivered
2026-01-02 09:00  sms  delivered  !
2026-01-03 09:00  sms  delivered  !a  -> 2026-01-04 00:00
\"\"\"
"""
CAP = '[cap]\nlimit  = 2\nwithin = "1 day"\nper    = ["consumer", "agency"]\n'

RULES: tuple[tuple[str, str, str], ...] = (
    ("a key that there is not", 'row      = "xx', 'colour   = "red"\nrow      = "xx'),
    ("a key that is missing", 'force    = "statute"\n', ""),
    ("a value of another kind", "limit  = 2", 'limit  = "two"'),
    ("a word that there is not", '"statute"', '"custom"'),
    ("two verbs", CAP, f'{CAP}\n[forbid]\nchannel = "sms"\n'),
    ("`until` before `from`", "2026-01-01\n\n[[clause]]", "2026-01-01\nuntil = 2025-01-01\n\n[[clause]]"),
    ("a version below 1", "version  = 1", "version  = 0"),
    ("a stable rule known from memory", '"clause"\nstatus', '"memory"\nstatus'),
    ("a repealed rule without its last date", '"stable"', '"repealed"'),
    ("no clause", '\n[[clause]]\ncite = "Courtesy Act, section 12"\n', "clause   = []\n"),
    ("hours of holidays without a calendar", CAP, '[hours]\nholiday = "[09:00,12:00)"\n'),
    ("a clock that there is not", "version  = 1", 'version  = 1\nclock    = "local"'),
    ("business days without a calendar", '"1 day"', '"3 business days after"'),
    ("a field that there is not", 'channel      = "sms"', 'color        = "red"'),
    ("a word that the field does not have", 'channel      = "sms"', 'channel      = "pigeon"'),
    ("a test that is none", 'channel      = "sms"', "channel      = 7"),
    ("a bound on a field of words", 'channel      = "sms"', "channel      = { at_least = 2 }"),
    ("a bound that is no number", 'channel      = "sms"', 'duration_s   = { at_least = "long" }'),
    ("words for a field of numbers", 'channel      = "sms"', 'duration_s   = "long"'),
    ("no table where tests belong", 'within = "1 day"', 'within = "1 day"\nwhen = "all"'),
    ("a test that is none, in a list of tests", CAP, '[[forbid]]\nchannel = "sms"\n[[forbid]]\nchannel = "pigeon"\n'),
    ("hours without days", CAP, "[hours]\n"),
    ("hours that are no text", CAP, "[hours]\ndaily = 8\n"),
    ("hours that are none", CAP, '[hours]\ndaily = "8-22"\n'),
    ("hours that are none", CAP, '[hours]\ndaily = " "\n'),
    ("hours that end before they begin", CAP, '[hours]\ndaily = "[22:00,08:00)"\n'),
    ("a day that there is not", CAP, '[hours]\nworkdays = "[08:00,22:00)"\n'),
    ("a day named twice", CAP, '[hours]\nmon-fri = "[08:00,22:00)"\nmon = "[09:00,22:00)"\n'),
    ("a cap of 0", "limit  = 2", "limit  = 0"),
    ("a cap that counts what cannot be counted", 'within = "1 day"', 'within = "1 day"\ncount = "words"'),
    ("a cap per a field that there is not", '["consumer", "agency"]', '["household"]'),
    ("a cap per nothing", '["consumer", "agency"]', "[]"),
    ("a window that is no text", '"1 day"', "1"),
    ("a window that is none", '"1 day"', '"a fortnight"'),
    ("a week from no day", '"1 day"', '"week from payday"'),
    ("business days of today", '"1 day"', '"3 business days"'),
    ("minutes after", '"1 day"', '"5 minutes after"'),
    ("a quota without a limit", CAP, f'{CAP}free = [{{ outcome = "no-answer" }}]\n'),
    ("a given field that there is not", '[given]\njurisdiction = "XX"', '[given]\ncolour = "red"'),
    ("a silent kind of fact that there is not", 'name  = "the third', 'silent = ["promise"]\nname  = "the third'),
    ("not TOML", "version  = 1", "version  = one"),
)
"""(situation, what the rule above says, what it says instead)."""
STANDINGS: tuple[tuple[str, str, str], ...] = (
    ("a standing that nothing opens", '[[opens]]\nkind = "cease-request"\n', "opens    = []\n"),
    ("an opener that is no table", '[[opens]]\nkind = "cease-request"\n', 'opens    = ["cease-request"]\n'),
    ("one in a row", 'kind = "cease-request"', 'kind = "cease-request"\nin_a_row = 1'),
    ("in a row, and days in a row", 'kind = "cease-request"', 'kind = "cease-request"\nin_a_row = 2\ndays_in_a_row = 2'),
    ("a standing that starts on a day of today", 'kind = "cease-request"', 'kind = "cease-request"\nstarts = "3 days"'),
    (
        "a standing of minutes that starts at midnight",
        'kind = "cease-request"',
        'kind = "cease-request"\nstarts = "1 day after"\nlasts = "5 minutes"',
    ),
)
RATES: tuple[tuple[str, str, str], ...] = (
    ("a rate cap of 0", "annual  = 24", "annual  = 0"),
    ("a rate cap of two numbers", "annual  = 24", 'annual  = 24\ntimes   = 4\nof      = "base-rate"'),
    ("a rate cap of 0 times a rate", "annual  = 24", 'times   = 0\nof      = "base-rate"'),
    ("a way of counting that there is not", '"effective"', '"nominal"'),
    ("a rate cap that tests what is not known of a loan", 'jurisdiction = "XX"', 'jurisdiction = "XX"\nchannel      = "sms"'),
    ("a rate cap of no place", 'jurisdiction = "XX"', 'debt_kind    = "payday"'),
)
PLACES: tuple[tuple[str, str], ...] = (
    ("a place without a zone", "zones = []\n"),
    ("a time zone that there is not", 'zones = ["Moon/Base"]\n'),
    ("a source that is no address", f'{PLACE}sources."Act" = "the library"\n'),
    ("a day of the week that there is not", f'{PLACE}weekend = ["sabbath"]\n'),
    ("a week without work", f'{PLACE}weekend = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'),
    (
        "a holiday of another year",
        f'{PLACE}[calendar]\nversion = 1\n[[calendar.years]]\nyear = 2026\nsource = "Gazette"\nholidays = [2025-01-01]\n',
    ),
    (
        "a holiday that is perhaps one",
        f'{PLACE}[calendar]\nversion = 1\n[[calendar.years]]\nyear = 2026\nsource = "A"\nholidays = [2026-01-01]\nperhaps = [2026-01-01]\n',
    ),
    ("announcements that are not in order", PLACE + PUBLISHED + PUBLISHED[PUBLISHED.index("[[rates.a") :]),
    ("a published rate twice", PLACE + PUBLISHED * 2),
    ("a year twice", f"{PLACE}[calendar]\nversion = 1\n" + '[[calendar.years]]\nyear = 2026\nsource = "Gazette"\nholidays = []\n' * 2),
)
BOOKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("a standing that there is not", {"rule": RULE.replace('channel      = "sms"', 'while = "xx.said-halt"')}),
    ("a window that nothing ends", {"rule": RULE.replace('"1 day"', '"while xx.said-stop"'), "standing": STANDING}),
    ("a calendar that there is not", {"rule": RULE.replace("version  = 1", 'version  = 1\ncalendar = "YY"')}),
    ("a published rate that there is not", {"rate": RATE.replace("annual  = 24", 'times   = 4\nof      = "base-rate"')}),
    ("two standings of one id", {"standing": STANDING, "other": STANDING}),
    ("two files of one rule, in force at once", {"rule": RULE, "newer": RULE.replace("2026-01-01\n\n", "2026-07-01\n\n")}),
    ("standings in a circle", {"standing": STANDING.replace('kind = "cease-request"', 'while = "xx.said-stop"')}),
)
DIARIES: tuple[tuple[str, str], ...] = (
    ("a line that is none", "on the first of January, a message"),
    ("a channel that there is not", "2026-01-01 09:00  pigeon  delivered"),
    ("a word that there is not", "2026-01-01 09:00  sms  splendid"),
    ("a value that the field does not have", "2026-01-01 09:00  sms  place=garden"),
    ("a number that is none", "2026-01-01 09:00  call  duration_s=long"),
    ("hours that are none", "2026-01-01 09:00  consent  hours=evenings"),
    ("a jurisdiction whose place is not there", "2026-01-01 09:00  sms  jurisdiction=YY"),
    ("a time zone that there is not", "2026-01-01 09:00  sms  zone=Moon/Base"),
    ("a time that the clocks skipped", "2026-03-08 02:30  sms  zone=America/New_York"),
    ("a date that there is not", "2026-02-30 09:00  sms  delivered"),
)
MARKS: tuple[tuple[str, str], ...] = (
    ("a mark that is wrong", RULE.replace("delivered  !  -> 2026-01-02 00:00", "delivered")),
    ("an earliest instant that is wrong", RULE.replace("-> 2026-01-02 00:00", "-> 2026-01-03 00:00")),
    (
        "an earliest instant where the gate allows",
        RULE.partition("2026-01-01 09:00")[0].replace("= 2\n", "= 1\n").replace("1 day", "2 days") + ALLOWED,
    ),
    ("a stable rule without a diary", RULE.partition("\n[[example]]")[0]),
    ("a change that no diary notices", RULE),
    ("a rule that can never fire", RULE.replace("[cap]", '[[unless]]\nchannel = "sms"\n\n[cap]').replace("  !  -> 2026-01-02 00:00", "")),
    ("an excuse that is not needed", RULE + '\n[[excused]]\nmutant = "cap.limit 2 -> 99"\nreason = "it cannot matter"\n'),
)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    mine = folder / "my-rules" / "XX"
    mine.mkdir(parents=True)
    yield Met(WRITING, "no rule in the folder", *command(folder, "check", "my-rules"))
    yield Met(WRITING, "no rule in the folder", *raised(lambda: load([mine]), folder))
    (mine / "rule.toml").write_bytes("title = 规则".encode("gb18030"))
    yield Met(WRITING, "not UTF-8", *raised(lambda: load([mine]), folder))
    for name, text, cases in (("rule", RULE, RULES), ("standing", STANDING, STANDINGS), ("rate", RATE, RATES)):
        (mine / "rule.toml").unlink(missing_ok=True)
        for when, old, new in cases:
            assert old in text, when
            yield Met(WRITING, when, *_loaded(folder, {name: text.replace(old, new)}))
    for when, text in PLACES:
        yield Met(WRITING, when, *_loaded(folder, {"place": text}))
    for when, files in BOOKS:
        yield Met(TOGETHER, when, *_loaded(folder, files))
    draft = put(folder, {"rule": RULE, "newer": RULE.replace("2026-01-01\n\n", "2026-07-01\n\n")})
    yield Met(TOGETHER, "a draft with one rule twice", *raised(lambda: amended(load(), [draft], []), folder))
    for when, line in DIARIES:
        text = RULE.partition('diary = """\n')[0] + f'diary = """\n2026-01-01 08:00  sms  delivered\n{line}\n"""\n'
        text = text.replace('[given]\njurisdiction = "XX"', '[given]\njurisdiction = "YY"') if "YY" in line else text
        yield Met(DIARY, when, *_loaded(folder, {"rule": text}, read=True))
    book = load([put(folder, {"rule": RULE})])
    yield Met(
        DIARY,
        "a field that there is not, from a program",
        *raised(lambda: diary.read("2026-01-01 09:00  sms", {"jurisdiction": "XX", "colour": "red"}, book), folder),
    )
    yield from _checked(folder)


def put(folder: Path, files: dict[str, str]) -> Path:
    """These files, and a place, in a folder of rules that holds nothing else."""
    mine = folder / "my-rules" / "XX"
    mine.mkdir(parents=True, exist_ok=True)
    for file in mine.glob("*.toml"):
        file.unlink()
    for name, text in ({"place": PLACE} | files).items():
        (mine / f"{name}.toml").write_text(text, encoding="utf-8")
    return mine


def _loaded(folder: Path, files: dict[str, str], *, read: bool = False) -> tuple[str, int | None]:
    """What loading these files says, and reading their diaries."""
    mine = put(folder, files)

    def do() -> None:
        book = load([mine])
        for rule in book.rules if read else ():
            diaries(book, rule)

    return raised(do, folder)


def _checked(folder: Path) -> Iterator[Met]:
    for when, text in MARKS:
        put(folder, {"rule": text})
        said, code = command(folder, "check", "my-rules", out=True)
        line = next(line for line in said.splitlines() if ("excused" in line) == ("excuse" in when))
        yield Met(CHECKING, when, line, code)
    for when, text in (
        ("a standing that no rule asks", STANDING),
        (
            "a standing that nobody can open",
            STANDING.replace('kind = "cease-request"', f'kind = "cease-request"\nform = {{ not = {list(FORM)} }}'),
        ),
    ):
        put(folder, {"rule": RULE, "standing": text})
        said, code = command(folder, "check", "my-rules", out=True)
        line = next(line for line in said.splitlines() if ("no rule asks" in line) == ("no rule asks" in when) and "standing.toml" in line)
        yield Met(CHECKING, when, line, code)
    mine = put(folder, {"rule": RULE})
    (fault,) = lock.broken(load([mine]), mine)
    yield Met(CHECKING, "a rule of the shipped law that the lock does not know", str(fault).replace(f"{folder}/", ""))
    (mine / "lock.jsonl").write_text(lock.render(load([mine]), mine), encoding="utf-8")
    for when, version in (("with its version raised, and no new lock", 2), ("under its old version", 1)):
        (mine / "rule.toml").write_text(
            RULE.replace("limit  = 2", "limit  = 3").replace("version  = 1", f"version  = {version}"), encoding="utf-8"
        )
        (fault,) = lock.broken(load([mine]), mine)
        yield Met(CHECKING, f"a rule of the shipped law that means something else, {when}", str(fault).replace(f"{folder}/", ""))
    yield Met(
        CHECKING, "locking a rule that means something else under its old version", *raised(lambda: lock.render(load([mine]), mine), folder)
    )
    (mine / "lock.jsonl").write_text("<<<<<<< HEAD\n", encoding="utf-8")
    yield Met(CHECKING, "a lock with a line that is none", *raised(lambda: list(lock.broken(load([mine]), mine)), folder))
    yield Met(CHECKING, "a jurisdiction without law", *command(folder, "rules", "--law", "zz"))
