"""Its own module is called explorer, as the recorder's package is."""
import explorer
import torch

x = explorer.made()
import worker

y = worker.made()
print(explorer.NAME, worker.NAME, x + y)
