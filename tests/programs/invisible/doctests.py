"""Doctests in the program's own docstrings.

>>> import torch
>>> torch.ones(2) + 1
tensor([2., 2.])
>>> double(torch.ones(1))
tensor([2.])
>>> double("wrong")
'a deliberate failure'
"""
import doctest


def double(x):
    """
    >>> double(2)
    4
    """
    return x * 2


result = doctest.testmod()
print(result)
import unittest


class Tests(unittest.TestCase):
    def test_good(self):
        self.assertEqual(double(1), 2)

    def test_bad(self):
        self.assertEqual(
            double(1),
            3,
        )

    @unittest.skip("not now")
    def test_skipped(self):
        raise AssertionError


import io

stream = io.StringIO()
unittest.TextTestRunner(stream, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(Tests))
print(stream.getvalue().split("Ran")[0])
