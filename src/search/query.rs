//! What a reader typed, understood. Reading never fails: what makes no sense as an operator is searched as a word.
//!
//! Spaces bind closest, then AND, then OR: `crude oil AND opec` is `(crude oil) AND opec`. AND, OR and NOT are
//! operators in capitals only. `-word` and NOT leave stories out, `+word` and "phrases" must be in them, and so must
//! what has a field prefix; other words rank. `oil*` is any word that begins so, `rafha~` one that is nearly so,
//! `"oil price"~3` these words with at most three others between them; `since:`, `until:` and `on:` take a time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::when;
use crate::index::fields;

/// Brackets deeper than this are read as if they were not there.
const MAX_DEPTH: usize = 24;
/// Words and phrases beyond this many are not searched.
const MAX_LEAVES: usize = 128;
/// More words than this between those of a phrase are no phrase.
const MAX_SLOP: u32 = 50;
/// What `*` and `~` are put behind has at least so many letters: `a*` would be every story.
const SHORTEST_STEM: usize = 2;

/// A query as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A word or a phrase.
    Leaf(Leaf),
    /// Things said one after the other.
    Sequence(Vec<(Need, Node)>),
    /// All of these: AND.
    All(Vec<Node>),
    /// Any of these: OR.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Published in this time: from the first instant, until the second.
    Time(Option<Timestamp>, Option<Timestamp>),
}

/// What `today` and a time without a zone mean to the reader.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The present.
    pub now: Timestamp,
    /// Where the reader is.
    pub zone: TimeZone,
}

/// A word or a phrase, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaf {
    /// The row of [`fields::FIELDS`] it was asked for in; `None`: wherever it ranks.
    pub field: Option<usize>,
    /// The text between the quotes, or the word.
    pub text: String,
    /// How it was typed.
    pub form: Form,
    /// Other spellings of it.
    pub also: Vec<String>,
}

/// How a leaf was typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// A word.
    #[default]
    Word,
    /// `"a phrase"`; so many other words may stand between its own.
    Phrase(u32),
    /// `oil*`: the beginning of a word.
    Prefix,
    /// `rafha~`: a word that differs by so many letters.
    Nearly(u8),
}

impl Form {
    /// It stood between quotes.
    #[must_use]
    pub fn is_phrase(self) -> bool {
        matches!(self, Self::Phrase(_))
    }
}

/// How much something in a sequence matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It ranks.
    Ranks,
    /// It must be there.
    Must,
    /// It must not be there.
    MustNot,
}

/// Reads `text`; `None` when nothing was typed.
#[must_use]
pub fn parse(text: &str, clock: &Clock) -> Option<Node> {
    let tokens = lex(text, clock);
    let mut parser = Parser { tokens: &tokens, at: 0, leaves: 0 };
    let mut parts = Vec::new();
    while parser.at < tokens.len() {
        parts.extend(parser.any(None, 0));
        // a bracket that closes nothing
        parser.at += usize::from(parser.peek() == Some(&Token::Close));
    }
    sequence(parts.into_iter().map(|part| (Need::Ranks, part)).collect())
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    And,
    Or,
    Not,
    Plus,
    Field(usize),
    Text(String, Form),
    Time(Option<Timestamp>, Option<Timestamp>),
}

fn lex(text: &str, clock: &Clock) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '(' => push(&mut tokens, Token::Open, after),
            ')' => push(&mut tokens, Token::Close, after),
            '+' if binds(after) => push(&mut tokens, Token::Plus, after),
            '-' if binds(after) => push(&mut tokens, Token::Not, after),
            _ if is_quote(c) => phrase(&mut tokens, after),
            _ if c.is_whitespace() => after,
            _ => match time(rest, clock) {
                Some((token, after)) => push(&mut tokens, token, after),
                None => word(&mut tokens, rest),
            },
        };
    }
    tokens
}

fn push<'t>(tokens: &mut Vec<Token>, token: Token, rest: &'t str) -> &'t str {
    tokens.push(token);
    rest
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}')
}

/// A sign binds to what follows it without a space.
fn binds(after: &str) -> bool {
    after.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '(' || is_quote(c))
}

/// Up to the closing quote; a quote that is never closed is as if it were not there.
fn phrase<'t>(tokens: &mut Vec<Token>, rest: &'t str) -> &'t str {
    let Some((inside, after)) = rest.split_once(is_quote) else { return rest };
    let (slop, after) = slop(after).unwrap_or((0, after));
    if !inside.trim().is_empty() {
        tokens.push(Token::Text(inside.to_owned(), Form::Phrase(slop)));
    }
    after
}

