//! `wiredesk topics`: queries that stand, and what they were told.

use std::io::Write;

use anyhow::bail;

use super::output::{self, Shape};
use super::{Common, Outcome};
use crate::store::{Seq, Store};
use crate::topics::{Book, Topic};

/// Save queries that are matched as stories arrive.
///
/// An alert comes for a new story, and for a new version only when what it says
/// on the topic has changed, it became urgent, was corrected, or was taken back. `wiredesk watch` shows them as they come.
#[derive(Debug, clap::Args)]
pub struct Topics {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Save a query under a name; stories from now on are matched.
    Add {
        /// Its name: letters, digits, `-`, `_`.
        name: String,
        /// What to look for, as for `wiredesk search`.
        query: String,
        /// A command that takes each alert as JSON on its standard input; run by the ingest, and again until it exits with 0.
        #[arg(long, value_name = "COMMAND")]
        notify: Option<String>,
    },
    /// Every topic with its query.
    List,
    /// Change the query or the command of a topic.
    Edit {
        /// Which topic.
        name: String,
        /// The new query.
        #[arg(long)]
        query: Option<String>,
        /// The new command; empty for none.
        #[arg(long, value_name = "COMMAND")]
        notify: Option<String>,
    },
    /// Remove a topic and its alerts.
    Remove {
        /// Which topic.
        name: String,
    },
    /// What the topic would have found among the stories that are here: the same as a search for it.
    Test {
        /// Which topic.
        name: String,
    },
}

impl Topics {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let dir = common.data_dir()?;
        let store = Store::open_read_only(&dir)?;
        let book = match self.verb {
            Verb::Add { .. } => Some(Book::open(&dir)?),
            _ => Book::open_read(&dir)?,
        };
        let shape = Shape::chosen(common.json);
        let Some(book) = book else { return none_yet(&self.verb, shape) };
        match self.verb {
            Verb::Add { name, query, notify } => {
                add(&book, Topic { name, query: query.trim().to_owned(), notify, from: store.last_seq()? })
            }
            Verb::List => list(&book, shape),
            Verb::Test { name } => super::search::Search::of(find(&book, &name)?.query).run(common),
            Verb::Edit { name, query, notify } => edit(&book, &name, query, notify),
            Verb::Remove { name } if book.remove(&name)? => Ok(Outcome::Done),
            Verb::Remove { name } => bail!(unknown(&book, &name)?),
        }
    }
}

/// On a desk where nobody has ever saved a topic.
fn none_yet(verb: &Verb, shape: Shape) -> anyhow::Result<Outcome> {
    match verb {
        Verb::List | Verb::Add { .. } => say_none(shape),
        Verb::Edit { name, .. } | Verb::Remove { name } | Verb::Test { name } => {
            bail!(no_such_topic(name, &[]))
        }
    }
}

fn add(book: &Book, topic: Topic) -> anyhow::Result<Outcome> {
    let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if topic.name.is_empty() || !topic.name.chars().all(is_name) {
        bail!("adding a topic: {:?} is no name; hint: letters, digits, - and _", topic.name);
    }
    if topic.query.trim().is_empty() {
        bail!("adding the topic {}: it looks for nothing", topic.name);
    }
    if book.topics()?.iter().any(|known| known.name == topic.name) {
        bail!("adding a topic: there is one named {} already; hint: wiredesk topics edit {0}", topic.name);
    }
    say_if_open(&topic)?;
    book.keep(&topic)?;
    Ok(Outcome::Done)
}

/// A topic without a word to look up is asked of every story: worth knowing when there are thousands of topics.
fn say_if_open(topic: &Topic) -> anyhow::Result<()> {
    if crate::search::Standing::new(&topic.query, &now(), &crate::search::Spellings::built_in()).is_open() {
        let say = "has no word that must be there, so every new story is tried against it";
        writeln!(std::io::stderr(), "wiredesk: the topic {} {say}", topic.name)?;
    }
    Ok(())
}

fn now() -> crate::search::query::Clock {
    crate::search::query::Clock { now: jiff::Timestamp::now(), zone: super::when::zone() }
}

/// An empty table would leave a person wondering.
fn say_none(shape: Shape) -> anyhow::Result<Outcome> {
    if let Shape::Table = shape {
        writeln!(std::io::stderr(), "no topics yet; hint: wiredesk topics add NAME QUERY")?;
    }
    Ok(Outcome::Done)
}

fn list(book: &Book, shape: Shape) -> anyhow::Result<Outcome> {
    let topics = book.topics()?;
    if topics.is_empty() {
        return say_none(shape);
    }
    let mut out = anstream::stdout().lock();
    for Topic { name, query, notify, from: Seq(_) } in topics {
        match shape {
            Shape::Json => {
                let topic = serde_json::json!({ "topic": name, "query": query, "notify": notify });
                output::json_line(&mut out, &topic)?;
            }
            Shape::Table => {
                let notify = notify.map(|command| format!("  -> {command}")).unwrap_or_default();
                writeln!(out, "{name:<20} {}{}", output::visible(&query), output::visible(&notify))?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn edit(book: &Book, name: &str, query: Option<String>, notify: Option<String>) -> anyhow::Result<Outcome> {
    let topic = find(book, name)?;
    let query = query.map_or_else(|| topic.query.clone(), |query| query.trim().to_owned());
    if query.is_empty() {
        bail!("changing the topic {name}: it looks for nothing");
    }
    let notify = notify.or_else(|| topic.notify.clone()).filter(|command| !command.trim().is_empty());
    let edited = Topic { query, notify, ..topic };
    say_if_open(&edited)?;
    book.keep(&edited)?;
    Ok(Outcome::Done)
}

fn find(book: &Book, name: &str) -> anyhow::Result<Topic> {
    let found = book.topics()?.into_iter().find(|topic| topic.name == name);
    match found {
        Some(topic) => Ok(topic),
        None => bail!(unknown(book, name)?),
    }
}

/// A query in which `topic:rafah` stands for what that topic looks for.
pub fn spelt_out(query: &str, common: &Common) -> anyhow::Result<String> {
    if !query.contains("topic:") {
        return Ok(query.to_owned());
    }
    let dir = common.data_dir()?;
    let topics = Book::open_read(&dir)?.map_or(Ok(Vec::new()), |book| book.topics())?;
    let word = |word: &str| {
        let named = word.split_once("topic:").filter(|(sign, _)| sign.chars().all(|c| "+-(".contains(c)));
        let (sign, name) = named?;
        let bare = name.trim_end_matches(')');
        let topic = topics.iter().find(|topic| topic.name == bare)?;
        Some(format!("{sign}({}){}", topic.query, name.get(bare.len()..).unwrap_or_default()))
    };
    let words = query.split(' ').map(|one| word(one).unwrap_or_else(|| one.to_owned()));
    Ok(words.collect::<Vec<_>>().join(" "))
}

fn unknown(book: &Book, name: &str) -> anyhow::Result<String> {
    let names: Vec<String> = book.topics()?.into_iter().map(|topic| topic.name).collect();
    Ok(no_such_topic(name, &names))
}

fn no_such_topic(name: &str, names: &[String]) -> String {
    let known = if names.is_empty() {
        "there are no topics yet".into()
    } else {
        format!("there are {}", names.join(", "))
    };
    format!("looking for the topic {name:?}: no such topic; hint: {known}")
}
