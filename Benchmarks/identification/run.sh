#!/bin/sh
# The figures of the section "Identification": run.sh PROGRAM DATA-FOLDER SYNTHETIC-FOLDER
# DATA-FOLDER is ../shared/data/system-identification, SYNTHETIC-FOLDER what make-data.py has written.
set -e
program=$1 data=$2 synthetic=$3

silverbox() {
  echo "== silverbox $*"
  "$program" identify "$data/silverbox.csv.gz" --input V1 --output V2 --states 2 --sample-rate 610.3515625 \
    --train 40650:97020 --validate 97020:105712 --test 105712:127400 --test 100:40575 --test 100:32100 "$@"
}
tanks() {
  echo "== cascaded tanks $*"
  "$program" identify "$data/cascaded-tanks.csv" --input uEst --output yEst --test-input uVal --test-output yVal \
    --train 0:1024 --test 0:1024 --start-rows 5 "$@"
}

silverbox
silverbox --snap
silverbox --form full --intervals 8
tanks --form linear
tanks --form acceleration
tanks --form full --intervals 8
echo "== Wiener-Hammerstein"
"$program" identify "$synthetic/wiener-hammerstein.csv" --input u --output y --states 6 --form linear --train 0:40000 \
  --test-output t --test 40000:60000
"$program" identify "$synthetic/wiener-hammerstein.csv" --input u --output y --states 6 --form full --intervals 8 --train 0:40000 \
  --test-output t --test 40000:60000
echo "== Duffing"
"$program" identify "$synthetic/duffing.csv" --input u --output y --form kinematic --time continuous --sample-rate 30 --intervals 8 \
  --train 0:3000 --test-output t --test 3000:3600 --snap
