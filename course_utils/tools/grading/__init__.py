"""Mark a class: collect, compose, run, score, and write a gradebook to trust."""
