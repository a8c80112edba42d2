//! What a poll costs that finds nothing new: 10,000 feeds that all answer 304, beside a bare reqwest client that asks the same
//! questions and does nothing else.
//!
//!     cargo bench --bench poll               # 5 pairs; `-- --pairs 9` for more
//!
//! They run as processes of their own, by turns, against the same loopback server, 64 questions at a time; the figure is CPU time
//! (user and system), and the table shows medians. `--once` is a whole process: start-up, a config of 10,000 feeds and the opening
//! of the desk included. The daemon pays for those when it begins; of it some sweeps are counted after that, as it goes on.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod cost;
mod server;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cost::{Cost, measure, median, pairs};
use futures_util::{StreamExt, stream};
use server::{SERVE, Server};
use wait4::Wait4;

const FEEDS: usize = 10_000;
const AT_ONCE: usize = 64;
/// Sweeps of the daemon that are counted; before the tenth poll of a feed, which asks for all of it.
const SWEEPS: usize = 6;
/// The argument that makes this binary the bare client, on tokio's usual threads: then the server's address.
const BARE: &str = "--bare";
/// The same on a single thread.
const BARE_ALONE: &str = "--bare-alone";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(SERVE) => server::serve((0..FEEDS).map(document).collect()),
        Some(BARE) => run_bare(&arguments[1], tokio::runtime::Builder::new_multi_thread()),
        Some(BARE_ALONE) => run_bare(&arguments[1], tokio::runtime::Builder::new_current_thread()),
        _ => compare(pairs(&arguments)),
    }
}

/// A feed of one story.
fn document(number: usize) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Feed {number}</title><item><guid isPermaLink=\"false\">story-{number}</guid>\
         <title>Story {number}</title><description>It was quiet at quay {number}.</description>\
         <pubDate>Mon, 01 Apr 2024 12:00:00 GMT</pubDate></item></channel></rss>"
    )
}

fn run_bare(address: &str, mut runtime: tokio::runtime::Builder) {
    let runtime = runtime.enable_all().build().unwrap();
    let asked = runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let asks = (0..FEEDS).map(|number| ask(client.clone(), format!("http://{address}/{number}"), number));
        stream::iter(asks)
            .buffer_unordered(AT_ONCE)
            .filter(|status| std::future::ready(*status == 304))
            .count()
            .await
    });
    assert_eq!(asked, FEEDS);
}

async fn ask(client: reqwest::Client, url: String, number: usize) -> u16 {
    let etag = format!("\"{number}-{}\"", document(number).len());
    let headers = [("If-None-Match", etag.as_str()), ("If-Modified-Since", "Mon, 01 Apr 2024 12:00:00 GMT")];
    let request =
        headers.iter().fold(client.get(url), |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    answer.bytes().await.unwrap();
    status
}

fn compare(pairs: usize) {
    let server = Server::start();
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("wiredesk.toml"), config(&server, "5m")).unwrap();
    measure(&mut wiredesk(dir.path())); // the first time everything is new
    let (mut bare, mut alone, mut polls, mut daemon) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..pairs {
        for (how, costs) in [(BARE, &mut bare), (BARE_ALONE, &mut alone)] {
            let mut client = Command::new(std::env::current_exe().unwrap());
            costs.push(measure(client.arg(how).arg(server.address.to_string())));
        }
        polls.push(measure(&mut wiredesk(dir.path())));
        daemon.push(measure_daemon(&server));
    }
    let bare = median(bare);
    let rows = [
        ("bare reqwest", bare),
        ("the same, one thread", median(alone)),
        ("wiredesk --once", median(polls)),
        ("wiredesk, daemon", median(daemon)),
    ];
    println!("{FEEDS} feeds that answer 304, median of {pairs}");
    println!("{:<22}{:>10}{:>14}{:>10}{:>10}{:>12}", "", "CPU s", "CPU us/feed", "wall s", "MB", "CPU/bare");
    for (name, cost) in rows {
        let cpu = cost.cpu.as_secs_f64();
        println!(
            "{name:<22}{cpu:>10.2}{:>14.0}{:>10.2}{:>10.0}{:>11.2}x",
            cpu * 1e6 / FEEDS as f64,
            cost.wall.as_secs_f64(),
            cost.megabytes,
            cpu / bare.cpu.as_secs_f64()
        );
    }
}

fn wiredesk(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
    command.arg("--config").arg(dir.join("wiredesk.toml")).args(["ingest", "--once", "--json"]);
    command
}

/// The cost of a sweep of a daemon that goes on: one that asks each feed every two seconds, from its second sweep.
fn measure_daemon(server: &Server) -> Cost {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("wiredesk.toml"), config(server, "2s")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
    let command = command.arg("--config").arg(dir.path().join("wiredesk.toml")).args(["ingest", "--json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut reports = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(reports.by_ref().take(2 * FEEDS).count(), 2 * FEEDS);
    let (before, start) = (cpu(&child), Instant::now());
    let reports: Vec<String> = reports.take(SWEEPS * FEEDS).collect();
    let (after, wall) = (cpu(&child), start.elapsed());
    child.kill().unwrap();
    let ended = child.wait4().unwrap();
    // a feed that comes round sooner than others asks for all of it sooner
    let quiet = reports.iter().filter(|report| report.contains("\"not_modified\"")).count();
    assert!(quiet > reports.len() * 98 / 100, "{quiet} of {} found nothing new", reports.len());
    let sweeps = u32::try_from(SWEEPS).unwrap();
    Cost { cpu: (after - before) / sweeps, wall: wall / sweeps, megabytes: ended.rusage.maxrss as f64 / 1e6 }
}

/// User and system time of a process so far, as proc(5) has it: fields 14 and 15, in hundredths of a second.
fn cpu(child: &Child) -> Duration {
    let mut stat = String::new();
    std::fs::File::open(format!("/proc/{}/stat", child.id())).unwrap().read_to_string(&mut stat).unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    Duration::from_millis(fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum())
}

fn config(server: &Server, every: &str) -> String {
    format!(
        "{}[http]
per_host = {AT_ONCE}
",
        server.config(FEEDS, every)
    )
}
