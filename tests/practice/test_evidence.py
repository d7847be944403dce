"""The evidence card: complete, consistent, safe to show and to save."""

import re
from html import unescape
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from lessonlib.practice import EvidenceCard, evidence_card
from lessonlib.practice.evidence import ARCHITECTURES
from lessonlib.samples import Sample, causal, masked, objectives
from lessonlib.views.strips import text_strip

EFFECT = "It goes on writing where a text stops."
LIMIT = "It does not carry out requests by itself."
HOSTILE = "</pre><script>alert('1')</script> & \"quotes\" ``` * _x_ [a](b) | # $1$"
VOID = {"meta", "col", "br", "img"}


class Tags(HTMLParser):
    """Collect tags and see whether each is closed in its turn."""

    def __init__(self, html):
        super().__init__()
        self.seen, self.open, self.balanced, self.attributes = [], [], True, []
        self.feed(html)
        self.close()
        self.balanced &= not self.open

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.balanced &= bool(self.open) and self.open.pop() == tag


def card(sample=None, architecture=None, effect=EFFECT, limit=LIMIT):
    sample = causal("a b c d".split()) if sample is None else sample
    return evidence_card(
        sample,
        architecture=architecture or objectives[sample.objective].architectures[0],
        behaviour_effect=effect,
        limitation=limit,
    )


@pytest.mark.parametrize(
    ("row", "architecture"),
    list(product(objectives.values(), ARCHITECTURES)),
    ids=lambda v: getattr(v, "name", v),
)
def test_only_an_architecture_that_fits_is_taken_and_the_reason_is_given(row, architecture):
    if architecture in row.architectures:
        made = card(row.example(), architecture)
        assert made.architecture_fit.startswith(architecture.capitalize() + ": ")
        assert len(made.architecture_fit.split()) > 8
    else:
        with pytest.raises(ValueError, match="does not fit") as error:
            card(row.example(), architecture)
        assert row.title in str(error.value)
        assert all(fitting in str(error.value) for fitting in row.architectures)


@pytest.mark.parametrize("row", objectives.values(), ids=objectives)
def test_a_card_says_everything_in_both_forms(row):
    made = card(row.example())
    for text in (made.to_markdown(), made.to_html(), made._repr_html_()):
        plain = unescape(text)
        assert row.title in plain
        assert EFFECT in plain
        assert LIMIT in plain
        assert made.architecture_fit.replace("_", "") in plain.replace("\\", "").replace("_", "")
    assert text_strip(row.example()) in made.to_markdown()


def test_a_page_stands_alone_and_is_well_formed():
    tags = Tags(card().to_html())
    assert tags.balanced
    assert {"title", "main", "h1", "table", "style"} <= set(tags.seen)
    assert ("lang", "en") in tags.attributes
    assert not {"script", "link", "img"} & set(tags.seen)
    assert not {"src", "href"} & {name for name, _ in tags.attributes}


@pytest.mark.parametrize("field", ["tokens", "effect", "limit"])
def test_what_was_typed_is_shown_as_it_is_and_never_run(field):
    hostile = {"effect": f"says {HOSTILE} as text", "limit": f"never {HOSTILE} at all"}
    made = (
        card(masked([*HOSTILE.split(), "end"], [0]))
        if field == "tokens"
        else card(**{field: hostile[field]})
    )
    for html in (made.to_html(), made._repr_html_()):
        tags = Tags(html)
        assert tags.balanced
        assert "script" not in tags.seen
    if field != "tokens":
        assert hostile[field] in unescape(made.to_html())
        assert "<script>" not in made.to_markdown()
        assert r"\[a\](b)" in made.to_markdown()
    fences = [line for line in made.to_markdown().splitlines() if line.startswith("```")]
    assert len(fences) == 2


@pytest.mark.parametrize("text", ["", "   ", "...", "It writes.", "a, b - c"])
@pytest.mark.parametrize("field", ["behaviour_effect", "limitation"])
def test_an_empty_or_hasty_sentence_is_not_enough(field, text):
    texts = {"behaviour_effect": EFFECT, "limitation": LIMIT, field: text}
    with pytest.raises(ValueError, match=f"{field}="):
        evidence_card(causal(["a", "b"]), architecture="decoder-only", **texts)


