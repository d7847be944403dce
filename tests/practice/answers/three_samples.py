"""Answers to the three questions of 01_your_own_sentence."""

# Learners write as they write.
# ruff: noqa: RUF005, RUF007, RET503

import copy

import numpy as np

from tests.practice.answers.catalogue import right, wrong

CAUSAL, MASKED, SPAN = "build_causal_example", "build_masked_example", "build_span_corruption"
E0, E1 = "<extra_id_0>", "<extra_id_1>"


@right(CAUSAL)
def causal_by_slices(tokens):
    return tokens[:-1], tokens[1:]


@right(CAUSAL)
def causal_by_loop(tokens):
    inputs, labels = [], []
    for position in range(len(tokens) - 1):
        inputs.append(tokens[position])
        labels.append(tokens[position + 1])
    return [inputs, labels]


@right(CAUSAL)
def causal_by_zip(tokens):
    inputs, labels = zip(*zip(tokens, tokens[1:], strict=False), strict=True)
    return inputs, labels


@right(CAUSAL)
def causal_by_numpy(tokens):
    array = np.array(tokens)
    print("what have we here", array.shape)
    return array[:-1], array[1:]


@right(CAUSAL)
def causal_by_recursion(tokens):
    if len(tokens) < 2:
        return [], []
    inputs, labels = causal_by_recursion(tokens[1:])
    return [tokens[0], *inputs], [tokens[1], *labels]


@right(CAUSAL)
def causal_by_popping_copies(tokens, start=0):
    inputs, labels = copy.copy(tokens), list(tokens)
    inputs.pop()
    del labels[start]
    return inputs, labels


@wrong(CAUSAL, "labels_not_shifted")
def causal_copy(tokens):
    return tokens, tokens


@wrong(CAUSAL, "labels_not_shifted")
def causal_copy_of_inputs(tokens):
    return tokens[:-1], tokens[:-1]


@wrong(CAUSAL, "labels_not_shifted")
def causal_copy_of_the_end(tokens):
    return tokens[1:], tokens[1:]


@wrong(CAUSAL, "shifted_the_wrong_way")
def causal_backwards(tokens):
    return tokens[1:], tokens[:-1]


@wrong(CAUSAL, "shifted_the_wrong_way")
def causal_rolled_back(tokens):
    return tokens, tokens[-1:] + tokens[:-1]


@wrong(CAUSAL, "shifted_the_wrong_way")
def causal_behind_a_start(tokens):
    return tokens, ["<s>", *tokens[:-1]]


@wrong(CAUSAL, "shifted_twice")
def causal_twice(tokens):
    return tokens[:-2], tokens[2:]


@wrong(CAUSAL, "shifted_twice")
def causal_twice_in_the_labels(tokens):
    return tokens[:-1], tokens[2:]


@wrong(CAUSAL, "last_token_in_inputs")
def causal_all_inputs(tokens):
    return tokens, tokens[1:]


@wrong(CAUSAL, "label_wraps_around")
def causal_rolled(tokens):
    return tokens, list(np.roll(tokens, -1))


@wrong(CAUSAL, "label_made_up")
def causal_padded(tokens):
    return tokens, [*tokens[1:], "<pad>"]


@wrong(CAUSAL, "label_made_up")
def causal_ends(tokens):
    return tokens, [*tokens[1:], None]


@wrong(CAUSAL, "start_token_added")
def causal_started(tokens):
    return ["<s>", *tokens[:-1]], tokens


@wrong(CAUSAL, "first_token_lost")
def causal_from_one(tokens):
    places = range(1, len(tokens) - 1)
    return [tokens[at] for at in places], [tokens[at + 1] for at in places]


@wrong(CAUSAL, "cut_too_short")
def causal_stops_early(tokens):
    places = range(len(tokens) - 2)
    return [tokens[at] for at in places], [tokens[at + 1] for at in places]


@wrong(CAUSAL, "cut_too_short")
def causal_first_pair_only(tokens):
    for at in range(len(tokens) - 1):
        return [tokens[at]], [tokens[at + 1]]


