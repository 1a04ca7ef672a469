"""One edit as the tool that a user would write: onnxruntime, OpenCV and numpy, the same weights and the same steps.

Reads one JSON object a line from stdin and answers each with one; `cargo xtask speed` asks.
"""

import json
import sys
import time

import cv2
import numpy as np
import onnxruntime as ort

SIDE = 128
TEMPLATE = np.float64([[41.5, 46.5], [87.5, 46.5], [64.1, 75.5], [44.9, 96.0], [85.0, 96.0]])
WINDOW, SIGMA, SHUT, OPEN = 0.1, 1.0, 6 / 255, 20 / 255


def smoothstep(low, high, value):
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def window():
    edge = np.minimum(np.arange(SIDE), SIDE - 1 - np.arange(SIDE))
    side = smoothstep(0, WINDOW * SIDE, edge)
    return np.outer(side, side).astype(np.float32)


def align(points):
    """The similarity that takes the points nearest to the template: 2x3, pixel corners at whole numbers."""
    source, target = points - points.mean(0), TEMPLATE - TEMPLATE.mean(0)
    p, q = source @ [1, 1j], target @ [1, 1j]
    z = (np.conj(p) * q).sum() / (np.abs(p) ** 2).sum()
    matrix = np.array([[z.real, -z.imag, 0], [z.imag, z.real, 0]])
    matrix[:, 2] = TEMPLATE.mean(0) - matrix[:, :2] @ points.mean(0)
    return matrix


def whole(matrix):
    return np.vstack([matrix, [0, 0, 1]])


def centred(matrix):
    """The same for OpenCV, whose whole numbers are pixel centres."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return (np.linalg.inv(half) @ whole(matrix) @ half)[:2]


class Peer:
    def __init__(self, model):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 2
        cv2.setNumThreads(2)
        self.session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.window = window()
        self.image = self.zeros = np.zeros((1, 3, SIDE, SIDE), np.float32)

    def load(self, path, width, height, points):
        self.picture = np.fromfile(path, np.uint8).reshape(height, width, 4)
        self.points = np.float64(points)

    def bare(self):
        """The network alone, on the last edit's crop and on zeros, which it is quicker through."""
        return {"network": self.timed(self.image), "zeros": self.timed(self.zeros)}

    def timed(self, image):
        start = time.perf_counter()
        self.session.run(None, {"image": image})
        return time.perf_counter() - start

    def edit(self, strength):
        times = [time.perf_counter()]
        picture = self.picture.copy()
        matrix = align(self.points)
        back = np.linalg.inv(whole(matrix))
        corners = (back @ [[0, SIDE, 0, SIDE], [0, 0, SIDE, SIDE], [1, 1, 1, 1]])[:2]
        low = np.maximum(np.floor(corners.min(1)).astype(int), 0)
        high = np.minimum(np.ceil(corners.max(1)).astype(int), picture.shape[1::-1])
        region = picture[low[1] : high[1], low[0] : high[0]]
        moved = whole(matrix) @ [[1, 0, low[0]], [0, 1, low[1]], [0, 0, 1]]
        # OpenCV's warp looks at four pixels whatever the scale: shrink by area first.
        factor = max(int(1 / np.hypot(matrix[0, 0], matrix[1, 0])), 1)
        size = [max(side // factor, 1) for side in region.shape[1::-1]]
        small = cv2.resize(region[..., :3], size, interpolation=cv2.INTER_AREA)
        scale = np.diag([region.shape[1] / size[0], region.shape[0] / size[1], 1])
        crop = cv2.warpAffine(
            small, centred((moved @ scale)[:2]), (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        crop = crop.astype(np.float32) / 255
        times.append(time.perf_counter())
        self.image = np.ascontiguousarray((crop * 2 - 1).transpose(2, 0, 1)[None])
        transformed, mask = self.session.run(["transformed", "mask"], {"image": self.image})
        times.append(time.perf_counter())
        transformed = np.clip((transformed[0].transpose(1, 2, 0) + 1) / 2, 0, 1)
        weight = np.clip(mask[0, 0], 0, 1) * self.window
        change = transformed - crop
        blurred = cv2.GaussianBlur(change, (9, 9), SIGMA, borderType=cv2.BORDER_REPLICATE)
        gate = smoothstep(SHUT, OPEN, np.abs(blurred).mean(2))
        times.append(time.perf_counter())
        up = lambda plane: cv2.warpAffine(
            plane,
            centred(moved[:2]),
            region.shape[1::-1],
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        m = np.clip(cv2.warpAffine(
            weight, centred(moved[:2]), region.shape[1::-1], flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        ), 0, 1)[..., None]
        g = np.clip(up(gate.astype(np.float32)), 0, 1)[..., None]
        x = region[..., :3].astype(np.float32) / 255
        x += strength * m * (up(change) - g * (x - up(crop)))
        region[..., :3] = np.where(m > 0, np.clip(x * 255 + 0.5, 0, 255), region[..., :3])
        times.append(time.perf_counter())
        self.edited = picture
        names = ["warp", "network", "gate", "composite"]
        spent = dict(zip(names, np.diff(times)))
        return spent | {"whole": times[-1] - times[0]}

    def save(self, path):
        self.edited.tofile(path)
        return {}


def memory(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))


def main():
    peer = Peer(sys.argv[1])
    for line in sys.stdin:
        ask = json.loads(line)
        name = ask.pop("do")
        if name == "memory":
            answer = {key: memory(key) for key in ("VmRSS", "VmHWM")}
        else:
            answer = getattr(peer, name)(**ask) or {}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
