# Replaces what sends the kernel's messages. The kernel may no longer be able to
# answer.
#
# submission: code after a wrong answer
# squares: tampered or crashed or timed out or too much output
# points: 0

get_ipython().kernel.session.send = lambda *a, **k: None
