//! **Who wrote it?** The byline as printed and the people read from it.
//!
//! Three places are asked: lines printed in fields of their own, people named in structure, and the first lines of
//! the story. An organisation is never taken for a person: `By The Associated Press` has a text and no authors.

mod line;
mod list;
mod name;
mod signoff;
mod words;

use crate::item::Author;
use crate::wire::{WirePerson, WireText};

use super::gazetteer::fold;
use super::plain;
use super::text;

/// What the byline says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Byline {
    /// As printed, on one line.
    pub text: Option<String>,
    /// The people (or, when nobody is named, nobody): an organisation is never taken for a person.
    pub authors: Vec<Author>,
    /// Those named at the end of the story: `role` says what they did (`reporting`, `editing`, `contributor`).
    pub contributors: Vec<Author>,
    /// Bytes of the body taken by a byline line at its top; 0 when there is none.
    pub body_start: usize,
}

/// Reads the byline from the printed lines, from people named in structure and from the body's own first lines.
/// `provider` is the organisation of authors for whom nothing else is said.
pub fn read(
    printed: &[WireText],
    creators: &[WirePerson],
    body_text: &str,
    provider: Option<&str>,
) -> Byline {
    let mut byline = of_lines(printed);
    let names = || creators.iter().map(|one| text::line(&one.name)).collect::<Vec<_>>().join(", ");
    let printed = byline.text.clone().unwrap_or_else(names);
    if let Some(top) = top_of(body_text).or_else(|| repeated(body_text, &printed)) {
        byline.body_start = top.end;
        byline.text = byline.text.or(Some(top.text));
        merge(&mut byline.authors, top.authors);
    }
    of_creators(&mut byline, creators);
    merge(&mut byline.contributors, signoff::read(body_text));
    let known = provider.and_then(words::organisation);
    for author in &mut byline.authors {
        author.org = author.org.take().or_else(|| known.map(Into::into));
    }
    byline
}

/// Everybody who makes a feed, desks and agencies too: nobody signs a story by that.
pub fn makers(creators: &[WirePerson]) -> Vec<Author> {
    let mut all = Vec::new();
    for creator in creators {
        let Byline { authors, contributors, .. } = read(&[], std::slice::from_ref(creator), "", None);
        let people: Vec<Author> = authors.into_iter().chain(contributors).collect();
        let name = || written(&creator.name);
        let desk = || Some(Author { name: name(), email: creator.email.clone(), ..Author::default() });
        let is_one = people.is_empty() && !name().is_empty();
        let desk = if is_one { desk() } else { None };
        merge(&mut all, people.into_iter().chain(desk).collect());
    }
    all
}

/// Does the text read as one person's full name: two to six capitalised words, particles among them?
pub fn is_full_name(text: &str) -> bool {
    name::is_full(text) && words::organisation(text).is_none()
}

/// Reading case of a name that is printed in capitals.
pub fn reading_case(name: &str) -> String {
    name::reading_case(name)
}

/// Printed lines: one byline, or a name and its affiliation on the next line.
fn of_lines(printed: &[WireText]) -> Byline {
    let mut lines: Vec<String> = printed.iter().filter_map(plain::line).collect();
    lines.dedup_by_key(|line| line.to_lowercase());
    let mut authors = Vec::new();
    for line in &printed.iter().map(with_affiliation).collect::<Vec<_>>() {
        if let (Some((role, org)), false) = (line::affiliation_of_copy(line), authors.is_empty()) {
            affiliate(&mut authors, role.as_deref(), org.as_deref());
            continue;
        }
        merge(&mut authors, line::read(line).people);
    }
    let text = (!lines.is_empty()).then(|| lines.join(" "));
    Byline { text, authors, ..Byline::default() }
}

/// One line to read: what stands on a line of its own below the names (NITF's `byttl`) goes behind a comma.
fn with_affiliation(printed: &WireText) -> String {
    let lines = plain::prose(printed);
    match lines.rsplit_once('\n') {
        Some((names, last)) if line::is_affiliation(last.trim()) => {
            format!("{}, {}", text::line(names).trim_end_matches(','), text::line(last))
        }
        _ => text::line(&lines),
    }
}

fn affiliate(authors: &mut [Author], role: Option<&str>, org: Option<&str>) {
    for author in authors {
        author.role = author.role.take().or_else(|| role.map(Into::into));
        author.org = author.org.take().or_else(|| org.map(Into::into));
    }
}

