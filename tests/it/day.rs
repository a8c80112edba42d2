//! A day of a large desk in an hour: the real program by a clock that runs faster, and memory that stays flat.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use super::program::Desk;
use super::server::{Reply, Route, Server};

/// How the day is played: `WIREDESK_DAY=FEEDS,STORIES,HOURS,RATE`, and `,KEPT` where it is not six hours.
#[derive(Clone, Copy)]
struct Day {
    feeds: usize,
    /// That a feed publishes in an hour.
    stories: u32,
    hours: usize,
    /// So many times as fast as the world's clock.
    rate: u32,
    /// Hours that a feed's stories are kept, so that stories come and go.
    kept: u32,
    began: Duration,
}

const HOUR: Duration = Duration::from_secs(3600);

impl Day {
    fn asked() -> Option<Self> {
        let size = std::env::var("WIREDESK_DAY").ok()?;
        let numbers: Vec<u32> = size.split(',').map(|number| number.parse().unwrap()).collect();
        let [feeds, stories, hours, rate, ref kept @ ..] = numbers[..] else {
            panic!("WIREDESK_DAY={size}: four numbers")
        };
        let kept = kept.first().copied().unwrap_or(6);
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Some(Self { feeds: feeds as usize, stories, hours: hours as usize, rate, kept, began })
    }

    /// How much of the day is over, by its own clock.
    fn elapsed(&self) -> Duration {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        (now - self.began) * self.rate
    }

    fn hour(&self) -> usize {
        usize::try_from(self.elapsed().as_secs() / HOUR.as_secs()).unwrap()
    }

    /// How many stories a feed has published by now; feeds do not publish at the same moment.
    fn published(&self, feed: usize) -> usize {
        let phase = self.gap() * u32::try_from(feed % 30).unwrap() / 30;
        usize::try_from((self.elapsed() + phase).as_nanos() / self.gap().as_nanos()).unwrap()
    }

    /// Between two stories of a feed.
    fn gap(&self) -> Duration {
        HOUR / self.stories
    }

    /// The real program, by the day's clock, with the allocator as the systemd unit has it.
    fn daemon(&self, desk: &Desk) -> Child {
        std::fs::write(desk.path("fast_clock.c"), include_str!("fast_clock.c")).unwrap();
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O2", "-o"])
            .args([desk.path("fast_clock.so"), desk.path("fast_clock.c")])
            .arg("-ldl")
            .status();
        assert!(made.unwrap().success(), "compiling fast_clock.c");
        let mut daemon = desk.command(&["ingest"]);
        daemon
            .env("LD_PRELOAD", desk.path("fast_clock.so"))
            .env("WIREDESK_CLOCK_RATE", self.rate.to_string())
            .env("WIREDESK_CLOCK_BEGAN", self.began.as_nanos().to_string())
            .envs(allocator());
        daemon.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
}

/// The allocator's settings in the systemd unit.
fn allocator() -> impl Iterator<Item = (&'static str, &'static str)> {
    let unit = include_str!("../../config/wiredesk.service");
    let settings = unit.lines().find_map(|line| line.strip_prefix("Environment=")).unwrap();
    settings.split(' ').map(|setting| setting.split_once('=').unwrap())
}

/// What the daemon has: its `If-None-Match` moves when a poll has landed.
#[derive(Default)]
struct Stories {
    landed: AtomicUsize,
    polls: AtomicUsize,
}

impl std::fmt::Display for Stories {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (landed, polls) = (self.landed.load(Ordering::Relaxed), self.polls.load(Ordering::Relaxed));
        write!(f, "{landed} stories landed of {polls} polls")
    }
}

/// A feed that shows what came since the poll before, and its last hour to who does not say when that was.
fn wire(day: Day, stories: Arc<Stories>) -> Route {
    let had: Vec<AtomicUsize> = (0..day.feeds).map(|_| AtomicUsize::new(0)).collect();
    Route::new(move |asked| {
        let feed: usize = asked.target.split('=').nth(1).unwrap_or_default().parse().unwrap();
        let tag: Option<usize> =
            asked.header("if-none-match").and_then(|tag| tag.trim_matches('"').parse().ok());
        let landed = tag.unwrap_or(0);
        let before = had[feed].fetch_max(landed, Ordering::Relaxed);
        stories.landed.fetch_add(landed.saturating_sub(before), Ordering::Relaxed);
        stories.polls.fetch_add(1, Ordering::Relaxed);
        let to = day.published(feed);
        if tag == Some(to) {
            return Reply::whole(304, &[], b"");
        }
        let from = tag.unwrap_or(to.saturating_sub(day.stories as usize));
        let items: String = (from..to).map(|n| item(&day, feed, n)).collect();
        let document =
            format!("<rss version=\"2.0\"><channel><title>Wire {feed}</title>{items}</channel></rss>");
        Reply::whole(200, &[("ETag", &format!("\"{to}\""))], document.as_bytes())
    })
}

