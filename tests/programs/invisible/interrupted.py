"""Signals, alarms, KeyboardInterrupt raised in the program itself, and timeouts."""
import signal

import torch


class Timeout(Exception):
    pass


def on_alarm(number, frame):
    raise Timeout(frame.f_code.co_name)


signal.signal(signal.SIGALRM, on_alarm)
signal.setitimer(signal.ITIMER_REAL, 0.05)
x = torch.zeros(1)


def busy():
    n = 0
    while True:
        n += 1


try:
    busy()
except Timeout as error:
    print("timed out in", error)
signal.setitimer(signal.ITIMER_REAL, 0)
received = []
signal.signal(signal.SIGUSR1, lambda number, frame: received.append(number))
signal.raise_signal(signal.SIGUSR1)
print(received == [signal.SIGUSR1], signal.getsignal(signal.SIGINT) is signal.default_int_handler)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
raise KeyboardInterrupt
