//! Plain copy that sets no empty lines between its paragraphs: it indents their first lines, or gives each a line.

/// Letters of a line that is a whole paragraph, at least.
const LONG: usize = 60;

/// The copy with an empty line before each paragraph; `None` where its lines do not tell where one begins.
#[must_use]
pub fn paragraphs(copy: &str) -> Option<String> {
    let lines: Vec<&str> = copy.lines().filter(|line| !line.trim().is_empty()).collect();
    let rest = lines.get(1..).filter(|rest| !rest.is_empty())?;
    let least = rest.iter().map(|line| indent(line)).min()?;
    let is_indented = |line: &str| indent(line) > least + 1;
    // what goes before the first line of a paragraph ends one
    let pairs = || lines.windows(2).filter_map(|pair| Some((pair.first()?, pair.get(1)?)));
    let indented = pairs().filter(|(_, line)| is_indented(line)).count();
    let closed = pairs().filter(|(before, line)| is_indented(line) && is_closed(before)).count();
    if indented > 0 && closed * 5 >= indented * 4 {
        return Some(told_apart(&lines, |_, line| is_indented(line)));
    }
    let long = lines.iter().filter(|line| is_long(line)).count();
    let whole = lines.iter().filter(|line| is_long(line) && is_closed(line)).count();
    let is_whole = indented == 0 && long >= 2 && whole == long && long * 4 >= lines.len() * 3;
    is_whole
        .then(|| told_apart(&lines, |before, line| is_closed(before) && (is_long(before) || is_long(line))))
}

fn told_apart(lines: &[&str], begins: impl Fn(&str, &str) -> bool) -> String {
    let mut copy = String::new();
    let mut before = "";
    for line in lines {
        let gap = if before.is_empty() {
            ""
        } else if begins(before, line) {
            "\n\n"
        } else {
            "\n"
        };
        copy.extend([gap, line]);
        before = line;
    }
    copy
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

fn is_long(line: &str) -> bool {
    line.trim().len() >= LONG
}

/// Does it end as sentences do?
fn is_closed(line: &str) -> bool {
    let bare = line.trim_end().trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '“']);
    bare.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '।', '؟'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indented_line_or_one_that_is_whole_begins_a_paragraph() {
        let said = "The council met on Tuesday evening to speak about moles below the hall.";
        for (copy, expected) in [
            (
                "The council met\non Tuesday.\n   It set aside 4,000\npounds.\n   It meets again.".to_string(),
                Some("The council met\non Tuesday.\n\n   It set aside 4,000\npounds.\n\n   It meets again.".to_string()),
            ),
            (format!("{said}\n{said}\n{said}"), Some(format!("{said}\n\n{said}\n\n{said}"))),
            (format!("{said}\n  {said}\n  {said}"), Some(format!("{said}\n\n  {said}\n\n  {said}"))),
            ("The council met on Tuesday evening to speak about the moles\nbelow the hall, and about what the moles cost the town.".to_string(), None),
            ("Leeds 1\nYork 2\nHull 3".to_string(), None),
            ("Results:\n  Leeds 1\n    York 2".to_string(), None),
            ("One line.".to_string(), None),
            (String::new(), None),
        ] {
            assert_eq!(paragraphs(&copy), expected, "{copy}");
        }
    }
}
