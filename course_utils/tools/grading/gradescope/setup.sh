#!/usr/bin/env bash
# Run once, as root, when Gradescope builds the image of an assignment.
set -euo pipefail
source=/autograder/source
if ! command -v bwrap >/dev/null || ! python3 -c 'import ensurepip' 2>/dev/null; then
  apt-get update
  apt-get install -y --no-install-recommends bubblewrap python3 python3-venv
fi
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
  echo "Choose a base image with Python 3.10 or newer: Ubuntu 22.04 has it." >&2
  exit 1
}
if [ -s "$source/torch_index" ]; then
  PIP_EXTRA_INDEX_URL=$(cat "$source/torch_index")
  export PIP_EXTRA_INDEX_URL
fi
python3 -m venv /opt/course
/opt/course/bin/python -m pip install --no-cache-dir "$source/course"
chmod -R go= "$source"
