#!/bin/sh
# usage: time-mix.sh SEXTANT FOLDER
# A detector of what moves with and without the frame before (`train detector --time-mix`), learned from 20 made films of six seconds and measured on
# five others: the presets of `sextant synthesize`, seeds 1 to 5; each fifth film is held out, one of each preset.
set -eu
sextant=$1
folder=$2
mkdir -p "$folder/films"
film=0
for seed in 1 2 3 4 5; do
  for place in 0 1 2 3 4; do
    # Each seed's presets begin with another one, so that every fifth film is of another preset.
    set -- aerial fixed traffic crossing stress aerial fixed traffic crossing
    shift $(((place + seed - 1) % 5))
    film=$((film + 1))
    name=$folder/films/$(printf %02d "$film")
    "$sextant" synthesize "$1" -o "$name.mp4" --truth "$name.truth" --seed "$seed" --size 640x360 --duration 6 -q
    cp "$name.truth/gt.txt" "$name.txt"
  done
done
"$sextant" train evidence "$folder"/films/*.mp4 --before -o "$folder/moving" -q
for form in plain mix; do
  flag=$([ "$form" = mix ] && echo --time-mix || true)
  "$sextant" train detector --data "$folder/moving" --evidence $flag --epochs 12 --measure-every 12 -q -o "$folder/$form"
  tail -n 1 "$folder/$form.log.jsonl"
done
