"""What a user would pick instead of `lessonlib.batches`.

Hugging Face's collators are called as they are. The others are written from their published
description, with the same steps in the same order: row by row where the original goes row by row,
whole arrays where it does not.
"""

import numpy as np
import torch
from transformers import DataCollatorForLanguageModeling


class Tokenizer:
    """As much of a tokenizer as the collators ask for."""

    mask_token, pad_token, pad_token_id = "[MASK]", "[PAD]", 0
    is_fast = True

    def __init__(self, mask_id, vocab_size):
        self.mask_token_id, self.vocab_size = mask_id, vocab_size

    def __len__(self):
        return self.vocab_size

    def convert_tokens_to_ids(self, token):
        return self.mask_token_id

    def get_special_tokens_mask(self, ids, already_has_special_tokens=True):
        return [0] * len(ids)


def huggingface_masked_numpy(ids, rng, *, mask_id, vocab_size):
    collator = DataCollatorForLanguageModeling(Tokenizer(mask_id, vocab_size), return_tensors="np")
    collator.generator = rng
    return collator.numpy_mask_tokens(ids, special_tokens_mask=np.zeros(ids.shape, dtype=bool))


def huggingface_masked_torch(ids, rng, *, mask_id, vocab_size):
    collator = DataCollatorForLanguageModeling(Tokenizer(mask_id, vocab_size))
    collator.generator = torch.Generator().manual_seed(_seed(rng))
    special = torch.zeros(ids.shape, dtype=torch.bool)
    return collator.torch_mask_tokens(torch.from_numpy(ids), special_tokens_mask=special)


def huggingface_call_numpy(ids, rng, *, mask_id, vocab_size):
    """The whole call: rows are collated, special tokens looked for, then masked."""
    np.random.seed(_seed(rng))  # noqa: NPY002 (without a seed of its own, the global state)
    collator = DataCollatorForLanguageModeling(Tokenizer(mask_id, vocab_size), return_tensors="np")
    return collator.numpy_call(list(ids))


def huggingface_call_torch(ids, rng, *, mask_id, vocab_size):
    torch.manual_seed(_seed(rng))
    collator = DataCollatorForLanguageModeling(Tokenizer(mask_id, vocab_size))
    return collator.torch_call(list(torch.from_numpy(ids)))


def huggingface_causal(ids, rng, *, pad_id):
    """Labels are a copy of the inputs; padding becomes -100."""
    labels = ids.copy()
    labels[labels == pad_id] = -100
    return ids, labels


def t5_collator(ids, rng, *, vocab_size, start_id, eos_id, density=0.15, mean=3.0):
    """Hugging Face's collator for T5: a noise mask per row, then arithmetic on whole arrays."""
    ids = np.array(ids)  # its first step: examples, often lists, become one array
    rows, length = ids.shape
    noise = np.array([_t5_noise_mask(length, rng, density, mean) for _ in range(rows)])
    source = _t5_with_sentinels(ids, noise.astype(np.int8), vocab_size, eos_id)
    targets = _t5_with_sentinels(ids, (~noise).astype(np.int8), vocab_size, eos_id)
    inputs = np.zeros_like(targets)
    inputs[:, 1:] = targets[:, :-1]
    inputs[:, 0] = start_id
    return source, inputs, targets


def _t5_noise_mask(length, rng, density, mean):
    hidden = min(max(round(length * density), 1), length - 1)
    spans = max(round(hidden / mean), 1)

    def random_segments(total):
        starts = np.arange(total - 1) < spans - 1
        rng.shuffle(starts)
        _, lengths = np.unique(np.cumsum(np.pad(starts, [[1, 0]])), return_counts=True)
        return lengths

    hidden_lengths, kept_lengths = random_segments(hidden), random_segments(length - hidden)
    lengths = np.reshape(np.stack([kept_lengths, hidden_lengths], axis=1), [spans * 2])
    starts = np.zeros(length, dtype=np.int8)
    starts[np.cumsum(lengths)[:-1]] = True
    return np.cumsum(starts) % 2 == 1


def _t5_with_sentinels(ids, hidden, vocab_size, eos_id):
    starts = hidden - np.roll(hidden, 1, axis=-1) * hidden
    starts[:, 0] = hidden[:, 0]
    number = np.where(starts != 0, np.cumsum(starts, axis=-1), starts)
    sentinel = np.where(number != 0, vocab_size - number, 0)
    sentinel -= hidden - starts
    replaced = np.where(sentinel != 0, sentinel, ids)
    kept = replaced[replaced >= 0].reshape(len(ids), -1)
    return np.concatenate([kept, np.full((len(ids), 1), eos_id)], axis=-1)


def megatron_fim(ids, rng, *, prefix_id, middle_id, suffix_id, spm_rate=0.5):
    """Megatron's permutation with a tokenizer that does nothing: each row becomes text (a list).

    Its parts become arrays again, which are concatenated.
    """
    rows = []
    for row in ids:
        text = row.tolist()
        start, end = sorted(rng.integers(0, len(text) + 1, size=2))
        prefix = np.array([*text[:start]], dtype=np.int64)
        middle = np.array([*text[start:end]], dtype=np.int64)
        suffix = np.array([*text[end:]], dtype=np.int64)
        marks = [prefix_id], [middle_id], [suffix_id]
        rows.append(_fim_order(rng, spm_rate, prefix, middle, suffix, *marks))
    sequence = np.stack(rows)
    return sequence[:, :-1], sequence[:, 1:]


def fim_by_rows(ids, rng, *, prefix_id, middle_id, suffix_id, spm_rate=0.5):
    """The same on arrays throughout: slices of each row, concatenated."""
    marks = [np.array([mark]) for mark in (prefix_id, middle_id, suffix_id)]
    rows = []
    for row in ids:
        start, end = sorted(rng.integers(0, len(row) + 1, size=2))
        parts = row[:start], row[start:end], row[end:]
        rows.append(_fim_order(rng, spm_rate, *parts, *marks))
    sequence = np.stack(rows)
    return sequence[:, :-1], sequence[:, 1:]


def _fim_order(rng, spm_rate, prefix, middle, suffix, prefix_mark, middle_mark, suffix_mark):
    if rng.binomial(1, spm_rate):
        parts = [prefix_mark, suffix_mark, suffix, middle_mark, prefix, middle]
    else:
        parts = [prefix_mark, prefix, suffix_mark, suffix, middle_mark, middle]
    return np.concatenate(parts)


def prefix_lm_by_rows(ids, rng, *, start_id, pad_id):
    """Encoder-decoder prefix LM as a data set would make it: cut each row, then collate."""
    splits = [int(rng.integers(1, len(row))) for row in ids]
    source = np.full((len(ids), max(splits)), pad_id)
    targets = np.full((len(ids), ids.shape[1] - min(splits)), pad_id)
    inputs = targets.copy()
    for row, (tokens, split) in enumerate(zip(ids, splits, strict=True)):
        rest = len(tokens) - split
        source[row, :split] = tokens[:split]
        targets[row, :rest] = tokens[split:]
        inputs[row, 0] = start_id
        inputs[row, 1:rest] = tokens[split:-1]
    return source, inputs, targets


def _seed(rng):
    return int(rng.integers(2**31))
