"""Weights and inputs by formula: the same numbers as in formula.rs."""

import math

import numpy as np
import torch


def mixed(name, count):
    """Numbers in [-0.5, 0.5), a function of name and index; 32-bit integers, the same everywhere."""
    start = 0
    for byte in name.encode():
        start = (start * 31 + byte) % 2**32
    x = (start + np.arange(count, dtype=np.uint64) * 2654435769) % 2**32
    x ^= x >> 15
    x = x * 2246822519 % 2**32
    x ^= x >> 13
    return (x.astype(np.float64) / 2**32 - 0.5).astype(np.float32)


def formula(name, shape):
    """The tensor of that name; a matrix has its inputs first."""
    u = torch.from_numpy(mixed(name, math.prod(shape)).reshape(shape))
    kind = name.rsplit(".", 1)[-1]
    if kind == "weight":
        inputs = shape[0] if len(shape) == 2 else math.prod(shape[1:])
        return u * np.float32(2 * math.sqrt(3 / inputs))
    return {
        "bias": lambda: 0.2 * u,
        "gamma": lambda: 1 + 0.4 * u,
        "beta": lambda: 0.4 * u,
        "alpha": lambda: 0.25 + 0.2 * u,
        "mean": lambda: 0.2 * u,
        "variance": lambda: 1 + 0.5 * u,
        "x": lambda: 2 * u,
    }[kind]()
