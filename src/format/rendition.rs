//! Which of the files of one picture is the picture? The others are smaller copies of it.

use std::cmp::Reverse;

use crate::wire::WireMedia;

/// How the names of copies that are for a glance begin (IPTC rendition NewsCodes, AP, Superdesk), lower case.
const GLANCES: &[&str] = &["thumb", "preview", "icon"];

/// The largest file where sizes are printed, else the first that is no thumbnail: caption and credit belong to it.
pub fn main(files: &mut [WireMedia]) -> Option<&mut WireMedia> {
    files.iter_mut().min_by_key(|file| (is_glance(file), Reverse(size(file))))
}

/// Several files of one picture: what is printed under one of them belongs to the main one.
pub fn print_under_main(files: &mut [WireMedia]) {
    let is_printed = |file: &&mut WireMedia| file.caption.is_some() || file.credit.is_some();
    let Some(printed) = files.iter_mut().find(is_printed) else { return };
    let (caption, credit) = (printed.caption.take(), printed.credit.take());
    let (photographer, date) = (printed.photographer.take(), printed.date.take());
    if let Some(main) = main(files) {
        (main.caption, main.credit) = (caption, credit);
        (main.photographer, main.date) = (photographer, date);
    }
}

/// Puts the main file of one picture before the others.
pub fn main_first(files: &mut [WireMedia]) {
    let main = files.iter().enumerate().min_by_key(|(_, file)| (is_glance(file), Reverse(size(file))));
    if let Some((at, _)) = main
        && let Some(files) = files.get_mut(..=at)
    {
        files.rotate_right(1);
    }
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
            if let Some(first) = files.first_mut() {
                first.credit = Some("Roe".into());
            }
            print_under_main(&mut files);
            assert_eq!(files.iter().find_map(|file| file.credit.as_ref().and(file.url.as_deref())), expected);
            main_first(&mut files);
            assert_eq!(files.first().and_then(|file| file.url.as_deref()), expected);
        }
    }
}
