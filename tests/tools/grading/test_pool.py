"""A call that fails or ends its process takes no other call with it."""

import os
from functools import partial

import pytest

from course_utils.errors import CourseError
from course_utils.tools.grading.pool import Failure, Pool


def test_a_call_that_ends_its_process_is_the_only_one_lost():
    calls = {str(n): partial(pow, n, 2) for n in range(6)}
    calls |= {"ends": partial(os._exit, 1), "raises": partial(int, "x")}
    with Pool(2, None, int) as pool:
        results = dict(pool.run(calls))
    failures = {name: results.pop(name) for name in ("ends", "raises")}
    assert results == {str(n): n * n for n in range(6)}
    assert all(isinstance(failure, Failure) for failure in failures.values())
    assert "ValueError" in failures["raises"].why


def test_calls_that_are_put_in_meanwhile_come_next():
    calls, order = {str(n): partial(pow, n, 2) for n in range(20)}, []
    with Pool(1, None, int) as pool:
        for name, _ in pool.run(calls):
            if not order:
                calls["more"] = partial(pow, 3, 3)
            order.append(name)
    assert len(order) == 21 and order.index("more") < 5


def test_processes_stay_from_one_run_to_the_next():
    with Pool(1, None, int) as pool:
        pids = [dict(pool.run({"pid": os.getpid})) for _ in range(2)]
    assert pids[0] == pids[1] != {"pid": os.getpid()}


def test_a_cluster_that_does_not_answer_is_told():
    with pytest.raises(CourseError, match="no Dask scheduler answers"):
        with Pool(1, "tcp://127.0.0.1:9", int) as pool:
            list(pool.run({"pid": os.getpid}))
