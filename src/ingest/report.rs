//! What one poll of one feed came to: the line a person reads, the object a script reads.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

/// How a poll ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// What was received is landed.
    #[default]
    Ok,
    /// The provider had nothing new to give: a 304, an unchanged drop folder.
    NotModified,
    /// Some of it failed; what could be read is landed.
    Partly,
    /// Nothing could be used.
    Failed,
}

/// Where in the pipeline a poll failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Stage {
    /// Bringing the bytes.
    Fetch,
    /// Reading items out of them.
    Read,
    /// Making them durable.
    Store,
    /// Making them findable.
    Index,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fetch => "FETCH",
            Self::Read => "READ",
            Self::Store => "STORE",
            Self::Index => "INDEX",
        })
    }
}

/// One thing that went wrong, as one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Where.
    pub stage: Stage,
    /// One word of the list in ARCHITECTURE.md.
    pub error_class: String,
    /// What was being done, the offending value, a hint.
    pub error: String,
}

/// One poll of one feed.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FeedReport {
    /// The feed's id.
    pub feed: String,
    /// How it ended.
    pub outcome: Ending,
    /// The first failure, when there was one.
    #[serde(flatten)]
    pub failure: Option<Failure>,
    /// Further failures: a drop folder has one for each bad file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_failed: Vec<Failure>,
    /// HTTP status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Stories not seen before.
    pub new: usize,
    /// Stories that changed.
    pub revised: usize,
    /// Items that were known already, word for word.
    pub unchanged: usize,
    /// Faults beside the items and documents.
    pub faults: usize,
    /// Pages read behind the feed's items, for their full text.
    #[serde(skip_serializing_if = "is_none")]
    pub pages: usize,
    /// Bytes received, after decompression.
    pub bytes: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// None of the feed's stories was there at the last poll: some may have been missed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub overflowed: bool,
    /// It has brought nothing new for strangely long: since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_since: Option<Timestamp>,
    /// Its server says it has moved for good; the config still names its old address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// Something of it is in the store that the index may not have yet.
    #[serde(skip)]
    pub has_landed: bool,
    /// When it will be asked again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_due: Option<Timestamp>,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl FeedReport {
    /// True when anything of it failed.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        matches!(self.outcome, Ending::Partly | Ending::Failed)
    }

    /// Notes a failure; the first one leads the report.
    pub fn fail(&mut self, failure: Failure) {
        match self.failure {
            None => self.failure = Some(failure),
            Some(_) => self.also_failed.push(failure),
        }
    }
}

impl fmt::Display for FeedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<16} ", self.feed)?;
        match (&self.outcome, &self.failure) {
            (Ending::NotModified, _) => write!(f, "nothing new")?,
            (Ending::Failed, Some(failure)) => write!(f, "{failure}")?,
            _ => write!(f, "{} new, {} revised, {} unchanged", self.new, self.revised, self.unchanged)?,
        }
        if self.pages > 0 {
            write!(f, ", {} pages read", self.pages)?;
        }
        if self.faults > 0 {
            write!(f, ", {} faults", self.faults)?;
        }
        if self.overflowed {
            write!(f, ", overflowed: none of them was there at the last poll, some may be missing")?;
        }
        if let Some(since) = &self.quiet_since {
            write!(f, ", strangely quiet since {}", since.strftime("%Y-%m-%d %H:%M UTC"))?;
        }
        if let Some(to) = &self.moved_to {
            write!(f, ", moved for good to {to}")?;
        }
        if let (Ending::Failed, Some(next)) = (&self.outcome, &self.next_due) {
            write!(f, "; next try {}", next.strftime("%Y-%m-%d %H:%M:%SZ"))?;
        }
        if self.outcome == Ending::Partly {
            write_each(f, &self.feed, self.failure.iter())?;
        }
        write_each(f, &self.feed, self.also_failed.iter())
    }
}

fn write_each<'a>(
    f: &mut fmt::Formatter<'_>,
    feed: &str,
    failures: impl Iterator<Item = &'a Failure>,
) -> fmt::Result {
    failures.into_iter().try_for_each(|failure| write!(f, "\n{feed:<16} {failure}"))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FAIL ({})  {}", self.stage, self.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(error: &str) -> Failure {
        Failure { stage: Stage::Fetch, error_class: "http_status".into(), error: error.into() }
    }

    #[test]
    fn a_report_is_one_line_and_one_more_for_each_failed_part() {
        let mut report = FeedReport { feed: "harbor".into(), new: 2, unchanged: 3, ..FeedReport::default() };
        assert_eq!(report.to_string(), "harbor           2 new, 0 revised, 3 unchanged");
        report.outcome = Ending::Partly;
        report.fail(failure("reading a.xml: empty"));
        report.fail(failure("reading b.xml: empty"));
        let text = report.to_string();
        assert_eq!(text.lines().count(), 3, "{text}");
        report.outcome = Ending::Failed;
        report.next_due = "2024-04-01T12:05:00Z".parse().ok();
        assert!(
            report.to_string().contains("FAIL (FETCH)  reading a.xml: empty; next try 2024-04-01 12:05:00Z")
        );
    }

    #[test]
    fn a_failed_report_carries_stage_and_class_at_its_top_level() {
        let mut report = FeedReport { feed: "x".into(), ..FeedReport::default() };
        report.fail(failure("504"));
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["stage"], "FETCH");
        assert_eq!(json["error_class"], "http_status");
    }
}
