"""A package beside the program."""
import torch

size = torch.tensor(3)
