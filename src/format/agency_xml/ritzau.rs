//! Ritzau's `RBNews`, as seen in public test suites.

use super::{Agency, Part};
use crate::wire::{CodeKind, DateKind};

/// The table. `TilRedaktionen` is a note to editors; `Annuleret` takes the story back.
pub static RITZAU: Agency = Agency {
    item: "RBNews",
    witness: "<NewsID",
    provider: Some("Ritzau"),
    rows: &[
        ("NewsID", Part::Guid),
        ("version", Part::Version),
        ("PublishDate", Part::Date(DateKind::Published)),
        ("strapline", Part::Slugline),
        ("headline", Part::Headline),
        ("ContentShort", Part::ShortHeadline),
        ("subtitle", Part::Summary),
        ("town", Part::City),
        ("origin", Part::Byline),
        ("byLine", Part::Author),
        ("byLineEmail", Part::AuthorMail),
        ("content", Part::Body),
        ("section", Part::Code(CodeKind::Keyword)),
        ("SubjectKeyword/string", Part::Code(CodeKind::Keyword)),
        ("IPTCList/int", Part::Code(CodeKind::Subject)),
        ("Priority", Part::Urgency),
        ("TilRedaktionen", Part::Note),
        ("Annuleret", Part::Status("canceled")),
        ("Korrektion", Part::Type("Correction")),
        ("NyVersion", Part::Type("Writethru")),
    ],
};
