import threading

from course_utils.demos.background import Background


def test_work_goes_on_until_it_says_that_it_is_done():
    left = [1, 2, 3]
    background = Background(lambda stopped: bool(left.pop()) and bool(left), 0)
    background.start()
    background.thread.join(180)
    assert left == [] and not background.running


def test_nothing_is_done_after_stop_has_returned():
    calls, began = [], threading.Event()

    def work(stopped):
        calls.append(stopped())
        began.set()
        return True

    background = Background(work, 0)
    background.start()
    assert began.wait(180)
    background.stop()
    done = len(calls)
    background.thread.join(1)
    assert not background.running and len(calls) == done
    assert not any(calls[:-1])  # the last may have begun when it was told


def test_long_work_is_told_to_stop():
    began = threading.Event()

    def work(stopped):
        began.set()
        while not stopped():
            pass
        return True

    background = Background(work, 60)
    background.start()
    assert began.wait(180)
    background.stop()
    assert not background.running


def test_a_second_start_does_not_begin_a_second_thread():
    background = Background(lambda stopped: True, 60)
    background.start()
    first = background.thread
    background.start()
    assert background.thread is first
    background.stop()
    background.start()
    assert background.running and background.thread is not first
    background.stop()


def test_an_error_ends_the_work_and_is_kept():
    background = Background(lambda stopped: 1 / 0, 0)
    background.start()
    background.thread.join(180)
    assert isinstance(background.error, ZeroDivisionError)
