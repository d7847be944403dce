"""What a real model answers; here, models that were made and saved a moment ago."""

import re

import pytest

pytest.importorskip("transformers")

import torch

from lessonlib.bridges import ask
from lessonlib.bridges.tiny import CLASSES, tiny_model, tokenizer
from lessonlib.exams.sentences.language import village

torch.set_num_threads(1)
LANGUAGE = village()
WORDS = set(LANGUAGE.vocabulary.tokens)
TEXT = "the cook [MASK] a cake to the doctor ."


@pytest.fixture(scope="module", params=CLASSES)
def saved(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    tiny_model(request.param, LANGUAGE).save_pretrained(folder)
    own = tokenizer(LANGUAGE.vocabulary)
    if request.param == "causal":
        own.mask_token = None
    own.save_pretrained(folder)
    return request.param, folder


def test_it_answers_with_its_own_words_and_says_what_it_read(saved):
    objective, folder = saved
    said = repr(ask(folder, TEXT))
    read = said.rsplit(": ", 1)[1]
    assert read.startswith("the cook")
    assert ("doctor" in read) is (objective != "causal"), "a causal LM reads up to the gap"
    assert ("[MASK]" in read) is (objective == "masked")
    assert ("<extra_id_0>" in read) is (objective == "span_corruption")


def test_likely_words_come_with_their_shares_the_likeliest_first(saved):
    objective, folder = saved
    shares = [int(n) for n in re.findall(r"(\d+)%", repr(ask(folder, TEXT)))]
    if objective == "span_corruption":
        assert not shares
    else:
        assert len(shares) == 5
        assert shares == sorted(shares, reverse=True)
        words = [line.split()[0] for line in repr(ask(folder, TEXT)).splitlines()[1:6]]
        assert set(words) <= WORDS


def test_a_text_without_a_gap_has_one_at_its_end(saved):
    _, folder = saved
    assert repr(ask(folder, "the cook")) == repr(ask(folder, "the cook [MASK]"))


def test_html_and_text_say_the_same_and_html_is_safe(saved):
    _, folder = saved
    page = ask(folder, "the <b>cook</b> [MASK]")
    assert "&lt;b&gt;cook" in page._repr_html_()
    assert "<b>cook" not in page._repr_html_()


def test_a_model_that_is_not_here_is_no_error_and_nothing_is_fetched_unasked(tmp_path, monkeypatch):
    import huggingface_hub

    def no_network(*args, **kwargs):
        raise AssertionError("asked the network")

    monkeypatch.setattr(huggingface_hub.file_download, "get_hf_file_metadata", no_network)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    said = repr(ask("a-model/that-nobody-has"))
    assert "not on this computer" in said
    assert "fetch=True" in said


def test_a_fetch_that_fails_is_no_error_either(monkeypatch):
    import transformers

    def offline(*args, **kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr(transformers.AutoConfig, "from_pretrained", offline)
    said = repr(ask("gpt2", fetch=True))
    assert "could not be fetched" in said


def test_a_folder_that_holds_no_model_is_told_kindly(tmp_path):
    tmp_path.joinpath("config.json").write_text("{}")
    assert "not on this computer" in repr(ask(tmp_path))