@wrong(CAUSAL, "only_the_last_label")
def causal_last_word(tokens):
    return tokens[:-1], tokens[-1]


@wrong(CAUSAL, "prefixes_as_inputs")
def causal_prefixes(tokens):
    return [tokens[:end] for end in range(1, len(tokens))], tokens[1:]


@wrong(CAUSAL, "joined_into_text")
def causal_text(tokens):
    return " ".join(tokens[:-1]), " ".join(tokens[1:])


@wrong(CAUSAL, "labels_as_dict")
def causal_dictionary(tokens):
    return tokens[:-1], dict(enumerate(tokens[1:]))


@wrong(CAUSAL, "pairs_instead_of_lists")
def causal_pairs(tokens):
    return list(zip(tokens, tokens[1:], strict=False))


@wrong(CAUSAL, "not_made_into_a_list")
def causal_generator(tokens):
    return (word for word in tokens[:-1]), (word for word in tokens[1:])


@wrong(CAUSAL, "not_made_into_a_list")
def causal_yields(tokens):
    yield tokens[:-1]
    yield tokens[1:]


@wrong(CAUSAL, "argument_changed")
def causal_pops(tokens):
    labels = tokens[1:]
    tokens.pop()
    return tokens, labels


@wrong(CAUSAL, "returned_none")
def causal_forgets(tokens):
    tokens = tokens[:-1], tokens[1:]


@wrong(CAUSAL, "printed_instead_of_returned")
def causal_prints(tokens):
    print(tokens[:-1], tokens[1:])


@wrong(CAUSAL, "wrong_number_of_values")
def causal_inputs_only(tokens):
    return tokens[:-1]


@wrong(CAUSAL, "wrong_number_of_values")
def causal_three(tokens):
    return tokens, tokens[:-1], tokens[1:]


@wrong(CAUSAL, "raised_IndexError")
def causal_runs_over(tokens):
    return tokens[:-1], [tokens[at + 1] for at in range(len(tokens))]


@wrong(CAUSAL, "wrong_parameters")
def causal_needs_more(tokens, labels):
    return tokens[:-1], labels


@wrong(CAUSAL, "unanswered")
def causal_dots(tokens):
    inputs = ...
    labels = ...
    return inputs, labels


@wrong(CAUSAL, "unanswered")
def causal_half(tokens):
    return tokens[:-1], ...


@right(MASKED)
def masked_by_loop(tokens, mask_positions):
    masked = list(tokens)
    labels = {}
    for position in mask_positions:
        labels[position] = masked[position]
        masked[position] = "[MASK]"
    return masked, labels


@right(MASKED)
def masked_by_comprehension(tokens, mask_positions):
    labels = {at: tokens[at] for at in mask_positions}
    return ["[MASK]" if at in labels else word for at, word in enumerate(tokens)], labels


@right(MASKED)
def masked_by_numpy(tokens, mask_positions):
    array = np.array(tokens, dtype=object)
    places = np.array(sorted(mask_positions), dtype=int)
    labels = dict(zip(places, array[places], strict=True))
    array[places] = "[MASK]"
    return array, labels


@right(MASKED)
def masked_by_recursion(tokens, mask_positions):
    if not mask_positions:
        return tokens, {}
    first, *rest = mask_positions
    masked, labels = masked_by_recursion(tokens, rest)
    return [*masked[:first], "[MASK]", *masked[first + 1 :]], {first: tokens[first], **labels}


@right(MASKED)
def masked_by_slices(tokens, mask_positions):
    masked, labels = tuple(tokens), {}
    for at in reversed(mask_positions):
        labels |= {at: tokens[at]}
        masked = (*masked[:at], "[MASK]", *masked[at + 1 :])
    return masked, labels


def _mask(tokens, positions, token="[MASK]"):
    return [token if at in positions else word for at, word in enumerate(tokens)]


def _labels(tokens, positions):
    return {at: tokens[at] for at in positions}


@wrong(MASKED, "mask_token_missing")
def masked_nothing(tokens, mask_positions):
    return tokens, _labels(tokens, mask_positions)


