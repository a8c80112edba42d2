//! The light goes out: at random, at every call that touches the disk, on a full disk. Nothing that was acknowledged may be
//! lost, doubled or old.
//!
//! `WIREDESK_KILLS=N` rounds of SIGKILL at random, `WIREDESK_SYSCALLS=1` for every call in place of a sample.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::chance::Chance;
use super::damage::copy;
use super::program::{Desk, Ran, rss};
use super::server::{Asked, Reply, Route, Server};

/// Stories in one answer of the feed.
const PAGE: u64 = 20;
/// Calls that change what is on the disk.
const STORAGE_CALLS: &[&str] = &[
    "openat",
    "write",
    "pwrite64",
    "writev",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "ftruncate",
    "mkdir",
    "flock",
    "fallocate",
    "msync",
];

fn number(text: Option<&str>) -> Option<u64> {
    text?.trim_matches(['"', 's']).parse().ok()
}

/// Answers with the stories after the one the client says it has, a new version of one story that every answer brings, and
/// an ETag that names the last: what is acknowledged is never sent again.
fn forgetful(asked: &Asked) -> Reply {
    let from = number(asked.header("if-none-match")).unwrap_or(0);
    let upto = from + PAGE;
    let mut stories: Vec<(String, String)> =
        (from + 1..=upto).map(|n| (format!("s{n}"), format!("Story {n} of the day"))).collect();
    stories.push(("running".into(), format!("Running count stands at {upto} today")));
    let rows: Vec<_> =
        stories.iter().map(|(guid, head)| (guid.as_str(), head.as_str(), "A story.")).collect();
    // later versions bear a later date
    let body = rss(&rows)
        .replace("12:00:00", &format!("{:02}:{:02}:{:02}", upto / 3600 % 24, upto / 60 % 60, upto % 60));
    Reply::whole(200, &[("ETag", &format!("\"{upto}\""))], body.as_bytes())
}

fn desk() -> (Server, Desk) {
    let server = Server::start([("/feed", Route::new(forgetful))]);
    let desk = Desk::over(&server.host_port(), &[("coast", server.url("/feed"))]);
    (server, desk)
}

/// What the desk holds against what it has acknowledged: lost, doubled or old stories, in words.
fn fault(desk: &Desk, data: &Path, server: &Server) -> Option<String> {
    let data = data.display().to_string();
    let last = desk.run(&["ingest", "--once", "--json", "-d", &data]);
    if last.code != Some(0) {
        return Some(format!("the next cycle failed: {last:?}"));
    }
    let acknowledged = number(server.asked("/feed").last()?.header("if-none-match")).unwrap_or(0);
    let held = acknowledged + PAGE;
    let exported = desk.run(&["export", "-d", &data]);
    let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
    let mut running = Vec::new();
    for story in exported.json() {
        match number(story["guid"].as_str()) {
            Some(n) => *seen.entry(n).or_default() += 1,
            None => running.push(story["headline"].as_str().unwrap_or_default().to_owned()),
        }
    }
    let lost: Vec<u64> = (1..=held).filter(|n| !seen.contains_key(n)).collect();
    let doubled: Vec<_> = seen.iter().filter(|(_, count)| **count > 1).collect();
    let found =
        desk.run(&["search", "--json", "-n", "100000", "--no-group", "story OR running", "-d", &data]);
    let found = found.out.lines().count() as u64;
    let newest = format!("Running count stands at {held} today");
    let whole = lost.is_empty() && doubled.is_empty() && running == [newest.as_str()] && found == held + 1;
    (!whole).then(|| {
        format!("of {held}: lost {lost:?}, doubled {doubled:?}, running {running:?}, the index finds {found}")
    })
}

