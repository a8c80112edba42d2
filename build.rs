//! How the program is linked.
#![allow(clippy::print_stdout)] // how a build script speaks

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |key: &str| std::env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if (target("OS").as_str(), target("ENV").as_str()) == ("linux", "gnu") {
        // At every start the loader corrects 70,000 addresses. Told of them in 24 bytes each it takes a tenth of what a search costs, in a bit each
        // less than half of that. Needs glibc 2.36 to run; a linker that does not know it says so and goes on.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
