#!/usr/bin/env python3
"""Pictures to judge by eye what the tracks are that are not the truth: 20 frames a clip, drawn by lot.

    Benchmarks/motion-detector/judge.py SHARED_DATA SEXTANT FOLDER [--only davis,clips] [--seed 1]

For each clip FOLDER/CLIP.png shows, frame by frame, every confirmed track that does not cover the truth (all of a clip without one): the box in
red with its surroundings, the truth in green, and under it its number, its frame and its id. Needs Python with OpenCV and NumPy.
"""
import argparse
import pathlib
import random

import cv2
import numpy as np

import score

FRAMES = 20
TILE = 150
COLUMNS = 10


def confirmed(program, video):
    """The boxes and ids of the confirmed tracks of each frame."""
    frames, _ = score.tracked(program, video)
    return [[(t["id"], score.hull(t["box"])) for t in r["tracks"] if t["state"] == "confirmed"] for r in frames]


def pictures(video, wanted):
    """The pictures of some frames."""
    capture, found, frame = cv2.VideoCapture(str(video)), {}, 0
    while frame <= max(wanted):
        is_read, picture = capture.read()
        if not is_read:
            break
        if frame in wanted:
            found[frame] = picture
        frame += 1
    return found


def tile(picture, box, truth, text):
    """A box with its surroundings: three times its longer side, at least 80 pixels."""
    side = max(80, 3 * max(box[2] - box[0], box[3] - box[1]))
    left, top = (box[0] + box[2] - side) / 2, (box[1] + box[3] - side) / 2
    scale = TILE / side
    shown = cv2.warpAffine(picture, np.array([[scale, 0, -left * scale], [0, scale, -top * scale]]), (TILE, TILE), flags=cv2.INTER_AREA)
    for shape, color in ((truth, (0, 220, 0)), (box, (0, 0, 255))):
        if shape:
            corners = [(round((x - left) * scale), round((y - top) * scale)) for x, y in (shape[:2], shape[2:])]
            cv2.rectangle(shown, *corners, color, 1)
    shown = cv2.copyMakeBorder(shown, 0, 14, 1, 1, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    cv2.putText(shown, text, (2, TILE + 11), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255), 1)
    return shown


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--only", default="davis,clips")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for clip in score.clips(arguments.data):
        if clip.group not in arguments.only.split(","):
            continue
        video = clip.input[0]
        truth = score.davis_truth(arguments.data / "davis", clip.name) if clip.group == "davis" else []
        frames = confirmed(arguments.program, video)
        drawn = sorted(random.Random(f"{arguments.seed} {clip.name}").sample(range(len(frames)), min(FRAMES, len(frames))))
        shown, tiles = pictures(video, drawn), []
        for frame in drawn:
            wanted = truth[frame] if frame < len(truth) else None
            for identity, box in frames[frame]:
                if not (wanted and score.overlaps(box, wanted)):
                    tiles.append(tile(shown[frame], box, wanted, f"{len(tiles) + 1}: f{frame} #{identity}"))
        print(f"{clip.name}: {len(drawn)} frames, {len(tiles)} tracks that are not the truth")
        if tiles:
            tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
            rows = [np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)]
            cv2.imwrite(str(arguments.folder / f"{pathlib.Path(clip.name).stem}.png"), np.vstack(rows))


if __name__ == "__main__":
    main()
