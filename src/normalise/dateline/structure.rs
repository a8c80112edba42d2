//! What structure says of a dateline's town and the printed line leaves out: state, country, position.

use crate::item::Dateline;
use crate::wire::WireDateline;

use super::super::gazetteer::fold;
use super::super::regions;

/// A printed line with the place that another field gives its town (NewsML 1 `Location`, NITF `evloc`).
pub fn completed(printed: &WireDateline, fields: &[WireDateline]) -> WireDateline {
    let line = printed.text.to_lowercase();
    let is_of_it = |field: &&WireDateline| {
        let city = field.city.as_deref().map(|city| city.trim().to_lowercase()).filter(|it| !it.is_empty());
        field.text.trim().is_empty() && city.is_some_and(|city| line.contains(&city))
    };
    let Some(place) = fields.iter().find(is_of_it) else { return printed.clone() };
    let or = |mine: &Option<String>, theirs: &Option<String>| mine.clone().or_else(|| theirs.clone());
    WireDateline {
        region: or(&printed.region, &place.region),
        country: or(&printed.country, &place.country),
        position: printed.position.clone().or_else(|| place.position.clone()),
        ..printed.clone()
    }
}

/// `Farley, England` as the name of a town is the town and what it lies in.
pub fn parted(field: &WireDateline) -> Option<WireDateline> {
    let city = field.city.as_deref().filter(|_| field.region.is_none() && field.country.is_none())?;
    let (city, around) = city.split_once(',')?;
    let (city, around) = (city.trim(), around.trim());
    let is_known = !city.is_empty() && !regions::named(around).is_empty();
    is_known.then(|| WireDateline {
        city: Some(city.into()),
        region: Some(around.into()),
        text: field.text.clone(),
        ..field.clone()
    })
}

/// Puts a dateline of the story's head where structure says that its town lies, not where the likeliest of that name does.
pub fn locate(dateline: &mut Dateline, place: Option<Dateline>) {
    let folded = |it: &Dateline| it.city.as_deref().map(fold);
    let Some(place) = place.filter(|place| place.city.is_some() && folded(place) == folded(dateline)) else {
        return;
    };
    dateline.region = place.region.or(dateline.region.take());
    dateline.country = place.country.or(dateline.country.take());
    dateline.lat = place.lat.or(dateline.lat);
    dateline.lon = place.lon.or(dateline.lon);
}
