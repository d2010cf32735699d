# A notebook with a cell whose source is no text.
#
# submission: files
# unreadable: not text

notebook.write_bytes(b'{"nbformat": 4, "cells": [{"source": [1]}]}')
