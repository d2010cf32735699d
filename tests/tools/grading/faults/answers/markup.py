# Raises an error whose message holds a script, a terminal's escape, and half a
# character.
#
# submission: code after a right answer
# squares: partly or failed
# feedback: alert\(1\)

SCRIPT = "</script><script>alert(1)</script>\x1b[31m\ud800"


class Attack(Exception):
    pass


def attack(*_):
    raise Attack(SCRIPT)


Squares.__len__ = attack
