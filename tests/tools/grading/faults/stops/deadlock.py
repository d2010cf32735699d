# Waits for DataLoader workers that never answer.
#
# submission: code after a right answer
# squares: timed out

import time

from torch.utils.data import DataLoader


class Slow(Dataset):
    def __len__(self):
        return 9

    def __getitem__(self, i):
        time.sleep(999)


next(iter(DataLoader(Slow(), num_workers=2)))
