"""try with except, else and finally; nested, re-raised, chained, in loops and functions."""
import torch

log = torch.zeros(8)


def attempt(which):
    note = torch.tensor([float(which)])
    try:
        note = note + 1
        if which == 1:
            raise ValueError("one")
        if which == 2:
            torch.ones(2) + torch.ones(3)
        note = note * 10
    except ValueError as error:
        note = note * 100
        kind = type(error).__name__
    except (RuntimeError, TypeError):
        note = note * 1000
    else:
        note = note + 0.5
    finally:
        log[which] += 1
    return note


def finally_wins():
    t = torch.ones(1)
    try:
        t = t + 1
        return t
    finally:
        t.add_(100)


def reraised():
    t = torch.zeros(1)
    try:
        try:
            t += 1
            raise KeyError("inner")
        except KeyError as error:
            t += 10
            raise RuntimeError("outer") from error
        finally:
            t += 100
    except RuntimeError as error:
        t += 1000
        cause = type(error.__cause__).__name__
    return t, cause


def loop():
    t = torch.zeros(1)
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            t += 1
        finally:
            t += 10
    return t


def groups():
    t = torch.zeros(1)
    try:
        raise ExceptionGroup("all", [ValueError(1), TypeError(2)])
    except* ValueError:
        t += 1
    except* TypeError:
        t += 10
    return t


zero = attempt(0)
one = attempt(1)
two = attempt(2)
kept = finally_wins()
chain, cause = reraised()
looped = loop()
grouped = groups()
print(zero, one, two, kept, chain, cause, looped, grouped, log)
