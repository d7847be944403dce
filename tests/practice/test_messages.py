"""What a message says about a wrong answer, beyond the name of its cause."""

import pytest

from lessonlib.practice import check, try_it
from lessonlib.practice.codec import Outcome
from lessonlib.practice.judging import judge
from lessonlib.practice.questions import QUESTIONS
from tests.practice.answers import WRONG, attention_masks, losses, measuring


def said(name):
    """Check the wrong answer of that name."""
    ((question, function),) = [(asked, f) for asked, _, f in WRONG if f.__name__ == name]
    return check(question, function).message


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("causal_returns_in_the_loop", "Your table has 1 row of 5; it should have 5 rows of 5."),
        ("causal_returns_in_the_loop", "Is `return` inside the loop?"),
        ("causal_of_four", "4 rows of 4; it should have 5 rows of 5. Did you fix a size"),
        ("prefix_swapped", "Did you swap your two parameters?"),
        ("causal_in_words", "written without quotation marks"),
        ("causal_of_numbers", "where the answer to a comparison belongs"),
        ("causal_of_ranges", "each entry should be one True or False."),
        ("causal_one_row", "Make a new row in each round."),
        ("causal_without_brackets", "Are its brackets missing"),
        ("prefix_one_ahead", "each row also sees the next position"),
        ("prefix_and", "one of the two is enough"),
        ("prefix_mask_first", "Return `inputs`, `labels` and `loss_mask`, in this order."),
        ("prefix_labels_first", "Return `inputs`, `labels` and `loss_mask`, in this order."),
        ("middle_starts_late", "and the middle begins at `start`"),
        ("middle_loses_one", "The suffix begins at `end`"),
        ("middle_cut_at_its_end", "The middle stops before `end`"),
        ("middle_with_a_fourth_marker", "`<EOT>` does not belong there."),
        ("middle_of_joined_pieces", "each word should be an entry of its own."),
        ("middle_through_end_in_one_piece", "appears twice."),
        ("labels_return_in_loop", "should have 11 items; yours has 1."),
        ("labels_to_minus_zero", ":-0]` is empty"),
        ("labels_without_the_prompt", "The list must stay as long as the ids"),
        ("labels_of_the_page", "never uses `ids`, `is_padding` and `prompt_length`"),
        ("labels_of_the_page", "cannot answer for the case"),
        ("labels_in_words", "-100 is a number, written without quotation marks."),
        ("labels_of_the_padding", "the wrong way round: True means padding"),
        ("labels_by_the_id_of_the_page", "Here its id is 6, elsewhere it is another one."),
        ("mean_count", "how many labels count"),
        ("mean_cut_off", "`round`, `int` and `//` drop what comes after the point."),
        ("mean_set_back", "Do you set your sums back to 0 in each round?"),
        ("mean_first_row", "You average the first row only."),
        ("mean_return_in_the_inner_loop", "that of the first label that counts"),
        ("mean_without_the_last", "the mean of all rows but the last"),
        ("mean_of_all_over_counted", "but add up all losses"),
        ("mean_return_before_any_counts", "nothing had been counted yet"),
        ("mean_until_empty", "`continue` goes on with the next one"),
        ("without_brackets", "Python divides before it subtracts"),
        ("of_another_cell", "It uses `floor` and `ceiling` instead, which are set outside it."),
        ("of_the_page", "never uses `score`, `chance` and `best`"),
    ],
)
def test_a_message_names_what_is_special_about_the_answer(name, says):
    assert says in said(name)


@pytest.mark.parametrize(
    "name", ["mean_constant", "mean_count", "mean_without_the_last", "mean_median", "nothing_yet"]
)
def test_a_number_that_is_no_rounding_is_not_called_rounded(name):
    assert "rounded" not in said(name)


@pytest.mark.parametrize("question", [losses.MEAN, measuring.NAME])
@pytest.mark.parametrize("returned", [7, 0, 10**9, -0.5])
def test_a_number_is_never_told_to_be_a_number(question, returned):
    def constant(*given):
        return type(returned)(str(given) and returned)

    assert "yours is a number" not in check(question, constant).message


