"""The same class on a Dask cluster, a worker of which is killed."""

import csv
import os
import signal
import threading
import time

import distributed
import pytest

from course_utils.tools.grading.grade import grade

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True)
def same_environment():
    """Dask sets a number of threads, with which no kernel of ours would be warm."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_a_cluster_gives_the_same_gradebook(isolation, small, tmp_path):
    for number in range(8):
        answers = {"squares": small.wrong} if number % 3 == 0 else {}
        path = tmp_path / "in" / f"student {number}" / "90_small.ipynb"
        small.write(path, small.cells(**answers))
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(processes=True, **options) as cluster:
        with distributed.Client(cluster) as client:
            pids = list(client.run(os.getpid).values())

        def kill():
            while not list((tmp_path / "far").glob("results/*.json")):
                time.sleep(0.05)
            os.kill(pids[0], signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        grade(
            tmp_path / "in",
            tmp_path / "far",
            seed=3,
            solutions=small.folder,
            scheduler=cluster.scheduler_address,
        )
    grade(tmp_path / "in", tmp_path / "near", seed=3, solutions=small.folder)
    assert book(tmp_path / "far") == book(tmp_path / "near")


def book(out):
    with open(out / "grades.csv", newline="") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]
