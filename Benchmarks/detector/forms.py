#!/usr/bin/env python3
"""Forms of a detector's network, loss and squares side by side: one short recipe for all, on HIT-UAV's dates to fit on.

usage: forms.py SEXTANT SOURCE FOLDER [--leave-out DATE...] [--size nano] [--epochs 20] [--form NAME...]

SOURCE is as for hit-uav.py. Learned is from the dates that are not left out, measured on those that are. FOLDER gets the arranged pictures and the
models FORM.onnx; a form whose model is there is not trained again, and one that was stopped goes on. Prints a row a form: AP at a rotated overlap of 0.5
of each class, parameters, and the training's seconds of processor time (of this run alone, where it went on).
"""
import argparse
import json
import pathlib
import re
import resource
import subprocess
import sys

CLASSES = ["Person", "Car", "Bicycle"]
FORMS = {
    "conv": [],
    "vit": ["--blocks", "vit"],
    "kan": ["--blocks", "kan"],
    "mix": ["--blocks", "mix"],
    "gwd": ["--box-loss", "gwd"],
    "kld": ["--box-loss", "kld"],
    "piou": ["--box-loss", "piou"],
    "comp-sum": ["--centre-loss", "comp-sum"],
    "angle": ["--angle-weight", "1"],
    "recursive": ["--task-weights", "recursive"],
    "mosaic": ["--mosaic", "0.5"],
    "paste": ["--paste", "0.5"],
    "embedding": ["--embedding"],
}

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("program")
parser.add_argument("source")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--leave-out", nargs="+", default=["20210116", "20210118"])
parser.add_argument("--size", default="nano")
parser.add_argument("--epochs", default="20")
parser.add_argument("--form", nargs="+", choices=FORMS, default=list(FORMS))
options = parser.parse_args()

data = options.folder / "data"
arrange = pathlib.Path(__file__).with_name("hit-uav.py")
subprocess.run([sys.executable, arrange, options.source, data, "--leave-out", *options.leave_out], check=True, stdout=sys.stderr)
print("| form | " + " | ".join(CLASSES) + " | parameters | seconds |\n|---|" + "---:|" * (len(CLASSES) + 2), flush=True)
for form in options.form:
    model = options.folder / f"{form}.onnx"
    seconds = ""
    if not model.exists():
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        train = [options.program, "train", "detector", "--data", data, "--format", "hit-uav", "--ignore-classes", "DontCare", "--size", options.size,
                 "--epochs", options.epochs, "--measure-every", options.epochs, "--flip-upright", "--quiet", "-o", options.folder / form, "--resume"]
        subprocess.run(list(map(str, train)) + FORMS[form], check=True)
        seconds = f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before:.0f}"
    measured = [record for record in map(json.loads, open(options.folder / f"{form}.log.jsonl")) if "classes" in record][-1]["classes"]
    parameters = re.search(r"(\d+) parameters", (options.folder / f"{form}.md").read_text()).group(1)
    cells = [f"{measured.get(name, float('nan')):.3f}" for name in CLASSES]
    print(f"| {form} | " + " | ".join(cells + [parameters, seconds]) + " |", flush=True)
