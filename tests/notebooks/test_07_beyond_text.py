"""What notebook 07 says of the stored results is so, in every random start."""

from lessonlib.exams.results import Results


def test_who_is_ahead_of_whom():
    results = Results.stored("scenes")

    def scores(objective, ability):
        """By seed, whichever way the answer was found."""
        metric = results.abilities()[ability]
        native = results.by_seed(ability, "native", metric)
        around = results.by_seed(ability, "workaround", metric)
        return (around | native)[objective]

    def ahead(ability, better, worse):
        first, second = scores(better, ability), scores(worse, ability)
        return all(first[seed] > second[seed] for seed in first | second)

    for ability in ("binding", "relation", "truth", "blank"):
        assert ahead(ability, "captioning", "contrastive")
    for ability in ("held_out", "completeness"):
        assert ahead(ability, "contrastive", "captioning")
    for ability in ("truth", "find_caption", "blank"):
        assert ahead(ability, "contrastive", "image_text_matching")
    assert all(score < -0.5 for score in scores("masked_multimodal", "held_out").values())
    metric = results.abilities()["binding"]
    guessed = results.by_seed("binding", "native", metric)["image_text_matching"]
    assert all(score < 0 for score in guessed.values())
