//! What does the desk make of a server that wants to harm it? A table: one path of a loopback server, one fault, and what
//! must and must not come of it. The real binary polls all of a table's paths in one run, then answers.
//!
//! `WIREDESK_HOSTILE=1 cargo test --test it -- --nocapture hostile::each` polls every path alone and prints what it took of time and memory;
//! with a word in place of `1`, the paths that have it in their name.

mod case;
mod copy;
mod desk;
mod letters;
mod line;
mod odd;
mod size;
mod story;
mod turns;
mod ways;
mod wires;

use super::server::Server;
use case::Case;
use desk::{Cost, Hostile};

/// A path may take this much memory and no more, whatever it sends.
const MOST_MEGABYTES: f64 = 256.0;

/// Every table. `trap` is the port of a server that nobody may reach.
fn tables(trap: u16) -> Vec<(&'static str, Vec<Case>)> {
    vec![
        ("bombs", size::bombs()),
        ("floods", size::floods()),
        ("drips", line::drips()),
        ("truncations", line::truncations()),
        ("lies", line::lies()),
        ("charsets", letters::charsets()),
        ("escapes", letters::escapes()),
        ("redirects", ways::redirects(trap)),
        ("detours", odd::detours(trap)),
        ("framing", odd::framing()),
        ("packings", odd::packings()),
        ("heads", odd::heads()),
        ("guids", story::guids()),
        ("dates", story::dates()),
        ("lives", story::lives()),
        ("documents", copy::documents()),
        ("wires", wires::wires()),
        ("turns", turns::turns()),
    ]
}

/// Polls every path of a table side by side, and holds each to its row.
fn run(cases: &[Case]) {
    let hostile = Hostile::serving(cases);
    let wrong = hostile.poll_and_compare(cases);
    assert!(wrong.is_empty(), "{} of {} paths:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_path_is_one_row() {
    let paths: Vec<String> =
        tables(1).into_iter().flat_map(|(_, cases)| cases).map(|case| case.path).collect();
    let different: std::collections::BTreeSet<&String> = paths.iter().collect();
    assert_eq!(different.len(), paths.len());
    assert!(paths.len() >= 650, "{} paths", paths.len());
}

#[test]
fn bombs_end_at_their_limit() {
    run(&size::bombs());
}

#[test]
fn floods_end_at_their_limit() {
    run(&size::floods());
}

#[test]
fn neither_a_bomb_nor_two_floods_at_once_take_much_memory() {
    let (bombs, floods) = (size::bombs(), size::floods());
    for cases in bombs.chunks(1).chain(floods.chunks(2)) {
        let megabytes = Hostile::serving(cases).cost().megabytes;
        assert!(megabytes < MOST_MEGABYTES, "{}: {megabytes} MB", cases[0].path);
    }
}

#[test]
fn what_drips_ends_in_time() {
    run(&line::drips());
}

#[test]
fn what_is_cut_short_is_known_to_be() {
    run(&line::truncations());
}

#[test]
fn what_a_server_says_of_itself_is_not_believed() {
    run(&line::lies());
}

#[test]
fn every_encoding_is_read_as_what_it_is() {
    run(&letters::charsets());
}

#[test]
fn nothing_from_the_wire_runs_or_steers() {
    run(&letters::escapes());
}

#[test]
fn no_redirect_leads_astray() {
    let trap = Server::start([]);
    run(&ways::redirects(trap.port()));
    assert_eq!(trap.count(), 0, "a refused address is never spoken to");
}

#[test]
fn no_spelling_of_an_address_leads_astray() {
    let trap = Server::start([]);
    run(&odd::detours(trap.port()));
    assert_eq!(trap.count(), 0, "a refused address is never spoken to");
}

#[test]
fn an_answer_ends_where_it_ends() {
    run(&odd::framing());
}

#[test]
fn however_it_is_packed_it_is_unpacked_once_and_within_bounds() {
    run(&odd::packings());
}

#[test]
fn a_head_asks_for_much_and_is_given_nothing() {
    run(&odd::heads());
}

#[test]
fn a_story_is_who_it_is_whatever_its_guid() {
    run(&story::guids());
}

#[test]
fn no_date_is_too_odd() {
    run(&story::dates());
}

#[test]
fn however_odd_a_document_is_its_stories_are_read_and_nothing_else() {
    run(&copy::documents());
}

#[test]
fn what_a_wire_does_not_clearly_free_is_kept_back() {
    run(&wires::wires());
}

#[test]
fn a_feed_that_changes_from_poll_to_poll_is_followed() {
    run(&turns::turns());
}

#[test]
fn what_may_not_be_seen_is_not() {
    run(&story::lives());
}

/// Every path polled alone, among its neighbours: what that took, in a table. What must come of it is held to its row elsewhere.
#[test]
#[allow(clippy::print_stdout)]
fn each_path_alone_keeps_within_its_memory() {
    let wanted = std::env::var("WIREDESK_HOSTILE").unwrap_or_default();
    if wanted.is_empty() {
        return;
    }
    let mut costs = Vec::new();
    for (_, cases) in tables(1) {
        let hostile = Hostile::serving(&cases);
        for case in cases.iter().filter(|case| wanted == "1" || case.path.contains(&wanted)) {
            let Cost { megabytes, seconds } = hostile.cost_of(case);
            println!("{:<36}{megabytes:>8.0} MB{seconds:>8.2} s", case.path);
            costs.push((megabytes, seconds, case.path.clone()));
        }
    }
    costs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let most: Vec<String> =
        costs.iter().take(3).map(|(megabytes, _, path)| format!("{megabytes:.0} MB ({path})")).collect();
    println!("{} paths, each alone; most memory: {}", costs.len(), most.join(", "));
    let wrong: Vec<_> = costs.iter().filter(|cost| cost.0 > MOST_MEGABYTES || cost.1 > 59.0).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
