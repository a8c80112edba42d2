//! Are items that are the same story in one thread, and others apart? A made-up set, the same for the same seed.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use wiredesk::index::{Index, Settings};
use wiredesk::item::NewsItem;
use wiredesk::search::{Ask, Thread, search_threads};
use wiredesk::store::{DeliveryId, Revision, Seq, Sink};
use wiredesk::threads::{Reading, Threads};

const STORIES: usize = 1_000;
const REWRITES: usize = 5;

/// A number generator of our own (splitmix64), so that no release of a crate changes the set.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    /// A word of Zipf's law: the commonest come up in every story.
    fn word(&mut self) -> String {
        let unit = (self.roll() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = 20_000_f64.powf(unit) as usize;
        ["the", "of", "to", "and", "in", "a", "said", "that", "on", "for"]
            .get(rank - 1)
            .map_or_else(|| format!("w{rank}"), |word| (*word).to_owned())
    }

    fn paragraph(&mut self) -> String {
        const STOCK: [&str; 5] = [
            "officials said in a statement on Monday",
            "The Meridian Press contributed to this report",
            "the spokesman declined to comment on the matter",
            "according to people who know of the talks",
            "who spoke on condition that they not be named",
        ];
        let words = (0..20 + self.below(30)).map(|_| self.word()).collect::<Vec<_>>().join(" ");
        let stock = if self.below(3) == 0 { format!(", {}", STOCK[self.below(5)]) } else { String::new() };
        format!("{words}{stock}.")
    }

    fn story(&mut self) -> Vec<String> {
        (0..5 + self.below(9)).map(|_| self.paragraph()).collect()
    }

    /// One word in `every` is spelled otherwise, one in twice as many is left out.
    fn typos(&mut self, text: &[String], every: usize) -> Vec<String> {
        let spell = |dice: &mut Self, word: &str| match dice.below(every * 2) {
            0 | 1 => Some(format!("{word}x")),
            2 => None,
            _ => Some(word.to_owned()),
        };
        text.iter()
            .map(|line| line.split(' ').filter_map(|word| spell(self, word)).collect::<Vec<_>>().join(" "))
            .collect()
    }

    /// The first third or more of the paragraphs.
    fn cut(&mut self, text: &[String]) -> Vec<String> {
        let least = text.len().div_ceil(3).max(2);
        let keep = least + self.below(text.len() - least + 1);
        text[..keep].to_vec()
    }

    fn local_lead(&mut self, text: &[String]) -> Vec<String> {
        let lead = [self.paragraph(), self.paragraph()];
        [&lead[..1 + self.below(2)], &text[self.below(2)..]].concat()
    }

    /// What another newsroom makes of a story.
    fn rewrite(&mut self, story: &[String], way: usize) -> Vec<String> {
        match way {
            0 => self.cut(story),
            1 => self.local_lead(story),
            2 => story.to_vec(),
            3 => self.typos(story, 30),
            _ => {
                let cut = self.cut(story);
                let led = self.local_lead(&cut);
                self.typos(&led, 60)
            }
        }
    }
}

fn item(id: String, headline: String, text: &[String], minute: i64) -> NewsItem {
    let at = "2024-04-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute);
    NewsItem {
        feed: Some(format!("site-{}", minute % 300)),
        headline: Some(headline),
        body_text: Some(text.join("\n\n")),
        word_count: Some(text.join(" ").split(' ').count() as u32),
        published: Some(at.into()),
        received: Some(at),
        id,
        ..NewsItem::default()
    }
}

fn followed(items: &[NewsItem]) -> (tempfile::TempDir, Reading) {
    let dir = tempfile::tempdir().unwrap();
    let mut threads = Threads::open(dir.path(), "desk").unwrap();
    for (seq, item) in (1..).zip(items) {
        let revision = Revision { seq: Seq(seq), item: item.clone(), current: true, delivery: DeliveryId(1) };
        threads.take(&revision).unwrap();
    }
    threads.commit(Seq(items.len() as u64)).unwrap();
    let reading = Reading::open(dir.path(), Default::default()).unwrap();
    (dir, reading)
}

/// Precision and recall over all pairs of items; `id` names the story before its dash.
fn pairs(items: &[NewsItem], reading: &Reading) -> (f64, f64) {
    let mut joined: HashMap<(String, &str), u64> = HashMap::new();
    let (mut threads, mut stories): (HashMap<String, u64>, HashMap<&str, u64>) = Default::default();
    for item in items {
        let (thread, story) = (reading.of(&item.id).unwrap(), item.id.split('-').next().unwrap());
        *joined.entry((thread.clone(), story)).or_default() += 1;
        *threads.entry(thread).or_default() += 1;
        *stories.entry(story).or_default() += 1;
    }
    let of = |count: &u64| (count * (count - 1) / 2) as f64;
    let right: f64 = joined.values().map(of).sum();
    (right / threads.values().map(of).sum::<f64>(), right / stories.values().map(of).sum::<f64>())
}

#[test]
fn five_rewrites_of_a_thousand_stories_find_each_other() {
    let mut dice = Dice(20_240_401);
    let mut items = Vec::new();
    for story in 0..STORIES {
        let text = dice.story();
        for way in 0..REWRITES {
            let rewritten = dice.rewrite(&text, way);
            let headline = if way == 2 { dice.paragraph() } else { format!("{} {}", text[0], way) };
            let minute = dice.below(2_000) as i64;
            items.push(item(
                format!("s{story}-{way}"),
                headline.chars().take(60).collect(),
                &rewritten,
                minute,
            ));
        }
    }
    items.sort_by_key(|item| (item.received, item.id.clone()));
    let (_dir, reading) = followed(&items);
    let (precision, recall) = pairs(&items, &reading);
    let f1 = 2.0 * precision * recall / (precision + recall);
    assert!(f1 >= 0.95, "precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}");
}

