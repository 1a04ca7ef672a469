#!/usr/bin/env python3
"""The steps of a training in PyTorch, timed in turn with those of `diat-train bench`.

    twin.py --program target/release/diat-train --recipe crates/train/recipes/mouth-open.toml --device libtorch

Same networks, sizes, batches, losses and solvers; same number of threads; each of --turns times first one program, then the
other, each in a process of its own. What is compared is the median of all steps of a kind. Needs Python 3.11 and PyTorch; only
terms that the two recipes `mouth-open` and `paper` have are known here, others are refused.
"""

import argparse
import copy
import json
import os
import subprocess
import sys
import time
import tomllib

WARM_UP = 2


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", default="target/release/diat-train")
    arguments.add_argument("--recipe", required=True)
    arguments.add_argument("--device", default="libtorch", help="of diat-train; libtorch-cuda:N has PyTorch use cuda:N")
    arguments.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="as diat-train takes it")
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    arguments.add_argument("--count", type=int, default=5, help="steps of a kind in a turn")
    arguments.add_argument("--turns", type=int, default=3)
    arguments.add_argument("--processor", action="store_true", help="compare the processors' time, for a machine that others use")
    arguments.add_argument("--json", help="write everything measured to this file")
    arguments.add_argument("--own", action="store_true", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.own:
        print(json.dumps(own(options)))
        return
    compare(options)


def compare(options):
    environment = os.environ | {
        "OMP_NUM_THREADS": str(options.threads),
        "RAYON_NUM_THREADS": str(options.threads),
    }
    settings = [word for value in options.set for word in ("--set", value)]
    ours = [options.program, "bench", options.recipe, "--device", options.device, "--count", str(options.count), "--json"]
    theirs = [sys.executable, __file__, "--own", "--recipe", options.recipe, "--device", options.device]
    theirs += ["--count", str(options.count), "--threads", str(options.threads)]
    measured = {"ours": {}, "pytorch": {}}
    pictures = {}
    for turn in range(options.turns):
        for side, command in (("ours", ours), ("pytorch", theirs)):
            output = subprocess.run(command + settings, env=environment, stdout=subprocess.PIPE, check=True).stdout
            for row in json.loads(output):
                measured[side].setdefault(row["step"], []).extend(row["processor" if options.processor else "seconds"])
                pictures[row["step"]] = row["pictures"]
        print(f"turn {turn + 1} of {options.turns}", file=sys.stderr)
    print(f"{options.recipe}, {' '.join(options.set)}, {options.threads} threads, {options.turns} turns of {options.count} steps")
    print(f"| step | pictures | {options.device}, pictures a second | PyTorch | its time through PyTorch's |")
    print("|---|---|---|---|---|")
    for step, count in pictures.items():
        if not all(step in side for side in measured.values()):
            continue
        a, b = (median(measured[side][step]) for side in ("ours", "pytorch"))
        print(f"| {step} | {count} | {count / a:.1f} | {count / b:.1f} | {a / b:.2f} |")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"options": vars(options), "seconds": measured}, file, indent=1)


