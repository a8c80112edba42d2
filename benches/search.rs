//! What a question costs beside bare Tantivy (its own tokenizer and query parser, one field, BM25), over the same stories in
//! the same run; and what indexing them costs.
//!
//!     cargo bench --bench search                      # 20,000 stories; `-- --stories 200000` for more, `--latency` for that alone, with
//!                                                     # `--kind 0` of the first kind of question alone
//!
//!     cargo bench --bench search -- --cold            # a whole `wiredesk search` over 100,000 stories, beside a bare program
//!
//! Indexing is measured in processes of their own, in CPU time, less what making the stories up costs. Each question is
//! asked several times and its best time taken; the table shows the middle one and the one in a hundred. Before that each is
//! asked once with nothing remembered of other questions: `first` is the middle one of those. Passages are held against
//! Tantivy's own snippets of the same stories.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod corpus;
mod server;

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan};
use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{Field, STORED, Schema, TEXT, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{IndexReader, TantivyDocument, doc};
use wait4::Wait4;
use wiredesk::index::{Index, Settings};
use wiredesk::item::{Dateline, NewsItem};
use wiredesk::search::{Ask, search};
use wiredesk::store::{DeliveryId, Revision, Seq, Sink};

const SEED: u64 = 20_240_401;
const FEED: usize = 1_000;
const HEAP: usize = 50_000_000;
const LIMIT: usize = 10;
const ROUNDS: usize = 7;

/// The argument that makes this binary one that only indexes: then `bare`, `desk`, or anything else for neither.
const INDEX: &str = "--index";
/// The argument that makes it a bare program that answers one question: then the index's folder, then the question.
const BARE: &str = "--bare";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [first, stories] if first == server::SERVE => server::serve(documents(stories.parse().unwrap())),
        [first, dir, question] if first == BARE => {
            println!("{}", Bare::open(Path::new(dir)).ask(question));
            return;
        }
        _ => {}
    }
    // without cargo bench's own `--bench` (as under `cargo test --benches`) just enough to see that it runs
    let measuring = arguments.iter().any(|argument| argument == "--bench");
    let stories = number(&arguments, "--stories", if measuring { 20_000 } else { 300 });
    let questions = number(&arguments, "--questions", if measuring { 300 } else { 10 });
    match arguments.iter().skip_while(|argument| *argument != INDEX).nth(1) {
        Some(what) => index(what, &stories_of(stories)),
        None if arguments.iter().any(|argument| argument == "--cold") => {
            cold(number(&arguments, "--stories", 100_000), questions);
        }
        None if arguments.iter().any(|argument| argument == "--latency") => {
            let rounds = number(&arguments, "--rounds", ROUNDS);
            let kind = number(&arguments, "--kind", KINDS.len());
            questions_compared(&stories_of(stories), questions, rounds, kind);
        }
        None => compare(stories, questions),
    }
}

fn index(what: &str, items: &[NewsItem]) {
    match what {
        "bare" => drop(Bare::of(items)),
        "desk" => drop(desk(items)),
        _ => {}
    }
}

fn compare(stories: usize, questions: usize) {
    let [neither, bare, desk] = ["neither", "bare", "desk"].map(|what| cost_of_indexing(what, stories));
    let (bare, desk) = (bare - neither, desk - neither);
    let rate = |cpu: f64| stories as f64 / cpu;
    println!("{stories} stories, {questions} questions of a kind");
    println!(
        "stories indexed in a CPU second: bare {:.0}, wiredesk {:.0}; x{:.2}",
        rate(bare),
        rate(desk),
        desk / bare
    );
    questions_compared(&stories_of(stories), questions, ROUNDS, KINDS.len());
}

/// CPU seconds of a process that makes the stories up and indexes them.
fn cost_of_indexing(what: &str, stories: usize) -> f64 {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([INDEX, what, "--stories", &stories.to_string()]).stdout(Stdio::null());
    let ended = child.spawn().unwrap().wait4().unwrap();
    assert!(ended.status.success(), "indexing with {what}");
    (ended.rusage.utime + ended.rusage.stime).as_secs_f64()
}

/// Of the one kind of question, or of all where there is no such kind.
fn questions_compared(items: &[NewsItem], questions: usize, rounds: usize, kind: usize) {
    let (bare, desk) = (Bare::of(items), desk(items));
    println!(
        "{:<26}{:>12}{:>12}{:>12}{:>12}{:>8}{:>8}{:>12}{:>12}",
        "\u{b5}s", "bare p50", "p99", "desk p50", "p99", "p50 x", "p99 x", "bare first", "desk first"
    );
    let (mut all_ours, mut all_theirs) = (Vec::new(), Vec::new());
    for (name, ask_for, snippet) in KINDS.get(kind).map_or(KINDS, std::slice::from_ref) {
        let asked = distinct_questions(items, *ask_for, questions);
        let fresh = |ask: &dyn Fn(&str) -> usize| -> Vec<Duration> {
            let first = |text: &String| {
                desk.reload().unwrap();
                ask(&asked[0]);
                once(|| ask(text))
            };
            asked.iter().skip(1).map(first).collect()
        };
        let ours_first = at(&fresh(&|text| ask(&desk, items, text, *snippet)), 50);
        let theirs = |text: &str| match snippet {
            0 => bare.ask(text),
            _ => bare.snippets(items, text, *snippet),
        };
        let theirs_first = at(&fresh(&theirs), 50);
        let ours: Vec<Duration> =
            asked.iter().map(|text| best(rounds, || ask(&desk, items, text, *snippet))).collect();
        let theirs: Vec<Duration> = asked.iter().map(|text| best(rounds, || theirs(text))).collect();
        println!("{}{theirs_first:>12.0}{ours_first:>12.0}", compared(name, &theirs, &ours));
        if *snippet == 0 {
            all_ours.extend(ours);
            all_theirs.extend(theirs);
        }
    }
    println!("{}", compared("all without passages", &all_theirs, &all_ours));
}

