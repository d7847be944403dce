"""The course's batches are tensor by tensor what the library's own collators make.

Only with the extra ``real``, in an environment of its own; see ``.ci/run``.
"""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("transformers")

import torch
import transformers
from transformers import DataCollatorForLanguageModeling as Collator

from lessonlib import batches, samples
from lessonlib.bridges import to_transformers
from lessonlib.bridges.candidates import candidate
from lessonlib.bridges.tiny import CLASSES, tiny_model, tokenizer
from lessonlib.bridges.training import practise
from lessonlib.exams.sentences.short import practised, the_village
from lessonlib.exams.vocabulary import PAD
from lessonlib.samples import START

torch.set_num_threads(1)
LANGUAGE = the_village()
VOCABULARY = LANGUAGE.vocabulary
TOKENIZER = tokenizer(VOCABULARY)
PAD_ID = VOCABULARY[PAD]
TEXTS = [" ".join(words) for words in LANGUAGE.world.draw(24, seed=1)]


def encoded(texts=TEXTS):
    return [TOKENIZER(text, return_token_type_ids=False) for text in texts]


def rows_of(texts=TEXTS):
    return VOCABULARY.padded([VOCABULARY.encode(text.split()) for text in texts])


def assert_same(ours, theirs):
    assert set(theirs) <= set(ours)
    for name, tensor in theirs.items():
        assert torch.equal(torch.from_numpy(ours[name]), tensor), name


def test_the_tokenizer_has_the_ids_of_the_village():
    for text in TEXTS:
        assert TOKENIZER(text)["input_ids"] == VOCABULARY.encode(text.split())


def test_causal_is_what_the_collator_makes():
    theirs = Collator(TOKENIZER, mlm=False)(encoded())
    batch = batches.causal(rows_of(), pad_id=PAD_ID)
    assert_same(to_transformers(batch, pad_id=PAD_ID), theirs)
    one_by_one = [samples.causal(text.split()) for text in TEXTS]
    ours = to_transformers(one_by_one, VOCABULARY.__getitem__, pad_id=PAD_ID)
    assert_same(ours, theirs)


@pytest.mark.parametrize("seed", range(4))
def test_masked_with_eighty_ten_ten_is_what_the_collator_makes_of_the_same_draws(seed):
    """Its draws are read off its answer, and given to the course's builder."""
    theirs = Collator(TOKENIZER, mlm_probability=0.4, seed=seed)(encoded())
    kinds, ours = set(), []
    for text, read, labels in zip(TEXTS, theirs["input_ids"], theirs["labels"], strict=True):
        tokens, positions = text.split(), (labels != -100).nonzero()[:, 0].tolist()
        said = [VOCABULARY.tokens[read[at]] for at in positions]
        both = zip(said, positions, strict=True)
        kinds |= {"mask" if new == "[MASK]" else "kept" if new == tokens[at] else "random"
                  for new, at in both}  # fmt: skip
        ours.append(samples.masked(tokens, positions, said))
    assert kinds == {"mask", "kept", "random"}
    assert_same(to_transformers(ours, VOCABULARY.__getitem__, pad_id=PAD_ID), theirs)


def test_the_batch_builder_draws_as_often_as_the_collator():
    ids = np.tile(rows_of(), (200, 1))
    given = {"mask_id": VOCABULARY["[MASK]"], "vocab_size": len(VOCABULARY), "pad_id": PAD_ID}
    special = VOCABULARY.encode(VOCABULARY.tokens[VOCABULARY.words :])
    batch = batches.masked(ids, np.random.default_rng(0), special_ids=special, **given)
    ours = to_transformers(batch, pad_id=PAD_ID)
    theirs = Collator(TOKENIZER, seed=0)([dict(one) for one in encoded(TEXTS * 200)])
    theirs = {name: tensor.numpy() for name, tensor in theirs.items()}

    def shares(arrays):
        read, labels = (np.asarray(arrays[name]) for name in ("input_ids", "labels"))
        asked = labels != -100
        masks = read[asked] == given["mask_id"]
        return asked.sum() / (ids != PAD_ID).sum(), masks.mean(), (read == labels)[asked].mean()

    np.testing.assert_allclose(shares(ours), shares(theirs), atol=0.02)


