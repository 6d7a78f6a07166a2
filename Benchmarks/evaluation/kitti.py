"""The public KITTI sequences in the layout that TrackEval asks for, and nine results for them."""

import gzip
import os
import random

SEQUENCES = ["%04d" % number for number in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14)]


def text(path):
    with gzip.open(path, "rt") as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(content)


def lay_out(data, folder):
    """Truth and seqmap; returns the folder of the truth."""
    truth = os.path.join(folder, "truth")
    for name in SEQUENCES:
        write(f"{truth}/label_02/{name}.txt", text(f"{data}/label_02/{name}.txt.gz"))
    lines = [line for line in open(f"{data}/seqmap.txt") if line.split()[:1] and line.split()[0] in SEQUENCES]
    write(f"{truth}/evaluate_tracking.seqmap.training", "".join(lines))
    return truth


def perturbed(label, generator, noise, misses, switches, surplus):
    """A result made of the truth: boxes moved, some left out, some surplus, ids that change now and then."""
    names = {}
    following = 1000
    rows = []
    for line in label.splitlines():
        columns = line.split()
        if columns[2] not in ("Car", "Pedestrian") or generator.random() < misses:
            continue
        identity = int(columns[1])
        if identity not in names or generator.random() < switches:
            names[identity] = following
            following += 1
        box = [float(value) for value in columns[6:10]]
        size = [box[2] - box[0], box[3] - box[1]]
        box = [value + generator.gauss(0, noise) * size[index % 2] for index, value in enumerate(box)]
        box = [min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])]
        spatial = [float(value) for value in columns[10:17]]
        for index, spread in ((3, 0.2), (5, 0.2), (6, 0.05)):
            spatial[index] += generator.gauss(0, spread)
        head = [columns[0], str(names[identity]), columns[2], "-1", "-1", columns[5]]
        rows.append(head + ["%.6f" % value for value in box + spatial] + ["0.9"])
        if generator.random() < surplus:
            moved = ["%.6f" % (value + 80 + 200 * generator.random()) for value in box]
            moved[2] = "%.6f" % (float(moved[0]) + size[0])
            moved[3] = "%.6f" % (float(moved[1]) + size[1])
            head = [columns[0], str(following), columns[2], "-1", "-1", columns[5]]
            following += 1
            rows.append(head + moved + ["%.6f" % value for value in spatial] + ["0.4"])
    return "".join(" ".join(row) + "\n" for row in rows)


def nine_results(data, folder):
    """CIWT as stored and eight made of the truth; returns their names."""
    names = ["ciwt"]
    for sequence in SEQUENCES:
        write(f"{folder}/results/ciwt/data/{sequence}.txt", text(f"{data}/ciwt/{sequence}.txt.gz"))
    for number in range(8):
        name = f"made-{number}"
        names.append(name)
        generator = random.Random(number)
        for sequence in SEQUENCES:
            label = text(f"{data}/label_02/{sequence}.txt.gz")
            result = perturbed(label, generator, 0.02 + 0.01 * number, 0.05 * number, 0.005 * number, 0.1)
            write(f"{folder}/results/{name}/data/{sequence}.txt", result)
    return names
