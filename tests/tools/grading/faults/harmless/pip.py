# Installs a package: there is no network, so that fails, at once.
#
# submission: code after a right answer
# squares: passed
# points: 3

get_ipython().system("pip install torchmetrics")