/// A row of the table.
fn compared(name: &str, theirs: &[Duration], ours: &[Duration]) -> String {
    let [a, b, c, d] = [at(theirs, 50), at(theirs, 99), at(ours, 50), at(ours, 99)];
    format!("{name:<26}{a:>12.0}{b:>12.0}{c:>12.0}{d:>12.0}{:>8.2}{:>8.2}", c / a, d / b)
}

/// A kind of question, made from the words of a headline; and how long a passage to show of each hit.
type Kind = (&'static str, fn(&[&str]) -> String, usize);

const KINDS: &[Kind] = &[
    ("one word", |words| words[0].to_owned(), 0),
    ("two words", |words| words[..2].join(" "), 0),
    ("three words", |words| words[..3].join(" "), 0),
    ("phrase of two", |words| format!("\"{}\"", words[..2].join(" ")), 0),
    ("three words, all of them", |words| words[..3].join(" AND "), 0),
    ("three words, passages", |words| words[..3].join(" "), 240),
];

fn distinct_questions(items: &[NewsItem], kind: fn(&[&str]) -> String, count: usize) -> Vec<String> {
    let mut dice = corpus::Dice(SEED);
    let mut asked = HashSet::new();
    while asked.len() < count {
        let item = &items[(dice.roll() % items.len() as u64) as usize];
        let words: Vec<&str> = item.headline.as_ref().unwrap().split(' ').collect();
        // a reader does not ask for "the"
        let telling: Vec<&str> = words.iter().copied().filter(|word| word.len() > 4).collect();
        if telling.len() >= 3 {
            asked.insert(kind(&telling));
        }
    }
    let mut asked: Vec<String> = asked.into_iter().collect();
    asked.sort_unstable();
    asked
}

fn stories_of(count: usize) -> Vec<NewsItem> {
    let feeds = corpus::feeds(SEED, count.div_ceil(FEED), FEED.min(count));
    let start: Timestamp = "2024-04-01T00:00:00Z".parse().unwrap();
    let mut items = Vec::new();
    for story in feeds.into_iter().flatten().take(count) {
        items.push(NewsItem {
            id: story.guid,
            headline: Some(story.headline),
            byline: Some(story.author),
            dateline: Some(Dateline { text: "GENEVA".into(), ..Dateline::default() }),
            body_text: Some(story.paragraphs.join("\n\n")),
            keywords: story.categories.to_vec(),
            language: Some("en".into()),
            published: start.checked_add(i64::from(story.minute).minutes()).ok().map(Into::into),
            ..NewsItem::default()
        });
    }
    items
}

fn desk(items: &[NewsItem]) -> Index {
    let mut index = Index::in_memory(Settings { heap: HEAP, ..Settings::default() }).unwrap();
    for (at, item) in items.iter().enumerate() {
        let (seq, item) = (Seq(at as u64 + 1), item.clone());
        index.take(&Revision { seq, item, current: true, delivery: DeliveryId(1) }).unwrap();
    }
    index.commit(Seq(items.len() as u64)).unwrap();
    index.settle().unwrap();
    index
}

fn ask(desk: &Index, items: &[NewsItem], text: &str, snippet: usize) -> usize {
    let load = |seq: u64| match snippet {
        0 => Ok(Some(NewsItem::default())),
        _ => Ok(items.get(seq as usize - 1).cloned()),
    };
    let ask = Ask { limit: LIMIT, snippet, ..Ask::new(text, Timestamp::UNIX_EPOCH) };
    search(desk, &load, &ask).unwrap().hits.len()
}

fn documents(stories: usize) -> Vec<String> {
    let feeds = corpus::feeds(SEED, stories.div_ceil(FEED), FEED.min(stories));
    feeds.iter().enumerate().map(|(n, stories)| corpus::rss(&format!("Feed {n}"), stories)).collect()
}

/// CPU time of whole processes that answer one question and end.
fn cold(stories: usize, questions: usize) {
    let dir = tempfile::tempdir().unwrap();
    let items = stories_of(stories);
    let server = server::Server::start_with(&[&stories.to_string()]);
    std::fs::write(dir.path().join("wiredesk.toml"), server.config(stories.div_ceil(FEED), "5m")).unwrap();
    let wiredesk = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wiredesk"));
        command.arg("--config").arg(dir.path().join("wiredesk.toml")).args(arguments);
        spent(&mut command)
    };
    wiredesk(&["ingest", "--once"]);
    let bare = dir.path().join("bare");
    std::fs::create_dir(&bare).unwrap();
    drop(Bare::in_dir(&items, &bare));
    println!("{stories} stories on the disk, {questions} questions of a kind; CPU ms of the whole process");
    println!("{:<26}{:>12}{:>12}{:>12}{:>12}", "", "bare p50", "p99", "desk p50", "p99");
    for (name, ask_for, _) in KINDS.iter().take(KINDS.len() - 1) {
        let asked = distinct_questions(&items, *ask_for, questions);
        wiredesk(&["search", "--json", &asked[0]]);
        let desk: Vec<Duration> =
            asked.iter().map(|text| middle(|| wiredesk(&["search", "--json", text]))).collect();
        let program = |text: &String| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            spent(command.args([BARE, &bare.display().to_string(), text]))
        };
        let bare: Vec<Duration> = asked.iter().map(|text| middle(|| program(text))).collect();
        let [a, b, c, d] = [at(&bare, 50), at(&bare, 99), at(&desk, 50), at(&desk, 99)].map(|us| us / 1e3);
        println!("{name:<26}{a:>12.1}{b:>12.1}{c:>12.1}{d:>12.1}");
    }
}

