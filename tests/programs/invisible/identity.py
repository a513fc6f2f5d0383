"""id, is, aliasing, data_ptr: who shares what."""
import sys

import torch

a = torch.arange(6.0)
b = a.view(2, 3)
c = a.clone()
d = a[2:]
pointer = a.data_ptr()
a.add_(1)
print(a.data_ptr() == pointer, b.data_ptr() == pointer, c.data_ptr() == pointer)
print(d.data_ptr() - pointer, d.untyped_storage().data_ptr() == pointer)
b.mul_(2)
print(a.data_ptr() == b.data_ptr() == pointer, d[0].item())
n = a.numpy()
print(n.ctypes.data == a.data_ptr(), n.base is a or n.base is not None)
a.sub_(3)
print(n.tolist(), n.ctypes.data == a.data_ptr() == pointer)
for i in range(4):
    a[i] = i
    print(a.data_ptr() == pointer, torch.equal(a.view(2, 3), b))
e = a
e += 1
print(e is a, id(e) == id(a), a._version, b._version, d._version)
print(b._base is a, d._is_view(), a._base)
print(a.untyped_storage()._cdata == b.untyped_storage()._cdata)
print(a.untyped_storage().data_ptr() == d.untyped_storage().data_ptr())
print(torch._C._is_alias_of(a, d) if hasattr(torch._C, "_is_alias_of") else True)
print(sys.getrefcount(a) - sys.getrefcount(c), a.is_set_to(e), torch._C._data_address(a) == pointer)
storage = a.untyped_storage()
print(storage.nbytes(), storage.resizable(), storage.is_shared())
