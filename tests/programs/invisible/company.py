"""Who else is there: threads, partial objects, and dictionaries that asking would make."""
import functools
import threading

import torch

print([type(thread).__name__ for thread in threading.enumerate()], threading.active_count())
inner = functools.partial(print, 1)
nested = functools.partial(inner, 2)
print(nested.func is print, nested.args)
tensor = torch.ones(2)
other = functools.partial(torch.add, tensor)
tensor.add_(1)
print(functools.partial(other, 2).func is torch.add)
thread = threading.Thread(target=lambda: print(threading.current_thread().name))
thread.start()
thread.join()
print(threading.active_count(), threading.main_thread() is threading.current_thread())
