"""What a real model answers, if this computer has it."""

from collections.abc import Callable
from os import PathLike
from typing import Any

from lessonlib import checks
from lessonlib.bridges.forms import WORDS
from lessonlib.bridges.library import missing, not_installed, note, transformers
from lessonlib.practice.page import Page, with_table
from lessonlib.samples import MASK, SENTENCE, sentinel

TEXT = SENTENCE.replace("patterns", MASK)
MOST = 5  # answers that are shown for one place
MORE = 12  # tokens that a model may write

Answers = list[list[str]]
Reads = tuple[str, list[str], Answers]  # what it reads, headings, and its answers in rows


def ask(model: str | PathLike, text: str = TEXT, fetch: bool = False) -> Page:
    """Show what a real model answers to a text with a gap, ``[MASK]``, in it.

    A masked LM says the word in the gap and an encoder-decoder writes what is missing; a causal LM
    goes on from what stands before the gap, as it looks at nothing after it. A text without a gap
    has one at its end. What cannot be asked here is told in a sentence, and is no error.

    Parameters
    ----------
    model : str or path
        A name on the Hugging Face hub, such as "gpt2", or a folder in which a model was saved.
    text : str
        The course's sentence, if none is given.
    fetch : bool
        Whether to fetch a model that is not on this computer; "gpt2" is half a gigabyte.
    """
    text = checks.instance(text, "text", str, WORDS("wanted.text"))
    fetch, name = checks.boolean(fetch, "fetch"), str(model)
    if missing():
        return not_installed()
    try:
        tokenizer, loaded = _load(name, fetch)
    except (OSError, ValueError, ImportError):
        return note("not_fetched" if fetch else "not_here", model=name)
    answer = _way_of(tokenizer, loaded)
    before, found, after = text.partition(MASK)
    reads, headings, rows = answer(tokenizer, loaded, before, after if found else "")
    headings = [WORDS(f"headings.{heading}") for heading in headings]
    return with_table(headings, rows, WORDS("reads", model=name, text=reads.strip()))


def _load(name: str, fetch: bool) -> tuple[Any, Any]:
    library = transformers()
    where = {"local_files_only": not fetch}
    config = library.AutoConfig.from_pretrained(name, **where)
    tokenizer = library.AutoTokenizer.from_pretrained(name, **where)
    kind = "AutoModelForCausalLM"
    if config.is_encoder_decoder:
        kind = "AutoModelForSeq2SeqLM"
    elif tokenizer.mask_token is not None:
        kind = "AutoModelForMaskedLM"
    return tokenizer, getattr(library, kind).from_pretrained(name, **where).eval()


def _way_of(tokenizer: Any, model: Any) -> Callable[..., Reads]:
    if model.config.is_encoder_decoder:
        return _write_what_is_missing
    return _go_on if tokenizer.mask_token is None else _fill


def _go_on(tokenizer: Any, model: Any, before: str, after: str) -> Reads:
    text = before.rstrip()
    ids = _encoded(tokenizer, text)
    rows = _likeliest(tokenizer, model(**ids).logits[0, -1])
    written = _generated(tokenizer, model, ids)[len(ids["input_ids"][0]) :]
    return text, ["next", "share"], [*rows, [tokenizer.decode(written), WORDS("goes_on")]]


def _fill(tokenizer: Any, model: Any, before: str, after: str) -> Reads:
    text = f"{before.rstrip()} {tokenizer.mask_token} {after.lstrip()}"
    ids = _encoded(tokenizer, text)
    place = ids["input_ids"][0].tolist().index(tokenizer.mask_token_id)
    rows = _likeliest(tokenizer, model(**ids).logits[0, place])
    return text, ["gap", "share"], rows


def _write_what_is_missing(tokenizer: Any, model: Any, before: str, after: str) -> Reads:
    known = sentinel(0) in tokenizer.get_vocab()  # T5's gaps are numbered, BART's are masks
    gap = sentinel(0) if known else tokenizer.mask_token or ""
    text = f"{before.rstrip()} {gap} {after.lstrip()}"
    written = _generated(tokenizer, model, _encoded(tokenizer, text))
    return text, ["writes"], [[tokenizer.decode(written)]]


def _encoded(tokenizer: Any, text: str) -> dict[str, Any]:
    found = tokenizer(text, return_tensors="pt", return_token_type_ids=False)
    return {name: found[name] for name in ("input_ids", "attention_mask")}


def _generated(tokenizer: Any, model: Any, ids: dict[str, Any]) -> Any:
    pad = tokenizer.pad_token_id
    pad = tokenizer.eos_token_id if pad is None else pad
    return model.generate(**ids, max_new_tokens=MORE, do_sample=False, pad_token_id=pad)[0]


def _likeliest(tokenizer: Any, scores: Any) -> Answers:
    shares, found = scores.softmax(0).topk(min(MOST, len(scores)))
    both = zip(found.tolist(), shares.tolist(), strict=True)
    return [[tokenizer.decode([token]), f"{share:.0%}"] for token, share in both]
