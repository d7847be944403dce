"""Answers to 05_masking_80_10_10."""

import numpy as np

from tests.practice.answers.catalogue import right, wrong

NAME, MASK = "mask_80_10_10", "[MASK]"


@right(NAME)
def by_loop(tokens, positions, rolls, random_words):
    inputs, labels = list(tokens), {}
    for position, roll, word in zip(positions, rolls, random_words, strict=True):
        labels[position] = tokens[position]
        if roll < 0.8:
            inputs[position] = MASK
        elif roll < 0.9:
            inputs[position] = word
    return inputs, labels


@right(NAME)
def by_index(tokens, positions, rolls, random_words):
    inputs = tokens.copy()
    for i in range(len(positions)):
        if rolls[i] >= 0.9:
            continue
        inputs[positions[i]] = random_words[i] if rolls[i] >= 0.8 else MASK
    return inputs, {p: tokens[p] for p in positions}


@right(NAME)
def by_numpy(tokens, positions, rolls, random_words):
    inputs, places = np.array(tokens, dtype=object), np.array(positions, dtype=int)
    rolls, words = np.array(rolls), np.array(random_words, dtype=object)
    chosen = np.select([rolls < 0.8, rolls < 0.9], [MASK, words], inputs[places])
    labels = dict(zip(places.tolist(), inputs[places], strict=True))
    inputs[places] = chosen
    return inputs, labels


@right(NAME)
def by_recursion(tokens, positions, rolls, random_words):
    if not positions:
        return tokens, {}
    inputs, labels = by_recursion(tokens, positions[1:], rolls[1:], random_words[1:])
    at, roll = positions[0], rolls[0]
    shown = tokens[at] if roll >= 0.9 else random_words[0] if roll >= 0.8 else MASK
    return [*inputs[:at], shown, *inputs[at + 1 :]], {at: tokens[at]} | labels


def _inputs(tokens, positions, rolls, random_words, hide=0.8, replace=0.9):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        inputs[at] = MASK if roll < hide else word if roll < replace else tokens[at]
    return inputs


def _labels(tokens, positions):
    return {at: tokens[at] for at in positions}


@wrong(NAME, "rolls_not_used")
def always_masks(tokens, positions, rolls, random_words):
    return [MASK if at in positions else w for at, w in enumerate(tokens)], _labels(
        tokens, positions
    )


@wrong(NAME, "border_on_the_wrong_side")
def borders(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        inputs[at] = MASK if roll <= 0.8 else word if roll <= 0.9 else tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "rolls_read_backwards")
def other_end(tokens, positions, rolls, random_words):
    turned = [1 - roll for roll in rolls]
    return _inputs(tokens, positions, turned, random_words), _labels(tokens, positions)


