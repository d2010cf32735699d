# Imports that change much of torch cost nothing.
#
# submission: code after a right answer
# squares: passed
# points: 3

import pdb
import unittest.mock

import functorch
import ipywidgets
import matplotlib.pyplot
import sklearn.metrics
import torch._dynamo
import torch.fx
import torchvision