/// `~3` behind a phrase.
fn slop(after: &str) -> Option<(u32, &str)> {
    let digits = after.strip_prefix('~')?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let slop = digits.get(..end)?.parse().ok().filter(|slop| *slop <= MAX_SLOP)?;
    Some((slop, digits.get(end..)?))
}

/// Prefixes of times, and which bound they set.
const TIMES: &[(&str, Bounds)] = &[
    ("since:", Bounds::From),
    ("after:", Bounds::From),
    ("until:", Bounds::To),
    ("before:", Bounds::To),
    ("on:", Bounds::Day),
];

#[derive(Clone, Copy)]
enum Bounds {
    From,
    To,
    Day,
}

/// `since:24h`, `on:2024-04-01`, `since yesterday`. Where the time makes no sense these are words.
fn time<'t>(rest: &'t str, clock: &Clock) -> Option<(Token, &'t str)> {
    let spoken = || {
        ["since yesterday", "since today"]
            .iter()
            .find(|start| begins(rest, start))
            .map(|start| (start.len(), Bounds::From))
    };
    let typed =
        TIMES.iter().find(|(prefix, _)| begins(rest, prefix)).map(|(prefix, bounds)| (prefix.len(), *bounds));
    let (from, bounds) = match typed {
        Some(typed) => typed,
        None => spoken().map(|(_, bounds)| ("since ".len(), bounds))?,
    };
    let value = rest.get(from..)?;
    let (value, after) =
        value.split_at(value.find(|c: char| c.is_whitespace() || c == ')').unwrap_or(value.len()));
    let instant = || when::instant(value, clock.now, &clock.zone);
    let token = match bounds {
        Bounds::From => Token::Time(Some(instant()?), None),
        Bounds::To => Token::Time(None, Some(instant()?)),
        Bounds::Day => when::whole_day(value, clock.now, &clock.zone)
            .map(|(from, to)| Token::Time(Some(from), Some(to)))?,
    };
    Some((token, after))
}

fn begins(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// A word, an operator, or a field's prefix.
fn word<'t>(tokens: &mut Vec<Token>, rest: &'t str) -> &'t str {
    if let Some((field, after)) = prefix(rest) {
        return push(tokens, Token::Field(field), after);
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c);
    let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    let token = match word {
        "AND" => Token::And,
        "OR" => Token::Or,
        "NOT" => Token::Not,
        _ => shaped(word),
    };
    push(tokens, token, after)
}

/// `oil*`, `rafha~`, `rafha~2`: a word with a mark behind it, if enough of a word stands before the mark.
fn shaped(word: &str) -> Token {
    let marks =
        [("*", Form::Prefix), ("~", Form::Nearly(1)), ("~1", Form::Nearly(1)), ("~2", Form::Nearly(2))];
    let long = |stem: &str| stem.chars().filter(|c| c.is_alphanumeric()).count() >= SHORTEST_STEM;
    let marked = marks
        .iter()
        .find_map(|(mark, form)| word.strip_suffix(mark).filter(|stem| long(stem)).map(|stem| (stem, *form)));
    let (text, form) = marked.unwrap_or((word, Form::Word));
    Token::Text(text.to_owned(), form)
}