def test_minus_infinity_is_spoken_of_only_where_it_is_meant():
    causal = [(cause, f) for asked, cause, f in WRONG if asked == attention_masks.CAUSAL]
    messages = [(cause, check(attention_masks.CAUSAL, f).message) for cause, f in causal]
    spoken = {cause for cause, message in messages if "infinity" in message}
    assert spoken == {"additive_mask"}


def test_a_mask_is_shown_row_beside_row_with_what_differs_in_brackets():
    mask = [[True, True], [True, True]]
    lines = check("build_causal_mask", lambda n: mask if n == 2 else right_mask(n)).message
    assert lines.splitlines()[2:6] == [
        "            expected     returned",
        "  row 0      ●  ·         ● [●]",
        "  row 1      ●  ●         ●  ●",
        "            ●: True, ·: False, [ ]: differs",
    ]


def right_mask(length):
    return QUESTIONS["build_causal_mask"].reference(length)


def test_a_mask_beside_what_is_no_table_is_shown_by_itself():
    lines = said("causal_row").splitlines()
    assert "  expected  ● · · · ·" in lines
    assert "  returned  [True, True, True, True, True]" in lines


def test_a_wrong_table_of_right_form_is_told_by_row_and_position():
    def one_entry_missing(length):
        mask = right_mask(length)
        mask[-1][0] = False
        return mask

    message = check("build_causal_mask", one_entry_missing).message
    assert "in row 4 at position 0: False should be True" in message


def test_the_dust_of_floats_is_not_shown():
    expected = next(x for x in said("mean_constant").splitlines() if "expected" in x)
    assert len(expected.split()[1]) <= 12


@pytest.mark.parametrize("right", [True, False])
def test_what_a_function_printed_is_in_its_verdict(right):
    def speaks(tokens):
        print("so many:", len(tokens))
        return tokens[:-1], tokens[1:] if right else tokens

    verdict = check("build_causal_example", speaks)
    assert bool(verdict) is right
    assert "printed   so many:" in verdict.message


def test_much_that_was_printed_is_shown_in_part():
    def chatters(tokens):
        print("word\n" * 500)
        return tokens, tokens

    message = check("build_causal_example", chatters).message
    assert 2 < message.count("word") < 20


def test_a_border_is_named_only_for_a_word_that_stands_at_one_place():
    tokens = ["we", "read", "old", "books", "on", "trains", "on"]

    def about(*sequence):
        outcome = Outcome(value=list(sequence))
        return judge(QUESTIONS["build_middle_example"], (tokens, 1, 4), outcome).message

    again = about("<PRE>", "we", "<SUF>", "on", "trains", "<MID>", "read", "old", "books")
    assert "`on` is lost. Each word belongs to one piece." in again
    once = about("<PRE>", "we", "<SUF>", "on", "trains", "on", "<MID>", "read", "old")
    assert "`books` is lost. The middle stops before `end`" in once


def test_too_few_items_are_never_called_too_many():
    def half(tokens, start, end):
        return ["<PRE>", *tokens[:2], tokens[0], "x"]

    message = check("build_middle_example", half).message
    assert "Too many" not in message


def by_the_names_of_the_table(ability):
    return {"Continue freely": (0, 10), "Fill one blank": (70, 95)}[ability]


def by_one_name(ability):
    return {"blank": (70, 95)}.get(ability)


def by_a_chain(ability):
    if ability == "Fill one blank":
        low, high = 70, 95
    return low, high


def by_an_else(ability):
    return (70, 95) if ability == "Fill one blank" else (0, 10)


@pytest.mark.parametrize(
    "function", [by_the_names_of_the_table, by_one_name, by_a_chain, by_an_else]
)
def test_whoever_does_not_know_the_abilities_by_name_is_told_the_three(function):
    message = check("my_prediction", function).message
    assert all(f'`"{name}"`' in message for name in ("continuation", "blank", "missing_span"))
    assert "append" not in message
    assert "dictionary" not in message


def test_an_ability_that_is_none_is_refused_with_the_three():
    refused = repr(try_it("my_prediction", by_one_name, "Fill one blank"))
    assert "'Fill one blank' is unknown" in refused
    assert all(name in refused for name in ("'continuation'", "'blank'", "'missing_span'"))
