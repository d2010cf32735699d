"""What a user can cause, told in one line."""


class CourseError(Exception):
    """Something a user can mend; the message says in one line what and how."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message alone, as IPython asks for it."""
        return [str(self)]