#[test]
fn different_stories_with_the_same_slug_words_stay_apart() {
    let mut dice = Dice(7);
    let mut items = Vec::new();
    for story in 0..200 {
        let text = dice.story();
        let slugged = NewsItem {
            slugline: Some(format!("BC-US--Election {}", story % 20)),
            provider: Some("MP".into()),
            ..item(format!("s{story}-0"), format!("Headline {}", dice.paragraph()), &text, story)
        };
        items.push(slugged);
    }
    let (_dir, reading) = followed(&items);
    for item in &items {
        assert_eq!(reading.count(&reading.of(&item.id).unwrap()).unwrap(), 1, "{}", item.id);
    }
}

#[test]
fn the_same_copy_on_three_hundred_feeds_is_one_thread() {
    let mut dice = Dice(11);
    let text = dice.story();
    let copies: Vec<_> = (0..300)
        .map(|site| {
            let printed = if site % 3 == 0 { dice.local_lead(&text) } else { text.clone() };
            item(format!("s-{site}"), "Bridge opens".into(), &printed, site)
        })
        .collect();
    let (_dir, reading) = followed(&copies);
    assert_eq!(reading.thread("s-7").unwrap().joins.len(), 300);
    assert!(reading.thread("s-7").unwrap().joins[1].reason.is_some());
}

#[test]
fn the_steps_of_a_story_on_the_wire_are_one_thread_with_reasons() {
    let mut dice = Dice(13);
    let story = dice.story();
    let step = |id: &str, slug: &str, kind: &str, headline: &str, text: &[String], minute| NewsItem {
        slugline: Some(slug.into()),
        editorial_type: Some(kind.to_owned()).filter(|kind| !kind.is_empty()),
        provider: Some("MP".into()),
        ..item(id.into(), headline.into(), text, minute)
    };
    let line = |text: &str| vec![text.to_owned()];
    let steps = [
        NewsItem {
            urgency: Some(1),
            ..step("flash", "BC-Plane Crash", "", "Plane falls", &line("A plane fell."), 0)
        },
        NewsItem {
            urgency: Some(2),
            ..step(
                "bulletin",
                "BC-Plane Crash",
                "",
                "Plane falls near town",
                &line("A plane fell near a town."),
                2,
            )
        },
        step("first", "BC-Plane Crash", "", "Two die in crash", &story, 10),
        step("lead", "BC-Plane Crash, 1st Ld", "Lead", "Three die", &dice.story(), 30),
        step(
            "thru",
            "BC-Plane Crash, 2nd Ld-Writethru",
            "Writethru",
            "Three die in crash",
            &dice.story(),
            60,
        ),
        step("take", "BC-Plane Crash=2", "", "Crash, 2", &dice.story(), 61),
        step("fix", "BC-Plane Crash", "Corrective", "Two, not three, died", &dice.story(), 200),
        step("other", "BC-Plane Deal", "", "Airline buys planes", &dice.story(), 61),
    ];
    let side = NewsItem {
        related: vec![wiredesk::item::Related {
            rel: Some("irel:sidebarOf".into()),
            target: "urn:mp:crash".into(),
            title: None,
        }],
        ..step("side", "BC-Plane Crash-Field", "", "The field", &dice.story(), 90)
    };
    let mut all = steps.to_vec();
    all[2].guid = Some("urn:mp:crash".into());
    all.push(side);
    let (_dir, reading) = followed(&all);
    let thread = reading.thread("thru").unwrap();
    let ids: Vec<_> = thread.joins.iter().map(|join| join.id.as_str()).collect();
    assert_eq!(ids, ["flash", "bulletin", "first", "lead", "thru", "take", "fix", "side"]);
    assert!(thread.joins[1..].iter().all(|join| join.reason.is_some() && join.to.is_some()), "{thread:?}");
    assert_eq!(reading.count(&reading.of("other").unwrap()).unwrap(), 1);
}

#[test]
fn a_thread_is_one_hit_and_pages_of_threads_join() {
    let mut index = Index::in_memory(Settings::default()).unwrap();
    let at = |second| Timestamp::from_second(second).unwrap();
    let water = ["Water rose.".to_owned()];
    let story = |n: i64| NewsItem {
        published: Some(at(n).into()),
        ..item(format!("s{n:02}"), "Flood".into(), &water, 0)
    };
    let log: Vec<NewsItem> = (0..40).map(story).collect();
    for (seq, item) in (1..).zip(&log) {
        let revision = Revision { seq: Seq(seq), item: item.clone(), current: true, delivery: DeliveryId(1) };
        index.take(&revision).unwrap();
    }
    index.commit(Seq(40)).unwrap();
    let of =
        |id: &str| Ok(Thread { id: format!("t{}", id[1..].parse::<usize>().unwrap() / 10), stories: 10 });
    let load = |seq: u64| Ok(usize::try_from(seq - 1).ok().and_then(|at| log.get(at).cloned()));
    let page = |offset, limit, group| {
        let ask = Ask { group, offset, limit, ..Ask::new("flood", at(1_000)) };
        let hits = search_threads(&index, &load, Some(&of), &ask).unwrap().hits;
        hits.iter().map(|hit| hit.item.id.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(page(0, 10, true), "s39 s29 s19 s09");
    assert_eq!([page(0, 2, true), page(2, 1, true), page(3, 5, true)], ["s39 s29", "s19", "s09"]);
    assert_eq!(page(0, 3, false), "s39 s38 s37");
}