def median(values):
    return sorted(values)[len(values) // 2]


def own(options):
    """The same rows as `diat-train bench --json`."""
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    device = torch.device(options.device.replace("libtorch-", "") if "cuda" in options.device else "cpu")
    with open(options.recipe, "rb") as file:
        recipe = tomllib.load(file)
    for value in options.set:
        path, text = value.split("=", 1)
        *folders, key = path.split(".")
        table = recipe
        for folder in folders:
            table = table[folder]
        table[key] = tomllib.loads(f"value = {text}")["value"]
    twin = Twin(recipe, device)
    rows = []
    for step, pictures, take in twin.steps():
        seconds, processor = [], []
        for number in range(WARM_UP + options.count):
            start, used = time.perf_counter(), time.process_time()
            # Ends with the terms read, as ours.
            for value in take():
                float(value)
            if number >= WARM_UP:
                seconds.append(time.perf_counter() - start)
                processor.append(time.process_time() - used)
        rows.append({"step": step, "pictures": pictures, "seconds": seconds, "processor": processor})
    return rows


class Twin:
    def __init__(self, recipe, device):
        import numpy
        import torch

        self.recipe, self.device, self.torch = recipe, device, torch
        known = {"gan", "adversarial", "l1", "map-smoothness", "perceptual", "ratio", "identity", "smoothness"}
        unknown = set(recipe["loss"]) - known
        if unknown or recipe["loss"].get("identity", {}).get("vgg-face"):
            sys.exit(f"{sorted(unknown) or ['identity.vgg-face']}: terms that this script does not have")
        network = recipe["network"]
        self.transfer = Transfer(network["width"], network["mask"]).to(device)
        spectral = recipe["loss"]["gan"] == "hinge"
        self.discriminator = Discriminator(network["width"], network["size"], spectral).to(device)
        self.average = copy.deepcopy(self.transfer) if "average" in recipe else None
        random = numpy.random.default_rng(1)
        size = network["size"]
        self.noise = lambda count: random.uniform(-1, 1, (count, 3, size, size)).astype("float32")

    def steps(self):
        """(name, pictures, a step that gives its terms), in the order of `diat-train bench`."""
        recipe, torch = self.recipe, self.torch
        if "denoiser" in recipe:
            phase = recipe["denoiser"]["phase"]
            denoiser = Denoiser(recipe["denoiser"]["width"]).to(self.device)
            yield "denoiser", 2 * phase["batch"], self.denoise(denoiser, phase)
        phase = recipe["pretrain"]["transform"]
        yield "transform", 2 * phase["batch"], self.reconstruct(phase)
        phase = recipe["pretrain"]["discriminator"]
        yield "discriminator", 2 * phase["batch"], self.tell_apart(phase)
        schedule = recipe["schedule"]
        count = schedule["batch"]
        solvers = (
            solver(schedule["discriminator"], self.discriminator.parameters()),
            solver(schedule["transfer"], self.transfer.parameters()),
        )
        source, guided = self.noise(count), self.noise(count)

        def take(d, f):
            def step():
                terms = []
                x, real = self.put(source), self.put(guided)
                with torch.no_grad():
                    made = self.transfer(x)[0]
                if d:
                    terms += self.discriminate(real, made, solvers[0])
                    clip = schedule.get("clip")
                    if clip:
                        with torch.no_grad():
                            for value in self.discriminator.parameters():
                                value.clamp_(-clip, clip)
                if d and f:
                    x = self.put(source)
                if f:
                    terms += self.change(x, solvers[1])
                self.move_average()
                return terms

            return step

        yield "d", 2 * count, take(True, False)
        yield "f", count, take(False, True)
        yield "round", 2 * count, take(True, True)

    def put(self, array):
        return self.torch.from_numpy(array.copy()).to(self.device)

    def both(self, count):
        arrays = self.noise(count), self.noise(count)
        return lambda: self.torch.cat([self.put(array) for array in arrays])

    def denoise(self, network, phase):
        torch = self.torch
        pictures, optimiser = self.both(phase["batch"]), solver(phase["optimiser"], network.parameters())
        deviation = self.recipe["denoiser"]["noise"] * 2 / 255

        def step():
            clean = pictures()
            noisy = clean + deviation * torch.randn_like(clean)
            loss = (network(noisy) + noisy - clean).square().sum((1, 2, 3)).mean()
            return descend(optimiser, loss)

        return step

    def reconstruct(self, phase):
        transform = self.transfer.transform
        pictures, optimiser = self.both(phase["batch"]), solver(phase["optimiser"], transform.parameters())

        def step():
            x = pictures()
            difference = transform(x) - x
            l1 = self.recipe["pretrain"]["l1"]
            loss = difference.abs().mean() if l1 else difference.square().sum((1, 2, 3)).mean()
            return descend(optimiser, loss)

        return step

    def tell_apart(self, phase):
        torch, network = self.torch, self.discriminator
        pictures, optimiser = self.both(phase["batch"]), solver(phase["optimiser"], network.parameters())
        count = phase["batch"]

        def step():
            wanted = torch.ones(2 * count, 1, device=self.device)
            wanted[:count] = -1
            return descend(optimiser, (network(pictures()) - wanted).square().mean())

        return step

    def discriminate(self, real, made, optimiser):
        torch = self.torch
        real, made = self.discriminator(torch.cat([real, made])).chunk(2)
        gan = self.recipe["loss"]["gan"]
        if gan == "hinge":
            loss = torch.relu(1 - real).mean() + torch.relu(1 + made).mean()
        elif gan == "wgan":
            loss = made.mean() - real.mean()
        else:
            sys.exit(f"{gan}: this script has hinge and wgan")
        return descend(optimiser, loss)

    def change(self, x, optimiser):
        torch, loss = self.torch, self.recipe["loss"]
        for value in self.discriminator.parameters():
            value.requires_grad_(False)
        self.discriminator.eval()  # its spectral estimates stay
        result, transformed, soft, cells = self.transfer(x)
        terms = [-self.discriminator(result).mean()]
        total = loss["adversarial"] * terms[0]

        def add(weight, value):
            nonlocal total
            terms.append(value)
            total = total + weight * value

        if "perceptual" in loss:
            term = loss["perceptual"]
            compared = transformed if term["of"] == "T" else result
            with torch.no_grad():
                wanted = self.discriminator.features(x)
            distance = 0
            for is_, should in zip(self.discriminator.features(compared), wanted):
                layer = (is_ - should).square().mean() / 2
                distance = distance + (layer / (should.square().mean() + 1e-8) if term["relative"] else layer)
            add(term["weight"], distance)
        if "ratio" in loss:
            term = loss["ratio"]
            shares, p = cells.mean((1, 2, 3)), term["share"]
            if term["band"]:
                outside = torch.relu(0.85 * p - shares).square() + torch.relu(shares - 1.15 * p).square()
            else:
                outside = (shares - p).square()
            add(term["weight"], outside.mean())
        if loss.get("map-smoothness"):
            across, down = soft.diff(dim=3), soft.diff(dim=2)
            add(loss["map-smoothness"], across.square().mean() + down.square().mean())
        if loss.get("l1"):
            add(loss["l1"], (transformed - x).abs().mean())
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        optimiser.step()
        self.discriminator.train()
        for value in self.discriminator.parameters():
            value.requires_grad_(True)
        return [value.detach() for value in terms]

    def move_average(self):
        if self.average is None:
            return
        decay = self.recipe["average"]["decay"]
        with self.torch.no_grad():
            for kept, value in zip(self.average.state_dict().values(), self.transfer.state_dict().values()):
                if kept.is_floating_point():
                    kept.lerp_(value, 1 - decay)


def descend(optimiser, loss):
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
    return [loss.detach()]


def solver(optimiser, parameters):
    import torch

    kind, rate = optimiser["solver"], optimiser["rate"]
    if "adam" in kind:
        return torch.optim.Adam(parameters, lr=rate, betas=(kind["adam"]["beta1"], kind["adam"]["beta2"]))
    return torch.optim.RMSprop(parameters, lr=rate, alpha=kind["rms-prop"]["decay"])



def networks():
    """Tables I to IV."""
    import torch
    from torch import nn
    from torch.nn import functional
    from torch.nn.utils.parametrizations import spectral_norm

    def conv(from_, to, kernel, stride, padding, norm):
        layer = nn.Conv2d(from_, to, kernel, stride, padding, bias=not norm)
        return nn.Sequential(layer, nn.BatchNorm2d(to)) if norm else layer

    class Transform(nn.Module):
        def __init__(self, w):
            super().__init__()
            encoder, decoder = [3, w, 2 * w, 4 * w, 8 * w, 8 * w], [8 * w, 8 * w, 4 * w, 2 * w, w]
            self.encoder = nn.ModuleList(conv(a, b, 4, 2, 1, True) for a, b in zip(encoder, encoder[1:]))
            self.decoder = nn.ModuleList(conv(a // 4, b, 3, 1, 1, True) for a, b in zip(decoder, decoder[1:]))
            self.down = nn.ModuleList(nn.PReLU(b) for b in encoder[1:])
            self.up = nn.ModuleList(nn.PReLU(b) for b in decoder[1:])
            self.last = conv(w // 4, 3, 5, 1, 2, False)

        def forward(self, x):
            maps = []
            for layer, prelu in zip(self.encoder, self.down):
                x = prelu(layer(x))
                maps.append(x)
            for layer, prelu, kept in zip(self.decoder, self.up, maps[-2::-1]):
                x = prelu(layer(functional.pixel_shuffle(x, 2)) + kept)
            return torch.tanh(self.last(functional.pixel_shuffle(x, 2)))

    class Binary(torch.autograd.Function):
        @staticmethod
        def forward(context, soft):
            return (soft > 0.5).to(soft.dtype)

        @staticmethod
        def backward(context, slope):
            return slope

    class Mask(nn.Module):
        def __init__(self, width):
            super().__init__()
            a, b = width // 2, width
            sizes = [(3, a, 4, 2), (a, b, 4, 2), (b, b, 3, 1), (b, b, 3, 1), (b, 1, 3, 1)]
            self.layers = nn.ModuleList(conv(*size, 1, True) for size in sizes)
            ends = torch.arange(-2.0, 3.0).square().div(-2 * 1.6**2).exp()
            kernel = torch.outer(ends, ends)
            self.register_buffer("kernel", (kernel / kernel.sum())[None, None])

        def forward(self, x):
            for index, layer in enumerate(self.layers):
                x = layer(x)
                if index < 4:
                    x = torch.relu(x)
            soft = torch.sigmoid(x)
            cells = Binary.apply(soft)
            wide = functional.interpolate(cells, scale_factor=4, mode="nearest")
            wide = functional.pad(wide, (2, 2, 2, 2), mode="replicate")
            return soft, cells, functional.conv2d(wide, self.kernel)

    class Transfer(nn.Module):
        def __init__(self, width, mask):
            super().__init__()
            self.transform, self.mask = Transform(width), Mask(width) if mask else None

        def forward(self, x):
            transformed = self.transform(x)
            if self.mask is None:
                return transformed, transformed, None, None
            soft, cells, mask = self.mask(x)
            return mask * transformed + (1 - mask) * x, transformed, soft, cells

    class Discriminator(nn.Module):
        def __init__(self, width, size, spectral):
            super().__init__()
            a, b, c = width // 2, width, 2 * width
            sizes = [(3, a, 8, 2, 3), (a, a, 3, 1, 1), (a, b, 4, 2, 1), (b, b, 3, 1, 1), (b, c, 4, 2, 1), (c, c, 4, 2, 1)]
            hidden = round(1000 * width / 64)
            layers = [nn.Conv2d(*size) for size in sizes]
            layers += [nn.Linear(c * (size // 16) ** 2, hidden), nn.Linear(hidden, 1)]
            self.layers = nn.ModuleList(map(spectral_norm, layers) if spectral else layers)

        def activated(self, x, layers):
            for layer in layers:
                x = functional.leaky_relu(layer(x), 0.2)
            return x

        def features(self, x):
            third = self.activated(x, self.layers[:3])
            return third, self.activated(third, self.layers[3:4])

        def forward(self, x):
            x = self.activated(x, self.layers[:6]).flatten(1)
            return self.layers[7](self.activated(x, self.layers[6:7]))

    class Denoiser(nn.Module):
        def __init__(self, width):
            super().__init__()
            channels = [3] + 5 * [width] + [3]
            self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, 1, 1) for a, b in zip(channels, channels[1:]))

        def forward(self, x):
            for layer in self.layers[:-1]:
                x = torch.relu(layer(x))
            return self.layers[-1](x)

    return Transfer, Discriminator, Denoiser


if __name__ == "__main__":
    if "--own" in sys.argv:
        Transfer, Discriminator, Denoiser = networks()
    main()
