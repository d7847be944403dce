"""One colour for each route, in every picture that shows objectives."""

import re

import pytest

from lessonlib.samples.pictures import picture_objectives
from lessonlib.samples.registry import objectives
from lessonlib.styles import accent
from lessonlib.views import otherwise, understanding
from lessonlib.views.figures import ALL_OBJECTIVES, KIN, ROUTES, colour_of
from lessonlib.views.guesses import guesses_picture
from lessonlib.views.looking import looking_picture
from lessonlib.views.pairings import COLOURS
from lessonlib.views.pictures import looks_picture
from lessonlib.views.tables import WORDS
from lessonlib.views.window import window_picture

NO_OBJECTIVE = {"answer_key", "untrained"}  # rows of tables that practise nothing
COLOUR_OF_ROUTE = {name: colour_of(name) for name in ROUTES}


def coloured(drawn: str) -> set[str]:
    """Return the routes whose colours a drawing has."""
    return {name for name, colour in COLOUR_OF_ROUTE.items() if colour in drawn}


@pytest.mark.parametrize("name", [*ALL_OBJECTIVES, *WORDS.texts["rows"]])
def test_every_objective_has_the_colour_of_its_strip(name):
    known = ALL_OBJECTIVES.get(KIN.get(name, name))
    assert (known is None) == (name in NO_OBJECTIVE)
    if known:
        assert colour_of(name) == accent(known.architectures[0])
    else:
        assert colour_of(name) not in COLOUR_OF_ROUTE.values()


@pytest.mark.parametrize("name", objectives)
def test_a_mask_has_its_objective_s_colour_and_no_other(name):
    drawn = looking_picture(objectives[name].example()).svg
    assert {COLOUR_OF_ROUTE[route] for route in coloured(drawn)} == {colour_of(name)}


@pytest.mark.parametrize("name", picture_objectives)
def test_who_looks_at_a_picture_has_its_objective_s_colour(name):
    drawn = looks_picture(picture_objectives[name].example()).svg
    assert {COLOUR_OF_ROUTE[route] for route in coloured(drawn)} == {colour_of(name)}


@pytest.mark.parametrize("route", ROUTES)
def test_a_row_of_a_heat_map_has_its_route_s_colour(route):
    assert coloured(understanding.features_picture("matching", "retrieved", route).svg) == {route}


def test_lines_of_several_objectives_have_their_colours_and_those_of_one_have_none():
    assert coloured(otherwise.look_up_picture().svg) == {"causal", "masked"}
    assert coloured(otherwise.masking_rates_picture().svg) == set()


def test_what_is_asked_in_a_window_has_its_route_s_colour():
    headings = re.findall(r'fill="(#\w{6})" font-weight="600"', window_picture([5, 6, 7], 16).svg)
    assert headings == [*COLOUR_OF_ROUTE.values(), colour_of("prefix_lm")]


def test_a_blank_is_masked_lm_s_and_the_right_pairing_is_causal_lm_s():
    assert coloured(guesses_picture({"a ___": {"b": 1.0}}).svg) == {"masked"}
    assert COLOURS["right_pairing"] == COLOUR_OF_ROUTE["causal"]
    assert COLOURS["wrong_pairing"] not in COLOUR_OF_ROUTE.values()
