"""What the kernel knows about the tokens to click; the rest is tested in a browser."""

import pytest
from traitlets import TraitError

from lessonlib.views.explorers.hiding import ClickableTokens


def test_hidden_positions_are_kept_in_order_and_once():
    clickable = ClickableTokens(["a", "b", "c"], value=(2, 0))
    assert clickable.value == [0, 2]
    clickable.value = [2, 1, 2]
    assert clickable.value == [1, 2]


@pytest.mark.parametrize("position", [-1, 3])
def test_a_position_outside_the_tokens_is_named(position):
    clickable = ClickableTokens(["a", "b", "c"], value=[1])
    with pytest.raises(TraitError, match=rf"\[{position}\]; positions go from 0 to 2"):
        clickable.value = [position]
    assert clickable.value == [1]


def test_fewer_tokens_forget_the_positions_beyond():
    clickable = ClickableTokens(["a", "b", "c"], value=[0, 2])
    clickable.tokens = ["a", "b"]
    assert clickable.value == [0]


def test_stored_text_forms_are_the_same_in_every_run():
    assert repr(ClickableTokens(["a", "b"], [1])) == (
        "ClickableTokens(tokens=['a', 'b'], value=[1])"
    )
