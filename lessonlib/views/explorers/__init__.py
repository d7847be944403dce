"""Explorers: sliders move strips. Each is one function that returns a widget."""

from lessonlib.views.explorers.attention import explore_attention
from lessonlib.views.explorers.hiding import explore_blanks, explore_hiding
from lessonlib.views.explorers.noise import explore_noise
from lessonlib.views.explorers.prefix import explore_prefix
from lessonlib.views.explorers.scenes import explore_scenes
from lessonlib.views.explorers.sentence import explore
from lessonlib.views.explorers.spans import explore_denoisers, explore_spans

__all__ = [
    "explore",
    "explore_attention",
    "explore_blanks",
    "explore_denoisers",
    "explore_hiding",
    "explore_noise",
    "explore_prefix",
    "explore_scenes",
    "explore_spans",
]