@wrong(MASKED, "mask_token_misspelt")
def masked_roberta(tokens, mask_positions):
    return _mask(tokens, mask_positions, "<mask>"), _labels(tokens, mask_positions)


@wrong(MASKED, "mask_token_misspelt")
def masked_small_letters(tokens, mask_positions):
    return _mask(tokens, mask_positions, "[mask]"), _labels(tokens, mask_positions)


@wrong(MASKED, "mask_token_misspelt")
def masked_none(tokens, mask_positions):
    return _mask(tokens, mask_positions, ""), _labels(tokens, mask_positions)


@wrong(MASKED, "labels_for_unmasked_positions")
def masked_all_labels(tokens, mask_positions):
    return _mask(tokens, mask_positions), dict(enumerate(tokens))


@wrong(MASKED, "labels_for_unmasked_positions")
def masked_sentence_as_labels(tokens, mask_positions):
    return _mask(tokens, mask_positions), tokens


@wrong(MASKED, "labels_as_list")
def masked_list(tokens, mask_positions):
    return _mask(tokens, mask_positions), [tokens[at] for at in mask_positions]


@wrong(MASKED, "labels_as_list")
def masked_list_with_gaps(tokens, mask_positions):
    labels = [word if at in mask_positions else -100 for at, word in enumerate(tokens)]
    return _mask(tokens, mask_positions), labels


@wrong(MASKED, "labels_hold_mask_token")
def masked_too_late(tokens, mask_positions):
    masked, labels = list(tokens), {}
    for at in mask_positions:
        masked[at] = "[MASK]"
        labels[at] = masked[at]
    return masked, labels


@wrong(MASKED, "stopped_after_first")
def masked_once(tokens, mask_positions):
    masked, labels = list(tokens), {}
    for at in mask_positions:
        labels[at] = masked[at]
        masked[at] = "[MASK]"
        return masked, labels
    return masked, labels


@wrong(MASKED, "masked_tokens_deleted")
def masked_removed(tokens, mask_positions):
    kept = [word for at, word in enumerate(tokens) if at not in mask_positions]
    return kept, _labels(tokens, mask_positions)


@wrong(MASKED, "masked_the_others")
def masked_inverted(tokens, mask_positions):
    masked = [word if at in mask_positions else "[MASK]" for at, word in enumerate(tokens)]
    return masked, _labels(tokens, mask_positions)


@wrong(MASKED, "positions_off_by_one")
def masked_from_one(tokens, mask_positions):
    places = [at - 1 for at in mask_positions]
    return _mask(tokens, places), _labels(tokens, places)


@wrong(MASKED, "positions_off_by_one")
def masked_one_further(tokens, mask_positions):
    places = [at + 1 for at in mask_positions]
    return _mask(tokens, places), _labels(tokens, mask_positions)


@wrong(MASKED, "word_taken_for_position")
def masked_by_word(tokens, mask_positions):
    chosen = {tokens[at] for at in mask_positions}
    masked = ["[MASK]" if word in chosen else word for word in tokens]
    return masked, _labels(tokens, mask_positions)


@wrong(MASKED, "word_taken_for_position")
def masked_by_index(tokens, mask_positions):
    labels = {tokens.index(word): word for word in [tokens[at] for at in mask_positions]}
    return _mask(tokens, mask_positions), labels


@wrong(MASKED, "labels_upside_down")
def masked_word_first(tokens, mask_positions):
    return _mask(tokens, mask_positions), {tokens[at]: at for at in mask_positions}


@wrong(MASKED, "label_keys_are_text")
def masked_text_keys(tokens, mask_positions):
    return _mask(tokens, mask_positions), {str(at): tokens[at] for at in mask_positions}


@wrong(MASKED, "label_keys_count_masks")
def masked_counted(tokens, mask_positions):
    words = [tokens[at] for at in mask_positions]
    return _mask(tokens, mask_positions), dict(enumerate(words))


@wrong(MASKED, "labels_missing")
def masked_last_label(tokens, mask_positions):
    labels = {}
    for at in mask_positions:
        labels = {at: tokens[at]}
    return _mask(tokens, mask_positions), labels


