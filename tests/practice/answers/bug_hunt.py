"""Answers to 09b_bug_hunt."""

from itertools import chain
from statistics import fmean

import numpy as np

from tests.practice.answers.catalogue import right, wrong

CAUSAL, ROW, HIDE = "collate_causal", "labels_of_a_row", "places_to_hide"
STEP, ANSWER = "loss_of_a_step", "collate_answer"


@right(CAUSAL)
def copies(tokens):
    return list(tokens), list(tokens)


@right(CAUSAL)
def slices_of_all(tokens):
    return tokens[:], tokens[:]


@right(CAUSAL)
def slices_with_both_ends(tokens):
    end = len(tokens)
    return tokens[0:end], tokens[0:end]


@right(CAUSAL)
def twice_the_same(tokens):
    return tokens, tokens


@right(CAUSAL)
def copies_by_loop(tokens):
    inputs, labels = [], []
    for at in range(len(tokens)):
        inputs.append(tokens[at])
        labels.append(tokens[at])
    return inputs, labels


@wrong(CAUSAL, "shifted_twice")
def left_as_it_was(tokens):
    return tokens[:-1], tokens[1:]


@wrong(CAUSAL, "shifted_twice")
def shifted_and_filled_up(tokens):
    return tokens, [*tokens[1:], -100]


@wrong(CAUSAL, "shifted_twice")
def shifted_round(tokens):
    return tokens, [*tokens[1:], tokens[0]]


@wrong(CAUSAL, "shifted_the_wrong_way")
def shifted_back(tokens):
    return tokens, tokens[:-1]


@wrong(CAUSAL, "shifted_the_wrong_way")
def shifted_back_and_filled_up(tokens):
    return tokens, [-100, *tokens[:-1]]


@wrong(CAUSAL, "first_label_ignored")
def ignores_the_first(tokens):
    return tokens, [-100, *tokens[1:]]


@wrong(CAUSAL, "last_token_lost")
def cuts_the_end(tokens):
    return tokens[:-1], tokens[:-1]


@wrong(CAUSAL, "first_token_lost")
def cuts_the_beginning(tokens):
    return tokens[1:], tokens[1:]


@wrong(CAUSAL, "last_token_only_in_labels")
def cuts_the_inputs(tokens):
    return tokens[:-1], tokens


@wrong(CAUSAL, "everything_ignored")
def ignores_all(tokens):
    return tokens, [-100] * len(tokens)


@wrong(CAUSAL, "returned_none")
def returns_nothing(tokens):
    inputs, labels = tokens, tokens  # noqa: F841


@right(ROW)
def row_by_slices(tokens, length):
    return tokens[:length] + [-100] * (len(tokens) - length)


@right(ROW)
def row_by_comprehension(tokens, length):
    return [token if at < length else -100 for at, token in enumerate(tokens)]


@right(ROW)
def row_by_loop(tokens, length):
    labels = list(tokens)
    for at in range(length, len(tokens)):
        labels[at] = -100
    return labels


@right(ROW)
def row_by_slice_assignment(tokens, length):
    labels = tokens[:]
    labels[length:] = [-100] * len(tokens[length:])
    return labels


@wrong(ROW, "end_ignored")
def row_as_it_was(tokens, length):
    return [-100 if token == "</s>" else token for token in tokens]


@wrong(ROW, "padding_learnt")
def row_copied(tokens, length):
    return list(tokens)


@wrong(ROW, "left_out_instead_of_ignored")
def row_cut(tokens, length):
    return tokens[:length]


@wrong(ROW, "text_ignored")
def row_turned_round(tokens, length):
    return [-100 if at < length else token for at, token in enumerate(tokens)]


@wrong(ROW, "one_padding_learnt")
def row_one_more(tokens, length):
    return [token if at <= length else -100 for at, token in enumerate(tokens)]


@wrong(ROW, "last_token_ignored")
def row_one_less(tokens, length):
    return [token if at < length - 1 else -100 for at, token in enumerate(tokens)]


