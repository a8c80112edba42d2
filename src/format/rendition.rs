//! Which of the files of one picture is the picture? The others are smaller copies of it.

use std::cmp::Reverse;

use crate::wire::WireMedia;

/// How the names of copies that are for a glance begin (IPTC rendition NewsCodes, AP, Superdesk), lower case.
const GLANCES: &[&str] = &["thumb", "preview", "icon"];

/// The largest file where sizes are printed, else the first that is no thumbnail: caption and credit belong to it.
pub fn main(files: &mut [WireMedia]) -> Option<&mut WireMedia> {
    files.iter_mut().min_by_key(|file| (is_glance(file), Reverse(size(file))))
}

fn is_glance(file: &WireMedia) -> bool {
    let name = file.role.as_deref().unwrap_or_default().to_ascii_lowercase();
    let name = name.rsplit([':', '/', '#']).next().unwrap_or_default();
    GLANCES.iter().any(|glance| name.starts_with(glance))
}

fn size(file: &WireMedia) -> u64 {
    file.length.as_deref().and_then(|printed| printed.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_file_is_the_largest_or_the_first_that_is_no_thumbnail() {
        let file = |url: &str, role: &str, length: &str| WireMedia {
            url: Some(url.into()),
            role: Some(role.into()),
            length: Some(length.into()).filter(|length: &String| !length.is_empty()),
            ..WireMedia::default()
        };
        for (files, expected) in [
            (vec![file("s", "rend:thumbnail", "5011"), file("l", "rend:baseImage", "1190334")], Some("l")),
            (vec![file("a", "main", ""), file("b", "other", "")], Some("a")),
            (
                vec![file("p", "http://cv.iptc.org/newscodes/rendition/preview", ""), file("m", "", "")],
                Some("m"),
            ),
            (vec![file("t", "Thumbnail", "")], Some("t")),
            (vec![], None),
        ] {
            let mut files = files;
            assert_eq!(main(&mut files).and_then(|file| file.url.clone()).as_deref(), expected);
        }
    }
}
