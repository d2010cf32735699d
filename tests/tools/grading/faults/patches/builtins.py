# Replaces `len` in the builtins. The kernel may no longer be able to answer.
#
# submission: code after a wrong answer
# squares: tampered or crashed or timed out or too much output
# points: 0

import builtins

builtins.len = lambda x: 7