@wrong(NAME, "rolls_read_backwards")
def high_rolls_hide(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll in zip(positions, rolls, strict=True):
        if roll > 0.8:
            inputs[at] = MASK
    return inputs, _labels(tokens, positions)


@wrong(NAME, "kept_and_replaced_swapped")
def swapped(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if roll < 0.8:
            inputs[at] = MASK
        elif roll >= 0.9:
            inputs[at] = word
    return inputs, _labels(tokens, positions)


@wrong(NAME, "nothing_kept")
def replaces_the_rest(tokens, positions, rolls, random_words):
    return _inputs(tokens, positions, rolls, random_words, replace=2), _labels(tokens, positions)


@wrong(NAME, "nothing_replaced")
def keeps_the_rest(tokens, positions, rolls, random_words):
    return _inputs(tokens, positions, rolls, random_words, replace=0), _labels(tokens, positions)


@wrong(NAME, "others_touched")
def by_counting(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for i in range(len(positions)):
        inputs[i] = MASK if rolls[i] < 0.8 else random_words[i] if rolls[i] < 0.9 else tokens[i]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "random_word_of_another")
def next_random_word(tokens, positions, rolls, random_words):
    inputs, words = list(tokens), list(reversed(random_words))
    words = words[1:] + words[:1]
    for at, roll, word in zip(positions, rolls, words, strict=True):
        inputs[at] = MASK if roll < 0.8 else word if roll < 0.9 else tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "labels_hold_what_is_read")
def labels_too_late(tokens, positions, rolls, random_words):
    inputs = _inputs(tokens, positions, rolls, random_words)
    return inputs, _labels(inputs, positions)


@wrong(NAME, "kept_tokens_not_asked")
def kept_unasked(tokens, positions, rolls, random_words):
    asked = [at for at, roll in zip(positions, rolls, strict=True) if roll < 0.9]
    return _inputs(tokens, positions, rolls, random_words), _labels(tokens, asked)


@wrong(NAME, "only_masks_asked")
def masks_asked(tokens, positions, rolls, random_words):
    asked = [at for at, roll in zip(positions, rolls, strict=True) if roll < 0.8]
    return _inputs(tokens, positions, rolls, random_words), _labels(tokens, asked)


@wrong(NAME, "labels_for_others")
def all_asked(tokens, positions, rolls, random_words):
    return _inputs(tokens, positions, rolls, random_words), dict(enumerate(tokens))


@wrong(NAME, "labels_as_list")
def listed(tokens, positions, rolls, random_words):
    return _inputs(tokens, positions, rolls, random_words), [tokens[at] for at in positions]


@wrong(NAME, "argument_changed")
def in_place(tokens, positions, rolls, random_words):
    labels = _labels(tokens, positions)
    tokens[:] = _inputs(tokens, positions, rolls, random_words)
    return tokens, labels


@wrong(NAME, "swapped_order")
def labels_first(tokens, positions, rolls, random_words):
    return _labels(tokens, positions), _inputs(tokens, positions, rolls, random_words)


@wrong(NAME, "wrong_parameters")
def without_words(tokens, positions, rolls):
    return tokens, {}


@right(NAME)
def by_walking_the_sentence(tokens, positions, rolls, random_words):
    given = {
        at: (roll, word) for at, roll, word in zip(positions, rolls, random_words, strict=True)
    }
    inputs = []
    for at, token in enumerate(tokens):
        roll, word = given.get(at, (1, None))
        inputs.append(MASK if roll * 100 < 80 else word if roll * 100 < 90 else token)
    return inputs, {at: tokens[at] for at in given}


@wrong(NAME, "word_taken_for_position")
def compares_words(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        shown = MASK if roll < 0.8 else word if roll < 0.9 else tokens[at]
        inputs = [shown if token == tokens[at] else token for token in inputs]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "word_taken_for_position")
def replaces_in_the_text(tokens, positions, rolls, random_words):
    text = " ".join(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        shown = MASK if roll < 0.8 else word if roll < 0.9 else tokens[at]
        text = f" {text} ".replace(f" {tokens[at]} ", f" {shown} ").strip()
    return text.split(), _labels(tokens, positions)


@wrong(NAME, "word_taken_for_position")
def looks_the_word_up(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        shown = MASK if roll < 0.8 else word if roll < 0.9 else tokens[at]
        inputs[tokens.index(tokens[at])] = shown
    return inputs, _labels(tokens, positions)


@wrong(NAME, "word_taken_for_position")
def keeps_one_place_for_each_word(tokens, positions, rolls, random_words):
    places = {token: at for at, token in enumerate(tokens)}
    own = [places[tokens[at]] for at in positions]
    return _inputs(tokens, own, rolls, random_words), _labels(tokens, own)


@wrong(NAME, "word_taken_for_position")
def labels_by_looking_up(tokens, positions, rolls, random_words):
    labels = {tokens.index(tokens[at]): tokens[at] for at in positions}
    return _inputs(tokens, positions, rolls, random_words), labels


@wrong(NAME, "positions_sorted")
def from_left_to_right(tokens, positions, rolls, random_words):
    inputs, drawn = list(tokens), iter(zip(rolls, random_words, strict=True))
    for at, token in enumerate(tokens):
        if at in positions:
            roll, word = next(drawn)
            inputs[at] = MASK if roll < 0.8 else word if roll < 0.9 else token
    return inputs, _labels(tokens, positions)


@wrong(NAME, "border_on_the_wrong_side")
def replaces_at_nine(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        inputs[at] = MASK if roll < 0.8 else word if roll <= 0.9 else tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "border_on_the_wrong_side")
def hides_at_eight(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        inputs[at] = MASK if roll <= 0.8 else word if roll < 0.9 else tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "border_on_the_wrong_side")
def keeps_at_eight(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        inputs[at] = MASK if roll < 0.8 else word if 0.8 < roll < 0.9 else tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "border_on_the_wrong_side")
def counts_in_hundredths(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        inputs[at] = MASK if roll <= 0.79 else word if roll <= 0.89 else tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "border_on_the_wrong_side")
def forgets_zero(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if 0 < roll < 0.8:
            inputs[at] = MASK
        elif 0.8 <= roll < 0.9:
            inputs[at] = word
    return inputs, _labels(tokens, positions)


@wrong(NAME, "mask_overwritten")
def second_if(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if roll < 0.8:
            inputs[at] = MASK
        if roll < 0.9:
            inputs[at] = word
    return inputs, _labels(tokens, positions)


@wrong(NAME, "mask_overwritten")
def asks_for_nine_first(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if roll < 0.9:
            inputs[at] = word
        elif roll < 0.8:
            inputs[at] = MASK
    return inputs, _labels(tokens, positions)


@wrong(NAME, "mask_overwritten")
def second_if_with_else(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if roll < 0.8:
            inputs[at] = MASK
        if 0.8 <= roll < 0.9:
            inputs[at] = word
        else:
            inputs[at] = tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "stopped_after_first")
def returns_in_the_loop(tokens, positions, rolls, random_words):
    inputs, labels = list(tokens), {}
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        labels[at] = tokens[at]
        inputs[at] = MASK if roll < 0.8 else word if roll < 0.9 else tokens[at]
        return inputs, labels
    return inputs, labels


@wrong(NAME, "only_last_label")
def labels_anew(tokens, positions, rolls, random_words):
    labels = {}
    for at in positions:
        labels = {at: tokens[at]}
    return _inputs(tokens, positions, rolls, random_words), labels


@wrong(NAME, "list_inside_list")
def mask_in_brackets(tokens, positions, rolls, random_words):
    inputs = _inputs(tokens, positions, rolls, random_words)
    return [[MASK] if token == MASK else token for token in inputs], _labels(tokens, positions)


@wrong(NAME, "word_of_your_own")
def name_in_quotes(tokens, positions, rolls, random_words):
    named = ["random_word"] * len(positions)
    return _inputs(tokens, positions, rolls, named), _labels(tokens, positions)


@wrong(NAME, "rolls_not_followed")
def ten_ten_eighty(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        inputs[at] = word if roll < 0.1 else tokens[at] if roll < 0.2 else MASK
    return inputs, _labels(tokens, positions)


@wrong(NAME, "not_made_into_a_list")
def yields(tokens, positions, rolls, random_words):
    yield _inputs(tokens, positions, rolls, random_words), _labels(tokens, positions)


@wrong(NAME, "unexpected_type")
def labels_as_set(tokens, positions, rolls, random_words):
    return _inputs(tokens, positions, rolls, random_words), {tokens[at] for at in positions}


@wrong(NAME, "inserted_instead_of_replaced")
def inserts(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if roll < 0.8:
            inputs.insert(at, MASK)
        elif roll < 0.9:
            inputs.insert(at, word)
    return inputs, _labels(tokens, positions)


@wrong(NAME, "rolls_not_used")
def compares_with_eighty(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if roll < 80:
            inputs[at] = MASK
        elif roll < 90:
            inputs[at] = word
    return inputs, _labels(tokens, positions)


@wrong(NAME, "mask_overwritten")
def does_nothing_below_eight(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll, word in zip(positions, rolls, random_words, strict=True):
        if roll < 0.8:
            pass
        elif roll < 0.9:
            inputs[at] = word
    return inputs, _labels(tokens, positions)


@wrong(NAME, "list_inside_list")
def puts_all_words_in(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll in zip(positions, rolls, strict=True):
        inputs[at] = MASK if roll < 0.8 else random_words if roll < 0.9 else tokens[at]
    return inputs, _labels(tokens, positions)


@wrong(NAME, "labels_of_wrong_type")
def labels_become_a_word(tokens, positions, rolls, random_words):
    labels = {}
    for at in positions:
        labels = tokens[at]
    return _inputs(tokens, positions, rolls, random_words), labels


@wrong(NAME, "raised_ValueError")
def looks_up_every_random_word(tokens, positions, rolls, random_words):
    places = [tokens.index(word) for word in random_words]
    return tokens, _labels(tokens, places)


@wrong(NAME, "counts_on_order")
def waits_for_the_next_position(tokens, positions, rolls, random_words):
    inputs, labels, found = list(tokens), {}, 0
    for at, word in enumerate(tokens):
        if found < len(positions) and positions[found] == at:
            labels[at] = word
            if rolls[found] < 0.9:
                inputs[at] = MASK if rolls[found] < 0.8 else random_words[found]
            found += 1
    return inputs, labels


@wrong(NAME, "inputs_of_wrong_type")
def inputs_become_a_word(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for roll, word in zip(rolls, random_words, strict=True):
        if roll < 0.8:
            inputs = MASK
        elif roll < 0.9:
            inputs = word
    return inputs, _labels(tokens, positions)
