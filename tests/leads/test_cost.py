"""What a debt cost in a year, and which caps it is above."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxirr import xirr
from small import RATE_HEAD

from forbear.leads.cost import above, cost, force
from forbear.leads.find import Against, find
from forbear.records.entry import Entry
from forbear.rulebook.load import build, load, parse

DAY = 86_400
BEGUN = dt.date(2026, 2, 9)
BANK = {"jurisdiction": "CN", "creditor_kind": "bank"}
CAP = (
    RATE_HEAD.replace("2026-01-05", "2026-02-09")
    + """\
[applies]
jurisdiction  = "CN"
creditor_kind = ["bank", "consumer-finance"]
[rate]
annual  = 24
counted = "unsaid"
"""
)
MONEY = st.integers(100, 1_000_000).map(lambda cents: cents / 100)


def cap(old="", new=""):
    """A cap of 24 % for banks, with something said otherwise."""
    assert old in CAP
    file = Path("ZZ/rate.toml")
    return build(parse(CAP.replace(old, new) if old else CAP, file), file)


def fact(day, kind, amount="", name="", **fields):
    """A fact about debt 1 of person A, so many days after the first."""
    given_ = {"kind": kind, "consumer": "A", "debt": "1", "creditor": "L", "amount": str(amount), **BANK} | fields
    source = given_.pop("source", "")
    at = 1_770_595_200 + 12 * 3600 + day * DAY
    values = {key: tuple(value.split("|" if key != "debt" else "+")) for key, value in given_.items() if value}
    return Entry(entry_id=name or f"{kind}-{day}-{amount}-{source}", at=at, known_at=at, fields=values, source=source)


def leads(*facts, caps=None):
    """The debts above a cap of 24 %, or others."""
    return list(above(facts, ceilings([cap()] if caps is None else caps)))


def ceilings(caps):
    """Caps in numbers."""
    book = load()
    return [book.ceiling(each) for each in caps]


LENT, BACK = fact(0, "disbursed", 1000), fact(365, "repaid", 1500)


def flows(lent, payments):
    """A payout and what was paid so many days later."""
    return [(BEGUN, lent), *((BEGUN + dt.timedelta(day), -amount) for day, amount in payments)]


def balance(lent, payments, rate, factor):
    """What is owed after the last payment, if interest of so many days is `factor(rate, days)` and is added at each payment."""
    for (before, _), (day, amount) in pairwise([(0, 0.0), *payments]):
        lent = lent * factor(rate, day - before) - amount
    return lent


@st.composite
def loans(draw):
    """A payout, and up to 24 payments over four years that take some of what is owed, at a rate that comes out with the last."""
    rate = draw(st.floats(0.01, 20))
    days = sorted(draw(st.sets(st.integers(1, 1460), min_size=1, max_size=24)))
    lent = owed = draw(MONEY)
    payments = []
    for before, day in pairwise([0, *days]):
        owed *= (1 + rate) ** ((day - before) / 365)
        payments.append((day, owed * (1.0 if day == days[-1] else draw(st.floats(0.01, 0.9)))))
        owed -= payments[-1][1]
    return lent, payments, rate


@given(loans())
def test_the_rate_is_that_at_which_the_loan_was_kept(loan):
    """Interest on interest by the day: the rate by which the last payment was made to close the account comes out again."""
    lent, payments, rate = loan
    assert math.expm1(force(flows(lent, payments))) == pytest.approx(rate, rel=1e-6)


@given(MONEY, st.floats(1.001, 5), st.integers(1, 2000))
def test_one_payment_has_a_closed_form(lent, times, days):
    """(paid / lent) ** (365 / days) - 1, however large."""
    expected = 365 / days * math.log(times)
    assert force(flows(lent, [(days, lent * times)])) == pytest.approx(expected, rel=1e-6)


@given(loans(), st.integers(1, 2000), MONEY)
def test_paying_more_never_lowers_the_rate(loan, day, more):
    """Whenever it is paid after the payout: what is found is a lower bound of what will be known."""
    lent, payments, _ = loan
    rate = force(flows(lent, payments))
    assert force(flows(lent, [*payments, (day, more)])) >= rate - 1e-9 * (1 + rate)


def daily(rate, days):
    """Interest that is added every day."""
    return (1 + rate / 365) ** days


def simple(rate, days):
    """Interest that is added when something is paid, and not before."""
    return 1 + rate * days / 365


@pytest.mark.parametrize("factor", [daily, simple])
@given(MONEY, st.lists(st.integers(1, 400), min_size=1, max_size=24), st.data())
def test_a_loan_kept_at_the_cap_is_never_above_it(factor, lent, gaps, data):
    """However interest was counted, and whatever was paid when: where the last payment closes an account kept at 24 %, there is no lead."""
    owed, day, payments = lent, 0, []
    for n, gap in enumerate(gaps):
        owed, day = owed * factor(0.24, gap), day + gap
        payments.append((day, owed * (1.0 if n == len(gaps) - 1 else data.draw(st.floats(0, 0.9)))))
        owed -= payments[-1][1]
    assert balance(lent, payments, 0.24, factor) == pytest.approx(0, abs=1e-6 * lent)
    assert force(flows(lent, payments)) <= 0.24 + 1e-9


def test_a_debt_that_costs_too_much_is_a_lead_and_says_what_it_was_found_by():
    """1,000 paid out, 1,500 back a year later: 50 % (XIRR), 40.5 % at least; the cap, what was paid and the entries are named."""
    (lead,) = find([LENT, BACK], Against(caps=ceilings([cap()])))
    assert (lead.tactic, lead.agency, lead.consumer) == ("cost-of-credit", "L", "A")
    assert (lead.base_rate, lead.ratio) == (None, None)
    assert (lead.since, lead.until) == (LENT.at, BACK.at)
    assert (lead.entries, lead.clauses) == ((LENT.entry_id, BACK.entry_id), ("zz.test.rate",))
    assert lead.observed == {
        "debt": "1",
        "lent": "1,000.00",
        "deducted": "0.00",
        "paid": "1,500.00",
        "extensions": "0.00",
        "rate": "50.0",
        "least": "40.5",
        "caps": "s. 1: 24 %",
    }
    assert find([LENT, BACK]) == []


def test_a_cap_binds_whom_it_names_when_it_is_in_force():
    """On the day of the first payout; what is not known of the lender or the place is not held against anybody."""
    assert leads(LENT, BACK)
    for changed in (
        {"creditor_kind": "private"},
        {"creditor_kind": ""},
        {"creditor_kind": "bank|private"},
        {"jurisdiction": "HK"},
        {"jurisdiction": ""},
    ):
        assert not leads(LENT.but(**values(changed)), BACK.but(**values(changed))), changed
    assert leads(LENT, BACK.but(creditor_kind=None))
    assert leads(*(each.but(creditor_kind=("bank", "consumer-finance")) for each in (LENT, BACK)))
    assert not leads(LENT, BACK, caps=[cap("2026-02-09", "2026-02-10")])
    assert leads(LENT, BACK, caps=[cap("from     = 2026-02-09", "from = 2026-01-01\nuntil = 2026-02-09")])
    assert not leads(LENT, BACK, caps=[cap("from     = 2026-02-09", "from = 2026-01-01\nuntil = 2026-02-08")])
    assert not leads(LENT, BACK, caps=[cap('creditor_kind = ["bank", "consumer-finance"]', 'creditor_kind = { not = ["bank"] }')])


def values(said):
    """Fields as `Entry.but` takes them."""
    return {key: tuple(value.split("|")) if value else None for key, value in said.items()}


def test_a_cap_is_compared_as_its_clause_counts():
    """25 % with interest on interest is 22.3 % at least: above a cap of 24 % on the effective rate, not above one that does not say."""
    back = fact(365, "repaid", 1250)
    assert not leads(LENT, back)
    (found,) = leads(LENT, back, caps=[cap("unsaid", "effective")])
    assert found.cost.annual == pytest.approx(0.25)
    assert found.cost.least == pytest.approx(math.log(1.25))
    assert not leads(LENT, fact(365, "repaid", 1239), caps=[cap("unsaid", "effective")])


def test_what_is_kept_back_on_the_day_of_the_payout_is_not_lent():
    """1,000 in the contract, 300 kept back, 1,000 after a week: as if 700 had been lent."""
    kept = fact(0, "repaid", 300)
    week = fact(7, "repaid", 1000)
    found = cost("1", [LENT, kept, week])
    assert (found.lent, found.deducted, found.paid) == (1000, 300, 1000)
    assert found.annual == pytest.approx((1000 / 700) ** (365 / 7) - 1)
    assert found.annual == pytest.approx(xirr([BEGUN, BEGUN + dt.timedelta(7)], [700, -1000]))
    assert leads(LENT, kept, week)
    assert not leads(LENT, week)


def test_fees_of_extensions_count_once():
    """100 for each of two extensions of a loan without interest; the same fee told as a payment too is no other fee."""
    fees = [fact(30, "extended", 100), fact(60, "extended", 100)]
    found = cost("1", [LENT, *fees, fact(90, "repaid", 1000)])
    assert (found.paid, found.extensions) == (1200, 200)
    assert leads(LENT, *fees, fact(90, "repaid", 1000))
    assert cost("1", [LENT, *fees, fact(30, "repaid", 100), fact(90, "repaid", 1000)]).annual == found.annual
    assert cost("1", [LENT, fact(30, "extended"), fact(90, "repaid", 1000)]) is None


def test_what_two_sources_tell_is_one_payment():
    """By the lender and by the bank; two of one source are two."""
    told = [fact(365, "repaid", 700, source=source) for source in ("lender", "bank")]
    assert cost("1", [LENT, *told]) is None
    twice = [fact(365, "repaid", 700, name=str(n)) for n in range(2)]
    assert cost("1", [LENT, *twice]).paid == 1400


def test_what_is_unknown_only_lowers_the_rate():
    """A payout of unknown amount, or one that may be of this debt, leaves no rate; a payment of unknown amount or debt does not count."""
    unsure = fact(365, "repaid", "1500|1600")
    assert cost("1", [LENT, unsure]).paid == 1500
    assert cost("1", [fact(0, "disbursed", "900|1000"), BACK]).lent == 1000
    assert not leads(fact(0, "disbursed"), BACK)
    assert not leads(LENT, fact(1, "disbursed"), BACK)
    assert not leads(LENT, fact(365, "repaid"))
    assert not leads(LENT, BACK.but(debt=("1", "2")))
    assert not leads(LENT, BACK.but(debt=None))
    assert not leads(BACK)
    payout = fact(1, "disbursed", 500)
    for maybe in ({"debt": ("1", "2")}, {"debt": None}, {"debt": None, "creditor": None}, {"debt": None, "creditor": ("L", "M")}):
        assert not leads(LENT, BACK, payout.but(**maybe)), maybe
    for other in ({"debt": ("2", "3")}, {"debt": None, "creditor": ("M",)}, {"debt": None, "consumer": ("B",)}):
        assert leads(LENT, BACK, payout.but(**other)), other


def test_revolving_credit_and_loans_that_cost_nothing_have_no_rate():
    """Paid out again after payments began; not more paid than paid out; all paid back on the day."""
    assert cost("1", [LENT, fact(10, "repaid", 600), fact(20, "disbursed", 100), BACK]) is None
    assert cost("1", [LENT, fact(10, "disbursed", 100), BACK]).lent == 1100
    assert cost("1", [LENT, fact(365, "repaid", 1000)]) is None
    assert cost("1", [LENT, fact(0, "repaid", 1500)]) is None
    assert cost("1", [LENT]) is None


def test_a_debt_that_two_people_share_is_one_debt():
    """What either got and paid counts, once the debt is named."""
    other = fact(0, "disbursed", 1000, name="to B", consumer="B")
    assert not leads(LENT, other, BACK)
    assert leads(LENT, BACK.but(consumer=("B",)))


def test_days_are_those_of_the_place():
    """Half an hour before midnight in UTC is the next day in Shanghai: paid back at the end of that day, nothing was owed overnight."""
    late = [
        Entry(entry_id=each.entry_id, at=LENT.at + hours * 3600, known_at=LENT.at, fields={**each.fields, "zone": ("Asia/Shanghai",)})
        for each, hours in ((LENT, 4.5), (BACK, 27))
    ]
    assert cost("1", late) is None
    assert cost("1", [each.but(zone=None) for each in late]).annual > 0


def test_the_shipped_caps_bind_licensed_lenders_and_drafts_only_when_asked_for():
    """24 % for banks and new microloans, four times the LPR for private lending; from memory, or in principle alone, is a draft."""
    caps = load().select_rate_caps(["cn"])
    assert [each.id for each in caps] == ["cn.court-finance2017.rate", "cn.court-lending2020.rate", "cn.micro-cost2025.rate"]
    assert leads(LENT, BACK, caps=caps)
    drafts = load().select_rate_caps(["cn"], drafts=True)
    assert {each.id for each in drafts} - {each.id for each in caps} == {
        "cn.court-lending2015.unsupported",
        "cn.court-lending2015.void",
        "cn.micro-cost2025.lpr4",
    }
    assert load().select_rate_caps(["us"]) == []


def privately(day, interest):
    """1,000 paid out by a private lender on a day, and paid back a year later, with what is found of it under the shipped law."""
    later = (dt.date.fromisoformat(day) - BEGUN).days
    facts = [fact(later, "disbursed", 1000, creditor_kind="private"), fact(later + 365, "repaid", 1000 + interest, creditor_kind="private")]
    return [lead.observed["caps"] for lead in find(facts, Against(caps=ceilings(load().select_rate_caps(["cn"]))))]


def test_private_lending_is_compared_with_four_times_the_lpr_of_its_day():
    """16 % of log(1 + XIRR) is above 15.4 % on the day on which the LPR was 3.85 %, 14 % is not; it is above 12 % since it is 3 %."""
    clause = "最高人民法院 民间借贷规定（2020修正）第二十五条; 最高人民法院 民间借贷规定（2020修正）第二十九条"
    dear, less = (1000 * math.expm1(rate) for rate in (0.16, 0.14))
    assert privately("2020-08-19", dear) == []
    assert privately("2020-08-20", dear) == privately("2021-12-19", dear) == [f"{clause}: 15.4 %"]
    assert privately("2021-12-20", dear) == [f"{clause}: 15.2 %"]
    assert privately("2020-08-20", less) == []
    assert privately("2026-02-24", less) == [f"{clause}: 12 %"]


def test_where_the_published_rate_is_not_known_there_is_no_lead():
    """From the day after the last announcement that was read, whatever the loan cost."""
    assert privately("2026-02-24", 10_000)
    assert privately("2026-02-25", 10_000) == []


def test_a_rate_too_large_for_a_number_is_told_all_the_same():
    """A thousand times what was lent, a day later."""
    (lead,) = find([LENT, fact(1, "repaid", 1_000_000)], Against(caps=ceilings([cap()])))
    assert lead.observed["rate"] == "1,000,000+"
    assert lead.observed["least"] == "252,133.1"
