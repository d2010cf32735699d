# Puts a module of its own under the engine's name, and hides `check`.
#
# submission: code after a wrong answer
# squares: no point

import sys
import types

fake = types.ModuleType("course_utils.checking")
fake.exercise = lambda stem: None
sys.modules["course_utils.checking"] = fake
check = raises = None