/// People in structure. A printed byline is what editors decided on: where it names people, structure only completes them,
/// and whoever else has a role there (`writer`, `photographer`) helped.
fn of_creators(byline: &mut Byline, creators: &[WirePerson]) {
    byline.authors.iter_mut().for_each(|author| end_where_structure_does(author, creators));
    let is_org = |author: &Author| creators.iter().any(|one| one.org.as_ref() == Some(&author.name));
    byline.authors.retain(|author| !is_org(author));
    let mut text: Vec<String> = Vec::new();
    let printed = !byline.authors.is_empty();
    for person in creators {
        if person.role.as_deref().is_some_and(is_contributor) {
            merge(&mut byline.contributors, of_creator(person));
            continue;
        }
        let name = written(&person.name);
        if !name.is_empty() && !text.contains(&name) {
            text.push(name);
        }
        if !person.is_org {
            let (named, beside): (Vec<_>, Vec<_>) =
                of_creator(person).into_iter().partition(|one| !printed || is_among(&byline.authors, one));
            merge(&mut byline.authors, named);
            let has_role = person.role.as_deref().is_some_and(|role| !role.trim().is_empty());
            merge(&mut byline.contributors, if has_role { beside } else { Vec::new() });
        }
    }
    byline.authors.retain(|author| !(is_account(&author.name) && is_among(&byline.contributors, author)));
    text.retain(|name| !is_account(name) || is_among_names(&byline.authors, name));
    let is_desk = creators.iter().all(names_an_organisation);
    let is_signed = (is_desk || !byline.authors.is_empty()) && !text.is_empty();
    byline.text = byline.text.take().or_else(|| is_signed.then(|| text.join(", ")));
}

/// `Ann Roe Acme Works` of a printed line is `Ann Roe` where structure names her.
fn end_where_structure_does(author: &mut Author, creators: &[WirePerson]) {
    let begins = |name: &String| {
        let rest =
            author.name.to_lowercase().strip_prefix(&name.to_lowercase()).map(|rest| rest.starts_with(' '));
        rest == Some(true) && name::is_full(name)
    };
    let people = creators.iter().filter(|creator| !creator.is_org).map(|creator| text::line(&creator.name));
    if let Some(name) = people.filter(begins).max_by_key(String::len) {
        author.name = name::reading_case(&name);
    }
}

/// Says so, or reads so: `EUROPA PRESS`. It signs the story without being a person.
fn names_an_organisation(creator: &WirePerson) -> bool {
    let read = line::read(&text::line(&creator.name));
    creator.is_org || read.people.is_empty() && read.org.is_some()
}

/// `photographer` of the code `crol:photographer`; a printed role stays as it is.
fn role_word(role: &str) -> &str {
    let is_code = |(scheme, word): &(&str, &str)| {
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain(scheme) && plain(word)
    };
    role.split_once(':').filter(is_code).map_or(role, |(_, word)| word)
}

/// `contributor`, in the provider's word or as a code: they helped, and did not write.
fn is_contributor(role: &str) -> bool {
    role.rsplit(':').next().is_some_and(|word| word.eq_ignore_ascii_case("contributor"))
}

/// A creator may hold a whole byline: `By JANE ROE, Associated Press`, `desk@paper.example (Jane Roe)`.
fn of_creator(person: &WirePerson) -> Vec<Author> {
    let (name, mail) = mail_off(&written(&person.name));
    let email = person.email.as_deref().map(text::line).filter(|it| !it.is_empty()).or(mail);
    if words::is_company(&name) {
        return Vec::new();
    }
    let line = line::read(&given_first(&name).unwrap_or_else(|| name.clone()));
    let mut authors = match line.people.len() {
        0 if line.org.is_some() => return Vec::new(),
        0 if name.is_empty() && email.is_none() || words::is_furniture(&name) => return Vec::new(),
        0 => vec![Author {
            name: if name.is_empty() { email.clone().unwrap_or_default() } else { name },
            ..Author::default()
        }],
        _ => line.people,
    };
    affiliate(&mut authors, person.role.as_deref().map(role_word), person.org.as_deref());
    if let [only] = authors.as_mut_slice() {
        only.email = email;
    }
    authors
}

/// `Roe, Jane` of library catalogues: the surname stands first.
fn given_first(name: &str) -> Option<String> {
    let (surname, given) = name.split_once(", ")?;
    let one_word = !surname.contains(' ') && !given.contains(',') && given.split(' ').count() <= 2;
    let are_names = name::is_full(&format!("{given} {surname}")) && words::organisation(given).is_none();
    let in_front = one_word && are_names && !words::is_role(given) && !words::is_house(given);
    in_front.then(|| format!("{given} {surname}"))
}

/// A name on one line, without the markup or the references that feeds leave in it.
fn written(name: &str) -> String {
    if plain::has_markup(name) {
        return plain::line(&WireText::html(name)).unwrap_or_default();
    }
    text::line(&text::decoded(name))
}

