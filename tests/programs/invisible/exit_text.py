"""Leaves by SystemExit with a text, from inside a function and a finally."""
import torch


def f():
    try:
        raise SystemExit("the reason")
    finally:
        print("cleaned up")


f()
