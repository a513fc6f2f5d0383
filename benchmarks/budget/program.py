"""Writes far more than memory holds: every write fills a whole tensor with the write's number."""

import sys

import torch

tensors, numbers_each, writes = (int(word) for word in sys.argv[1:4])
rows = [torch.zeros(numbers_each) for _ in range(tensors)]
for write in range(1, writes + 1):
    rows[write % tensors].fill_(write)