/// RSS's `mail@host (Name)`, `Name <mail@host>`, `mail@host`: name and address.
fn mail_off(text: &str) -> (String, Option<String>) {
    let is_mail = |word: &str| {
        word.contains('@') && word.contains('.') && !word.contains(' ') && !word.starts_with('@')
    };
    let clean = |word: &str| {
        word.trim_matches(|c: char| "<>()[],;\"".contains(c)).trim_start_matches("mailto:").to_string()
    };
    let Some(mail) = text.split_whitespace().map(clean).find(|word| is_mail(word)) else {
        return (text.to_string(), None);
    };
    let rest: Vec<&str> = text.split_whitespace().filter(|word| !word.contains(&mail)).collect();
    let rest = rest.join(" ");
    let name = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(&rest);
    (name.trim_matches(|c: char| c.is_whitespace() || "\"<>,".contains(c)).to_string(), Some(mail))
}

/// `roe.jane`: the account of somebody at the desk. dpa names it as creator and as contributor of what nobody signed.
fn is_account(name: &str) -> bool {
    !name.contains(' ') && !name.chars().any(char::is_uppercase)
}

fn is_among_names(authors: &[Author], name: &str) -> bool {
    authors.iter().any(|known| fold(&known.name) == fold(name))
}

fn is_among(authors: &[Author], one: &Author) -> bool {
    is_among_names(authors, &one.name)
}

/// Adds people not yet named; what is known of those already named is completed.
fn merge(authors: &mut Vec<Author>, more: Vec<Author>) {
    for one in more {
        match authors.iter_mut().find(|known| fold(&known.name) == fold(&one.name)) {
            Some(known) => {
                known.role = known.role.take().or(one.role);
                known.org = known.org.take().or(one.org);
                known.email = known.email.take().or(one.email);
            }
            None => authors.push(one),
        }
    }
}

/// A byline at the top of the story.
struct Top {
    text: String,
    authors: Vec<Author>,
    end: usize,
}

/// How far into the story a byline can reach.
const HEAD: usize = 400;

fn top_of(body: &str) -> Option<Top> {
    let start = body.len() - body.trim_start().len();
    let (first, next) = line_at(body, start)?;
    let byline = line::of_copy(first)?;
    let mut top = Top { text: text::line(first), authors: byline.people, end: next };
    if let Some((second, after)) = line_at(body, next)
        && let Some((role, org)) = line::affiliation_of_copy(second)
    {
        affiliate(&mut top.authors, role.as_deref(), org.as_deref());
        top.text = format!("{} {}", top.text, text::line(second));
        top.end = after;
    }
    top.text = top.text.trim_matches(|c: char| c.is_whitespace() || "^=<".contains(c)).into();
    Some(top)
}

/// The first line of the story is the printed byline once more, in whatever form it has.
fn repeated(body: &str, printed: &str) -> Option<Top> {
    let start = body.len() - body.trim_start().len();
    let (first, next) = line_at(body, start)?;
    let is_it = text::line(first).to_lowercase() == printed.to_lowercase() && next < body.len();
    is_it.then(|| Top { text: text::line(first), authors: Vec::new(), end: next })
}

