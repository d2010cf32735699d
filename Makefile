# Each target sets up .venv by itself when it is missing or pyproject.toml is newer.
PYTHON ?= python3
# For a small CPU build of torch on Linux: make lab TORCH_INDEX=<address>, see README.md
TORCH_INDEX ?=
# Threads, instructions, the precision of products, the order of sets and dicts' keys.
SETTINGS = OMP_NUM_THREADS=1 OMP_NUM_THREADS=3 MKL_NUM_THREADS=1 MKL_CBWR=COMPATIBLE \
           ATEN_CPU_CAPABILITY=default ATEN_CPU_CAPABILITY=avx2 ONEDNN_MAX_CPU_ISA=SSE41 \
           ONEDNN_DEFAULT_FPMATH_MODE=BF16 PYTHONHASHSEED=7
OLDEST = 'torch==2.9.*' 'torchvision==0.24.*'
PIP = .venv/bin/python -m pip install --disable-pip-version-check \
      $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: lab test build lint bench nightly
.DEFAULT_GOAL := lab

lab: .venv/installed
	@.venv/bin/course lab

# The tests run in a network namespace with loopback only, where the system allows it.
test: .venv/installed-test
	@offline=; for try in "unshare -n" "unshare -rn"; do \
	  $$try true 2>/dev/null && { offline="$$try env COURSE_OFFLINE=1"; break; }; \
	done; set -x; $$offline .venv/bin/python -m pytest

build: .venv/installed
	.venv/bin/course build

lint: .venv/installed-test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/codespell

# For example: make bench BENCH=--quick
bench: .venv/installed-bench
	.venv/bin/python tests/bench $(BENCH)

# An hour: many seeds, ten runs on other machines as far as one can play them, old torch.
nightly: .venv/installed-test .venv/installed-oldest
	.venv/bin/course build --check --seeds 20
	.venv/bin/python -m pytest tests/tools/grading/test_every_answer.py --seeds 20
	@set -e; for setting in NONE=1 $(SETTINGS); do echo "$$setting"; \
	  env $$setting .venv/bin/python -m pytest -q tests/test_prose.py notebooks solutions; done
	.venv/oldest/bin/python -m pytest tests/checking tests/judging notebooks solutions exercises

# The stamp comes last, so an interrupted install is taken up again by the next call.
.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "Python 3.10 or newer is needed: make lab PYTHON=python3.12"; exit 2; }
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
