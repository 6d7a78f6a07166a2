"""Random tracking sequences and what TrackEval makes of them.

The sequences come from a small generator (SplitMix64, below) that the Swift tests repeat, so that only the scores are stored:

    python random_sequences.py 600 > ../../Tests/TrackEvaluationTests/Metrics/Fixtures/random-sequences.txt

Sequences are full of what breaks evaluators: ties, similarities of exactly 0.5, boxes that all overlap alike, empty frames, empty
sides, ids in any order. One line a sequence: its seed, then the fields in the order of HEADER.
"""

import sys

import numpy as np
from trackeval.metrics import CLEAR, HOTA, Identity

MASK = (1 << 64) - 1
CURVES = ["HOTA", "DetA", "AssA", "DetRe", "DetPr", "AssRe", "AssPr", "LocA", "OWTA"]
REALS = ["MOTA", "MOTP", "MODA", "MTR", "PTR", "MLR", "sMOTA", "CLR_F1", "FP_per_frame", "MOTAL", "MOTP_sum", "IDF1", "IDR", "IDP"]
COUNTS = ["CLR_TP", "CLR_FN", "CLR_FP", "IDSW", "MT", "PT", "ML", "Frag", "CLR_Frames", "IDTP", "IDFN", "IDFP"]


class Generator:
    """SplitMix64 (Steele, Lea, Flood, 2014)."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        return self.next() % bound


def similarity(rng, style, g, k, tracker_count):
    if style == 0:
        return rng.below(1001) / 1000
    if style == 1:
        return rng.below(1001) / 1000 if rng.below(4) == 0 else 0.0
    if style == 2:
        return rng.below(9) / 8 if rng.below(2) == 1 else 0.0
    if style == 3:
        return float(rng.below(2))
    if style == 4:
        if g % tracker_count == k:
            return (500 + rng.below(501)) / 1000
        return rng.below(600) / 1000 if rng.below(6) == 0 else 0.0
    return 0.5


def present(rng, count, percent):
    ids = [identity for identity in range(count) if rng.below(100) < percent]
    for i in range(len(ids) - 1, 0, -1):
        j = rng.below(i + 1)
        ids[i], ids[j] = ids[j], ids[i]
    return ids


def sequence(seed):
    """Per frame: truth ids, tracker ids, similarities."""
    rng = Generator(seed)
    frames = 1 + rng.below(30)
    most = 40 if seed % 10 == 9 else 9
    truth_count, tracker_count = rng.below(most), rng.below(most)
    style = rng.below(6)
    truth_percent, tracker_percent = (20, 70, 100)[rng.below(3)], (20, 70, 100)[rng.below(3)]
    result = []
    for _ in range(frames):
        truth = present(rng, truth_count, truth_percent)
        tracker = present(rng, tracker_count, tracker_percent)
        matrix = np.zeros((len(truth), len(tracker)))
        for i, g in enumerate(truth):
            for j, k in enumerate(tracker):
                matrix[i, j] = similarity(rng, style, g, k, tracker_count)
        result.append((truth, tracker, matrix))
    return result


def renumbered(frames):
    order = {label: number for number, label in enumerate(sorted({i for ids in frames for i in ids}))}
    return [np.array([order[i] for i in ids], dtype=int) for ids in frames], len(order)


def trackeval_data(frames):
    truth, truth_ids = renumbered([frame[0] for frame in frames])
    tracker, tracker_ids = renumbered([frame[1] for frame in frames])
    return {
        "num_timesteps": len(frames),
        "num_gt_ids": truth_ids,
        "num_tracker_ids": tracker_ids,
        "num_gt_dets": sum(map(len, truth)),
        "num_tracker_dets": sum(map(len, tracker)),
        "gt_ids": truth,
        "tracker_ids": tracker,
        "similarity_scores": [frame[2] for frame in frames],
    }


def evaluate(data):
    quiet = {"PRINT_CONFIG": False}
    fields = {}
    for metric in (HOTA(), CLEAR(quiet), Identity(quiet)):
        fields.update(metric.eval_sequence(data))
    return fields


def main():
    count = int(sys.argv[1])
    print("#", " ".join(["seed"] + CURVES + REALS + COUNTS), "and HOTA_TP at 19 thresholds; curves as means")
    for seed in range(count):
        fields = evaluate(trackeval_data(sequence(seed)))
        values = [str(seed)]
        values += ["%.13g" % np.mean(fields[name]) for name in CURVES]
        values += ["%.13g" % fields[name] for name in REALS]
        values += ["%d" % fields[name] for name in COUNTS]
        curve = np.zeros(19) + fields["HOTA_TP"]
        values += ["%d" % value for value in curve]
        print(" ".join(values))


if __name__ == "__main__":
    main()
