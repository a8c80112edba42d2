//! Publication status: from what each provider prints to what the desk means.

use super::codes;

/// What is printed (after any `stat:`), and what it means.
/// Sources: IPTC pubStatus NewsCodes, NewsML 1 status NewsCodes, NITF `management-status`, ninjs, PA, Reuters.
const STATUS: &[(&str, &str)] = &[
    ("usable", "usable"),
    ("canceled", "canceled"),
    ("cancelled", "canceled"),
    ("cancel", "canceled"),
    ("withdrawn", "canceled"),
    ("killed", "canceled"),
    ("kill", "canceled"),
    ("withheld", "withheld"),
    ("withhold", "withheld"),
    ("embargoed", "embargoed"),
    ("privileged", "withheld"),
];

/// The desk's word for a printed publication status. An unknown one stays as sent, and so is held by the gate.
#[must_use]
pub fn read(printed: Option<&String>) -> Option<String> {
    codes::known(STATUS, printed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_status_is_translated_and_an_unknown_one_kept() {
        let cases = [
            ("stat:usable", "usable"),
            ("Usable", "usable"),
            ("Cancelled", "canceled"),
            ("stat:withdrawn", "canceled"),
            ("http://cv.iptc.org/newscodes/pubstatusg2/withheld", "withheld"),
            ("Embargoed", "embargoed"),
            ("stat:unheard-of", "stat:unheard-of"),
        ];
        for (printed, expected) in cases {
            assert_eq!(read(Some(&printed.to_owned())).as_deref(), Some(expected), "{printed}");
        }
        assert_eq!(read(Some(&" ".to_owned())), None);
    }
}
