#!/usr/bin/env bash
# Runs all shards on this machine with GNU parallel, one per core at a time. The number of shards comes first, then the command:
#
#   parallel.sh 8 sweep plan/starter.yaml --over let.energy_escalation=0%..10%..0.1% --trials 10000 --out parts
#
# With several machines: PARALLEL='--sshloginfile nodes --workdir .' parallel.sh 64 sweep ..., if they share the folder.
set -euo pipefail
shards=$1
shift

exec parallel --quote --halt soon,fail=1 gigafleet "$@" --threads 1 --shard "{}/$shards" ::: $(seq "$shards")
