//! What a cold ingest of 10,000 stories costs beside the floor (`benches/floor`), and what a poll that finds nothing new costs.
//!
//!     cargo bench --bench ingest             # 5 pairs; `-- --pairs 9` for more
//!
//! Both run as processes of their own, by turns, against the same loopback server; the figure is CPU time (user and system)
//! of the whole process, start-up included, and the table shows medians.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod corpus;
mod cost;
mod floor;
mod server;

use std::path::Path;
use std::process::Command;

use cost::{Cost, measure, median, pairs};
use server::{SERVE, Server};

const SEED: u64 = 20_240_401;
const FEEDS: usize = 100;
const ITEMS: usize = 100;
/// The argument that makes this binary the floor: then the folder, then the addresses.
const FLOOR: &str = "--floor";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(SERVE) => server::serve(documents()),
        Some(FLOOR) => run_floor(&arguments[1], arguments[2..].to_vec()),
        _ => compare(pairs(&arguments)),
    }
}

fn documents() -> Vec<String> {
    let feeds = corpus::feeds(SEED, FEEDS, ITEMS);
    feeds
        .iter()
        .enumerate()
        .map(|(number, stories)| corpus::rss(&format!("Feed {number}"), stories))
        .collect()
}

fn run_floor(dir: &str, urls: Vec<String>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    println!("{}", runtime.block_on(floor::ingest(urls, Path::new(dir))));
}

fn compare(pairs: usize) {
    let server = Server::start();
    let urls = server.urls(FEEDS);
    let (mut floor, mut cold, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..pairs {
        floor.push(measure_floor(&urls));
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("wiredesk.toml"), server.config(FEEDS, "5m")).unwrap();
        cold.push(measure(&mut wiredesk(dir.path())));
        again.push(measure(&mut wiredesk(dir.path())));
        assert_eq!(exported(dir.path()), FEEDS * ITEMS, "stories in the store");
    }
    let (floor, cold, again) = (median(floor), median(cold), median(again));
    println!("{} stories in {FEEDS} feeds, median of {pairs}", FEEDS * ITEMS);
    println!("{:<28}{:>10}{:>10}{:>10}{:>12}", "", "CPU s", "wall s", "MB", "CPU/floor");
    for (name, cost) in [("floor", floor), ("wiredesk, cold", cold), ("wiredesk, nothing new (304)", again)] {
        let (cpu, wall) = (cost.cpu.as_secs_f64(), cost.wall.as_secs_f64());
        let ratio = cpu / floor.cpu.as_secs_f64();
        println!("{name:<28}{cpu:>10.2}{wall:>10.2}{:>10.0}{ratio:>11.2}x", cost.megabytes);
    }
}

fn measure_floor(urls: &[String]) -> Cost {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    measure(command.arg(FLOOR).arg(dir.path()).args(urls))
}

fn wiredesk(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
    command.arg("--config").arg(dir.join("wiredesk.toml")).args(["ingest", "--once"]);
    command
}

fn exported(dir: &Path) -> usize {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
    let output = command.arg("--config").arg(dir.join("wiredesk.toml")).arg("export").output().unwrap();
    output.stdout.iter().filter(|byte| **byte == b'\n').count()
}
