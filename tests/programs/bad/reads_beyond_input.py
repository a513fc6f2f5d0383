"""Reads more lines than there are."""
import torch

x = torch.ones(1)
first = input("a question? ")
x *= int(first)
try:
    second = input()
except EOFError:
    x += 1
third = input("and another? ")
