"""The library's own classes, as small as the models of the course, and never trained before."""

from collections.abc import Mapping
from typing import Any

from lessonlib import checks
from lessonlib.bridges.library import transformers
from lessonlib.exams.sentences.language import EXTRA_POSITIONS, HEADS, Language
from lessonlib.exams.vocabulary import PAD, Vocabulary
from lessonlib.samples import MASK, START
from lessonlib.samples.special import END

WIDTH, LAYERS = 64, 2

# The class that practises each objective, in its library's name.
CLASSES = {
    "causal": "GPT2LMHeadModel",
    "masked": "BertForMaskedLM",
    "span_corruption": "T5ForConditionalGeneration",
}


def tiny_model(objective: str, language: Language, seed: int = 0) -> Any:
    """Return a model of transformers that has practised nothing, made from a config.

    Its sizes are those of the course's own models, and its vocabulary that of the village.
    """
    import torch

    checks.one_of(objective, "objective", CLASSES)
    torch.manual_seed(checks.integer(seed, "seed", 0))
    name, sizes = CLASSES[objective], _sizes(objective, language)
    model = getattr(transformers(), name)
    return model(model.config_class(**sizes)).eval()


def _sizes(objective: str, language: Language) -> Mapping[str, Any]:
    vocabulary, length = language.vocabulary, language.longest + EXTRA_POSITIONS
    shared = {"vocab_size": len(vocabulary), "pad_token_id": vocabulary[PAD]}
    shared |= {"bos_token_id": vocabulary[START], "eos_token_id": vocabulary[END]}
    if objective == "causal":
        none = dict.fromkeys(("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.0)
        return (
            shared
            | none
            | {
                "n_positions": length,
                "n_embd": WIDTH,
                "n_layer": LAYERS,
                "n_head": HEADS,
                "initializer_range": WIDTH**-0.5,
            }
        )
    if objective == "masked":
        none = dict.fromkeys(("hidden_dropout_prob", "attention_probs_dropout_prob"), 0.0)
        return (
            shared
            | none
            | {
                "max_position_embeddings": length,
                "hidden_size": WIDTH,
                "num_hidden_layers": LAYERS,
                "num_attention_heads": HEADS,
                "intermediate_size": 4 * WIDTH,
                "initializer_range": WIDTH**-0.5,
            }
        )
    return shared | {
        "d_model": WIDTH,
        "d_kv": WIDTH // HEADS,
        "d_ff": 4 * WIDTH,
        "num_layers": LAYERS // 2,
        "num_decoder_layers": LAYERS // 2,
        "num_heads": HEADS,
        "dropout_rate": 0.0,
        "decoder_start_token_id": vocabulary[START],
    }


def tokenizer(vocabulary: Vocabulary) -> Any:
    """Return the library's own tokenizer for whole words of the village, parted by spaces."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    ids = {token: number for number, token in enumerate(vocabulary.tokens)}
    words = Tokenizer(models.WordLevel(ids, unk_token=PAD))
    words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    named = {"pad_token": PAD, "mask_token": MASK, "bos_token": START, "eos_token": END}
    return PreTrainedTokenizerFast(tokenizer_object=words, **named)
