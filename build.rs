//! How the program is linked.
#![allow(clippy::print_stdout)] // how a build script speaks

use std::process::Command;

/// From here on the C library reads packed addresses.
const READS_PACKED: (u32, u32) = (2, 36);

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let of = |key: &str| std::env::var(key).unwrap_or_default();
    if of("HOST") == of("TARGET") && of("CARGO_CFG_TARGET_ENV") == "gnu" && glibc() >= Some(READS_PACKED) {
        // At every start the loader corrects 70,000 addresses. Told of them in 24 bytes each it takes a tenth of what a search costs, told in
        // a bit each a good deal less. A linker that does not know how says so and goes on.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's C library; `None` where it is not glibc, or does not say.
fn glibc() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let (major, minor) =
        std::str::from_utf8(&told.stdout).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
