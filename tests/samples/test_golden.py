"""The builders make what the reference implementations make of the same random decisions.

The references work on ids; here an id is the token that is written like it, and the ids of
special tokens are the special tokens.
"""

import math
from collections import Counter

import numpy as np
import pytest

from lessonlib import attention, samples
from lessonlib.samples import EOP, MASK, MID, PRE, SOP, SUF, sentinel
from lessonlib.samples.principal import rouge_1
from lessonlib.samples.special import END
from tests import golden

NO_LOSS = -100


def words(ids, **special):
    """Write ids as tokens; keyword arguments give special tokens their ids, as ``MASK=4``."""
    names = {"MASK": MASK, "PRE": PRE, "SUF": SUF, "MID": MID, "SOP": SOP, "EOP": EOP,
             "END": END}  # fmt: skip
    token_of = {number: names[name] for name, number in special.items()}
    return [token_of.get(number, str(number)) for number in ids]


def labels(sample):
    """Write targets as reference labels, -100 where there is no loss."""
    pairs = zip(sample.targets, sample.loss_mask, strict=True)
    return [int(target) if counts else NO_LOSS for target, counts in pairs]


def runs(mask):
    """Return the maximal runs of true values as half-open pairs."""
    edges = [False, *map(bool, mask), False]
    flips = [i for i in range(len(mask) + 1) if edges[i] != edges[i + 1]]
    return list(zip(flips[::2], flips[1::2], strict=True))


@golden.checks(
    "t5.t5_spans",
    "tokens",
    "noise_mask",
    "vocab_size",
    "noise_span_to_unique_sentinel",
    "nonnoise_span_to_unique_sentinel",
    "noise_span_to_sentinel",
    "nonnoise_span_to_sentinel",
    "noise_token_to_sentinel",
    "drop_noise_tokens",
    "drop_nonnoise_tokens",
    "derived_paper_targets_no_final",
    "derived_paper_targets_final_sentinel",
    "reference_matches_paper_no_final",
)
def test_t5_spans(case):
    tokens = words(case["tokens"])
    noise, kept = runs(case["noise_mask"]), runs([not noisy for noisy in case["noise_mask"]])
    positions = [i for i, noisy in enumerate(case["noise_mask"]) if noisy]
    first = case["vocab_size"] - 1
    last = first - max(len(noise), len(kept))
    assert max(case["tokens"]) < last, "a word and a sentinel share an id"

    def numbered(key):
        return [sentinel(first - i) if i >= last else str(i) for i in case[key]]

    sample = samples.span_corruption(tokens, noise)
    assert sample.source == numbered("noise_span_to_unique_sentinel")
    assert sample.targets == numbered("derived_paper_targets_final_sentinel")
    assert sample.targets[:-1] == numbered("derived_paper_targets_no_final")

    # The stock code writes its targets by hiding the kept spans instead of the noise.
    stock_targets = samples.span_corruption(tokens, kept).source
    assert stock_targets == numbered("nonnoise_span_to_unique_sentinel")
    assert (stock_targets == sample.targets[:-1]) == case["reference_matches_paper_no_final"]

    infilled = samples.text_infilling(tokens, noise).source
    assert infilled == words(case["noise_span_to_sentinel"], MASK=first)
    infilled = samples.text_infilling(tokens, kept).source
    assert infilled == words(case["nonnoise_span_to_sentinel"], MASK=first)

    hidden = samples.masked(tokens, positions)
    assert hidden.inputs == words(case["noise_token_to_sentinel"], MASK=first)
    dropped = words(case["drop_nonnoise_tokens"])
    assert [t for t, counts in zip(tokens, hidden.loss_mask, strict=True) if counts] == dropped
    deleted = samples.token_deletion(tokens, positions)
    assert deleted.source == words(case["drop_noise_tokens"])


@golden.checks("t5.prefix_lens", "length", "prefix_lens")
def test_t5_prefix_lengths_are_the_splits_allowed(case):
    tokens = words(range(case["length"]))
    allowed = []
    for split in range(-1, len(tokens) + 2):
        try:
            allowed.append(len(samples.prefix_lm(tokens, split, "encoder-decoder").source))
        except ValueError:
            continue
    # The reference gives a text of one token an empty prefix; here there is nothing to read then.
    assert allowed == [length for length in case["prefix_lens"] if length > 0]


