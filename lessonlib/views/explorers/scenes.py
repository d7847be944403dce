"""An explorer for pictures with captions: put things on a picture, see what objectives ask."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from html import escape
from itertools import combinations

import ipywidgets as widgets

from lessonlib.exams.scenes.candidates import PictureCandidate
from lessonlib.samples import Sample, pictures
from lessonlib.views.explorers.base import RUN_THIS_CELL, Control, Explorer, choice, fold, slider
from lessonlib.views.explorers.layout import grid
from lessonlib.views.live import reading_card
from lessonlib.views.pictures import looks_picture, picture_strip, show_patches
from lessonlib.views.tables import WORDS, table_html
from lessonlib.worlds import scenes as world
from lessonlib.worlds.scenes import PLACES, Scene, Thing, is_complete, right_captions

INSIDE, OTHERS_CAPTION = WORDS("scenes.inside"), WORDS("scenes.others_caption")
NAMES = {row.title: row.name for row in pictures.picture_objectives.values()}

_TOP_LEFT, _TOP_RIGHT, _BOTTOM_LEFT, _BOTTOM_RIGHT = PLACES
_AT_FIRST = [
    ("red", "square", _TOP_LEFT),
    ("blue", "circle", _BOTTOM_RIGHT),
    ("green", "triangle", INSIDE),
]
_OTHERS = [("yellow", "cross", _TOP_LEFT), ("green", "circle", _BOTTOM_LEFT)]
_FULLEST = [
    ("red", "square", _TOP_LEFT),
    ("blue", "cross", _TOP_RIGHT),
    ("yellow", "triangle", _BOTTOM_LEFT),
]

# The order in which patches are hidden: first in the middle of things, then all around.
_SCATTERED = (5, 10, 0, 15, 6, 9, 3, 12, 1, 14, 7, 8, 2, 13, 4, 11)


def scene_of(things: Sequence[tuple[str, str, str]]) -> Scene:
    """Return the scene of things given as colour, shape and place, or `INSIDE` for a place."""
    (_, _, first), made = things[0], []
    for colour, shape, place in things:
        inside = place == INSIDE
        made.append(Thing(colour, shape, first if inside else place, inside))
    return Scene(tuple(made))


STRANGER = " ".join(next(words for words in right_captions(scene_of(_OTHERS)) if "above" in words))
_LONGEST = max(map(" ".join, right_captions(scene_of(_FULLEST))), key=len)


def answers_view(scene: Scene, candidates: Mapping[str, PictureCandidate]) -> str:
    """Ask trained models about a scene, and mark their answers with the key, as an HTML table.

    Each picks from right captions and their likenesses; those that can write also write one.
    """
    patches, options = world.to_patches(world.draw(scene))[None], _options(scene)
    rows = []
    for objective, candidate in candidates.items():
        (scores,) = candidate.choose(patches, [options])
        written = candidate.write(patches, [len(options[0])]) or [()]
        picked = options[int(scores.argmax())]
        rows.append([_title(objective), _marked(picked, scene), _marked(written[0], scene)])
    return _answers_table(rows, len(options))


def scene_view(scene: Scene, caption: str, objective: str, blanks: int, answers: str = "") -> str:
    """Draw a scene, what an objective makes of it with one of its captions, and who looks at whom.

    `answers` are HTML, too. Masked multimodal modelling hides `blanks` patches, and every third
    word.
    """
    sample = _sample(caption, objective, blanks, scene)
    said = WORDS(f"scenes.caption_{_truth(caption, scene)}", caption=caption)
    how_many = WORDS("scenes.right_captions", count=len(right_captions(scene)))
    return (
        f'<p class="lesson-said">{said} {how_many}</p>'
        f'<div class="lesson-picture">{show_patches(scene).html()}</div>'
        f'<div class="lesson-answers">{answers}</div>'
        f'<div class="lesson-looks">{looks_picture(sample).html()}</div>'
        f"{picture_strip(sample, world.draw(scene))}"
    )


def _sample(caption: str, objective: str, blanks: int, scene: Scene) -> Sample:
    words, patches = caption.split(), world.GRID**2
    if objective == "captioning":
        return pictures.captioning(words, patches)
    if objective == "masked_multimodal":
        hidden = sorted(_SCATTERED[:blanks])
        return pictures.masked_multimodal(words, patches, range(1, len(words), 3), hidden)
    if objective == "image_text_matching":
        return pictures.image_text_matching(words, patches, world.is_true(caption, scene))
    return pictures.contrastive(words, patches)


class SceneExplorer(Explorer):
    """Controls for up to three things, a caption and an objective, and what the objective asks.

    The captions offered are the right ones of the scene, and that of another picture.
    """

    def __init__(self, candidates: Mapping[str, PictureCandidate] | None = None) -> None:
        self._candidates = candidates or {}
        self._asked, self._answers = None, ""
        self.how_many = slider("how_many_things", 2, 3, smallest=1)
        self.things = [_thing(number, start) for number, start in enumerate(_AT_FIRST, 1)]
        self.objective, self.caption = choice("objective", list(NAMES)), choice("caption", [""])
        self.blanks = slider("patches_to_hide", 8, world.GRID**2 - 1)
        things = [grid(thing, "lesson-thing") for thing in self.things]
        folds = [fold(WORDS("scenes.fold"))] * bool(self._candidates)
        asks = [self.objective, self.caption, self.blanks]
        super().__init__(
            [self.how_many, *(control for thing in self.things for control in thing), *asks],
            [(self._view, self._largest_view)],
            [[grid([self.how_many, *things], "lesson-things"), *folds, grid(asks, "lesson-asks")]],
            self._not_used,
        )
        self.add_class("lesson-scenes")

    def reading_form(self) -> str:
        """Say what will be here, and neither show pictures twice nor tell what is predicted."""
        return reading_card(RUN_THIS_CELL)

    @property
    def scene(self) -> Scene:
        """The scene that the controls describe; a ValueError if things are in each other's way."""
        chosen = self.things[: self.how_many.value]
        return scene_of([tuple(control.value for control in thing) for thing in chosen])

    def settle(self, moved: Control | None, old: object) -> None:
        """Offer the captions of the scene, and show the controls of the things in it."""
        if moved in (self.objective, self.caption, self.blanks):
            return
        for number, thing in enumerate(self.things, 1):
            for control in thing:
                control.layout.display = None if number <= self.how_many.value else "none"
        try:
            scene = self.scene
        except ValueError:
            return  # the view says what is wrong
        captions, wanted = right_captions(scene), self.caption.value
        whole = [" ".join(caption) for caption in captions if is_complete(caption, scene)]
        self.caption.options = [*map(" ".join, captions), OTHERS_CAPTION]
        self.caption.value = wanted if wanted in self.caption.options else whole[-1]

    def _not_used(self, *_: object) -> Mapping[Control, str]:
        hides = NAMES[self.objective.value] == "masked_multimodal"
        return {} if hides else {self.blanks: WORDS("scenes.no_patches_hidden")}

    def _view(self, *_: object) -> str:
        caption = STRANGER if self.caption.value == OTHERS_CAPTION else self.caption.value
        if self._candidates and self._asked != self.scene:  # asking takes longer than drawing
            self._asked, self._answers = self.scene, answers_view(self.scene, self._candidates)
        objective = NAMES[self.objective.value]
        return scene_view(self.scene, caption, objective, self.blanks.value, self._answers)

    def _largest_view(self, *_: object) -> str:
        said = WORDS("scenes.marked_complete", caption=_LONGEST)
        rows = [[_title(name), said, said] for name in self._candidates]
        answers = _answers_table(rows, 0) if rows else ""
        objective, most = NAMES[self.objective.value], self.blanks.max
        return scene_view(scene_of(_FULLEST), _LONGEST, objective, most, answers)