/// The line at `start`, and where the next one with words begins.
fn line_at(body: &str, start: usize) -> Option<(&str, usize)> {
    let rest = body.get(start..)?;
    let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
    let line = rest.get(..end).filter(|line| !line.trim().is_empty() && line.len() <= HEAD)?;
    let after = rest.get(end..)?;
    Some((line, start + end + (after.len() - after.trim_start().len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(authors: &[Author]) -> Vec<&str> {
        authors.iter().map(|author| author.name.as_str()).collect()
    }

    #[test]
    fn a_byline_at_the_top_of_the_story_is_taken_off_it() {
        let body = "    By Jane Roe, Reuters\n    LONDON, April 1 - Talks went on.";
        let byline = read(&[], &[], body, None);
        assert_eq!(byline.text.as_deref(), Some("By Jane Roe, Reuters"));
        assert_eq!(names(&byline.authors), ["Jane Roe"]);
        assert_eq!(&body[byline.body_start..], "LONDON, April 1 - Talks went on.");

        let body = "^By JANE ROE=\n^AP Sports Writer=\n   ATLANTA (AP) _ They won.";
        let byline = read(&[], &[], body, None);
        assert_eq!(byline.authors[0].role.as_deref(), Some("AP Sports Writer"));
        assert!(body[byline.body_start..].starts_with("ATLANTA"));

        let body = "By ANN ROE\nLedger Staff Writer\n\nLEEDS -- Talks went on.";
        let byline = read(&[], &[], body, None);
        assert_eq!(byline.authors[0].role.as_deref(), Some("Ledger Staff Writer"));
        assert!(body[byline.body_start..].starts_with("LEEDS"));

        let body = "Von Jane Roe, tw\n\nNikosia (tw) - Talks went on.";
        let byline = read(&[WireText::plain("Von Jane Roe, tw")], &[], body, None);
        assert_eq!(&body[byline.body_start..], "Nikosia (tw) - Talks went on.");

        let roe = WirePerson { name: "Ann Roe".into(), ..WirePerson::default() };
        let body = "Ann Roe\n\nTalks went on.";
        let byline = read(&[], &[roe], body, None);
        assert_eq!((&body[byline.body_start..], names(&byline.authors)), ("Talks went on.", vec!["Ann Roe"]));

        let byline = read(&[], &[], "By Monday, the talks had failed.\n\nThen came rain.", None);
        assert_eq!(byline, Byline::default());
    }

    #[test]
    fn people_in_structure_are_read_in_every_form_feeds_use() {
        let person = |name: &str| WirePerson { name: name.into(), ..WirePerson::default() };
        for (name, expected, email) in [
            ("desk@paper.example (Jane Roe)", &["Jane Roe"][..], Some("desk@paper.example")),
            ("Jane Roe <jane@paper.example>", &["Jane Roe"], Some("jane@paper.example")),
            ("jane@paper.example", &["jane@paper.example"], Some("jane@paper.example")),
            ("By MEG ROE and ERIN DOE, Associated Press", &["Meg Roe", "Erin Doe"], None),
            (
                "GLENN ROE, MAGGIE DOE and SHARON LaPLANTE",
                &["GLENN ROE", "MAGGIE DOE", "SHARON LaPLANTE"],
                None,
            ),
            ("adamos", &["adamos"], None),
            ("Roe, Jane", &["Jane Roe"], None),
            ("The Associated Press", &[], None),
            ("Reuters", &[], None),
        ] {
            let byline = read(&[], &[person(name)], "", None);
            let folded: Vec<String> = names(&byline.authors).into_iter().map(fold).collect();
            let expected: Vec<String> = expected.iter().map(|it| fold(it)).collect();
            assert_eq!(folded, expected, "{name}");
            assert_eq!(byline.authors.first().and_then(|author| author.email.as_deref()), email, "{name}");
        }
    }

    #[test]
    fn a_printed_line_and_structure_name_the_same_people_once() {
        let creators =
            [WirePerson { name: "Jane Roe".into(), role: Some("AP Writer".into()), ..WirePerson::default() }];
        let byline = read(&[WireText::plain("By JANE ROE and John Doe")], &creators, "", None);
        assert_eq!(names(&byline.authors), ["Jane Roe", "John Doe"]);
        assert_eq!(byline.authors[0].role.as_deref(), Some("AP Writer"));
        assert_eq!(byline.text.as_deref(), Some("By JANE ROE and John Doe"));
        for (role, word) in [("crol:photographer", "photographer"), ("Writer: Europe", "Writer: Europe")] {
            let one =
                WirePerson { name: "Jane Roe".into(), role: Some(role.into()), ..WirePerson::default() };
            assert_eq!(read(&[], &[one], "", None).authors[0].role.as_deref(), Some(word));
        }
    }

    #[test]
    fn structure_says_where_a_name_ends_and_whose_it_is() {
        let creators =
            [WirePerson { name: "Ann Roe".into(), org: Some("Acme Works".into()), ..WirePerson::default() }];
        for printed in ["By ANN ROE\nAcme Works", "By Ann Roe,\nAcme Works"] {
            let printed = [WireText::plain(printed), WireText::plain(printed.to_uppercase())];
            let byline = read(&printed, &creators, "", None);
            assert_eq!(names(&byline.authors), ["Ann Roe"]);
            assert_eq!(byline.authors[0].org.as_deref(), Some("Acme Works"));
            assert_eq!(byline.text.as_deref().map(str::len), Some(printed[0].text.len()));
        }
    }

    #[test]
    fn a_line_below_the_names_says_what_they_are() {
        for (printed, name, role, org) in [
            (
                "By DORA QUILL\nNorthgate Transport Writer",
                "Dora Quill",
                Some("Northgate Transport Writer"),
                None,
            ),
            ("By Dora Quill,\nMeridian Press", "Dora Quill", None, Some("Meridian Press")),
            ("By Dora\n  Quill", "Dora Quill", None, None),
        ] {
            let byline = read(&[WireText::plain(printed)], &[], "", None);
            assert_eq!(names(&byline.authors), [name], "{printed}");
            assert_eq!(byline.authors[0].role.as_deref(), role, "{printed}");
            assert_eq!(byline.authors[0].org.as_deref(), org, "{printed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[A-ZÄ a-zß0-9.,:;()/<>—–_*\n'\"^=@©|＝北日-]{0,240}") {
            let body = format!("By {text}");
            let person = WirePerson { name: text.clone(), ..WirePerson::default() };
            let byline = read(&[WireText::plain(text)], &[person], &body, Some("AP"));
            proptest::prop_assert!(body.is_char_boundary(byline.body_start));
        }
    }
}
