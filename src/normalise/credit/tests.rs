//! Credits in real shapes, with made-up names.

use super::*;

#[test]
fn the_credit_is_taken_off_a_caption() {
    for (caption, text, credit) in [
        (
            "Adviser Ann Roe grimaces in Kyiv, Ukraine, March 20, 2024. (AP Photo/Vadim Roe)",
            "Adviser Ann Roe grimaces in Kyiv, Ukraine, March 20, 2024.",
            "AP Photo/Vadim Roe",
        ),
        (
            "A crane falls. (Stephen Roe/San Francisco Chronicle via AP)",
            "A crane falls.",
            "Stephen Roe/San Francisco Chronicle via AP",
        ),
        (
            "FILE PHOTO: A crane falls. REUTERS/Brendan Roe/File Photo",
            "FILE PHOTO: A crane falls.",
            "REUTERS/Brendan Roe/File Photo",
        ),
        (
            "A crane falls in the harbour AP Photo/Edgar H. Roe",
            "A crane falls in the harbour",
            "AP Photo/Edgar H. Roe",
        ),
        ("Ein Kran fällt. Foto: Steve Roe/AP/dpa", "Ein Kran fällt.", "Steve Roe/AP/dpa"),
        ("Ein Kran fällt. © DPA Images | Jens Roe", "Ein Kran fällt.", "DPA Images | Jens Roe"),
        (
            "Ein Kran fällt (Archivbild) © AP/dpa | Mary Roe",
            "Ein Kran fällt (Archivbild)",
            "AP/dpa | Mary Roe",
        ),
        ("A crane falls ( Image: Getty Images)", "A crane falls", "Getty Images"),
        ("A crane falls. Photo by Mukhtar Roe / AP", "A crane falls.", "Mukhtar Roe / AP"),
        ("Ein Kran fällt. Philipp von Roe/dpa", "Ein Kran fällt.", "Philipp von Roe/dpa"),
        (
            "Une grue tombe à Paris, le 12 juillet 2023. BERTRAND ROE / AFP",
            "Une grue tombe à Paris, le 12 juillet 2023.",
            "BERTRAND ROE / AFP",
        ),
        ("Una grúa cae en Palma / Lorenzo Roe", "Una grúa cae en Palma", "Lorenzo Roe"),
        (
            "Una grúa cae el 11 de octubre. Florion Roe (REUTERS)",
            "Una grúa cae el 11 de octubre.",
            "Florion Roe (REUTERS)",
        ),
        ("A crane falls. Supplied", "A crane falls.", "Supplied"),
        ("© André Roe Ein Kran fällt am Montag © André Roe", "Ein Kran fällt am Montag", "André Roe"),
        ("A crane falls on Thursday night Getty Images", "A crane falls on Thursday night", "Getty Images"),
    ] {
        let split = split(caption);
        assert_eq!((split.text.as_str(), split.credit.as_deref()), (text, Some(credit)), "{caption}");
    }
    for caption in [
        "A crane falls in the harbour (left).",
        "Jane Roe in Rome.",
        "He said: no.",
        "The crane (built in 1990)",
        "",
    ] {
        assert_eq!(split(caption), Split { text: caption.into(), credit: None });
    }
}

#[test]
fn the_photographer_is_read_from_the_credit() {
    for (credit, name) in [
        ("AP Photo/J. Scott Roe, File", Some("J. Scott Roe")),
        ("Stephen Roe/San Francisco Chronicle via AP", Some("Stephen Roe")),
        ("REUTERS/Brendan Roe/File Photo", Some("Brendan Roe")),
        ("DPA Images | Jens Roe", Some("Jens Roe")),
        ("BERTRAND ROE / AFP", Some("Bertrand Roe")),
        ("Maxar Technologies via AP", Some("Maxar Technologies")),
        ("Getty Images", None),
    ] {
        assert_eq!(photographer(credit).as_deref(), name, "{credit}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[A-ZÄ a-zß0-9.,:;()/<>—–_*\n'\"^=@©|＝北日-]{0,240}") {
        let found = split(&text);
        proptest::prop_assert!(found.text.len() <= text.len());
        photographer(&found.credit.unwrap_or_default());
    }
}