def explore_scenes(candidates: Mapping[str, PictureCandidate] | None = None) -> SceneExplorer:
    """Show a picture, its captions, what objectives make of both, and what models answer."""
    return SceneExplorer(candidates)


def _thing(number: int, start: tuple[str, str, str]) -> list[widgets.Dropdown]:
    places = [*PLACES] if number == 1 else [*PLACES, INSIDE]
    offered = {"colour": list(world.COLOURS), "shape": list(world.SHAPES), "place": places}
    return [
        choice(f"{name} {number}", options, value)
        for (name, options), value in zip(offered.items(), start, strict=True)
    ]


def _options(scene: Scene) -> list[tuple[str, ...]]:
    """Return captions to pick from: a few that are right, and their likenesses."""
    right = [words for words in right_captions(scene) if words[0] not in world.COUNTS]
    complete = [words for words in right if is_complete(words, scene)]
    models = [complete[0], complete[-1]]
    found = [*models, right[0]]
    for words in models:
        for kind in (world.COLOURS, world.SHAPES):
            places = [k for k, word in enumerate(words) if word in kind]
            found += [_exchanged(words, a, b) for a, b in combinations(places, 2)]
            found += [(*words[: places[0]], word, *words[places[0] + 1 :]) for word in kind]
    return list(dict.fromkeys(found))


def _exchanged(words: tuple[str, ...], a: int, b: int) -> tuple[str, ...]:
    swapped = {a: words[b], b: words[a]}
    return tuple(swapped.get(k, word) for k, word in enumerate(words))


def _answers_table(rows: Sequence[Sequence[str]], options: int) -> str:
    picks, writes = WORDS("scenes.picks", options=options), WORDS("scenes.writes")
    table = table_html([WORDS("scenes.trained_with"), picks, writes], rows)
    return f"<p><strong>{WORDS('scenes.answers')}</strong></p>{table}"


def _title(objective: str) -> str:
    row = pictures.picture_objectives.get(objective)
    return row.title if row else objective.capitalize()


def _marked(caption: Sequence[str], scene: Scene) -> str:
    """Return a caption and what the key says of it, as HTML."""
    if not caption:
        return WORDS("scenes.cannot_write")
    with suppress(ValueError):
        return WORDS(f"scenes.marked_{_truth(caption, scene)}", caption=escape(" ".join(caption)))
    return WORDS("scenes.marked_no_caption", caption=escape(" ".join(caption)))


def _truth(caption: Sequence[str] | str, scene: Scene) -> str:
    if is_complete(caption, scene):
        return "complete"
    return "true" if world.is_true(caption, scene) else "false"