/// A headline and two sentences, like no other's.
fn item(day: &Day, feed: usize, n: usize) -> String {
    let mut state = (feed * 1_000_003 + n) as u64;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("w{} ", (state >> 33) % 9973)
    };
    let (headline, text): (String, String) =
        ((0..8).map(|_| word()).collect(), (0..30).map(|_| word()).collect());
    let seconds = day.began.as_secs() + (n as u64 * day.gap().as_secs());
    let date = Timestamp::from_second(i64::try_from(seconds).unwrap()).unwrap();
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
    format!(
        "<item><guid isPermaLink=\"false\">{feed}-{n}</guid><title>{headline}</title><description>{text}</description><pubDate>{date}</pubDate></item>"
    )
}

/// The resident memory of a process in MB: its own, and what it has mapped of files. The latter is the index, which the system takes back
/// when it needs the room.
fn resident(pid: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let megabytes = |key| {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes >> 10)
    };
    Some((megabytes("RssAnon:")?, megabytes("RssFile:")?))
}

/// A desk over the day's feeds, each asked every five minutes.
fn desk(day: Day, server: &Server) -> Desk {
    let kept = day.kept;
    let feed = |n: usize| {
        let url = server.url(&format!("/feed?n={n}"));
        format!(
            "[[feed]]\nid = \"f{n}\"\ntransport = {{ type = \"http\", url = \"{url}\" }}\nevery = \"5m\"\nretention = \"{kept}h\"\nlanguage = \"en\"\n"
        )
    };
    let feeds: String = (0..day.feeds).map(feed).collect();
    let address = server.host_port();
    Desk::with(&format!("allow_private = [\"{address}\"]\n{feeds}\n[http]\nper_host = 64\n"))
}

/// The most that a process holds in each hour of the day, told as it goes.
fn hours(day: Day, process: u32, stories: &Stories) -> Vec<(u64, u64)> {
    let mut hours: Vec<(u64, u64)> = Vec::new();
    while day.hour() < day.hours {
        std::thread::sleep(Duration::from_millis(200));
        let now = resident(process).expect("the daemon is gone");
        if hours.len() <= day.hour() {
            eprintln!("day: hour {}: {stories}; most MB until now {hours:?}", day.hour());
        }
        hours.resize(day.hour() + 1, (0, 0));
        let most = hours.last_mut().unwrap();
        *most = (most.0.max(now.0), most.1.max(now.1));
    }
    hours
}

/// Left out unless `WIREDESK_DAY` is set. `10000,120,24,8` is a large agency's day, 29 million stories, in three hours: two cores and one disk
/// land some 4,000 stories a second. `10000,24,24,24` is a whole day with a fifth of the stories, in one hour; where `TMPDIR` is memory it can
/// be `10000,24,24,36`, in forty minutes.
///
/// The day's end does not wait for a machine that is behind; but nearly all of the day must have landed by then, and the last hour may take a
/// tenth more memory than the first.
#[test]
fn memory_stays_flat_over_a_day() {
    let Some(day) = Day::asked() else {
        eprintln!("day: skipped, a day in minutes takes some sixty: WIREDESK_DAY=10000,24,24,24");
        return;
    };
    let stories = Arc::new(Stories::default());
    let server = Server::start([("/feed", wire(day, stories.clone()))]);
    let desk = desk(day, &server);
    let mut daemon = day.daemon(&desk);
    let hours = hours(day, daemon.id(), &stories);
    let _ = daemon.kill();
    daemon.wait().unwrap();
    let due = day.feeds * day.hours * day.stories as usize;
    eprintln!("day: {stories}, {due} were published; most MB of its own and mapped, by hours {hours:?}");
    assert!(stories.landed.load(Ordering::Relaxed) > due * 9 / 10, "the machine is too slow for this rate");
    assert!(hours[day.hours - 1].0 <= hours[0].0 * 11 / 10, "{hours:?}");
}
