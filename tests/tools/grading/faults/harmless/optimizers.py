# Makes the first optimizer of each kind, and loads what compiles.
#
# submission: code after a right answer
# squares: passed
# points: 3

import torch._dynamo

model = torch.nn.Linear(2, 1)
for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop):
    optimizer = kind(model.parameters(), lr=0.01)
    model(torch.ones(3, 2)).sum().backward()
    optimizer.step()
torch.compile(model, backend="eager")(torch.ones(3, 2))
