//! `wiredesk search`: ranked stories on a topic.

use std::io::{BufWriter, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::doubts::doubts;
use super::output::{self, Shape};
use super::show::is_killed;
use super::{Common, Outcome, when};
use crate::index::fields;
use crate::search::{Answer, Ask, Bar, FACETS, Hit, Snippet, Sort};
use crate::store::Store;

/// How much of a story to quote under its headline, in characters.
pub const SNIPPET: usize = 240;

/// Find stories on a topic, best first. Exit code: 0 hits, 1 none, 2 error.
#[derive(Debug, clap::Args)]
#[command(after_long_help = grammar())]
pub struct Search {
    /// What to look for: words, "phrases", AND OR NOT, field:word. Quote it for your shell.
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// Only stories published since: `24h`, `3d`, `2024-04-01`, `2024-04-01T12:00Z`.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only stories published before.
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    /// At most this many.
    #[arg(long, short = 'n', default_value = "10", value_name = "N", value_parser = super::at_least_one)]
    limit: usize,
    /// Which come first.
    #[arg(long, value_enum, default_value_t = Order::Relevance)]
    sort: Order,
    /// What the desk could see at this time: `2024-04-01T14:05Z`, `3h`. What was taken back since is named on stderr.
    #[arg(long, value_name = "WHEN")]
    as_of: Option<String>,
    /// Every story, also those of one thread: versions, takes, the same copy on other feeds.
    #[arg(long)]
    no_group: bool,
    /// Information for editors (advisories, daybooks, budgets) instead of stories.
    #[arg(long)]
    editorial: bool,
    /// Say of each hit of what its score is made.
    #[arg(long)]
    explain: bool,
    /// Count all stories that match by: dateline, country, byline, source, subject, keyword, place, lang, type.
    #[arg(long, value_name = "NAME", value_parser = FACETS.iter().map(|(name, _)| *name).collect::<Vec<_>>())]
    facet: Vec<String>,
    /// Count all stories that match by time, and draw it.
    #[arg(long, value_enum, value_name = "BAR")]
    histogram: Option<Width>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Width {
    Hour,
    Day,
    Week,
    Month,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Order {
    /// Best match first.
    Relevance,
    /// Best match first, where newer stories count for more.
    Fresh,
    /// Newest first.
    Newest,
}

impl Search {
    /// A search with nothing set but its query.
    pub fn of(query: String) -> Self {
        let (since, until, histogram) = (None, None, None);
        let (limit, sort, editorial, facet) = (10, Order::Relevance, false, Vec::new());
        let explain = false;
        Self {
            query: vec![query],
            since,
            until,
            limit,
            sort,
            as_of: None,
            no_group: false,
            editorial,
            facet,
            histogram,
            explain,
        }
    }

    pub fn run(self, common: &Common) -> anyhow::Result<Outcome> {
        let now = Timestamp::now();
        let at = |text: &Option<String>| text.as_deref().map(|text| when::instant(text, now)).transpose();
        let ask = Ask {
            since: at(&self.since)?,
            until: at(&self.until)?,
            limit: self.limit,
            snippet: SNIPPET,
            group: !self.no_group,
            editorial: self.editorial,
            count: true,
            facets: self.facet,
            explain: self.explain,
            histogram: self.histogram.map(|width| match width {
                Width::Hour => Bar::Hour,
                Width::Day => Bar::Day,
                Width::Week => Bar::Week,
                Width::Month => Bar::Month,
            }),
            sort: match self.sort {
                Order::Relevance => Sort::Relevance,
                Order::Fresh => Sort::Fresh,
                Order::Newest => Sort::Newest,
            },
            zone: when::zone(),
            spellings: common.spellings(),
            ..Ask::new(super::topics::spelt_out(&self.query.join(" "), common)?, now)
        };
        let mut reader = common.reader()?;
        let (ask, answer) = match self.as_of.as_deref().map(|then| when::past(then, now)).transpose()? {
            None => {
                let answer = reader.search(&ask)?;
                (ask, answer)
            }
            Some(then) => {
                let answer = reader.search_as_of(&ask, then)?;
                name_recalled(&answer, reader.store())?;
                (Ask { now: then, ..ask }, answer)
            }
        };
        print(&answer, &ask, Shape::chosen(common.json))?;
        if answer.hits.is_empty() {
            let is_story = |id: &str| reader.store().find(id).is_ok_and(|found| !found.is_empty());
            for doubt in doubts(&ask.query, &is_story) {
                writeln!(std::io::stderr(), "wiredesk: {}", output::visible(&doubt))?;
            }
        }
        Ok(if answer.hits.is_empty() { Outcome::Partly } else { Outcome::Done })
    }
}

/// A look back shows what was there to see; nobody is to take it for what may be shown now.
fn name_recalled(answer: &Answer, store: &Store) -> anyhow::Result<()> {
    for hit in &answer.hits {
        if store.current(&hit.item.id)?.is_some_and(|current| is_killed(&current.item)) {
            writeln!(std::io::stderr(), "{} was killed since; it may not be shown", hit.item.id)?;
        }
    }
    Ok(())
}

/// The part of `search --help` that the table of fields writes.
fn grammar() -> String {
    let mut text = String::from(
        "What may be typed:\n  \
         rafah talks          stories with either word; both, and near each other, come first\n  \
         \"highway 1\"          these words in this order\n  \
         rafah AND talks, rafah NOT crossing, -crossing, (a OR b)\n  \
         cease*               any word that begins so\n  \
         rafha~               a word that differs by one letter; rafha~2 by two\n  \
         \"oil price\"~3       these words, with at most three others between them\n  \
         urgency:1..3         a value between two others, in a field of whole values\n  \
         since:24h            published since; since yesterday, until:2024-04-01, on:2024-04-01\n  \
         in:ID                stories of the thread that this story is in\n  \
         topic:NAME           what a saved topic looks for\n\n\
         In one field only:\n",
    );
    for field in fields::FIELDS {
        let Some(prefix) = field.prefixes.first() else { continue };
        text.push_str(&format!("  {:<20} {}\n", format!("{prefix}:"), field.says));
    }
    text.push_str("\nA mistyped query is searched as words; it is never an error.");
    text
}

/// Prints an answer, as a table or one JSON object a line.
pub fn print(answer: &Answer, ask: &Ask, shape: Shape) -> anyhow::Result<()> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    match shape {
        Shape::Json => {
            answer.hits.iter().try_for_each(|hit| output::json_line(&mut out, &hit.told_at(ask.now)))?;
            counts(answer).try_for_each(|count| output::json_line(&mut out, &count))?;
            if let Some(meant) = &answer.meant {
                // data on stdout, talk on stderr
                writeln!(
                    std::io::stderr(),
                    "wiredesk: nothing found; did you mean: {}",
                    output::visible(meant)
                )?;
            }
        }
        Shape::Table => {
            page(&mut out, answer, ask)?;
            draw(&mut out, answer, ask)?;
        }
    }
    Ok(out.flush()?)
}

fn page(out: &mut dyn Write, answer: &Answer, ask: &Ask) -> std::io::Result<()> {
    for (place, hit) in answer.hits.iter().enumerate() {
        let item = &hit.item;
        let headline = item.shown_headline();
        let label = item.label().map(|label| format!("[{}] ", label.to_uppercase())).unwrap_or_default();
        writeln!(out, "{:>2}. {label}\x1b[1m{}\x1b[0m", ask.offset + place + 1, output::visible(headline))?;
        writeln!(out, "    \x1b[2m{}\x1b[0m", output::visible(&under(hit)))?;
        if let Some(snippet) = &hit.snippet {
            writeln!(out, "    {}", highlighted(snippet))?;
        }
        hit.why.iter().try_for_each(|part| writeln!(out, "      {}", output::visible(part)))?;
    }
    if let Some(meant) = &answer.meant {
        writeln!(out, "did you mean: {}", output::visible(meant))?;
    }
    match answer.total {
        Some(0) => writeln!(out, "no story matches {:?}", output::visible(&ask.query)),
        Some(total) => writeln!(out, "{} of {total}", answer.hits.len()),
        None => Ok(()),
    }
}

/// A count as `--json` prints it.
#[derive(Serialize)]
struct Count<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    facet: Option<&'a str>,
    value: String,
    stories: usize,
}

fn counts(answer: &Answer) -> impl Iterator<Item = Count<'_>> {
    let facets = answer.counts.facets.iter().flat_map(|facet| {
        let count = |(value, stories): &(String, usize)| Count {
            kind: "facet",
            facet: Some(facet.name),
            value: value.clone(),
            stories: *stories,
        };
        facet.counts.iter().map(count)
    });
    let bars = answer.counts.bars.iter();
    facets.chain(bars.map(|(at, stories)| Count {
        kind: "histogram",
        facet: None,
        value: at.to_string(),
        stories: *stories,
    }))
}

