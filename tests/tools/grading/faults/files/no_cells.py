# A notebook whose cells are no list.
#
# submission: files
# unreadable: without a list of cells

notebook.write_bytes(b'{"nbformat": 4, "cells": 3}')
