"""A result is covered until it is predicted or asked for, and it is compared all the same."""

import re

import ipywidgets
import pytest

from lessonlib.practice import covered, reveal
from lessonlib.practice.controls import CoveredWidget
from lessonlib.practice.predictions import commit, predictions
from lessonlib.views import Picture, Table
from lessonlib.words import Words

SHOW_ME, PREDICTED = (Words("practice")(f"cover.{key}") for key in ("show_me", "open"))

NAME, OTHER = "counting_exam", "masks_in_use"
SECRET = "54 to 68"
THINGS = [
    Table(["a"], [[SECRET]]),
    Picture("<svg></svg>", f"It shows {SECRET}"),
    SECRET,
]


def predict_now(*names):
    for name in names:
        prediction = predictions()[name]
        commit(prediction, prediction.options[0])


def shown_in_html(html):
    """Return what is seen before anything is clicked."""
    return re.sub(r"<details(?![^>]* open).*?</details>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: type(thing).__name__)
def test_a_result_is_closed_until_it_is_predicted_and_open_after(thing):
    before = covered(NAME, shown=thing)
    assert SECRET not in repr(before)
    assert SECRET not in shown_in_html(before._repr_html_())
    assert SECRET in before._repr_html_()  # a click opens it, and a comparison finds a change
    predict_now(NAME)
    after = covered(NAME, shown=thing)
    assert SECRET in repr(after)
    assert SECRET in shown_in_html(after._repr_html_())


def test_a_closed_cover_invites_to_open_it_and_an_open_one_does_not():
    assert SHOW_ME in covered(NAME, shown="x")._repr_html_()
    predict_now(NAME)
    assert SHOW_ME not in covered(NAME, shown="x")._repr_html_()
    assert PREDICTED in covered(NAME, shown="x")._repr_html_()


def test_every_named_prediction_has_to_be_kept():
    predict_now(NAME)
    assert not covered(NAME, OTHER, shown="x").is_open
    predict_now(OTHER)
    assert covered(NAME, OTHER, shown="x").is_open


def test_without_a_name_only_a_click_opens():
    predict_now(*predictions())
    assert not covered(shown="x").is_open


def test_a_notebook_stands_for_all_that_it_answers():
    answered = [name for name, one in predictions().items() if one.answered_in == "05"]
    predict_now(*answered[1:])
    assert not covered("05", shown="x").is_open
    assert f"asked in notebook {predictions()[answered[0]].notebook}" in repr(
        covered("05", shown="x")
    )
    predict_now(answered[0])
    assert covered("05", shown="x").is_open


def test_printed_lines_are_covered_as_one_result(monkeypatch, capsys):
    said = []
    monkeypatch.setattr("IPython.display.display", said.append)
    with covered(NAME):
        print("1 <b>")
        print(2)
    assert capsys.readouterr().out == ""
    (cover,) = said
    assert "<pre>1 &lt;b&gt;\n2</pre>" in cover._repr_html_()


def stop_half_way():
    with covered(NAME):
        print("so far")
        raise ZeroDivisionError


def test_an_error_in_the_block_comes_out_with_what_was_printed(monkeypatch, capsys):
    monkeypatch.setattr("IPython.display.display", pytest.fail)
    with pytest.raises(ZeroDivisionError):
        stop_half_way()
    assert capsys.readouterr().out == "so far"


def test_a_widget_waits_behind_a_button_and_stays_out_of_what_is_stored():
    slider = ipywidgets.IntSlider(description=SECRET)
    cover = covered(NAME, shown=slider)
    assert isinstance(cover, CoveredWidget)
    assert slider not in cover.children
    bundle = cover._repr_mimebundle_()
    assert SECRET not in bundle["text/plain"] + shown_in_html(bundle["text/html"])
    cover.button.click()
    assert cover.children == (slider,)
    predict_now(NAME)
    assert covered(NAME, shown=slider) is slider


def test_reveal_keeps_its_answer_for_a_click_where_nothing_was_predicted():
    first, second, *_ = predictions()["best_continuer"].options
    page = reveal("best_continuer", second)
    assert second not in repr(page)
    assert second not in shown_in_html(page._repr_html_())
    assert second in page._repr_html_()
    assert "asked in notebook 01" in repr(page)
    predict_now("best_continuer")
    assert second in shown_in_html(reveal("best_continuer", second)._repr_html_())
    assert f"you predicted “{first}”" in repr(reveal("best_continuer", second))


@pytest.mark.parametrize("wrong", ["no_such", "33", ""])
def test_unknown_names_are_refused(wrong):
    with pytest.raises(ValueError, match=repr(wrong)):
        covered(wrong, shown="x")


def test_it_says_in_which_notebooks_the_predictions_are_asked():
    assert "asked in notebooks 00 and 01" in repr(covered("05", shown="x"))
    assert "notebook" not in repr(covered(NAME, shown="x"))