@wrong(MASKED, "labels_missing")
def masked_no_labels(tokens, mask_positions):
    return _mask(tokens, mask_positions), {}


@wrong(MASKED, "argument_changed")
def masked_in_place(tokens, mask_positions):
    masked, labels = tokens, {}
    for at in mask_positions:
        labels[at] = masked[at]
        masked[at] = "[MASK]"
    return masked, labels


@wrong(MASKED, "argument_changed")
def masked_uses_up(tokens, mask_positions):
    masked, labels = tokens[:], {}
    while mask_positions:
        at = mask_positions.pop()
        labels[at] = masked[at]
        masked[at] = "[MASK]"
    return masked, labels


@wrong(MASKED, "swapped_order")
def masked_swapped(tokens, mask_positions):
    return _labels(tokens, mask_positions), _mask(tokens, mask_positions)


@wrong(MASKED, "wrong_number_of_values")
def masked_alone(tokens, mask_positions):
    return _mask(tokens, mask_positions)


@wrong(MASKED, "wrong_number_of_values")
def masked_labels_alone(tokens, mask_positions):
    return _labels(tokens, mask_positions)


@wrong(MASKED, "returned_none")
def masked_forgets(tokens, mask_positions):
    _mask(tokens, mask_positions)


@wrong(MASKED, "raised_TypeError")
def masked_by_subtraction(tokens, mask_positions):
    return tokens - mask_positions, {}


@wrong(MASKED, "masked_of_wrong_type")
def masked_joined(tokens, mask_positions):
    return " ".join(_mask(tokens, mask_positions)), _labels(tokens, mask_positions)


@wrong(MASKED, "labels_wrong")
def masked_lists_of_labels(tokens, mask_positions):
    return _mask(tokens, mask_positions), {at: [tokens[at]] for at in mask_positions}


@right(SPAN)
def span_by_slices(tokens, start, end):
    return tokens[:start] + [E0] + tokens[end:], [E0] + tokens[start:end] + [E1]


@right(SPAN)
def span_by_loop(tokens, start, end):
    corrupted, target = [], [E0]
    for at, word in enumerate(tokens):
        if at == start:
            corrupted.append(E0)
        (target if start <= at < end else corrupted).append(word)
    target.append(E1)
    return corrupted, target


@right(SPAN)
def span_by_assignment(tokens, start, end):
    corrupted = list(tokens)
    corrupted[start:end] = [E0]
    return {"corrupted": corrupted}["corrupted"], (E0, *tokens[start:end], E1)


@right(SPAN)
def span_by_numpy(tokens, start, end):
    array = np.array(tokens, dtype=object)
    corrupted = np.concatenate([array[:start], [E0], array[end:]])
    return corrupted, np.concatenate([[E0], array[start:end], [E1]])


@right(SPAN)
def span_by_recursion(tokens, start, end):
    if start > 0:
        corrupted, target = span_by_recursion(tokens[1:], start - 1, end - 1)
        return [tokens[0], *corrupted], target
    return [E0, *tokens[end:]], [E0, *tokens[:end], E1]


def _corrupted(tokens, start, end):
    return [*tokens[:start], E0, *tokens[end:]]


def _target(tokens, start, end):
    return [E0, *tokens[start:end], E1]


@wrong(SPAN, "sentinel_missing")
def span_cut_out(tokens, start, end):
    return tokens[:start] + tokens[end:], _target(tokens, start, end)


@wrong(SPAN, "final_sentinel_missing")
def span_open_end(tokens, start, end):
    return _corrupted(tokens, start, end), [E0, *tokens[start:end]]


@wrong(SPAN, "opening_sentinel_missing")
def span_open_start(tokens, start, end):
    return _corrupted(tokens, start, end), [*tokens[start:end], E1]


@wrong(SPAN, "target_without_sentinels")
def span_bare_target(tokens, start, end):
    return _corrupted(tokens, start, end), tokens[start:end]


@wrong(SPAN, "sentinel_repeated")
def span_same_sentinel(tokens, start, end):
    return _corrupted(tokens, start, end), [E0, *tokens[start:end], E0]


