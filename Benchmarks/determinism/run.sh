#!/bin/sh
# Byte identity of the stream on two runs and on one, two and seven threads: Benchmarks/determinism/run.sh SEXTANT VIDEO...
set -eu
program=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for video in "$@"; do
  for threads in 1 2 2 7; do
    "$program" track "$video" --threads "$threads" --forecast 0.5 --backfill --quiet | sha256sum | cut -c1-16
  done >"$folder/sums"
  echo "$(basename "$video")  $(sort -u "$folder/sums" | wc -l) distinct of 4 runs  $(head -1 "$folder/sums")"
done
