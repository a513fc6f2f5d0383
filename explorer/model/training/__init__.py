"""Modules, optimizers, curves and weights over the run."""