@golden.checks(
    "mlm_hf.cases",
    "tokens",
    "candidate_select",
    "replace_with_mask",
    "random_if_not_mask",
    "random_words_in_row_major_order",
    "special_ids",
    "mask_id",
    "inputs",
    "labels",
)
def test_masked_as_hugging_face_does(case):
    random_words = iter(words(case["random_words_in_row_major_order"]))
    for row, ids in enumerate(case["tokens"]):
        tokens = words(ids, MASK=case["mask_id"])
        positions, replacements = [], []
        for position, token in enumerate(tokens):
            if ids[position] in case["special_ids"] or not case["candidate_select"][row][position]:
                continue
            positions.append(position)
            if case["replace_with_mask"][row][position]:
                replacements.append(MASK)
            elif case["random_if_not_mask"][row][position]:
                replacements.append(next(random_words))
            else:
                replacements.append(token)
        sample = samples.masked(tokens, positions, replacements)
        assert sample.inputs == words(case["inputs"][row], MASK=case["mask_id"])
        assert labels(sample) == case["labels"][row]


@golden.checks(
    "bert_google.cases",
    "tokens",
    "whole_word",
    "prob",
    "max_predictions",
    "candidate_order",
    "uniforms",
    "randints",
    "vocab_words",
    "output",
    "positions",
    "labels",
)
def test_masked_as_google_bert_does(case):
    tokens = case["tokens"]
    uniforms, randints = iter(case["uniforms"]), iter(case["randints"])
    candidates = []
    for position, token in enumerate(tokens):
        if token in ("[CLS]", "[SEP]"):
            continue
        if case["whole_word"] and token.startswith("##"):
            candidates[-1].append(position)
        else:
            candidates.append([position])
    budget = min(case["max_predictions"], max(1, round(len(tokens) * case["prob"])))
    chosen = {}
    for candidate in (candidates[index] for index in case["candidate_order"]):
        if len(chosen) + len(candidate) > budget:
            continue
        for position in candidate:
            if next(uniforms) < 0.8:
                chosen[position] = MASK
            elif next(uniforms) < 0.5:
                chosen[position] = tokens[position]
            else:
                chosen[position] = case["vocab_words"][next(randints)]
    sample = samples.masked(tokens, list(chosen), list(chosen.values()))
    assert sample.inputs == case["output"]
    asked = [position for position, counts in enumerate(sample.loss_mask) if counts]
    assert asked == case["positions"]
    assert [sample.targets[position] for position in asked] == case["labels"]


@golden.checks("wwm_hf.cases", "word_ids", "head_select", "mask")
def test_whole_words_masked_as_hugging_face_does(case):
    word_ids = case["word_ids"]
    chosen = [word for word, head in zip(word_ids, case["head_select"], strict=True) if head]
    pieces = [[i for i, word in enumerate(word_ids) if word == wanted] for wanted in chosen]
    sample = samples.whole_word_masked(words(range(len(word_ids))), pieces)
    assert sample.loss_mask == [bool(hidden) for hidden in case["mask"]]
    assert [token == MASK for token in sample.inputs] == sample.loss_mask


@golden.checks("spanbert.cases", "tokens", "spans_inclusive", "inputs", "target_pad0")
def test_spans_masked_as_spanbert_does(case):
    pieces = [list(range(first, last + 1)) for first, last in case["spans_inclusive"]]
    sample = samples.whole_word_masked(words(case["tokens"]), pieces)
    assert sample.inputs == words(case["inputs"], MASK=4)
    assert labels(sample) == [target or NO_LOSS for target in case["target_pad0"]]


@golden.checks("electra", "tokens", "masked_positions", "sampled", "disc_inputs", "is_fake")
def test_replaced_tokens_as_in_electra(case):
    (tokens,), (inputs,), (is_fake,) = case["tokens"], case["disc_inputs"], case["is_fake"]
    sample = samples.replaced_token_detection(
        words(tokens), case["masked_positions"], words(case["sampled"])
    )
    assert sample.inputs == words(inputs)
    assert sample.targets == [bool(fake) for fake in is_fake]


@golden.checks(
    "causal.cases",
    "input_ids",
    "pad_id",
    "collator_labels_unshifted",
    "model_shift_labels",
    "next_token_pairs",
    "logits",
    "loss",
)
def test_causal_pairs_labels_and_loss(case):
    losses = []
    for row, ids in enumerate(case["input_ids"]):
        assert case["pad_id"] not in ids
        sample = samples.causal(words(ids))
        assert [sample.inputs, sample.targets] == [words(s) for s in case["next_token_pairs"][row]]
        assert [*labels(sample), NO_LOSS] == case["model_shift_labels"][row]
        assert [ids[0], *labels(sample)] == case["collator_labels_unshifted"][row]
        for target, scores in zip(labels(sample), case["logits"][row][:-1], strict=True):
            losses.append(math.log(sum(map(math.exp, scores))) - scores[target])
    assert math.fsum(losses) / len(losses) == pytest.approx(case["loss"], abs=1e-6)


