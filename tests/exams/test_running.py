"""Jobs in processes: in order, watched, and over at once when somebody stops them."""

import multiprocessing
import os
import time

import pytest

from lessonlib.exams import exam
from lessonlib.exams.running import Report, report, run_all
from lessonlib.exams.sentences.subject import SENTENCES


def doubled(number):
    for step in range(3):
        report("counting", step + 1, 3, float(number), always=True)
    return 2 * number


def endless():
    for step in range(10**9):
        report("counting", step, 10**9)
        time.sleep(0.01)


def failing():
    raise ValueError("this model does not train")


def vanishing():
    os._exit(7)


def stop(_: Report):
    raise KeyboardInterrupt


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_results_come_in_the_order_of_the_jobs(processes):
    jobs = [(doubled, number) for number in range(5)]
    assert run_all(jobs, processes, watch=lambda _: None) == [0, 2, 4, 6, 8]


@pytest.mark.parametrize("processes", [0, 2])
def test_who_watches_hears_of_every_stage_and_of_the_end(processes):
    heard = []
    run_all([(doubled, 1), (doubled, 2)], processes, watch=heard.append)
    for job, number in enumerate((1, 2)):
        mine = [seen for seen in heard if seen.job == job]
        assert [seen.done for seen in mine if seen.stage] == [1, 2, 3]
        assert mine[-1] == Report(job, "", 1, 1, 2 * number)


@pytest.mark.parametrize("processes", [0, 2])
def test_an_error_in_a_job_is_an_error_here(processes):
    with pytest.raises(ValueError, match="does not train"):
        run_all([(failing,), (doubled, 1)], processes, watch=lambda _: None)


def test_a_process_that_vanishes_is_said_and_not_waited_for():
    with pytest.raises(RuntimeError, match="exit code 7"):
        run_all([(vanishing,)], 1, watch=lambda _: None)


def test_an_interrupt_ends_all_processes():
    with pytest.raises(KeyboardInterrupt):
        run_all([(endless,), (endless,)], 2, watch=stop)
    assert not multiprocessing.active_children()


def test_a_stopped_exam_keeps_the_parts_that_were_done():
    recipes = SENTENCES.recipes["causal"], SENTENCES.recipes["masked"]
    plan = exam.Plan(SENTENCES, recipes, (0,), 2, {"continuation": 20, "blank": 20})
    heard = []

    def stop_after_one_part(seen):
        heard.append(seen)
        if seen.stage == exam.EXAM:
            raise KeyboardInterrupt

    results = exam.run(plan, watch=stop_after_one_part)
    assert results.rows == heard[-1].found
    assert {row["ability"] for row in results.rows} == {"continuation"}
    assert not multiprocessing.active_children()


def test_nobody_watches_a_job_that_runs_by_itself():
    assert doubled(4) == 8
