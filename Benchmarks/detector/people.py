#!/usr/bin/env python3
"""Average precision of people on the twelve MOT17 pictures of `mot`, by `sextant detect` and `sextant evaluate boxes`.

usage: people.py SEXTANT SHARED_DATA FOLDER MODEL.onnx[@HxW] ...

The truth are the rows of flag 1 (424 boxes, all of people); boxes from a score of 0.01 on count, at an upright overlap of 0.5, by all points
of the curve. Times are of the whole command a picture.
"""
import csv
import io
import json
import pathlib
import shutil
import subprocess
import sys
import time

SEQUENCES = {"MOT17-02-FRCNN": 4, "MOT17-04-FRCNN": 8}


def arrange(data, folder):
    """Pictures under names of their own and their truth as COCO's JSON."""
    images, annotations = [], []
    for sequence, count in SEQUENCES.items():
        for frame in range(1, count + 1):
            name = f"{sequence}-{frame:06d}.jpg"
            shutil.copyfile(data / sequence / "img1" / f"{frame:06d}.jpg", folder / name)
            images.append({"id": len(images) + 1, "file_name": name, "width": 1920, "height": 1080})
        numbers = {image["file_name"]: image["id"] for image in images}
        for line in (data / sequence / "gt/gt.txt").read_text().splitlines():
            frame, _, left, top, width, height, flag, *_ = line.split(",")
            if flag != "1":
                continue
            # MOTChallenge counts pixels from 1.
            box = [float(left) - 1, float(top) - 1, float(width), float(height)]
            annotations.append({
                "id": len(annotations) + 1, "image_id": numbers[f"{sequence}-{int(frame):06d}.jpg"], "category_id": 1, "bbox": box,
                "area": box[2] * box[3], "iscrowd": 0})
    truth = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "person"}]}
    (folder / "truth.json").write_text(json.dumps(truth))
    return [folder / image["file_name"] for image in images]


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    sextant, data, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    pictures = arrange(data / "mot", folder)
    print("| network | input | person, AP50 | ms a picture |\n|---|---|---|---|")
    for model in sys.argv[4:]:
        path, _, size = model.partition("@")
        asked = ["--detector-size", size] if size else []
        start = time.monotonic()
        subprocess.run([sextant, "detect", *pictures, "--model", path, *asked, "--min-score", "0.01", "-o", folder / "found.jsonl",
                        "--overwrite"], check=True, stderr=subprocess.DEVNULL)
        spent = 1000 * (time.monotonic() - start) / len(pictures)
        found = folder / "people.jsonl"
        with open(found, "w") as out:
            for line in open(folder / "found.jsonl"):
                record = json.loads(line)
                record["boxes"] = [box for box in record["boxes"] if box["class"] == "person"]
                out.write(json.dumps(record, separators=(",", ":")) + "\n")
        table = subprocess.run(
            [sextant, "evaluate", "boxes", "--truth", folder / "truth.json", "--result", found, "--thresholds", "0.5", "--similarity",
             "iou", "--csv", "-q"], check=True, capture_output=True, text=True).stdout
        row = next(row for row in csv.DictReader(io.StringIO(table.split("\n\n")[0])) if row["class"] == "person")
        print(f"| {pathlib.Path(path).stem} | {size or 'its own'} | {float(row['AP50']):.3f} | {spent:.0f} |", flush=True)


if __name__ == "__main__":
    main()
