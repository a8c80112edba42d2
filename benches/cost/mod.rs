//! What a process cost from its start to its end; of several runs the middle one by CPU time.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// `--pairs N`, else 5; without cargo bench's own `--bench` (as under `cargo test --benches`) one.
pub fn pairs(arguments: &[String]) -> usize {
    let asked = arguments.iter().skip_while(|argument| *argument != "--pairs").nth(1);
    let usual = if arguments.iter().any(|argument| argument == "--bench") { 5 } else { 1 };
    asked.and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// What one process cost: CPU and wall time, and the most memory it held.
#[derive(Clone, Copy)]
pub struct Cost {
    pub cpu: Duration,
    pub wall: Duration,
    pub megabytes: f64,
}

/// Runs a command to its end.
pub fn measure(command: &mut Command) -> Cost {
    let start = Instant::now();
    let ended = command.stdout(Stdio::null()).spawn().unwrap().wait4().unwrap();
    assert!(ended.status.success(), "{command:?}: {}", ended.status);
    Cost {
        cpu: ended.rusage.utime + ended.rusage.stime,
        wall: start.elapsed(),
        megabytes: ended.rusage.maxrss as f64 / 1e6,
    }
}

pub fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|cost| cost.cpu);
    costs[costs.len() / 2]
}
