#!/usr/bin/env bash
# The crash, disk, damage and lock drivers with their full counts, and every path of the hostile server alone, with what it took of memory
# and time; `cargo test` runs a sample of each. Takes some minutes. Arguments are cargo's: `tests/storm.sh --release`.
# Disk tests mount small file systems, which needs root, and the calls to the kernel are counted by strace; what cannot be
# had here is skipped with a word.
set -euo pipefail
cd "$(dirname "$0")/.."
export WIREDESK_KILLS="${WIREDESK_KILLS:-200}" WIREDESK_SYSCALLS=1 WIREDESK_DAMAGE="${WIREDESK_DAMAGE:-4}"
export WIREDESK_HOSTILE="${WIREDESK_HOSTILE:-1}"
cargo test "$@" --test it -- --nocapture --test-threads=1 crash:: damage:: daemon:: recovery:: upkeep:: hostile::each 2>&1 |
    grep -Ev '^(running|stack backtrace|thread |note:)'