/// A known prefix, its colon, and something right after it.
fn prefix(rest: &str) -> Option<(usize, &str)> {
    let (name, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic())?);
    let after = after.strip_prefix(':')?;
    let follows = after.chars().next().is_some_and(|c| !c.is_whitespace() && c != ')');
    fields::by_prefix(name).filter(|_| follows).map(|field| (field, after))
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    leaves: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    /// True when an operator here stands between two things, so that it is one; it is then taken.
    fn operator(&mut self, operator: &Token, before: bool) -> bool {
        let something_after =
            !matches!(self.tokens.get(self.at + 1), None | Some(Token::Close | Token::And | Token::Or));
        before && something_after && self.take(operator)
    }

    fn any(&mut self, field: Option<usize>, depth: usize) -> Option<Node> {
        let mut choices: Vec<Node> = self.all(field, depth).into_iter().collect();
        while self.operator(&Token::Or, !choices.is_empty()) {
            choices.extend(self.all(field, depth));
        }
        one_or(choices, Node::Any)
    }

    fn all(&mut self, field: Option<usize>, depth: usize) -> Option<Node> {
        let mut parts: Vec<Node> = self.sequence(field, depth).into_iter().collect();
        while self.operator(&Token::And, !parts.is_empty()) {
            parts.extend(self.sequence(field, depth));
        }
        one_or(parts, Node::All)
    }

    fn sequence(&mut self, field: Option<usize>, depth: usize) -> Option<Node> {
        let mut items = Vec::new();
        while let Some(token) = self.peek() {
            let ends = match token {
                Token::Close => true,
                Token::And | Token::Or => self.is_operator(!items.is_empty()),
                _ => false,
            };
            if ends {
                break;
            }
            items.extend(self.item(field, depth));
        }
        sequence(items)
    }

    fn is_operator(&self, before: bool) -> bool {
        before && !matches!(self.tokens.get(self.at + 1), None | Some(Token::Close | Token::And | Token::Or))
    }

    /// One thing with its sign, and how much it matters.
    fn item(&mut self, field: Option<usize>, depth: usize) -> Option<(Need, Node)> {
        let (mut plus, mut not) = (false, false);
        while let Some(sign @ (Token::Plus | Token::Not)) = self.peek() {
            if *sign == Token::Not && matches!(self.tokens.get(self.at + 1), None | Some(Token::Close)) {
                break;
            }
            plus |= *sign == Token::Plus;
            not ^= *sign == Token::Not;
            self.at += 1;
        }
        let (must, node) = self.operand(field, depth)?;
        let need = match (not, plus || must) {
            (true, _) => Need::MustNot,
            (false, true) => Need::Must,
            (false, false) => Need::Ranks,
        };
        Some((need, node))
    }

    /// A word, a phrase or a bracket, with its field; and whether it must be there without being told so.
    fn operand(&mut self, field: Option<usize>, depth: usize) -> Option<(bool, Node)> {
        let token = self.peek()?;
        self.at += 1;
        match token {
            Token::Field(own) => self.operand(Some(*own), depth).map(|(_, node)| (true, node)),
            Token::Open if depth < MAX_DEPTH => {
                let inside = self.any(field, depth + 1);
                self.take(&Token::Close);
                inside.map(|node| (false, node))
            }
            Token::Open | Token::Close => None,
            Token::Text(text, form) => self.leaf(field, text, *form),
            Token::Time(from, to) => Some((true, Node::Time(*from, *to))),
            Token::And => self.leaf(field, "and", Form::Word),
            Token::Or => self.leaf(field, "or", Form::Word),
            Token::Not | Token::Plus => self.leaf(field, "not", Form::Word),
        }
    }

    fn leaf(&mut self, field: Option<usize>, text: &str, form: Form) -> Option<(bool, Node)> {
        self.leaves += 1;
        let leaf = Leaf { field, text: text.to_owned(), form, also: Vec::new() };
        (self.leaves <= MAX_LEAVES).then_some((form.is_phrase(), Node::Leaf(leaf)))
    }
}

/// The only one as it is, several under one roof.
fn one_or(mut nodes: Vec<Node>, roof: impl Fn(Vec<Node>) -> Node) -> Option<Node> {
    match nodes.len() {
        0 | 1 => nodes.pop(),
        _ => Some(roof(nodes)),
    }
}

