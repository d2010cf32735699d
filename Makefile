# Each target sets up .venv by itself when it is missing or pyproject.toml is newer.
PYTHON ?= python3
# For a small CPU build of torch on Linux: make lab TORCH_INDEX=<address>, see README.md
TORCH_INDEX ?=
# Threads, instructions, the precision of products, the order of sets and dicts' keys.
SETTINGS = OMP_NUM_THREADS=1 OMP_NUM_THREADS=3 MKL_NUM_THREADS=1 MKL_CBWR=COMPATIBLE \
           ATEN_CPU_CAPABILITY=default ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=SSE41 \
           ONEDNN_DEFAULT_FPMATH_MODE=BF16 PYTHONHASHSEED=7
OLDEST = 'torch==2.9.*' 'torchvision==0.24.*'
# What pip cannot bring: a program, and the Debian package that holds it.
SYSTEM = chromium:chromium bwrap:bubblewrap unshare:util-linux
PIP = .venv/bin/python -m pip install --disable-pip-version-check \
      $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: lab test system build images lint bench nightly
.NOTPARALLEL:
.DEFAULT_GOAL := lab

lab: .venv/installed
	@.venv/bin/course lab

# The tests run in a network namespace with loopback only, where the system allows it.
test: system .venv/installed-test
	@offline=; for try in "unshare -n" "unshare -rn"; do \
	  $$try true 2>/dev/null && { offline="$$try env COURSE_OFFLINE=1"; break; }; \
	done; set -x; $$offline .venv/bin/python -m pytest

# Installs what is missing where nobody has to be asked; elsewhere it says what to do,
# and tests that need it are skipped.
system:
	@missing=; for pair in $(SYSTEM); do \
	  command -v "$${pair%:*}" >/dev/null || missing="$$missing $${pair#*:}"; \
	done; \
	[ -d /usr/share/fonts/truetype/dejavu ] || missing="$$missing fonts-dejavu-core"; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || missing="$$missing python3-venv"; \
	[ -n "$$missing" ] || exit 0; \
	root=; [ "$$(id -u)" = 0 ] || root="sudo -n"; failed=$$missing; \
	if command -v apt-get >/dev/null && $$root true 2>/dev/null; then \
	  echo "Installing$$missing"; $$root apt-get update -qq; failed=; \
	  for package in $$missing; do \
	    $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	      --no-install-recommends $$package || failed="$$failed $$package"; \
	  done; \
	fi; \
	[ -z "$$failed" ] || echo "Missing:$$failed. Tests that need them are skipped." \
	  "On Debian: sudo apt install$$failed"

build: .venv/installed
	.venv/bin/course build

# The pictures of the README and of the index, as the Lab shows what they show.
images: .venv/installed-test
	.venv/bin/python -m pytest -n 0 tests/browser/test_images.py --images

lint: .venv/installed-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports --no-cache
	.venv/bin/codespell

# For example: make bench BENCH=--quick
bench: .venv/installed-bench
	.venv/bin/python tests/bench $(BENCH)

# An hour: many seeds, ten runs on other machines as far as one can play them, old torch.
nightly: .venv/installed-test .venv/installed-oldest
	.venv/bin/course build --check --seeds 20 --mutants
	.venv/bin/python -m pytest tests/tools/grading/test_every_answer.py --seeds 20
	@set -e; for setting in NONE=1 $(SETTINGS); do echo "$$setting"; \
	  env $$setting .venv/bin/python -m pytest -q tests/test_prose.py notebooks solutions; done
	.venv/oldest/bin/python -m pytest tests/checking tests/judging notebooks solutions exercises

# The stamp comes last, so an interrupted install is taken up again by the next call.
.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "Python 3.10 or newer is needed: make lab PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing; on Debian: sudo apt install python3-venv"; exit 2; }
	@echo "Setting up .venv: this takes some minutes, also where nothing moves."
	$(PYTHON) -m venv .venv
	$(PIP) -e .
	@touch $@

.venv/installed-test: .venv/installed
	$(PIP) -e '.[test]'
	@touch $@

.venv/installed-oldest: .venv/installed
	$(PYTHON) -m venv .venv/oldest
	$(subst .venv/bin,.venv/oldest/bin,$(PIP)) -e '.[test]' $(OLDEST)
	@touch $@

# What is only compared with lives apart, and sees the packages of .venv: one torch.
.venv/installed-bench: .venv/installed-test
	.venv/bin/python -m venv .venv/bench
	@.venv/bin/python -c "import site; \
	  print(f'import site; site.addsitedir({site.getsitepackages()[0]!r})')" \
	  > .venv/bench/course.pth
	@mv .venv/bench/course.pth .venv/bench/lib/python*/site-packages
	$(subst .venv/bin,.venv/bench/bin,$(PIP)) -e '.[bench]'
	@touch $@