/// The middle one of three runs: one in a hundred is to be a slow question, and not a moment at which the machine was busy.
fn middle(run: impl Fn() -> Duration) -> Duration {
    let mut runs = [run(), run(), run()];
    runs.sort();
    runs[1]
}

fn spent(command: &mut Command) -> Duration {
    let ended = command.stdout(Stdio::null()).spawn().unwrap().wait4().unwrap();
    ended.rusage.utime + ended.rusage.stime
}

/// What a program has that takes Tantivy as it comes.
struct Bare {
    reader: IndexReader,
    parser: QueryParser,
}

impl Bare {
    fn of(items: &[NewsItem]) -> Self {
        Self::filled(items, tantivy::Index::create_in_ram(Self::schema().0))
    }

    fn in_dir(items: &[NewsItem], dir: &Path) -> Self {
        Self::filled(items, tantivy::Index::create_in_dir(dir, Self::schema().0).unwrap())
    }

    fn open(dir: &Path) -> Self {
        let index = tantivy::Index::open_in_dir(dir).unwrap();
        let parser = QueryParser::for_index(&index, vec![Self::schema().2]);
        Self { reader: index.reader().unwrap(), parser }
    }

    fn schema() -> (Schema, Field, Field) {
        let mut schema = Schema::builder();
        let number = schema.add_u64_field("number", STORED);
        let text = schema.add_text_field("text", TEXT);
        (schema.build(), number, text)
    }

    fn filled(items: &[NewsItem], index: tantivy::Index) -> Self {
        let (_, number, text) = Self::schema();
        let mut writer = index.writer_with_num_threads(1, HEAP).unwrap();
        for (n, item) in (0_u64..).zip(items) {
            let (headline, body) = (item.headline.as_deref().unwrap(), item.body_text.as_deref().unwrap());
            writer.add_document(doc!(number => n, text => headline, text => body)).unwrap();
        }
        writer.commit().unwrap();
        writer.wait_merging_threads().unwrap();
        let parser = QueryParser::for_index(&index, vec![text]);
        Self { reader: index.reader().unwrap(), parser }
    }

    fn ask(&self, text: &str) -> usize {
        let (query, _) = self.parser.parse_query_lenient(text);
        self.reader.searcher().search(&query, &TopDocs::with_limit(LIMIT).order_by_score()).unwrap().len()
    }

    /// The same, with the best passage of each.
    fn snippets(&self, items: &[NewsItem], text: &str, width: usize) -> usize {
        let (_, number, field) = Self::schema();
        let (query, _) = self.parser.parse_query_lenient(text);
        let searcher = self.reader.searcher();
        let found = searcher.search(&query, &TopDocs::with_limit(LIMIT).order_by_score()).unwrap();
        let mut generator = SnippetGenerator::create(&searcher, &*query, field).unwrap();
        generator.set_max_num_chars(width);
        let passage = |address| {
            let story: TantivyDocument = searcher.doc(address).unwrap();
            let item = &items[story.get_first(number).unwrap().as_u64().unwrap() as usize];
            generator.snippet(item.body_text.as_deref().unwrap()).to_html().len()
        };
        found.into_iter().map(|(_, address)| passage(address)).sum()
    }
}

fn best(rounds: usize, run: impl Fn() -> usize) -> Duration {
    (0..rounds).map(|_| once(&run)).min().unwrap()
}

fn once(run: impl Fn() -> usize) -> Duration {
    let start = Instant::now();
    std::hint::black_box(run());
    start.elapsed()
}

/// Microseconds within which so many of a hundred are.
fn at(times: &[Duration], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e6
}

fn number(arguments: &[String], name: &str, usual: usize) -> usize {
    let asked = arguments.iter().skip_while(|argument| *argument != name).nth(1);
    asked.and_then(|number| number.parse().ok()).unwrap_or(usual)
}
