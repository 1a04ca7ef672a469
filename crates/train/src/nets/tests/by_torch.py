"""Writes by_torch.json: what PyTorch makes of each network with weights that a formula gives.

    python by_torch.py > by_torch.json        (torch 2.9.0)

A second statement of the tables, in functional form. Of every tensor two numbers are kept: its product with a tensor of the
same formula, and its length.
"""

import json
import math
import re

import torch
import torch.nn.functional as F

from formula import formula, mixed

torch.manual_seed(0)
torch.set_num_threads(1)


def summary(name, tensor):
    tensor = tensor.detach().double().flatten()
    probe = torch.from_numpy(mixed("probe " + name, tensor.numel())).double()
    return [float((tensor * probe).sum()), float(tensor.norm())]


class Net:
    """Parameters by name, made when they are first asked for."""

    def __init__(self, training):
        self.training, self.parameters, self.buffers = training, {}, {}

    def get(self, name, *shape):
        if name not in self.parameters:
            self.parameters[name] = formula(name, shape).requires_grad_()
        return self.parameters[name]

    def conv(self, x, name, out, kernel, stride, pad, bias=True):
        weight = self.get(name + ".weight", out, x.shape[1], kernel, kernel)
        return F.conv2d(x, weight, self.get(name + ".bias", out) if bias else None, stride, pad)

    def norm(self, x, name):
        n = x.shape[1]
        for buffer in ["mean", "variance"]:
            if name + "." + buffer not in self.buffers:
                self.buffers[name + "." + buffer] = formula(name + "." + buffer, (n,))
        return F.batch_norm(x, self.buffers[name + ".mean"], self.buffers[name + ".variance"],
                            self.get(name + ".gamma", n), self.get(name + ".beta", n), self.training, 0.1, 1e-5)

    def conv_norm(self, x, name, out, kernel, stride, pad):
        return self.norm(self.conv(x, name + ".conv", out, kernel, stride, pad, bias=False), name + ".norm")

    def linear(self, x, name, out):
        return x @ self.get(name + ".weight", x.shape[1], out) + self.get(name + ".bias", out)

    # Table I
    def transform(self, x, w):
        def stage(y, name, add=None):
            out = widths[name]
            if name.startswith("encoder"):
                y = self.conv_norm(y, f"transform.{name}.layer", out, 4, 2, 1)
            else:
                y = self.conv_norm(F.pixel_shuffle(y, 2), f"transform.{name}.layer", out, 3, 1, 1) + add
            return F.prelu(y, self.get(f"transform.{name}.prelu.alpha", out))

        widths = {f"encoder.{i}": n for i, n in enumerate([w, 2 * w, 4 * w, 8 * w, 8 * w])}
        widths |= {f"decoder.{i}": n for i, n in enumerate([8 * w, 4 * w, 2 * w, w])}
        e = [x]
        for i in range(5):
            e.append(stage(e[-1], f"encoder.{i}"))
        y = e[5]
        for i in range(4):
            y = stage(y, f"decoder.{i}", e[4 - i])
        return torch.tanh(self.conv(F.pixel_shuffle(y, 2), "transform.last", 3, 5, 1, 2))

    # Table II
    def mask(self, x, w):
        for i, (out, kernel, stride) in enumerate([(w // 2, 4, 2), (w, 4, 2), (w, 3, 1), (w, 3, 1)]):
            x = F.relu(self.conv_norm(x, f"mask.layers.{i}", out, kernel, stride, 1))
        soft = torch.sigmoid(self.conv_norm(x, "mask.layers.4", 1, 3, 1, 1))
        cells = Binarise.apply(soft)
        at = torch.arange(-2, 3, dtype=torch.float64)
        gauss = torch.exp(-(at[:, None] ** 2 + at[None] ** 2) / (2 * 1.6**2))
        gauss = (gauss / gauss.sum()).float()[None, None]
        big = F.interpolate(cells, scale_factor=4, mode="nearest")
        return soft, cells, F.conv2d(F.pad(big, (2, 2, 2, 2), mode="replicate"), gauss)

    # Table III
    def discriminator(self, x, w):
        table = [(w // 2, 8, 2, 3), (w // 2, 3, 1, 1), (w, 4, 2, 1), (w, 3, 1, 1), (2 * w, 4, 2, 1), (2 * w, 4, 2, 1)]
        maps = []
        for i, (out, kernel, stride, pad) in enumerate(table):
            x = F.leaky_relu(self.conv(x, f"convs.{i}", out, kernel, stride, pad), 0.2)
            maps.append(x)
        x = F.leaky_relu(self.linear(x.flatten(1), "hidden", math.ceil(1000 * w / 64)), 0.2)
        return self.linear(x, "last", 1), maps[2], maps[3]

    # Table IV
    def denoiser(self, x, w):
        for i in range(5):
            x = F.relu(self.conv(x, f"convs.{i}", w, 3, 1, 1))
        return self.conv(x, "convs.5", 3, 3, 1, 1)

    def judge(self, x):
        def block(y, name, out, stride):
            past = self.conv_norm(y, name + ".past", out, 1, 2, 0) if stride == 2 else y
            y = F.relu(self.conv_norm(y, name + ".first", out, 3, stride, 1))
            return F.relu(self.conv_norm(y, name + ".second", out, 3, 1, 1) + past)

        x = F.relu(self.conv_norm(x, "convs.0", 32, 4, 2, 1))
        x = F.relu(self.conv_norm(x, "convs.1", 64, 4, 2, 1))
        features = block(block(x, "blocks.0", 64, 1), "blocks.1", 128, 2)
        x = block(features, "blocks.2", 128, 2)
        return self.linear(F.relu(self.linear(x.flatten(1), "hidden", 128)), "last", 1), features


class Binarise(torch.autograd.Function):
    @staticmethod
    def forward(ctx, e):
        ctx.save_for_backward(e)
        return (e > 0.5).float()

    @staticmethod
    def backward(ctx, grad):
        (e,) = ctx.saved_tensors
        return grad * ((e >= 0) & (e <= 1)).float()


def numbers(names, call, size, training):
    net = Net(training)
    x = formula("x", (2, 3, size, size)).requires_grad_()
    outputs = dict(zip(names, call(net, x)))
    loss = sum((value * torch.from_numpy(mixed("gradient " + name, value.numel())).reshape(value.shape)).sum()
               for name, value in outputs.items())
    result = {"outputs": {name: summary(name, value) for name, value in outputs.items()}}
    if training:
        loss.backward()
        result["gradients"] = {name: summary(name, p.grad) for name, p in net.parameters.items()}
        result["x"] = summary("x", x.grad)
        result["statistics"] = {name: summary(name, b) for name, b in net.buffers.items()}
    return result


def transfer(net, x):
    t = net.transform(x, 4)
    soft, cells, m = net.mask(x, 4)
    return t, soft, cells, m, m * t + (1 - m) * x


def solver(make):
    value = torch.nn.Parameter(torch.from_numpy(mixed("value", 6)))
    optimiser = make([value])
    for step in range(5):
        value.grad = torch.from_numpy(mixed(f"gradient {step}", 6)) * 10 ** float(step % 3 - 1)
        optimiser.step()
    return value.tolist()


def spectral():
    """Two layers as D has them, three training passes of PyTorch's own spectral normalisation; the last one's gradients."""
    result = {}
    for name, layer in {"conv": torch.nn.Conv2d(4, 6, 3, bias=False), "linear": torch.nn.Linear(5, 3, bias=False)}.items():
        shape = layer.weight.shape
        layer.weight.data = torch.from_numpy(mixed(name, layer.weight.numel())).reshape(shape)
        layer = torch.nn.utils.spectral_norm(layer)
        layer.weight_u.data = torch.from_numpy(mixed("left " + name, shape[0]))
        x = torch.zeros(1, *([4, 3, 3] if name == "conv" else [5]))
        for _ in range(3):
            layer(x)
        probe = torch.from_numpy(mixed("gradient " + name, layer.weight.numel())).reshape(shape)
        (layer.weight * probe).sum().backward()
        result[name] = {"weight": layer.weight.flatten().tolist(), "gradient": layer.weight_orig.grad.flatten().tolist()}
    return result


def networks(training):
    run = lambda names, call, size: numbers(names.split(), call, size, training)
    return {
        "transfer": run("transformed soft cells mask result", transfer, 64),
        "discriminator": run("score conv3 conv4", lambda net, x: net.discriminator(x, 4), 64),
        "denoiser": run("residual", lambda net, x: [net.denoiser(x, 4)], 32),
        "judge": run("logit features", lambda net, x: net.judge(x), 32),
    }


text = json.dumps({
    "training": networks(True),
    "inference": networks(False),
    "adam": solver(lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.5, 0.99))),
    "rms-prop": solver(lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9)),
    "spectral": spectral(),
}, indent=1)
# A list of numbers on one line.
print(re.sub(r"\[[^][{}]*\]", lambda found: " ".join(found[0].split()), text))