@wrong(SPAN, "one_sentinel_per_token")
def span_same_for_each(tokens, start, end):
    hidden = [E0] * (end - start)
    return tokens[:start] + hidden + tokens[end:], _target(tokens, start, end)


@wrong(SPAN, "one_sentinel_per_token")
def span_numbered_for_each(tokens, start, end):
    hidden = [f"<extra_id_{k}>" for k in range(end - start)]
    return tokens[:start] + hidden + tokens[end:], _target(tokens, start, end)


@wrong(SPAN, "sentinel_before_each_token")
def span_interleaved(tokens, start, end):
    target = []
    for k, word in enumerate(tokens[start:end]):
        target += [f"<extra_id_{k}>", word]
    return _corrupted(tokens, start, end), [*target, E1]


@wrong(SPAN, "end_included")
def span_through_end(tokens, start, end):
    return _corrupted(tokens, start, end + 1), _target(tokens, start, end + 1)


@wrong(SPAN, "end_included")
def span_target_through_end(tokens, start, end):
    return _corrupted(tokens, start, end), _target(tokens, start, end + 1)


@wrong(SPAN, "token_behind_gap_lost")
def span_source_through_end(tokens, start, end):
    return _corrupted(tokens, start, end + 1), _target(tokens, start, end)


@wrong(SPAN, "span_cut_short")
def span_before_end(tokens, start, end):
    return _corrupted(tokens, start, end - 1), _target(tokens, start, end - 1)


@wrong(SPAN, "start_excluded")
def span_after_start(tokens, start, end):
    return _corrupted(tokens, start + 1, end), _target(tokens, start + 1, end)


@wrong(SPAN, "end_taken_as_length")
def span_by_length(tokens, start, end):
    return _corrupted(tokens, start, start + end), _target(tokens, start, start + end)


@wrong(SPAN, "span_not_removed")
def span_inserted(tokens, start, end):
    corrupted = list(tokens)
    corrupted.insert(start, E0)
    return corrupted, _target(tokens, start, end)


@wrong(SPAN, "mask_token_as_sentinel")
def span_masked(tokens, start, end):
    return [*tokens[:start], "[MASK]", *tokens[end:]], _target(tokens, start, end)


@wrong(SPAN, "sentinel_misspelt")
def span_misspelt(tokens, start, end):
    return [*tokens[:start], "<extra_id0>", *tokens[end:]], _target(tokens, start, end)


@wrong(SPAN, "numbered_from_one")
def span_from_one(tokens, start, end):
    return [*tokens[:start], E1, *tokens[end:]], [E1, *tokens[start:end], "<extra_id_2>"]


@wrong(SPAN, "target_is_whole_text")
def span_like_bart(tokens, start, end):
    return _corrupted(tokens, start, end), tokens


@wrong(SPAN, "target_is_the_rest")
def span_other_words(tokens, start, end):
    return _corrupted(tokens, start, end), [E0, *tokens[:start], *tokens[end:], E1]


@wrong(SPAN, "list_inside_list")
def span_appended(tokens, start, end):
    target = [E0]
    target.append(tokens[start:end])
    target.append(E1)
    return _corrupted(tokens, start, end), target


@wrong(SPAN, "raised_TypeError")
def span_added_text(tokens, start, end):
    return tokens[:start] + E0 + tokens[end:], _target(tokens, start, end)


@wrong(SPAN, "joined_into_text")
def span_text(tokens, start, end):
    return " ".join(_corrupted(tokens, start, end)), " ".join(_target(tokens, start, end))


@wrong(SPAN, "swapped_order")
def span_swapped(tokens, start, end):
    return _target(tokens, start, end), _corrupted(tokens, start, end)


@wrong(SPAN, "argument_changed")
def span_in_place(tokens, start, end):
    target = _target(tokens, start, end)
    tokens[start:end] = [E0]
    return tokens, target


@wrong(SPAN, "printed_instead_of_returned")
def span_prints(tokens, start, end):
    print(_corrupted(tokens, start, end), _target(tokens, start, end))


