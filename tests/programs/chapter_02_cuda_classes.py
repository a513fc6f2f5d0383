"""Item 2: the GPU classes; without a GPU each refuses with a sentence."""

import torch

names = ["FloatTensor", "DoubleTensor", "HalfTensor", "ByteTensor", "CharTensor", "ShortTensor"]
names += ["IntTensor", "LongTensor", "BFloat16Tensor", "BoolTensor"]
made = {}
for name in names:
    cls = getattr(torch.cuda, name)
    try:
        made[name] = cls([1, 0])
    except (TypeError, RuntimeError) as refusal:
        made[name] = getattr(torch, name)([1, 0])
        print(name, type(refusal).__name__)
print(sorted(made))
