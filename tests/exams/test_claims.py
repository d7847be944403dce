"""Claims are data: what a page says of measurements follows from the stored rows."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from lessonlib.exams.results import claims as module
from lessonlib.exams.results.claims import Claim, claims, compared, no_claims, unclaimed, wrong

TEXTS = Path(__file__).parents[2]
ROWS = {
    ("causal", "top1"): (0.50, 0.52, 0.51, 0.49, 0.53),
    ("masked", "top1"): (0.90, 0.93, 0.91, 0.90, 0.92),
    ("ul2", "top1"): (0.85, 0.97, 0.88, 0.95, 0.91),
}
BLANK = {"ability": "blank", "metric": "top1"}


def source(page):
    """Find the source of a notebook, as "04", or of an exercise, as "exercise 04"."""
    folder, _, number = page.rpartition(" ")
    (found,) = TEXTS.glob(f"{'solutions' if folder else 'notebooks'}/text/{number}_*.md")
    return found


@pytest.fixture
def made(monkeypatch):
    """Let claims be about a few rows made by hand."""

    def rows_of(wanted):
        scores = ROWS[wanted["objective"], wanted["metric"]]
        return [{"seed": n, "score": score, "raw": 2 * score} for n, score in enumerate(scores)]

    monkeypatch.setattr(module, "rows_of", rows_of)


def number(shown, objective="causal", **more):
    return {"shown": shown, "rows": BLANK | {"objective": objective}} | more


def pair(more, less):
    return {"alike": BLANK, "more": {"objective": more}, "less": {"objective": less}}


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.says[:40])
def test_every_claim_holds_and_stands_on_its_page(claim):
    assert wrong(claim, claims()) == []
    assert claim.says in re.sub(r"\s+", " ", source(claim.page).read_text("utf-8"))


@pytest.mark.parametrize(
    ("says", "one", "holds"),
    [
        ("It reaches 51.", number("51"), True),
        ("It reaches 52.", number("52"), False),
        ("It reaches 151.", number("51"), False),  # not what is said
        ("It reaches 1.02.", number("1.02", of="raw", times=1), True),
        ("It reaches 1.03.", number("1.03", of="raw", times=1), False),
    ],
)
def test_a_number_is_the_mean_and_is_said(made, says, one, holds):
    claim = Claim("04", says, numbers=[one])
    assert (wrong(claim, [claim]) == []) == holds


def test_the_highest_is_the_highest_of_those_named(made):
    among = ["causal", "masked", "ul2"]
    best = max(among, key=lambda name: sum(ROWS[name, "top1"]))
    for objective in among:
        claim = Claim("04", "x", highest=[{"objective": objective, "among": among, "rows": BLANK}])
        assert (wrong(claim, [claim]) == []) == (objective == best)
    two = {"objective": "masked", "among": ["causal", "masked"], "rows": BLANK}
    assert not wrong(Claim("04", "x", highest=[two]), [])


def test_the_lowest_is_the_lowest_and_may_be_told_by_more_than_its_name(made):
    among = [{"objective": name, "answer": "native"} for name in ("causal", "masked")]
    for one in among:
        claim = Claim("04", "x", lowest=[{"objective": one, "among": among, "rows": BLANK}])
        assert (wrong(claim, [claim]) == []) == (one["objective"] == "causal")


def test_what_is_called_clear_is_clear_and_what_is_not_is_not(made):
    sure = Claim("04", "masked is ahead", clear=[pair("masked", "causal")])
    assert wrong(sure, [sure]) == []
    turned = replace(sure, clear=[pair("causal", "masked")])
    assert wrong(turned, [turned])
    unsure = Claim("04", "no lead is clear", unclear=[pair("masked", "ul2")])
    assert wrong(unsure, [unsure]) == []
    assert wrong(replace(sure, clear=unsure.unclear), [sure])
    assert wrong(replace(unsure, unclear=sure.clear), [unsure])


def test_a_page_that_compares_more_needs_larger_differences(made):
    one = compared(pair("masked", "causal"), 1)
    many = compared(pair("masked", "causal"), 20)
    assert many.mean == one.mean
    assert many.half > 2 * one.half
    claim = Claim("04", "x", clear=[pair("ul2", "causal")])
    assert wrong(claim, [claim]) == []
    others = [replace(claim, clear=[pair("ul2", "causal")] * 2000)]
    assert wrong(claim, others)
    assert wrong(claim, [claim, replace(others[0], page="08")]) == []


def test_nothing_becomes_level_because_a_page_compares_much(made):
    level = Claim("04", "no difference", level=[pair("ul2", "causal")])
    others = [Claim("04", "x", clear=[pair("ul2", "causal")] * 2000)]
    assert wrong(level, [level])
    assert wrong(level, [level, *others])
    assert wrong(replace(level, level=[pair("masked", "ul2")]), others) == []


def test_a_lead_that_was_found_among_many_needs_to_be_as_large_as_among_many(made):
    few, many = pair("ul2", "causal"), pair("ul2", "causal") | {"among": 2000}
    assert wrong(Claim("04", "x", clear=[few]), []) == []
    assert wrong(Claim("04", "x", clear=[many]), [])


@pytest.mark.parametrize(
    ("says", "shown", "holds"),
    [
        ("It is 40 ± 1 ahead.", "40 ± 1", True),
        ("It is 40 ± 2 ahead.", "40 ± 2", False),
        ("It is well ahead.", "40 ± 1", False),  # not what is said
    ],
)
def test_a_difference_that_is_shown_is_the_one_that_counts(made, says, shown, holds):
    claim = Claim("04", says, clear=[pair("masked", "causal") | {"shown": shown}])
    assert (wrong(claim, [claim]) == []) == holds


def test_a_bound_holds_or_does_not(made):
    rows = BLANK | {"objective": "causal"}
    for limit in (0.52, 0.5):
        for side, holds in (("at_most", limit > 0.51), ("at_least", limit < 0.51)):
            claim = Claim("04", "x", **{side: [{"rows": rows, "limit": limit}]})
            assert (wrong(claim, [claim]) == []) == holds


def test_a_share_is_that_of_a_crossed_block(monkeypatch):
    scores = {("a", "one"): 0.1, ("a", "two"): 0.1, ("b", "one"): 0.9, ("b", "two"): 0.9}

    def rows_of(wanted):
        score = scores[wanted["objective"], wanted["architecture"]]
        return [{"seed": n, "score": score, **wanted} for n in range(3)]

    monkeypatch.setattr(module, "rows_of", rows_of)
    block = {"objectives": ["a", "b"], "architectures": ["one", "two"], "rows": BLANK}
    for to, share in (("objective", "100"), ("architecture", "0")):
        for shown in ("100", "0", "50"):
            due = [block | {"to": to, "shown": shown}]
            claim = Claim("09", f"It is {shown} of them.", due=due)
            assert (wrong(claim, [claim]) == []) == (shown == share)


PAGE = """---
about: 3 of 4
---

# Heading of 5

It is best here. This is a picture.
That one
reaches 97 of 100. Nothing leads.

- less than nothing
- a [link](04_to_this.ipynb)

```{code-cell}
print(1 > 2)
```

| more | nothing |
"""


def test_a_sentence_that_claims_without_a_claim_is_found():
    known = ["That one reaches 97 of 100."]
    found = ["It is best here.", "Nothing leads.", "- less than nothing", "more"]
    assert list(unclaimed(PAGE, known)) == found


@pytest.mark.parametrize("page", no_claims())
def test_a_page_claims_nothing_that_is_not_recomputed(page):
    """Whatever else says a number or compares is listed as no measurement, and is on the page."""
    text = source(page).read_text("utf-8")
    told = " ".join(text.split())
    assert [says for says in no_claims()[page] if " ".join(says.split()) not in told] == []
    claimed = [claim.says for claim in claims() if claim.page == page]
    assert list(unclaimed(text, [*claimed, *no_claims()[page]])) == []


def test_rows_that_do_not_exist_are_an_error_and_no_claim_that_holds():
    with pytest.raises(LookupError):
        module.rows_of({"objective": "nobody"})
