"""Derivatives of one number by another, flow, checks of gradients, and passes made again."""