@wrong(SPAN, "corrupted_of_wrong_length")
def span_trailing(tokens, start, end):
    return [*_corrupted(tokens, start, end), "</s>"], _target(tokens, start, end)


MY_WORDS = "seven grey cats chase one very slow mouse".split()


@wrong(CAUSAL, "another_sentence")
def causal_of_a_global(words):
    return MY_WORDS[:-1], MY_WORDS[1:]


@wrong(MASKED, "another_sentence")
def masked_of_a_global(words, mask_positions):
    places = [at for at in mask_positions if at < len(MY_WORDS)]
    return _mask(MY_WORDS, places), _labels(MY_WORDS, places)


@wrong(SPAN, "another_sentence")
def span_written_for_one_sentence(words, start, end):
    return ["seven", E0, "mouse"], [E0, "grey", "cats", E1]


@right(CAUSAL)
def causal_that_imports(tokens):
    import collections

    return list(collections.deque(tokens))[:-1], tokens[1:]


@wrong(CAUSAL, "word_instead_of_list")
def causal_without_colons(tokens):
    return tokens[-1], tokens[1]


@wrong(CAUSAL, "text_added_by_letters")
def causal_by_adding_words(tokens):
    inputs = []
    for word in tokens[:-1]:
        inputs += word
    return inputs, tokens[1:]


@wrong(CAUSAL, "labels_of_wrong_type")
def causal_keeps_what_extend_gives(tokens):
    labels = []
    labels = labels.extend(tokens[1:])
    return tokens[:-1], labels


@wrong(MASKED, "stopped_after_first")
def masked_without_a_loop(tokens, mask_positions):
    masked, at = list(tokens), mask_positions[0]
    masked[at] = "[MASK]"
    return masked, {at: tokens[at]}


@wrong(MASKED, "masked_tokens_deleted")
def masked_by_popping(tokens, mask_positions):
    masked, labels = list(tokens), {}
    for at in mask_positions:
        labels[at] = tokens[at]
        masked.pop(at - len(labels))
    return masked, labels


@wrong(MASKED, "labels_are_neighbours")
def masked_with_shifted_labels(tokens, mask_positions):
    return _mask(tokens, mask_positions), {at: tokens[at + 1] for at in mask_positions}


@wrong(MASKED, "parameters_not_used")
def masked_at_fixed_positions(tokens, mask_positions):
    return _mask(tokens, [0, 6]), _labels(tokens, [0, 6])


@wrong(SPAN, "mask_token_as_sentinel")
def span_of_masks(tokens, start, end):
    masks = ["[MASK]"] * (end - start)
    return tokens[:start] + masks + tokens[end:], _target(tokens, start, end)


@wrong(SPAN, "sentinel_wrong_number")
def span_numbered_by_position(tokens, start, end):
    opening, closing = f"<extra_id_{start}>", f"<extra_id_{start + 1}>"
    corrupted = [*tokens[:start], opening, *tokens[end:]]
    return corrupted, [opening, *tokens[start:end], closing]


@wrong(SPAN, "text_added_by_letters")
def span_by_adding_text(tokens, start, end):
    corrupted = tokens[:start]
    corrupted += E0
    corrupted += tokens[end:]
    return corrupted, _target(tokens, start, end)


@wrong(SPAN, "span_begins_too_early")
def span_from_one_before(tokens, start, end):
    return _corrupted(tokens, start - 1, end), _target(tokens, start - 1, end)


@wrong(SPAN, "span_begins_too_early")
def span_from_one_before_in_the_target(tokens, start, end):
    return _corrupted(tokens, start, end), _target(tokens, start - 1, end)


@wrong(SPAN, "beginning_missing")
def span_without_beginning(tokens, start, end):
    return [E0, *tokens[end:]], _target(tokens, start, end)


@wrong(SPAN, "rest_missing")
def span_without_rest(tokens, start, end):
    return [*tokens[:start], E0], _target(tokens, start, end)


@wrong(SPAN, "parameters_not_used")
def span_at_fixed_positions(tokens, start, end):
    return _corrupted(tokens, 4, 8), _target(tokens, 4, 8)


