//! `wiredesk recall`: what was taken back, and what waits for a person.

use std::io::Write;

use anyhow::bail;
use jiff::Timestamp;
use serde::Serialize;

use super::output::{self, Shape};
use super::show::is_killed;
use super::{Common, Outcome};
use crate::item::{NewsItem, Order, Recalled, Verb};
use crate::store::{Review, Store};
use crate::threads::Reading;

/// List the stories that were taken back; decide where the wire is not clear.
///
/// A story that may be meant by a kill is held until somebody has decided. Exit code of the lists: 0 something, 1 nothing.
#[derive(Debug, clap::Args)]
pub struct Recall {
    /// What waits for a person: kills that several stories answer to, kills that none does, killed stories sent again,
    /// and copies of killed stories that other feeds still print.
    #[arg(long, group = "what")]
    review: bool,
    /// Take this story back (its id, the beginning of it, or the provider's guid).
    #[arg(long, group = "what", value_name = "ID")]
    kill: Option<String>,
    /// Lift all that was done to this story so far.
    #[arg(long, group = "what", value_name = "ID")]
    release: Option<String>,
    /// Who has this story, who was told of its recall, and who has acknowledged it. Exit code: 0 nobody is left to hear
    /// of it, 1 somebody is.
    #[arg(long, group = "what", value_name = "ID")]
    report: Option<String>,
    /// The client (--client) has acted on the recall of this story.
    #[arg(long, group = "what", value_name = "ID", requires = "client")]
    ack: Option<String>,
    /// Whose acknowledgement it is.
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Why, for the record.
    #[arg(long, value_name = "TEXT", default_value = "decided by the desk")]
    reason: String,
}

/// A line of the lists, as `--json` prints it.
#[derive(Serialize)]
struct Line<'a> {
    /// `recalled`, `unsure`, `waiting`, `sent_again` or `copies`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<Ordering<'a>>,
    stories: Vec<Taken<'a>>,
}

#[derive(Serialize)]
struct Ordering<'a> {
    id: &'a str,
    #[serde(flatten)]
    order: Option<&'a Order>,
}

/// A story without its copy.
#[derive(Serialize)]
struct Taken<'a> {
    id: &'a str,
    guid: Option<&'a str>,
    slugline: Option<&'a str>,
    transmission: Option<&'a str>,
    recalled: Option<&'a Recalled>,
}

impl Recall {
    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let shape = Shape::chosen(common.json);
        match (&self.kill, &self.release) {
            (Some(id), _) => self.decide(common, id, Verb::Kill),
            (_, Some(id)) => self.decide(common, id, Verb::Release),
            _ if self.report.is_some() => report(common, self.report.as_deref().unwrap_or_default(), shape),
            _ if self.ack.is_some() => {
                let client = self.client.as_deref().unwrap_or_default();
                acknowledge(common, self.ack.as_deref().unwrap_or_default(), client)
            }
            _ if self.review => {
                let reader = common.reader()?;
                let review = reader.store().review()?;
                let copies = copies(reader.store(), &reader.threads()?)?;
                let copied = copies
                    .iter()
                    .map(|(killed, copies)| line("copies", Some(killed), &copies.iter().collect::<Vec<_>>()));
                print(&review_lines(&review).into_iter().chain(copied).collect::<Vec<_>>(), shape)
            }
            _ => {
                let stories: Vec<NewsItem> =
                    common.store()?.recalled()?.into_iter().map(|revision| revision.item).collect();
                let lines: Vec<_> = stories.iter().map(|item| line("recalled", None, &[item])).collect();
                print(&lines, shape)
            }
        }
    }

    fn decide(&self, common: &Common, name: &str, verb: Verb) -> anyhow::Result<Outcome> {
        let mut store = Store::open_beside(&common.data_dir()?)?;
        let found = store.find(name)?;
        let [story] = found.as_slice() else {
            bail!("deciding on {name:?}: {}", super::named_by(found.len()));
        };
        let now = Timestamp::now();
        store.decide(&story.item.id, verb, &self.reason, now)?;
        let item = store.current(&story.item.id)?.map(|revision| revision.item).unwrap_or_default();
        let held = item.told_at(now).held_by.unwrap_or_else(|| "may be shown".into());
        writeln!(std::io::stderr(), "{}: {}", item.id, output::visible(&held))?;
        Ok(Outcome::Done)
    }
}

/// Killed stories whose text other providers still print: the kill does not reach those copies.
fn copies(store: &Store, threads: &Reading) -> anyhow::Result<Vec<(NewsItem, Vec<NewsItem>)>> {
    let now = Timestamp::now();
    let mut found = Vec::new();
    for killed in store.recalled()?.into_iter().map(|revision| revision.item).filter(is_killed) {
        let mut copies = Vec::new();
        for join in threads.thread(&killed.id)?.joins.into_iter().filter(|join| join.id != killed.id) {
            let current = store.current(&join.id)?.map(|revision| revision.item);
            copies.extend(current.filter(|item| item.publishability(now).is_publishable()));
        }
        if !copies.is_empty() {
            found.push((killed, copies));
        }
    }
    Ok(found)
}