@wrong(ROW, "everything_ignored")
def row_of_nothing(tokens, length):
    return [-100] * len(tokens)


@wrong(ROW, "shifted_twice")
def row_shifted(tokens, length):
    return [*row_by_slices(tokens, length)[1:], -100]


@wrong(ROW, "ignored_with_another_number")
def row_with_zeros(tokens, length):
    return tokens[:length] + [0] * (len(tokens) - length)


@wrong(ROW, "argument_changed")
def row_in_place(tokens, length):
    for at in range(length, len(tokens)):
        tokens[at] = -100
    return tokens


@right(HIDE)
def places_by_comprehension(tokens, rolls, rate):
    return [at for at, word in enumerate(tokens) if word != "<pad>" and rolls[at] < rate]


@right(HIDE)
def places_by_loop(tokens, rolls, rate):
    positions = []
    for at in range(len(tokens)):
        if tokens[at] != "<pad>" and rolls[at] < rate:
            positions.append(at)
    return positions


@right(HIDE)
def places_by_numpy(tokens, rolls, rate):
    return np.flatnonzero((np.array(rolls) < rate) & (np.array(tokens) != "<pad>"))


@right(HIDE)
def places_up_to_the_padding(tokens, rolls, rate):
    words = len(tokens) - tokens.count("<pad>")
    return [at for at in range(words) if rolls[at] < rate]


@wrong(HIDE, "padding_hidden")
def places_as_it_was(tokens, rolls, rate):
    return [at for at in range(len(tokens)) if rolls[at] < rate]


@wrong(HIDE, "rate_turned_round")
def places_above(tokens, rolls, rate):
    return [at for at in range(len(tokens)) if rolls[at] >= rate and tokens[at] != "<pad>"]


@wrong(HIDE, "rate_turned_round")
def places_well_above(tokens, rolls, rate):
    return [at for at in range(len(tokens)) if rolls[at] > rate and tokens[at] != "<pad>"]


@wrong(HIDE, "every_word_hidden")
def places_of_words(tokens, rolls, rate):
    return [at for at, word in enumerate(tokens) if word != "<pad>"]


@wrong(HIDE, "only_padding_hidden")
def places_of_padding(tokens, rolls, rate):
    return [at for at in range(len(tokens)) if rolls[at] < rate and tokens[at] == "<pad>"]


@wrong(HIDE, "rate_itself_hidden")
def places_up_to_the_rate(tokens, rolls, rate):
    return [at for at in range(len(tokens)) if rolls[at] <= rate and tokens[at] != "<pad>"]


@wrong(HIDE, "words_instead_of_positions")
def words_of_the_places(tokens, rolls, rate):
    return [tokens[at] for at in places_by_loop(tokens, rolls, rate)]


@wrong(HIDE, "flags_instead_of_positions")
def flags_of_the_places(tokens, rolls, rate):
    both = zip(tokens, rolls, strict=True)
    return [word != "<pad>" and roll < rate for word, roll in both]


@wrong(HIDE, "stopped_after_the_first")
def places_until_the_first(tokens, rolls, rate):
    return places_by_loop(tokens, rolls, rate)[:1]


@wrong(HIDE, "returned_none")
def places_forgotten(tokens, rolls, rate):
    places_by_loop(tokens, rolls, rate)


@right(STEP)
def step_by_comprehension(parts):
    losses = [loss for part in parts for loss in part]
    return sum(losses) / len(losses)


@right(STEP)
def step_by_loop(parts):
    total, count = 0, 0
    for part in parts:
        total += sum(part)
        count += len(part)
    return total / count


@right(STEP)
def step_by_numpy(parts):
    return np.concatenate(parts).mean()


@right(STEP)
def step_by_statistics(parts):
    return fmean(chain.from_iterable(parts))


@wrong(STEP, "mean_of_means")
def step_as_it_was(parts):
    means = [sum(part) / len(part) for part in parts]
    return sum(means) / len(means)


