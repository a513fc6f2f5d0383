"""What still lives at the end is destroyed when the module is: its last words are heard."""
import torch


class Noisy:
    def __init__(self, name):
        self.name = name
        self.tensor = torch.ones(2)

    def __del__(self):
        print("gone", self.name)


def generate():
    try:
        yield 1
    finally:
        print("generator closed")


kept = Noisy("kept")
held = generate()
next(held)
print("end of the program")
