#!/usr/bin/env bash
# A list of every part of the program (SBOM, CycloneDX 1.5 JSON) on standard output: name, version, licence, hash, place.
# Made from Cargo.lock by `cargo metadata`, offline once the parts are there; needs jq. Parts of tests and benches are left out.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v jq > /dev/null || { echo "sbom: jq is not installed here" >&2; exit 2; }
normal="$(cargo tree --locked --edges normal,build --prefix none --format '{p}' | sed -E 's/^([^ ]+) v([^ ]+).*/\1 \2/' | sort -u | jq -Rsc 'split("\n") | map(select(. != "")) | map({(.): true}) | add')"
sums="$(awk '/^name = /{gsub(/"/,"",$3); n=$3} /^version = /{gsub(/"/,"",$3); v=$3} /^checksum = /{gsub(/"/,"",$3); print n" "v"\t"$3}' Cargo.lock | jq -Rsc 'split("\n") | map(select(. != "") | split("\t") | {(.[0]): .[1]}) | add')"
cargo metadata --format-version 1 --locked | jq --argjson normal "$normal" --argjson sums "$sums" '
    . as $all | (.packages[] | select(.id == ($all.resolve.root // $all.workspace_members[0]))) as $root |
    { bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
      metadata: { component: { type: "application", name: $root.name, version: $root.version, licenses: [{ expression: $root.license }] } },
      components: [ $all.packages[] | select(.id != $root.id) | (.name + " " + .version) as $key | select($normal[$key]) | {
          type: "library", name, version, purl: "pkg:cargo/\(.name)@\(.version)",
          licenses: [{ expression: ((.license // "NOASSERTION") | gsub("/"; " OR ")) }],
          hashes: (if $sums[$key] then [{ alg: "SHA-256", content: $sums[$key] }] else [] end),
          externalReferences: (if .repository then [{ type: "vcs", url: .repository }] else [] end) } ] | sort_by(.name) }'