/// Who has the story that goes by `name`; also of one that was removed for good.
fn report(common: &Common, name: &str, shape: Shape) -> anyhow::Result<Outcome> {
    let store = common.store()?;
    let story = one(&store, name)?;
    let now = Timestamp::now();
    let taken_back = story.is_taken_back(now);
    let handouts = store.handed_out(&story.id)?;
    let mut out = anstream::stdout().lock();
    for handout in &handouts {
        match shape {
            Shape::Json => output::json_line(&mut out, handout)?,
            Shape::Table => {
                let state = match (taken_back, handout.acknowledged, handout.told) {
                    (_, Some(at), _) => format!("acknowledged its recall {at}"),
                    (_, None, Some(at)) => format!("was told of its recall {at}, has not acknowledged"),
                    (true, None, None) => "has NOT been told of its recall yet".into(),
                    (false, None, None) => "no recall".into(),
                };
                let line = format!("{}  {} {}  {state}", handout.client, handout.channel, handout.at);
                writeln!(out, "{}", output::visible(&line))?;
            }
        }
    }
    if handouts.is_empty() {
        writeln!(std::io::stderr(), "{} was handed to nobody", story.id)?;
    }
    let all_heard = handouts.iter().all(|handout| handout.acknowledged.is_some());
    Ok(if taken_back && !all_heard { Outcome::Partly } else { Outcome::Done })
}

fn acknowledge(common: &Common, name: &str, client: &str) -> anyhow::Result<Outcome> {
    let mut store = Store::open_beside(&common.data_dir()?)?;
    let story = one(&store, name)?;
    if !store.acknowledge(client, &story.id, Timestamp::now())? {
        bail!(
            "acknowledging: {client:?} never got story {}; hint: `wiredesk recall --report {}`",
            story.id,
            story.id
        );
    }
    Ok(Outcome::Done)
}

fn one(store: &Store, name: &str) -> anyhow::Result<NewsItem> {
    let mut found = store.find(name)?;
    match (found.pop(), found.is_empty()) {
        (Some(story), true) => Ok(story.item),
        _ => bail!("{} stories go by {name:?}; hint: give the whole id", found.len() + 1),
    }
}

fn review_lines(review: &Review) -> Vec<Line<'_>> {
    let unsure = review
        .unsure
        .iter()
        .map(|(order, stories)| line("unsure", Some(order), &stories.iter().collect::<Vec<_>>()));
    let waiting = review.waiting.iter().map(|order| line("waiting", Some(order), &[]));
    let sent_again = review.sent_again.iter().map(|item| line("sent_again", None, &[item]));
    unsure.chain(waiting).chain(sent_again).collect()
}

fn line<'a>(kind: &'static str, order: Option<&'a NewsItem>, stories: &[&'a NewsItem]) -> Line<'a> {
    let taken = |item: &&'a NewsItem| Taken {
        id: &item.id,
        guid: item.guid.as_deref(),
        slugline: item.slugline.as_deref(),
        transmission: item.transmission.as_deref(),
        recalled: item.recalled.as_ref(),
    };
    let order = order.map(|item| Ordering { id: &item.id, order: item.order.as_ref() });
    Line { kind, order, stories: stories.iter().map(taken).collect() }
}

fn print(lines: &[Line<'_>], shape: Shape) -> anyhow::Result<Outcome> {
    if lines.is_empty() && shape == Shape::Table {
        writeln!(std::io::stderr(), "nothing")?;
    }
    let mut out = anstream::stdout().lock();
    for line in lines {
        match shape {
            Shape::Json => output::json_line(&mut out, line)?,
            Shape::Table => write!(out, "{}", output::visible(&sentences(line)))?,
        }
    }
    Ok(if lines.is_empty() { Outcome::Partly } else { Outcome::Done })
}

fn sentences(line: &Line<'_>) -> String {
    let words = line.order.as_ref().and_then(|order| order.order).map_or("", |order| order.words.as_str());
    let by = line.order.as_ref().map_or("", |order| order.id);
    let mut text = match line.kind {
        "unsure" => {
            format!("{by} says {words:?}: which of these is meant? Decide with --kill ID and --release ID\n")
        }
        "waiting" => format!("{by} says {words:?}: no story answers to it yet\n"),
        "copies" => {
            format!("{by} was killed; these are in its thread and still shown. --kill ID takes one back\n")
        }
        "sent_again" => "killed, and sent again as usable; --release ID lets it pass\n".into(),
        _ => String::new(),
    };
    for story in &line.stories {
        let held = story.recalled.map(ToString::to_string).unwrap_or_default();
        let names = [story.slugline, story.transmission, story.guid]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("  ");
        text.push_str(&format!("  {}  {names}\n    {held}\n", story.id));
    }
    text
}
