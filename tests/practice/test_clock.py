"""The clock beside each step, on every Python: what it asks of a monitor happens when we say so."""

import sys
import time
from types import SimpleNamespace

import pytest

from lessonlib.practice.clock import TimeUpError, in_time

STEPS = {"PY_START": 1, "PY_RESUME": 2, "JUMP": 4}  # of a function, a generator and a loop
SECONDS = 0.02
ENDLESS = 2.0  # seconds, as no test shall hang


class Monitor:
    """As much of `sys.monitoring` as the clock asks for."""

    events = SimpleNamespace(NO_EVENTS=0, **STEPS)

    def __init__(self):
        self.tools, self.callbacks, self.watched = {0: "another"}, {}, 0

    def get_tool(self, tool):
        return self.tools.get(tool)

    def use_tool_id(self, tool, name):
        assert tool not in self.tools
        self.tools[tool] = name

    def free_tool_id(self, tool):
        del self.tools[tool]

    def register_callback(self, tool, event, call):
        self.callbacks[event] = call

    def set_events(self, tool, events):
        self.watched = events

    def happens(self, step):
        """Take a step of the learner's function."""
        if self.watched & STEPS[step]:
            self.callbacks[STEPS[step]]()

    def goes_on(self, step):
        """Take one step after the other, as what has no end does."""
        end = time.monotonic() + ENDLESS
        while time.monotonic() < end:
            self.happens(step)


@pytest.fixture
def monitor(monkeypatch):
    monitor = Monitor()
    monkeypatch.setattr(sys, "monitoring", monitor, raising=False)
    yield monitor
    monkeypatch.undo()
    assert monitor.tools == {0: "another"}
    assert not monitor.watched
    assert not any(monitor.callbacks.values())


@pytest.mark.parametrize("step", STEPS)
def test_what_has_no_end_is_stopped_whatever_its_steps_are(monitor, step):
    assert not in_time(lambda: monitor.goes_on(step), SECONDS)


def test_who_swallows_it_is_stopped_again_and_again(monitor):
    stopped = []

    def swallows():
        for _ in range(3):
            try:
                monitor.goes_on("JUMP")
            except TimeUpError:
                stopped.append(True)

    assert not in_time(swallows, SECONDS)
    assert len(stopped) == 3


def test_what_ends_in_time_is_not_stopped(monitor):
    done = []
    assert in_time(lambda: [monitor.happens(step) for step in STEPS] and done.append(True), 60)
    assert done == [True]


def test_an_error_of_the_answer_itself_comes_through(monitor):
    def fails():
        monitor.happens("PY_START")
        raise KeyError("of the answer")

    with pytest.raises(KeyError, match="of the answer"):
        in_time(fails, 60)
