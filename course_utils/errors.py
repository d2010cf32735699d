"""What a user can cause, told in one line."""


class CourseError(Exception):
    """Something a user can mend; the message says in one line what and how."""