def test_whole_words_are_what_the_collator_makes_of_the_same_draws():
    from tokenizers import Tokenizer, models, pre_tokenizers

    pieces = ["<pad>", "[MASK]", "un", "##like", "##ly", "so", "##me", "rain", "##s"]
    wordpiece = models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="<pad>")
    backend = Tokenizer(wordpiece)
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    own = transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="<pad>", mask_token="[MASK]"
    )
    text = "unlikely some rains so unlikely"
    tokens = own.tokenize(text)
    words = [n for n, piece in enumerate(tokens) if not piece.startswith("##")]
    bounds = [*words, len(tokens)]
    met = set()
    for seed in range(20):
        collator = Collator(
            own, whole_word_mask=True, mlm_probability=0.4, mask_replace_prob=1,
            random_replace_prob=0, seed=seed,
        )  # fmt: skip
        given = own(text, return_offsets_mapping=True, return_special_tokens_mask=True,
                    return_token_type_ids=False)  # fmt: skip
        theirs = collator([given])
        chosen = (theirs["labels"][0] != -100).tolist()
        pairs = pairwise(bounds)
        hidden = [list(range(start, end)) for start, end in pairs if chosen[start]]
        met.add(len(hidden))
        sample = samples.whole_word_masked(tokens, hidden)
        ours = to_transformers(sample, own.convert_tokens_to_ids)
        assert_same(ours, {name: theirs[name] for name in ("input_ids", "labels")})
    assert len(met) > 2


@pytest.mark.parametrize("end_id", [None, VOCABULARY["</s>"]])
def test_t5_shifts_labels_to_what_its_decoder_is_given(end_id):
    model = tiny_model("span_corruption", LANGUAGE)
    batch = next(LANGUAGE.practice(practised("span_corruption"), 0))
    arrays = to_transformers(batch, pad_id=PAD_ID, end_id=end_id)
    shifted = model.prepare_decoder_input_ids_from_labels(torch.from_numpy(arrays["labels"]))
    assert torch.equal(shifted, torch.from_numpy(arrays["decoder_input_ids"]))


@pytest.mark.parametrize("objective", CLASSES)
def test_the_librarys_loss_is_the_mean_over_the_courses_questions(objective):
    """Whatever it does with -100 and the shift: it must ask what the course asks."""
    model = tiny_model(objective, LANGUAGE)
    batch = next(LANGUAGE.practice(practised(objective), 0, rows=5))
    arrays = to_transformers(batch, pad_id=PAD_ID)
    with torch.inference_mode():
        theirs = model(**{name: torch.from_numpy(a) for name, a in arrays.items()}).loss
    asked = candidate(objective, model, LANGUAGE).model
    scores = asked.logits(batch.inputs, batch.attention_mask, batch.loss_mask, batch.source)
    targets = torch.from_numpy(np.asarray(batch.targets)[batch.loss_mask])
    ours = torch.nn.functional.cross_entropy(torch.from_numpy(scores), targets)
    torch.testing.assert_close(ours, theirs)


def test_a_prefix_is_read_in_both_directions_and_the_rest_is_not():
    model = tiny_model("causal", LANGUAGE)
    tokens = [START, *TEXTS[0].split()]
    arrays = to_transformers(samples.prefix_lm(tokens, 4), VOCABULARY.__getitem__)
    ids, mask = (torch.from_numpy(arrays[name]) for name in ("input_ids", "attention_mask"))
    other = ids.clone()
    other[0, 3] = (other[0, 3] + 1) % VOCABULARY.words  # the last token of the prefix
    later = ids.clone()
    later[0, 6] = (later[0, 6] + 1) % VOCABULARY.words
    with torch.inference_mode():
        seen = [
            model(input_ids=each, attention_mask=mask).logits[0] for each in (ids, other, later)
        ]
    assert not torch.allclose(seen[0][0], seen[1][0])
    assert torch.allclose(seen[0][:6], seen[2][:6], atol=1e-5)


def test_texts_that_share_a_window_are_read_apart():
    model = tiny_model("causal", LANGUAGE)
    first, second = (text.split()[:4] for text in TEXTS[:2])
    arrays = to_transformers(samples.packed([first, second]), VOCABULARY.__getitem__)
    ids, mask = (torch.from_numpy(arrays[name]) for name in ("input_ids", "attention_mask"))
    other = ids.clone()
    other[0, 1] = (other[0, 1] + 1) % VOCABULARY.words  # a word of the first text
    with torch.inference_mode():
        one, two = (model(input_ids=each, attention_mask=mask).logits[0] for each in (ids, other))
    assert not torch.allclose(one[:5], two[:5])
    assert torch.allclose(one[5:], two[5:], atol=1e-5)


@pytest.mark.parametrize("objective", CLASSES)
def test_the_trainer_learns_from_the_courses_batches(objective):
    model = tiny_model(objective, LANGUAGE)
    losses = practise(model, LANGUAGE, practised(objective), steps=40)
    assert losses[-1] < 0.8 * losses[0]
