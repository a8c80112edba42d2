//! Press releases as the NTB's and STT's release services send them (`release`), as seen in public test suites.

use super::{Agency, Part};
use crate::wire::{CodeKind, DateKind};

/// The table. Whom to call stands below the release, for readers too.
pub static RELEASE: Agency = Agency {
    item: "release",
    witness: "<contactsAsText",
    provider: None,
    rows: &[
        ("@id", Part::Guid),
        ("@lang", Part::Language),
        ("title", Part::Headline),
        ("leadtext", Part::Summary),
        ("body", Part::Body),
        ("boilerplate", Part::Body),
        ("contactsAsText", Part::Body),
        ("longurl", Part::Link),
        ("publicationDate", Part::Date(DateKind::Published)),
        ("embargo", Part::Date(DateKind::Embargoed)),
        ("keywords", Part::Code(CodeKind::Keyword)),
        ("type/label", Part::Code(CodeKind::Genre)),
        ("categories/category/label", Part::Code(CodeKind::Keyword)),
        ("images/image/url", Part::Picture),
        ("images/image/caption", Part::PictureCaption),
    ],
};
