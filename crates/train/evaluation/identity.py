"""Table VI: is the edited face still taken for the same person?

Reads the pictures that `diat-train eval` wrote and writes the JSON that its `--identity` reads:

    python3 -m venv v && v/bin/pip install -r requirements.txt
    v/bin/python identity.py OUT/edits identity.json
    diat-train eval ... --out OUT --identity identity.json

OUT/edits has a folder for each row of the table, with `before/NAME.png` and `after/NAME.png`. The network is dlib's face
recognition ResNet, trained by nobody here on nothing of ours; dlib gives 0.6 as the distance up to which two pictures show
one person (99.38% right on Labeled Faces in the Wild).
"""

import argparse
import importlib.util
import json
import pathlib
import sys

import dlib

NETWORK = "dlib_face_recognition_resnet_model_v1"
THRESHOLD = 0.6


def model(name):
    """A file of the package face_recognition_models, which is not imported: it needs an old setuptools."""
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None:
        sys.exit("the package face_recognition_models is not installed: pip install -r requirements.txt")
    return str(pathlib.Path(spec.origin).parent / "models" / name)


class Embedder:
    def __init__(self):
        self.detect = dlib.get_frontal_face_detector()
        self.points = dlib.shape_predictor(model("shape_predictor_5_face_landmarks.dat"))
        self.network = dlib.face_recognition_model_v1(model(NETWORK + ".dat"))

    def __call__(self, path):
        """The embedding of the largest face in a picture, or None."""
        picture = dlib.load_rgb_image(str(path))
        found = self.detect(picture, 0) or self.detect(picture, 1)
        if not found:
            return None
        face = max(found, key=lambda box: box.area())
        return self.network.compute_face_descriptor(picture, self.points(picture, face))


def distance(a, b):
    return sum((p - q) ** 2 for p, q in zip(a, b)) ** 0.5


def measure(row, embed):
    faces = {}
    for before in sorted((row / "before").glob("*.png")):
        after = row / "after" / before.name
        if not after.is_file():
            sys.exit(f"{after}: is missing; run diat-train eval again")
        pair = [embed(before), embed(after)]
        faces[before.stem] = None if None in pair else round(distance(*pair), 6)
    return faces


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edits", type=pathlib.Path, help="the folder edits/ of an evaluation")
    parser.add_argument("out", type=pathlib.Path, help="the JSON to write")
    parser.add_argument("--threshold", type=float, default=THRESHOLD, help="largest distance of one person (default: %(default)s)")
    asked = parser.parse_args()
    rows = sorted(row for row in asked.edits.glob("*") if (row / "before").is_dir()) if asked.edits.is_dir() else []
    if not rows:
        sys.exit(f"{asked.edits}: has no ROW/before/NAME.png; name the folder edits/ that diat-train eval wrote")
    embed = Embedder()
    report = {"network": NETWORK, "threshold": asked.threshold, "rows": {row.name: measure(row, embed) for row in rows}}
    asked.out.write_text(json.dumps(report, indent=1) + "\n")
    for name, faces in report["rows"].items():
        known = [d for d in faces.values() if d is not None]
        same = sum(d <= asked.threshold for d in known)
        mean = sum(known) / len(known) if known else float("nan")
        print(f"{name}: {same} of {len(faces)} the same person, mean distance {mean:.3f}, {len(faces) - len(known)} without a face")


if __name__ == "__main__":
    main()