fn sequence(mut items: Vec<(Need, Node)>) -> Option<Node> {
    match items.as_slice() {
        [] => None,
        [(Need::MustNot, _)] => items.pop().map(|(_, node)| Node::Not(Box::new(node))),
        [_] => items.pop().map(|(_, node)| node),
        _ => Some(Node::Sequence(items)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Node> {
        parse(text, &Clock { now: "2024-04-02T12:00:00Z".parse().unwrap(), zone: TimeZone::UTC })
    }

    /// The tree in brackets: `[..]` a sequence, `&(..)`, `|(..)`, `!`, `+` must, `-` must not.
    fn shown(node: &Node) -> String {
        let list = |nodes: &[Node]| nodes.iter().map(shown).collect::<Vec<_>>().join(" ");
        match node {
            Node::Leaf(Leaf { field, text, form, .. }) => {
                let prefix = field.map_or(String::new(), |field| format!("{}:", fields::FIELDS[field].name));
                match form {
                    Form::Word => format!("{prefix}{text}"),
                    Form::Phrase(0) => format!("{prefix}\"{text}\""),
                    Form::Phrase(slop) => format!("{prefix}\"{text}\"~{slop}"),
                    Form::Prefix => format!("{prefix}{text}*"),
                    Form::Nearly(letters) => format!("{prefix}{text}~{letters}"),
                }
            }
            Node::Time(from, to) => {
                let at = |time: &Option<Timestamp>| time.map(|at| at.to_string()).unwrap_or_default();
                format!("@{}..{}", at(from), at(to))
            }
            Node::All(nodes) => format!("&({})", list(nodes)),
            Node::Any(nodes) => format!("|({})", list(nodes)),
            Node::Not(node) => format!("!{}", shown(node)),
            Node::Sequence(items) => {
                let items = items.iter().map(|(need, node)| match need {
                    Need::Ranks => shown(node),
                    Need::Must => format!("+{}", shown(node)),
                    Need::MustNot => format!("-{}", shown(node)),
                });
                format!("[{}]", items.collect::<Vec<_>>().join(" "))
            }
        }
    }

    #[test]
    fn whatever_is_typed_is_understood() {
        let cases = [
            ("Rafah", "Rafah"),
            ("crude oil", "[crude oil]"),
            ("\"Highway 1\"", "\"Highway 1\""),
            ("\"Highway 1\" collapse", "[+\"Highway 1\" collapse]"),
            ("\u{201c}Highway 1\u{201d}", "\"Highway 1\""),
            ("\"Highway 1", "[Highway 1]"),
            ("a \"b c\" d\"", "[a +\"b c\" d]"),
            ("a AND b OR c", "|(&(a b) c)"),
            ("crude oil AND opec", "&([crude oil] opec)"),
            ("a OR b c", "|(a [b c])"),
            ("(a OR b) c", "[|(a b) c]"),
            ("a -b", "[a -b]"),
            ("a NOT b", "[a -b]"),
            ("NOT b", "!b"),
            ("NOT NOT b", "b"),
            ("a AND NOT b", "&(a !b)"),
            ("-\"b c\" +d", "[-\"b c\" +d]"),
            ("headline:oil", "headline:oil"),
            ("slug:\"BC OIL\" x", "[+slugline:\"BC OIL\" x]"),
            ("by:(smith OR jones)", "|(byline:smith byline:jones)"),
            ("oil -by:smith", "[oil -byline:smith]"),
            ("http://a.b/c", "http://a.b/c"),
            ("headline: oil", "[headline: oil]"),
            ("10:30", "10:30"),
            ("AND", "and"),
            ("OR oil", "[or oil]"),
            ("oil OR", "[oil or]"),
            ("oil AND AND gas", "&([oil and] gas)"),
            ("oil NOT", "[oil not]"),
            ("oil )( gas", "[oil gas]"),
            ("((oil", "oil"),
            ("oil - gas", "[oil - gas]"),
            ("and or not", "[and or not]"),
            ("oil*", "oil*"),
            ("head*", "head*"),
            ("headline:oil*", "headline:oil*"),
            ("a* rafha~ rafha~2 ~x", "[a* rafha~1 rafha~2 ~x]"),
            ("\"oil price\"~3 x", "[+\"oil price\"~3 x]"),
            ("\"oil price\"~999", "[+\"oil price\" ~999]"),
            ("oil since:24h", "[oil +@2024-04-01T12:00:00Z..]"),
            ("oil since yesterday", "[oil +@2024-04-01T00:00:00Z..]"),
            ("oil since monday", "[oil since monday]"),
            (
                "oil AFTER:2024-03-01 before:2024-04-01",
                "[oil +@2024-03-01T00:00:00Z.. +@..2024-04-01T00:00:00Z]",
            ),
            ("on:2024-03-01 OR on:never", "|(@2024-03-01T00:00:00Z..2024-03-02T00:00:00Z on:never)"),
            ("oil -on:today", "[oil -@2024-04-02T00:00:00Z..2024-04-03T00:00:00Z]"),
            ("()", ""),
            ("  ", ""),
        ];
        for (typed, expected) in cases {
            let understood = read(typed).as_ref().map(shown).unwrap_or_default();
            assert_eq!(understood, expected, "{typed}");
        }
    }

    #[test]
    fn a_hostile_query_is_cut_short() {
        let deep = "(".repeat(100_000) + "oil" + &")".repeat(100_000);
        assert_eq!(read(&deep).as_ref().map(shown).unwrap_or_default(), "oil");
        let Some(Node::Sequence(items)) = read(&"oil ".repeat(100_000)) else { panic!() };
        assert_eq!(items.len(), MAX_LEAVES);
    }

    proptest! {
        #[test]
        fn any_typing_is_read(text in "(?s).{0,60}|[a-c\"() +:-]{0,40}|((AND|OR|NOT|a|b|\"|\\(|\\)|by:|-|since:|on:|24h|~2|\\*) ?){0,20}") {
            let _ = read(&text);
        }
    }
}
