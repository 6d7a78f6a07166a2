"""Tracks of masks: every field of `sextant evaluate tracks --similarity mask --json` against TrackEval 1.3.0.

    python mask_parity.py SEXTANT [COUNT]           compares on COUNT made sequences, half KITTI-MOTS and half MOTS Challenge
    python mask_parity.py --fixture FILE            stores a few of them with TrackEval's scores for the tests

The sequences have empty frames and sides, halves of objects (a similarity of exactly 0.5), equal masks, regions to ignore, masks that lie
half in such a region, ids in any order and, in KITTI-MOTS, two classes. TrackEval reads the same files as the program does.
"""

import contextlib
import io
import json
import os
import random
import sys
import tempfile

import numpy as np
import trackeval
from pycocotools import mask as coco

from kitti import write
from track_parity import report, sextant, worst

HEIGHT, WIDTH = 24, 40
REGION = 10
CURVES = {"HOTA", "DetA", "AssA", "DetRe", "DetPr", "AssRe", "AssPr", "LocA", "OWTA"}


def row(frame, identity, number, pixels):
    text = coco.encode(np.asfortranarray(pixels.astype(np.uint8)))["counts"].decode()
    return f"{frame} {identity} {number} {HEIGHT} {WIDTH} {text}\n"


def painted(generator, objects):
    """A picture of labels; later objects cover earlier ones, so that no pixel has two."""
    picture = np.zeros((HEIGHT, WIDTH), int)
    for label, (x, y, w, h) in objects.items():
        picture[max(0, y):y + h, max(0, x):x + w] = label
    return picture


