"""Work that goes on beside the notebook until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Background:
    """Calls `work` again and again in a thread, `seconds` apart.

    work: one short piece; it returns False when there is no more to do. It is given a
    function that says whether to stop, to be asked every few milliseconds. An exception
    ends the thread and is kept in `error`.
    """

    def __init__(self, work: Callable[[Callable[[], bool]], bool], seconds: float):
        self.work, self.seconds = work, seconds
        self.error: Exception | None = None
        self.thread: threading.Thread | None = None
        self.stopped = threading.Event()

    @property
    def running(self) -> bool:
        """Whether the thread is at work."""
        return self.thread is not None and self.thread.is_alive()

    def start(self) -> None:
        """Begin, or go on, unless it is running already."""
        if not self.running:
            self.error, self.stopped = None, threading.Event()
            self.thread = threading.Thread(
                target=self._run, args=(self.stopped,), daemon=True
            )
            self.thread.start()

    def stop(self) -> None:
        """Tell the thread to stop and wait until the piece it is at has ended."""
        self.stopped.set()
        if self.thread is not None and self.thread is not threading.current_thread():
            self.thread.join()

    def _run(self, stopped: threading.Event) -> None:
        try:
            while not stopped.is_set() and self.work(stopped.is_set):
                stopped.wait(self.seconds)
        except Exception as error:
            self.error = error