@golden.checks("prefix_lm.cases", "tokens", "prefix_len", "enc_dec", "decoder_only", "shifted")
def test_prefix_lm(case):
    tokens, split = words(case["tokens"]), case["prefix_len"]
    two_stacks = samples.prefix_lm(tokens, split, architecture="encoder-decoder")
    assert two_stacks.source == words(case["enc_dec"]["inputs"])
    assert two_stacks.targets == words(case["enc_dec"]["targets"])

    sample = samples.prefix_lm(tokens, split)
    assert sample.inputs == words(case["shifted"]["inputs"])
    assert labels(sample) == case["shifted"]["labels"]
    assert sample.attention_mask.astype(int).tolist() == case["shifted"]["attention_allowed"]

    # T5 puts a start token in front: without it everything stands one place further left.
    packed = {key.removeprefix("t5_decoder_"): ids for key, ids in case["decoder_only"].items()}
    assert sample.targets == words(packed["target_tokens"][1:])
    assert sample.inputs == words(packed["input_tokens"][1:])
    assert sample.loss_mask == [bool(weight) for weight in packed["loss_weights"][1:]]
    seen_by_the_first = sample.attention_mask[0].astype(int).tolist()
    assert seen_by_the_first == packed["causal_attention"][1:]


@golden.checks(
    "fim.cases",
    "tokens",
    "boundaries",
    "spm",
    "prefix_id",
    "middle_id",
    "suffix_id",
    "output",
)
def test_middle_filled_in_as_megatron_does(case):
    order = "spm" if case["spm"] else "psm"
    sample = samples.fill_in_middle(words(case["tokens"]), *case["boundaries"], order)
    special = {"PRE": case["prefix_id"], "MID": case["middle_id"], "SUF": case["suffix_id"]}
    sequence = words(case["output"], **special)
    assert sample.inputs == sequence[:-1]
    assert sample.targets == sequence[1:]


@golden.checks("bart.rotation", "tokens", "offset", "output")
def test_documents_rotated_as_bart_does(case):
    _, *tokens, _ = words(case["tokens"])  # the reference keeps both ends where they are
    _, *output, _ = words(case["output"])
    sample = samples.document_rotation(tokens, case["offset"] - 1)
    assert sample.source == output
    assert sample.targets == tokens


@golden.checks("bart.sentence_permutation", "tokens", "full_stop", "n_sentences", "order", "output")
def test_sentences_permuted_as_bart_does(case):
    _, *tokens, _ = words(case["tokens"])
    _, *output, _ = words(case["output"])
    full_stop = str(case["full_stop"])
    sentences = [[]]
    for token in tokens:
        if sentences[-1][-1:] == [full_stop]:
            sentences.append([])
        sentences[-1].append(token)
    assert len(sentences) == case["n_sentences"]
    sample = samples.sentence_permutation(sentences, case["order"])
    assert sample.source == output
    assert sample.targets == tokens


@golden.checks("bart.deletion", "tokens", "positions_excluding_bos", "mask_id", "output")
def test_tokens_deleted_as_bart_does(case):
    assert case["mask_id"] not in case["output"]
    _, *tokens, _ = words(case["tokens"])
    _, *output, _ = words(case["output"])
    assert samples.token_deletion(tokens, case["positions_excluding_bos"]).source == output


@golden.checks("bart.token_masking", "tokens", "positions_excluding_bos", "mask_id", "output")
def test_tokens_masked_as_bart_does(case):
    _, *tokens, _ = words(case["tokens"])
    _, *output, _ = words(case["output"], MASK=case["mask_id"])
    assert samples.masked(tokens, case["positions_excluding_bos"]).inputs == output


@golden.checks(
    "bart.infilling", "tokens", "sampled_lengths", "starts_excluding_bos", "mask_id", "output"
)
def test_text_infilled_as_bart_does(case):
    _, *tokens, _ = words(case["tokens"])
    _, *output, _ = words(case["output"], MASK=case["mask_id"])
    inserted = [(0, 0)] * case["sampled_lengths"].count(0)
    lengths = [length for length in case["sampled_lengths"] if length > 0]
    starts = case["starts_excluding_bos"]
    ends = [min(s + n, len(tokens)) for s, n in zip(starts, lengths, strict=True)]
    sample = samples.text_infilling(tokens, inserted + list(zip(starts, ends, strict=True)))
    assert sample.source == output
    assert sample.targets == tokens


