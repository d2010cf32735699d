"""For instructors: the timetable and the index, made from the notebooks."""