#[test]
fn killed_at_any_time_it_loses_nothing_doubles_nothing_and_holds_nothing_old() {
    let rounds = std::env::var("WIREDESK_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let (server, desk) = desk();
    let mut chance = Chance::of("WIREDESK_SEED");
    // how long a whole cycle takes here, so that kills fall all over it
    let begun = Instant::now();
    assert_eq!(desk.run(&["ingest", "--once"]).code, Some(0));
    let whole = begun.elapsed();
    let mut killed = 0;
    for round in 0..rounds {
        let mut child =
            desk.command(&["ingest", "--once"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let moment = whole.mul_f64(chance.below(1_200) as f64 / 1000.0);
        std::thread::sleep(moment);
        killed += usize::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
        // looked at now and then: a loss that the next cycle would paper over shows
        if round % 10 == 9 || round + 1 == rounds {
            let fault = fault(&desk, &desk.path("data"), &server);
            assert!(fault.is_none(), "round {round}: {}", fault.unwrap_or_default());
        }
    }
    eprintln!("crash: {rounds} rounds of SIGKILL at random, {killed} of them before the cycle was done");
    assert!(killed > 0);
}

fn has(program: &str) -> bool {
    Command::new(program)
        .arg("-V")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|done| done.success())
}

/// `wiredesk ingest --once` under strace with these options.
fn traced(desk: &Desk, data: &Path, options: &[&str]) -> Ran {
    let plain = desk.command(&["ingest", "--once", "-d", &data.display().to_string()]);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq"]).args(options).arg("--").arg(plain.get_program()).args(plain.get_args());
    command.current_dir(plain.get_current_dir().unwrap());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Ran::of(command.output().unwrap())
}

/// How often a thread makes each of these calls in a cycle, at most.
fn calls(trace: &str) -> BTreeMap<&'static str, usize> {
    let mut counts: BTreeMap<(&str, &'static str), usize> = BTreeMap::new();
    for line in trace.lines() {
        let (thread, rest) = line.split_once(' ').unwrap_or(("", line));
        let name = rest.trim_start().split('(').next().unwrap_or_default();
        if let Some(known) = STORAGE_CALLS.iter().find(|known| **known == name) {
            *counts.entry((thread, known)).or_default() += 1;
        }
    }
    let mut most = BTreeMap::new();
    for ((_, call), count) in counts {
        let known: &mut usize = most.entry(call).or_default();
        *known = (*known).max(count);
    }
    most
}

#[test]
fn killed_at_a_call_that_touches_the_disk_it_loses_nothing() {
    if !has("strace") {
        eprintln!("crash: skipped, strace is not installed here");
        return;
    }
    let every = std::env::var_os("WIREDESK_SYSCALLS").is_some();
    let (server, desk) = desk();
    assert_eq!(desk.run(&["ingest", "--once"]).code, Some(0));
    let (data, trace) = (desk.path("hurt"), desk.path("trace"));
    copy(&desk.path("data"), &data);
    let log = trace.display().to_string();
    let names = STORAGE_CALLS.join(",");
    let ran = traced(&desk, &data, &["-o", &log, "-e", &format!("trace={names}")]);
    if ran.code != Some(0) {
        eprintln!("crash: skipped, strace may not trace here: {ran:?}");
        return;
    }
    let calls = calls(&fs::read_to_string(&trace).unwrap());
    let places: Vec<(&str, usize)> =
        calls.iter().flat_map(|(call, count)| (1..=*count).map(move |nth| (*call, nth))).collect();
    // the sample moves through all of them: what opens libraries and reads the config is most of `openat`
    let step = if every { 1 } else { places.len().div_ceil(8) };
    let (mut hit, mut wrong) = (0, Vec::new());
    for (call, nth) in places.iter().skip(step / 2).step_by(step) {
        copy(&desk.path("data"), &data);
        let inject = format!("inject={call}:signal=KILL:when={nth}");
        let ran = traced(&desk, &data, &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject]);
        hit += usize::from(ran.code.is_none_or(|code| code != 0));
        if let Some(fault) = fault(&desk, &data, &server) {
            wrong.push(format!("{call} {nth}: {fault}"));
        }
    }
    eprintln!(
        "crash: SIGKILL at {} of {} storage calls ({hit} ended the process): {:?}",
        places.iter().skip(step / 2).step_by(step).count(),
        places.len(),
        calls
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(hit > 0);
}

/// The file that a descriptor is of, as `strace -y` prints it.
fn file(line: &str) -> Option<&str> {
    line.split_once('<')?.1.split_once('>').map(|found| found.0)
}

#[test]
fn what_is_acknowledged_was_synced_before_that_file_and_folder_and_all() {
    if !has("strace") {
        eprintln!("crash: skipped, strace is not installed here");
        return;
    }
    let (_server, desk) = desk();
    let (data, trace) = (desk.path("data"), desk.path("trace"));
    for cycle in ["first", "second"] {
        let log = trace.display().to_string();
        let ran =
            traced(&desk, &data, &["-y", "-o", &log, "-e", &format!("trace={}", STORAGE_CALLS.join(","))]);
        if ran.code != Some(0) {
            eprintln!("crash: skipped, strace may not trace here: {ran:?}");
            return;
        }
        let text = fs::read_to_string(&trace).unwrap();
        let lines: Vec<&str> = text
            .lines()
            .map(|line| line.split_once(' ').map_or(line, |parts| parts.1.trim_start()))
            .collect();
        let told =
            lines.iter().position(|line| line.starts_with("write(1<") && line.contains(" new, ")).unwrap();
        let root = data.display().to_string();
        // nothing that is believed may wait in memory when the feed is called done
        let mut unsynced: BTreeMap<&str, &str> = BTreeMap::new();
        for line in &lines[..told] {
            let Some(path) = file(line).filter(|path| path.starts_with(&root)) else { continue };
            let call = line.split('(').next().unwrap_or_default();
            if call.contains("write") {
                unsynced.insert(path, line);
            } else if call.ends_with("sync") {
                unsynced.remove(path);
            }
        }
        // the lock's name is for people; -shm, mark and threads are made again when lost
        let made_again =
            ["/lock", "-shm", "/mark", "/threads.db", "/threads.db-wal", "/.whole", ".lock", "/topics.kept"];
        unsynced.retain(|path, _| !made_again.iter().any(|end| path.ends_with(end)));
        let index = format!("{root}/index");
        unsynced.retain(|path, _| !path.starts_with(&index));
        assert!(
            unsynced.is_empty(),
            "{cycle} cycle: written and not synced before it was told: {unsynced:#?}"
        );
        let renamed = lines.iter().position(|line| line.starts_with("rename") && line.contains("desk.db\""));
        let synced = |line: &&str| line.starts_with("fsync(") && file(line) == Some(&root);
        if let Some(at) = renamed {
            assert!(lines[at..told].iter().any(synced), "the new store's name is not synced");
        }
        let commit = lines.iter().rposition(|line| line.starts_with("rename") && line.contains("meta.json"));
        let at = commit.expect("the index is committed");
        let index_synced = |line: &&str| line.starts_with("fsync(") && file(line) == Some(&index);
        assert!(lines[at..].iter().any(index_synced), "the index's new name is not synced");
    }
}

/// A file system of its own, as small as asked; unmounted when dropped.
struct Small(PathBuf);

impl Small {
    fn mount(at: PathBuf, options: &str) -> Option<Self> {
        fs::create_dir_all(&at).unwrap();
        let mount = |arguments: &[&str]| Command::new("mount").args(arguments).arg(&at).output();
        let done = mount(&["-t", "tmpfs", "-o", options, "tmpfs"]);
        let mounted = done.as_ref().is_ok_and(|done| done.status.success());
        if !mounted {
            eprintln!("crash: skipped, no tmpfs may be mounted here: {done:?}");
        }
        mounted.then_some(Self(at))
    }

    fn remount(&self, options: &str) {
        let done =
            Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(&self.0).status().unwrap();
        assert!(done.success(), "{options}");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_or_read_only_disk_is_said_and_what_was_acknowledged_is_there_when_it_has_room_again() {
    for (name, small, full, roomy) in [
        ("bytes", "size=1m", None, "size=64m"),
        ("inodes", "size=64m,nr_inodes=60", Some("inodes"), "nr_inodes=4000"),
        ("read-only", "size=64m", Some("ro"), "rw"),
    ] {
        let (server, desk) = desk();
        let Some(disk) = Small::mount(desk.path("small"), small) else { return };
        let data = desk.path("small/data");
        let shown = data.display().to_string();
        let (mut failed, mut held) = (0, 0);
        for cycle in 0..60 {
            if cycle == 2 {
                match full {
                    Some("ro") => disk.remount("ro"),
                    Some(_) => {
                        let _ = (0..80)
                            .map(|n| fs::write(desk.path("small").join(format!("f{n}")), ""))
                            .collect::<Vec<_>>();
                    }
                    None => {}
                }
            }
            let ran = desk.run(&["ingest", "--once", "-d", &shown]);
            match ran.code {
                Some(0) => {
                    held = number(server.asked("/feed").last().unwrap().header("if-none-match")).unwrap_or(0)
                        + PAGE
                }
                Some(1 | 2) => {
                    assert!(ran.err.len() + ran.out.len() > 40, "{name}: it says why: {ran:?}");
                    failed += 1;
                }
                code => panic!("{name}: {code:?} {ran:?}"),
            }
            let exported = desk.run(&["export", "-d", &shown]);
            let lines = exported.out.lines().count() as u64;
            let short = exported.code == Some(0) && lines < held;
            assert!(!short, "{name}: {lines} of {held} and exit 0");
            if failed == 3 {
                break;
            }
        }
        assert!(failed > 0, "{name}: the disk was never full");
        disk.remount(roomy);
        for n in 0..80 {
            let _ = fs::remove_file(desk.path("small").join(format!("f{n}")));
        }
        let fault = fault(&desk, &data, &server);
        assert!(fault.is_none(), "{name}: {}", fault.unwrap_or_default());
        assert_eq!(desk.run(&["doctor", "-d", &shown]).code, Some(0), "{name}");
    }
}

/// A backup disk, another machine's mount: whoever may only read is answered in full, and told so when asked to write.
#[test]
fn a_desk_on_a_disk_that_may_only_be_read_answers_every_question() {
    let (_server, desk) = desk();
    let Some(disk) = Small::mount(desk.path("small"), "size=64m") else { return };
    let shown = desk.path("small/data").display().to_string();
    let on_it = |args: &[&str]| desk.run(&[args, &["-d", &shown]].concat());
    assert_eq!(on_it(&["ingest", "--once"]).code, Some(0));
    assert_eq!(on_it(&["topics", "add", "all", "story"]).code, Some(0));
    let answers = || {
        let asked: [&[&str]; 7] = [
            &["search", "--json", "story"],
            &["export"],
            &["feeds", "--json"],
            &["topics", "list"],
            &["search", "topic:all"],
            &["doctor", "--check"],
            &["watch", "--once"],
        ];
        asked.map(|args| (on_it(args).code, on_it(args).out))
    };
    let before = answers();
    disk.remount("ro");
    assert_eq!(answers(), before);
    assert!(before.iter().all(|(code, _)| *code == Some(0)) && before[0].1.lines().count() > 1, "{before:?}");
    for args in [&["ingest", "--once"][..], &["topics", "add", "b", "story"], &["reindex"]] {
        let refused = on_it(args);
        let says_why = refused.err.contains("hint: the data dir must be writable");
        assert!(refused.code == Some(2) && says_why, "{args:?}: {refused:?}");
    }
}

#[test]
fn a_desk_on_a_disk_without_a_byte_left_answers_still() {
    let (_server, desk) = desk();
    let Some(_disk) = Small::mount(desk.path("small"), "size=2m") else { return };
    let shown = desk.path("small/data").display().to_string();
    let on_it = |args: &[&str]| desk.run(&[args, &["-d", &shown]].concat());
    assert_eq!(on_it(&["ingest", "--once"]).code, Some(0));
    let before = on_it(&["search", "--json", "story"]);
    // as much as there is room for
    assert!(fs::write(desk.path("small/fill"), vec![7; 8 << 20]).is_err());
    let after = on_it(&["search", "--json", "story"]);
    assert_eq!((after.code, after.out), (Some(0), before.out));
    assert_eq!(on_it(&["doctor", "--check"]).code, Some(0));
    assert_ne!(on_it(&["ingest", "--once"]).code, Some(0), "what cannot be kept is not taken");
}

/// A desk that is being made has no answer yet, and says so.
fn is_begun(ran: &Ran) -> bool {
    ["no desk yet", "is writing to this data dir"].iter().any(|said| ran.err.contains(said))
}

/// A process that does not outlive its test.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn signal(child: &std::process::Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn a_paused_daemon_goes_on_and_one_that_asks_beside_it_is_answered() {
    let (_server, desk) = desk();
    let config = fs::read_to_string(desk.path("wiredesk.toml")).unwrap();
    fs::write(desk.path("wiredesk.toml"), config.replace("\"5m\"", "\"1s\"")).unwrap();
    let mut daemon = Running(desk.command(&["ingest"]).stdout(Stdio::null()).spawn().unwrap());
    let mut answered = false;
    let mut count = || {
        let ran = desk.run(&["search", "--json", "-n", "100000", "--no-group", "story"]);
        assert!(matches!(ran.code, Some(0 | 1)) || is_begun(&ran), "{ran:?}");
        assert!(ran.code != Some(2) || !answered, "{ran:?}");
        answered |= ran.code == Some(0);
        ran.out.lines().count()
    };
    let mut last = 0;
    let mut grown = 0;
    let begun = Instant::now();
    while grown < 3 {
        let now = count();
        assert!(now >= last, "beside the writer an answer never shrinks: {last}, then {now}");
        grown += usize::from(now > last);
        last = now;
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not grow");
    }
    signal(&daemon.0, "-STOP");
    let stopped = count();
    assert!(stopped >= last, "also while the writer is stopped");
    let second = desk.run(&["ingest", "--once"]);
    assert_eq!(second.code, Some(2), "{second:?}");
    assert!(second.err.contains(&format!("process {} is writing", daemon.0.id())), "{second:?}");
    fs::remove_file(desk.path("data/lock")).unwrap();
    let third = desk.run(&["ingest", "--once"]);
    assert_eq!(third.code, Some(2), "a lock file that somebody deletes lets nobody in: {third:?}");
    signal(&daemon.0, "-CONT");
    let begun = Instant::now();
    while count() <= stopped {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not go on");
    }
    signal(&daemon.0, "-TERM");
    let told = Instant::now();
    assert_eq!(daemon.0.wait().unwrap().code(), Some(0));
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
    assert_eq!(desk.run(&["doctor"]).code, Some(0));
}
