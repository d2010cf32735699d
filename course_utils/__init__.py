"""Helpers of the course: data, pictures, demos, checks, authoring, grading."""

__version__ = "1.0.0"
