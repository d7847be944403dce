"""What stands where a box of controls cannot work: the page unrun, and the page of yesterday."""

from html.parser import HTMLParser

import pytest

from lessonlib import explore, inventory, predict, recall
from lessonlib.practice.concepts import concepts
from lessonlib.practice.predictions import predictions
from lessonlib.views import explore_attention
from lessonlib.views.live import AS_LEFT, Helper, helper

MAKERS = {
    "explore": explore,
    "explore_attention": explore_attention,
    "before": lambda: inventory("before"),
    "after": lambda: inventory("after"),
    "recall": lambda: recall("03"),
    **{name: lambda name=name: predict(name) for name in predictions()},
}
ALL = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
# What neither JupyterLab on a page that is not trusted nor GitHub lets through.
REMOVED = {"style", "script", "input", "button", "select", "svg", "form", "link"}


class Reader(HTMLParser):
    """Collect the tags, and the text as a reader sees it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text += data


def descendants(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


@ALL
def test_the_reading_form_says_what_to_do_and_needs_no_styles_and_scripts(make):
    bundle = make()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    page = Reader(bundle["text/html"])
    assert "Run this cell" in page.text
    assert not REMOVED & set(page.tags)
    assert "RadioButtons" not in page.text
    assert "Slider" not in page.text


@ALL
def test_what_is_stored_is_the_same_each_time(make):
    first, second = (make()._repr_mimebundle_() for _ in range(2))
    assert {k: first[k] for k in ("text/plain", "text/html")} == {
        k: second[k] for k in ("text/plain", "text/html")
    }


@pytest.mark.parametrize("prediction", predictions().values(), ids=predictions())
def test_a_prediction_reads_as_its_question_and_options_without_the_answer(prediction):
    text = Reader(predict(prediction.name).reading_form()).text
    assert prediction.question in text
    assert all(option in text for option in prediction.choices)
    assert not any(said in text for said in prediction.choices.values())


def test_the_reading_form_does_not_tell_what_a_learner_has_kept():
    for make in (lambda: predict("causal_questions"), lambda: inventory("before")):
        before, form = make().reading_form(), make()
        control = form.choice if hasattr(form, "choice") else next(iter(form.choices.values()))
        control.value = control.options[1]
        form.button.click()
        assert form.reading_form() == make().reading_form() == before


def test_the_inventory_says_how_many_questions_will_appear():
    assert f"{len(concepts())} questions" in inventory("before").reading_form()


def test_an_explorer_reads_as_what_it_shows_now():
    explorer = explore()
    explorer.sentence.value = "zebras never sleep alone"
    text = Reader(explorer.reading_form()).text
    assert "zebras" in text
    assert AS_LEFT not in text
    for view in (explorer.causal_view, explorer.masked_view, explorer.span_view):
        assert view.value in explorer.reading_form()


@ALL
def test_every_box_carries_the_sentence_of_the_second_day_and_the_helper(make):
    parts = list(descendants(make()))
    assert (
        sum(
            AS_LEFT in getattr(part, "value", "")
            for part in parts
            if hasattr(part, "value") and isinstance(part.value, str)
        )
        == 1
    )
    assert helper() in parts
    assert repr(Helper()) == "Helper()"