@pytest.mark.parametrize("field", ["behaviour_effect", "limitation"])
def test_what_the_exercise_puts_there_is_not_enough(field):
    source = Path(__file__).parents[2] / "solutions" / "text" / "11_evidence_card.md"
    (text,) = re.findall(rf'{field}="(Replace this.*)"', source.read_text("utf-8"))
    texts = {"behaviour_effect": EFFECT, "limitation": LIMIT, field: text}
    with pytest.raises(ValueError, match=f"{field}=.*still the given text"):
        evidence_card(causal(["a", "b"]), architecture="decoder-only", **texts)


def test_a_sentence_that_is_too_short_is_told_the_rule():
    with pytest.raises(ValueError, match="with 1 word; write a sentence of 4 words or more"):
        card(effect="a" * 24)
    assert card(effect="It fills blanks well.").behaviour_effect == "It fills blanks well."


def test_a_measurement_is_written_as_it_was_typed():
    effect = "It is right in 94 % (± 2) of all blanks, from the sample (see #3)!"
    assert effect in card(effect=effect).to_markdown()


@pytest.mark.parametrize("copy", [EFFECT, EFFECT.upper(), EFFECT.replace(" ", "  ") + "!"])
def test_the_limitation_is_no_copy_of_the_effect(copy):
    with pytest.raises(ValueError, match="limitation says the same"):
        card(limit=copy)


@pytest.mark.parametrize(
    "sample",
    [
        ["a", "b"],
        "a b",
        None,
        Sample("unheard_of", None, ["a"], ["b"], [True], ("causal", 1)),
        Sample("causal", None, ["a", "b"], ["b"], [True], ("causal", 2)),
        Sample("causal", None, ["a"], ["b"], [False], ("causal", 1)),
    ],
)
def test_the_sample_must_be_one(sample):
    with pytest.raises((TypeError, ValueError), match="sample"):
        evidence_card(
            sample, architecture="decoder-only", behaviour_effect=EFFECT, limitation=LIMIT
        )


def test_a_message_stays_short_whatever_was_given():
    much = ["x"] * 5000
    with pytest.raises(TypeError, match="give what a builder made") as error:
        evidence_card(much, architecture=much, behaviour_effect=much, limitation="x" * 5000)
    message = str(error.value)
    assert all(name in message for name in ("architecture=", "behaviour_effect=", "limitation="))
    assert len(message) < 1000


def test_all_mistakes_are_named_at_once():
    with pytest.raises(TypeError) as error:
        evidence_card(
            causal(["a", "b"]), architecture="encoder-only", behaviour_effect="", limitation=3
        )
    message = str(error.value)
    assert all(
        part in message for part in ("encoder-only", "plain sight", "behaviour_effect=''", "=3")
    )
    with pytest.raises(ValueError, match="'tower' is unknown"):
        card(architecture="tower")


def test_saving_writes_both_forms_and_saving_again_changes_nothing(tmp_path):
    made = card()
    paths = made.save(tmp_path / "my cards")
    assert [path.name for path in paths] == ["evidence_causal.md", "evidence_causal.html"]
    assert paths[1].read_text("utf-8") == made.to_html()
    assert made.save(tmp_path / "my cards") == paths
    assert len(list((tmp_path / "my cards").iterdir())) == 2


def test_saving_never_replaces_another_card(tmp_path):
    first, second = card(), card(limit="It has never learned to stop in time.")
    kept = [path.read_bytes() for path in first.save(tmp_path)]
    saved = second.save(str(tmp_path))
    assert [path.name for path in saved] == ["evidence_causal_2.md", "evidence_causal_2.html"]
    assert [path.read_bytes() for path in first.save(tmp_path)] == kept
    assert first.limitation in first.to_html() not in [p.read_text("utf-8") for p in saved]


def test_a_card_has_the_five_things_to_show():
    made = card()
    assert made == EvidenceCard(
        objective=made.objective,
        training_sample=causal("a b c d".split()),
        architecture_fit=made.architecture_fit,
        behaviour_effect=EFFECT,
        limitation=LIMIT,
    )