@wrong(SPAN, "word_instead_of_list")
def span_of_one_word(tokens, start, end):
    return _corrupted(tokens, start, end), tokens[start]


@wrong(CAUSAL, "word_taken_for_position")
def causal_by_looking_up(tokens):
    return tokens[:-1], [tokens[tokens.index(word) + 1] for word in tokens[:-1]]


@wrong(CAUSAL, "word_taken_for_position")
def causal_without_the_first_word(tokens):
    return tokens[:-1], [word for word in tokens if word != tokens[0]]


@wrong(CAUSAL, "word_taken_for_position")
def causal_by_removing(tokens):
    inputs = list(tokens)
    inputs.remove(tokens[-1])
    return inputs, tokens[1:]


@wrong(MASKED, "word_taken_for_position")
def masked_looked_up(tokens, mask_positions):
    masked = list(tokens)
    for at in mask_positions:
        masked[tokens.index(tokens[at])] = "[MASK]"
    return masked, _labels(tokens, mask_positions)


@wrong(MASKED, "word_taken_for_position")
def masked_in_the_text(tokens, mask_positions):
    text = f" {' '.join(tokens)} "
    for at in mask_positions:
        text = text.replace(f" {tokens[at]} ", " [MASK] ")
    return text.split(), _labels(tokens, mask_positions)


@wrong(MASKED, "word_taken_for_position")
def masked_at_last_copies(tokens, mask_positions):
    places = {word: at for at, word in enumerate(tokens)}
    own = [places[tokens[at]] for at in mask_positions]
    return _mask(tokens, own), _labels(tokens, own)


@wrong(SPAN, "word_taken_for_position")
def span_by_words(tokens, start, end):
    kept = [word for word in tokens if word not in tokens[start:end]]
    return [*kept[:start], E0, *kept[start:]], _target(tokens, start, end)


@wrong(SPAN, "word_taken_for_position")
def span_looked_up(tokens, start, end):
    at = tokens.index(tokens[start])
    return _corrupted(tokens, at, at + end - start), _target(tokens, start, end)


@wrong(SPAN, "word_taken_for_position")
def span_replaced_in_the_text(tokens, start, end):
    text = f" {' '.join(tokens)} ".replace(f" {' '.join(tokens[start:end])} ", f" {E0} ")
    return text.split(), _target(tokens, start, end)


@wrong(SPAN, "word_taken_for_position")
def span_at_the_last_copy(tokens, start, end):
    at = max(at for at, word in enumerate(tokens) if word == tokens[start])
    return _corrupted(tokens, at, at + end - start), _target(tokens, start, end)


@wrong(MASKED, "inserted_instead_of_replaced")
def masked_by_inserting(tokens, mask_positions):
    masked = list(tokens)
    for at in mask_positions:
        masked.insert(at, "[MASK]")
    return masked, _labels(tokens, mask_positions)


@wrong(MASKED, "counts_on_order")
def masked_from_left_to_right(tokens, mask_positions):
    masked, labels, found = [], {}, 0
    for at, word in enumerate(tokens):
        if found < len(mask_positions) and mask_positions[found] == at:
            masked.append("[MASK]")
            labels[at] = word
            found += 1
        else:
            masked.append(word)
    return masked, labels


@wrong(MASKED, "counts_on_order")
def masked_in_pieces(tokens, mask_positions):
    masked, labels, kept_from = [], {}, 0
    for at in mask_positions:
        masked += [*tokens[kept_from:at], "[MASK]"]
        labels[at] = tokens[at]
        kept_from = at + 1
    return masked + tokens[kept_from:], labels


@wrong(MASKED, "counts_on_order")
def masked_between_the_first_and_the_last(tokens, mask_positions):
    if not mask_positions:
        return tokens, {}
    first, last = mask_positions[0], mask_positions[-1]
    chosen = [at for at in mask_positions if first <= at <= last]
    return _mask(tokens, chosen), _labels(tokens, chosen)


@wrong(CAUSAL, "inputs_wrong")
def causal_in_capitals(tokens):
    return [word.upper() for word in tokens[:-1]], [word.upper() for word in tokens[1:]]