/// How many values of a facet are drawn, and how long the longest bar is.
const DRAWN: usize = 15;
const LONGEST: usize = 40;

fn draw(out: &mut dyn Write, answer: &Answer, ask: &Ask) -> std::io::Result<()> {
    for facet in &answer.counts.facets {
        writeln!(out, "\nby {}", facet.name)?;
        bars(out, facet.counts.iter().take(DRAWN).map(|(value, count)| (value.clone(), *count)).collect())?;
        if facet.counts.len() > DRAWN {
            writeln!(out, "  and {} more", facet.counts.len() - DRAWN)?;
        }
    }
    if !answer.counts.bars.is_empty() {
        writeln!(out, "\nby time")?;
        let pattern = if ask.histogram == Some(Bar::Hour) { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" };
        let named = |(at, count): &(Timestamp, usize)| {
            (at.to_zoned(ask.zone.clone()).strftime(pattern).to_string(), *count)
        };
        bars(out, answer.counts.bars.iter().map(named).collect())?;
    }
    Ok(())
}

fn bars(out: &mut dyn Write, rows: Vec<(String, usize)>) -> std::io::Result<()> {
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    for (name, count) in rows {
        let bar = "#".repeat((count * LONGEST).div_ceil(most));
        writeln!(out, "  {:<24} {count:>6}  {bar}", output::visible(&name))?;
    }
    Ok(())
}

/// The passage that says why the story was found, with what was asked for in bold.
fn highlighted(snippet: &Snippet) -> String {
    let mut line = String::new();
    let mut at = 0;
    for mark in &snippet.marks {
        let part =
            |range: std::ops::Range<usize>| output::visible(snippet.text.get(range).unwrap_or_default());
        line.push_str(&format!("{}\x1b[1;4m{}\x1b[0m", part(at..mark.start), part(mark.clone())));
        at = mark.end;
    }
    line.push_str(&output::visible(snippet.text.get(at..).unwrap_or_default()));
    line
}

/// The line under a headline: where from, by whom, when, and the id that `show` takes.
fn under(hit: &Hit) -> String {
    let item = &hit.item;
    let parts = [
        item.dateline.as_ref().map(|dateline| dateline.text.clone()),
        item.byline.clone(),
        item.provider.clone().or_else(|| item.feed.clone()),
        item.changed().map(|at| at.strftime("%Y-%m-%d %H:%MZ").to_string()),
        Some(item.id.clone()),
        hit.thread
            .as_ref()
            .filter(|thread| thread.stories > 1)
            .map(|thread| format!("{} in thread", thread.stories)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}
