"""What a user can cause, told in one line."""

from course_utils.locale.again import again


class CourseError(Exception):
    """Something a user can mend; the message says in one line what and how.

    It is in English, as errors are, and said again in the language that is spoken.
    """

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message alone, as IPython asks for it."""
        return [again(str(self))]