@golden.checks(
    "xlnet_hf.cases", "tokens", "half_permutation", "span", "inputs", "perm_mask", "labels"
)
def test_permuted_as_hugging_face_does(case):
    (ids,), (inputs,), (target_ids,) = case["tokens"], case["inputs"], case["labels"]
    # The reference permutes one half of the positions and lets the other half follow alike.
    half = case["half_permutation"]
    ranks = half + [rank + len(half) for rank in half]
    order = sorted(range(len(ids)), key=lambda position: ranks[position])
    first, last = case["span"]
    sample = samples.permutation_lm(words(ids), order, list(range(first, last + 1)))
    assert sample.inputs == words(inputs, MASK=4)
    assert labels(sample) == target_ids
    assert (~sample.attention_mask).astype(int).tolist() == case["perm_mask"][0]


@golden.checks(
    "glm.cases",
    "ids",
    "tokens",
    "spans",
    "order",
    "out_tokens",
    "targets",
    "loss_mask",
    "position_ids",
    "sep",
)
def test_glm(case):
    special = {name.upper(): case["ids"][name] for name in ("MASK", "sop", "eop")}
    arguments = words(case["tokens"]), case["spans"], case["order"]
    sample = samples.glm(*arguments)
    assert sample.inputs == words(case["out_tokens"], **special)
    assert sample.targets == words(case["targets"], **special)
    assert sample.loss_mask == [bool(counts) for counts in case["loss_mask"]]
    assert list(samples.glm_positions(*arguments)) == case["position_ids"]
    expected = attention.prefix(len(case["out_tokens"]), case["sep"])
    assert sample.attention_mask.tolist() == expected.tolist()


@golden.checks("multi_token.cases", "tokens", "labels", "loss_masks")
def test_multi_token_prediction(case):
    """The reference has a row of labels for each head, filled up with 0 where nothing counts."""
    tokens = words(case["tokens"])
    sample = samples.multi_token(tokens, len(case["labels"]))
    for head, (row, counts) in enumerate(zip(case["labels"], case["loss_masks"], strict=True)):
        asked = [target[head : head + 1] for target in sample.targets]
        assert [bool(said) for said in asked] == counts
        expected = [(str(label),) for label, count in zip(row, counts, strict=True) if count]
        assert [said for said in asked if said] == expected


@golden.checks("packed.cases", "documents", "eos", "input_ids", "labels", "seq_idx")
def test_packed_windows(case):
    """Its labels stand where they are read: -100 at the first token of each document."""
    sample = samples.packed([*map(words, case["documents"])])
    read = words(case["input_ids"], END=case["eos"])
    assert [*sample.inputs, sample.targets[-1]] == read
    shifted = zip(read[1:], case["labels"][1:], strict=True)
    assert sample.loss_mask == [label != NO_LOSS for _, label in shifted]
    owners = np.array(case["seq_idx"][:-1])
    same = owners == owners[:, None]
    assert np.array_equal(sample.attention_mask, same & attention.causal(len(owners)))


@golden.checks(
    "gap_sentences.cases", "sentences", "chosen", "mask", "eos", "input_ids", "target_ids"
)
def test_gap_sentences(case):
    sample = samples.gap_sentences([*map(words, case["sentences"])], case["chosen"])
    special = {"MASK": case["mask"], "END": case["eos"]}
    assert [*sample.source, END] == words(case["input_ids"], **special)
    assert [*sample.targets, END] == words(case["target_ids"], **special)


@golden.checks("gap_sentences.principal", "sentences", "rouge_1")
def test_principal_sentences(case):
    texts, scores = case["sentences"], case["rouge_1"]
    bags = [Counter(word.lower() for word in text if word.isalnum()) for text in texts]
    for bag, score in zip(bags, scores, strict=True):
        assert rouge_1(bag, sum(bags, Counter()) - bag) == pytest.approx(score)
    order = sorted(range(len(texts)), key=lambda n: (round(scores[n], 9), n), reverse=True)
    for count in range(len(texts) + 1):
        assert samples.principal(texts, count) == sorted(order[:count])


@golden.checks("masked_diffusion.forward", "tokens", "hidden", "noisy", "mask")
def test_masked_diffusion(case):
    for ids, hidden, noisy in zip(case["tokens"], case["hidden"], case["noisy"], strict=True):
        positions = [place for place, is_hidden in enumerate(hidden) if is_hidden]
        sample = samples.masked_diffusion(words(ids), positions)
        assert sample.inputs == words(noisy, MASK=case["mask"])
        assert sample.targets == words(ids)
        assert sample.loss_mask == hidden
