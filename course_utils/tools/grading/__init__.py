"""Mark exercises: prepare, run, judge, store; then the gradebook and its pages."""

import sys

# nbval reads notebooks with nbformat, whose validator (jsonschema) compiles a grammar
# of internet addresses while it is imported. That takes most of a second and is of no
# use here; where this package is missing, it does without.
sys.modules.setdefault("rfc3987_syntax", None)
