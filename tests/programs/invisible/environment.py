"""Environment, paths, modules: nothing of the recorder's own is seen."""
import os
import sys
import threading

import torch

print(sorted(name for name in os.environ if "EXPLORER" in name.upper()))
print([path for path in sys.path if "explorer" in path.lower()])
print(sys.path[0] == os.path.dirname(__file__), os.getcwd() == os.path.dirname(__file__))
print(threading.current_thread().name, threading.current_thread() is threading.main_thread())
print(torch.get_num_threads() > 0, torch.get_default_dtype(), torch.is_grad_enabled())
print(sys.meta_path[-1].__name__, [hook for hook in sys.path_hooks if "explorer" in repr(hook)])
print(sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__)
print(type(sys.modules["__main__"]).__name__, __name__, "__main__" in sys.modules)
print(os.path.basename(sys.argv[0]), len(sys.argv))
print(type(torch.Tensor.numpy).__name__, type(torch.Tensor.backward).__name__)
print(torch.Tensor.numpy.__name__, torch.Tensor.data_ptr.__name__, torch.from_numpy.__name__)
print(torch.autograd.grad.__name__, torch.autograd.backward.__module__)
print(torch.utils.swap_tensors.__module__, print.__module__, exec.__name__, input.__name__)
import builtins

print(builtins.print is print, builtins.__import__.__name__, open.__module__)
tensor = torch.ones(2)
print(type(tensor.numpy).__name__, torch.Tensor.data_ptr, torch.Tensor.resize_.__doc__[:20])
print(torch.utils.dlpack.to_dlpack, torch.to_dlpack is torch.utils.dlpack.to_dlpack)
print(torch.Tensor.numpy(tensor), list(map(torch.Tensor.numpy, [tensor])), tensor.numpy())