@wrong(STEP, "means_added_up")
def step_means_added(parts):
    return sum(sum(part) / len(part) for part in parts)


@wrong(STEP, "divided_by_parts")
def step_by_parts(parts):
    return sum(map(sum, parts)) / len(parts)


@wrong(STEP, "sum_instead_of_mean")
def step_added_up(parts):
    return sum(map(sum, parts))


@wrong(STEP, "first_part_only")
def step_returned_in_the_loop(parts):
    for part in parts:
        return sum(part) / len(part)
    return 0.0


@wrong(STEP, "last_part_only")
def step_set_back(parts):
    for part in parts:
        total, count = sum(part), len(part)
    return total / count


@wrong(STEP, "last_part_missing")
def step_without_the_last(parts):
    some = parts[:-1] or parts
    return step_by_loop(some)


@wrong(STEP, "zeros_dropped")
def step_without_zeros(parts):
    return step_by_loop([[loss for loss in part if loss] for part in parts])


@wrong(STEP, "one_number_per_part")
def step_of_each_part(parts):
    return [sum(part) / len(part) for part in parts]


@right(ANSWER)
def answer_by_lists(prompt, answer):
    return [*prompt, *answer, "</s>"], [-100] * len(prompt) + [*answer, "</s>"]


@right(ANSWER)
def answer_by_adding(prompt, answer):
    inputs = prompt + answer + ["</s>"]
    labels = [-100] * len(prompt) + answer + ["</s>"]
    return inputs, labels


@right(ANSWER)
def answer_by_loop(prompt, answer):
    inputs = prompt + answer + ["</s>"]
    labels = []
    for at in range(len(inputs)):
        labels.append(-100 if at < len(prompt) else inputs[at])
    return inputs, labels


@right(ANSWER)
def answer_by_changing_a_copy(prompt, answer):
    inputs = [*prompt, *answer, "</s>"]
    labels = inputs[:]
    for at in range(len(prompt)):
        labels[at] = -100
    return inputs, labels


@wrong(ANSWER, "prompt_asked")
def answer_as_it_was(prompt, answer):
    inputs = [*prompt, *answer, "</s>"]
    return inputs, inputs[:]


@wrong(ANSWER, "end_missing")
def answer_without_end(prompt, answer):
    return prompt + answer, [-100] * len(prompt) + answer


@wrong(ANSWER, "end_ignored")
def answer_with_ignored_end(prompt, answer):
    return [*prompt, *answer, "</s>"], [-100] * len(prompt) + answer + [-100]


@wrong(ANSWER, "answer_ignored")
def answer_turned_round(prompt, answer):
    return [*prompt, *answer, "</s>"], prompt + [-100] * (len(answer) + 1)


@wrong(ANSWER, "answer_ignored")
def answer_turned_round_but_for_the_end(prompt, answer):
    return [*prompt, *answer, "</s>"], prompt + [-100] * len(answer) + ["</s>"]


@wrong(ANSWER, "left_out_instead_of_ignored")
def answer_of_other_length(prompt, answer):
    return [*prompt, *answer, "</s>"], [*answer, "</s>"]


@wrong(ANSWER, "shifted_twice")
def answer_shifted(prompt, answer):
    inputs, labels = answer_by_lists(prompt, answer)
    return inputs, [*labels[1:], -100]


@wrong(ANSWER, "looked_up_in_the_prompt")
def answer_by_words(prompt, answer):
    inputs = [*prompt, *answer, "</s>"]
    return inputs, [-100 if word in prompt else word for word in inputs]


@wrong(ANSWER, "prompt_not_read")
def answer_alone(prompt, answer):
    return [*answer, "</s>"], [*answer, "</s>"]


@wrong(ANSWER, "everything_ignored")
def answer_of_nothing(prompt, answer):
    inputs = [*prompt, *answer, "</s>"]
    return inputs, [-100] * len(inputs)
