# -*- coding: latin-1 -*-
import torch
x = torch.ones(2)
name = "café"
print(len(name), name == "caf\u00e9")
