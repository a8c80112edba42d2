# The commands of a working day; `just` lists them.
default:
    @just --list

# what a change must pass
check:
    .ci/run

# the demo desk: a made-up news day, offline
demo:
    cargo run --release -- --config config/demo.toml ingest --once
    cargo run --release -- --config config/demo.toml search Rafah

# ratios, not times: "How fast" in README.md says what they are
bench:
    cargo bench

# every part with version, licence and hash (CycloneDX)
sbom:
    @tests/sbom.sh

# crash, disk, damage and lock drivers with their full counts: 200 kills at random, one at every storage call ...
storm:
    tests/storm.sh