def sequence(seed):
    """The lines of truth and result, and the number of frames."""
    generator = random.Random(seed)
    is_kitti = seed % 2 == 0
    first, classes = (0, (1, 2)) if is_kitti else (1, (2,))
    frames = generator.randrange(1, 16)
    count = generator.choice((0, 1, 3, 6))
    places = {i + 1: [generator.randrange(-4, WIDTH), generator.randrange(-4, HEIGHT), *generator.choice(((4, 4), (8, 6), (6, 12)))] for i in range(count)}
    speed = {i: (generator.randrange(-1, 2), generator.randrange(-1, 2)) for i in places}
    number = {i: generator.choice(classes) for i in places}
    name = {i: 100 * generator.randrange(1, 9) + i for i in places}
    region = generator.choice((None, (0, 0, 20, 24), (14, 6, 12, 12)))
    style = generator.randrange(5)
    truth, result = "", ""
    for frame in range(first, first + frames):
        for i in places:
            places[i][:2] = [a + b for a, b in zip(places[i][:2], speed[i])]
        present = {i: place for i, place in places.items() if generator.random() < 0.85}
        picture = painted(generator, present)
        for i in present:
            if (picture == i).any():
                truth += row(frame, 1000 * number[i] + i, number[i], picture == i)
        if region and generator.random() < 0.9:
            x, y, w, h = region
            ignored = np.zeros_like(picture, bool)
            ignored[y:y + h, x:x + w] = True
            ignored &= picture == 0
            if ignored.any():
                # In two parts now and then, as annotations have several regions a frame.
                for part in (ignored & (np.arange(WIDTH) < 10), ignored & (np.arange(WIDTH) >= 10)) if frame % 3 == 0 else (ignored,):
                    truth += row(frame, 10000, REGION, part)
        if generator.random() < 0.1 or style == 4:
            continue
        shift = generator.choice((0, 0, 1, 2)) if style != 0 else 0
        moved = {i: (x + shift, y, w, h) for i, (x, y, w, h) in present.items() if generator.random() < 0.9}
        for i in range(generator.randrange(3)):
            moved[50 + i] = (generator.randrange(WIDTH), generator.randrange(HEIGHT), 5, 4)
        found = painted(generator, moved)
        for i in moved:
            parts = [found == i]
            if style == 1:
                columns = np.flatnonzero(parts[0].any(axis=0))
                half = columns[len(columns) // 2] if len(columns) else 0
                parts = [parts[0] & (np.arange(WIDTH) < half), parts[0] & (np.arange(WIDTH) >= half)]
            for place, part in enumerate(parts):
                if part.any():
                    if generator.random() < 0.05:
                        name[i] = 100 * generator.randrange(10, 99) + i
                    result += row(frame, name.get(i, i) + 10000 * place, number.get(i, generator.choice(classes)), part)
    return truth, result, frames


def lay_out(folder, seeds):
    """Writes both benchmarks' folders; returns the number of frames of each sequence."""
    lengths = {"kitti": {}, "mots": {}}
    for seed in seeds:
        benchmark = "kitti" if seed % 2 == 0 else "mots"
        name = "%04d" % seed
        truth, result, lengths[benchmark][name] = sequence(seed)
        place = f"label_02/{name}.txt" if benchmark == "kitti" else f"{name}/gt/gt.txt"
        write(f"{folder}/{benchmark}/truth/{place}", truth)
        write(f"{folder}/{benchmark}/results/made/data/{name}.txt", result)
        if benchmark == "mots":
            write(f"{folder}/mots/truth/{name}/seqinfo.ini", f"[Sequence]\nname={name}\nseqLength={lengths['mots'][name]}\n")
    lines = [f"{name} empty 000000 {length - 1:06d}\n" for name, length in lengths["kitti"].items()]
    write(f"{folder}/kitti/truth/evaluate_mots.seqmap.val", "".join(lines))
    return lengths


def trackeval_scores(folder, benchmark, lengths):
    """Class to sequence, or COMBINED, to the fields of the three metrics."""
    kind = trackeval.datasets.KittiMOTS if benchmark == "kitti" else trackeval.datasets.MOTSChallenge
    config = kind.get_default_dataset_config()
    config.update(
        GT_FOLDER=f"{folder}/{benchmark}/truth", TRACKERS_FOLDER=f"{folder}/{benchmark}/results", TRACKERS_TO_EVAL=["made"],
        SEQ_INFO=lengths, PRINT_CONFIG=False)
    if benchmark == "mots":
        config["SKIP_SPLIT_FOL"] = True
    with contextlib.redirect_stdout(io.StringIO()):
        dataset = kind(config)
        quiet = {"PRINT_CONFIG": False}
        metrics = (trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(quiet), trackeval.metrics.Identity(quiet))
        raw = {name: dataset.get_raw_seq_data("made", name) for name in lengths}
        scores = {}
        for label in config["CLASSES_TO_EVAL"]:
            scores[label] = {name: {} for name in [*lengths, "COMBINED"]}
            for name in lengths:
                data = dataset.get_preprocessed_seq_data(raw[name], label)
                for metric in metrics:
                    scores[label][name].update(metric.eval_sequence(data))
            for metric in metrics:
                parts = {name: scores[label][name] for name in lengths}
                scores[label]["COMBINED"].update(metric.combine_sequences(parts))
    return scores


def compare(program, count):
    with tempfile.TemporaryDirectory() as folder:
        lengths = lay_out(folder, range(count))
        for benchmark in ("kitti", "mots"):
            truth, result = f"{folder}/{benchmark}/truth", f"{folder}/{benchmark}/results/made"
            ours = sextant(program, "--truth", truth, "--result", result, "--similarity", "mask")
            theirs = trackeval_scores(folder, benchmark, lengths[benchmark])
            differences = []
            for label, scores in theirs.items():
                for sequence in ours["sequences"]:
                    part = next((part for part in sequence["classes"] if part["class"] == label), None)
                    expected = scores[sequence["name"]]
                    if part:
                        differences.append(worst(part["metrics"], expected))
                    else:
                        # A class that neither side of the sequence has is not listed.
                        assert expected["CLR_FN"] == expected["CLR_FP"] == expected["CLR_TP"] == 0
                combined = next(part for part in ours["combined"] if part["class"] == label)
                differences.append(worst(combined["metrics"], scores["COMBINED"]))
            assert len(ours["sequences"]) == len(lengths[benchmark])
            report(f"{benchmark.upper()} masks, {len(lengths[benchmark])} made sequences and combined", differences)


def fixture(path):
    """A few sequences as text with the fields that the tests compare; curves as means."""
    stored = {}
    with tempfile.TemporaryDirectory() as folder:
        lengths = lay_out(folder, range(12))
        for benchmark, frames in lengths.items():
            scores = {
                label: {
                    name: {
                        field: float("%.13g" % np.mean(value)) for field, value in fields.items()
                        if field in CURVES or np.ndim(value) == 0}
                    for name, fields in parts.items()}
                for label, parts in trackeval_scores(folder, benchmark, frames).items()}
            texts = [sequence(int(name)) for name in frames]
            stored[benchmark] = {
                "sequences": [
                    {"name": name, "frames": frames[name], "truth": truth, "result": result}
                    for name, (truth, result, _) in zip(frames, texts)],
                "scores": scores}
    with open(path, "w") as file:
        json.dump(stored, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    if sys.argv[1] == "--fixture":
        fixture(sys.argv[2])
    else:
        compare(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 120)
