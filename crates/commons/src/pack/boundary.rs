//! `places.geojson`: boundaries in WGS-84, one feature a place, joined to `places.csv` by `code`.
//!
//! A feature that has `name` and `level` too needs no row in `places.csv`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    fault::{Faults, GEOJSON, Spot},
    layer::{At, Boundary, Layer, Source},
    types::PlaceRow,
};

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    properties: Properties,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Properties {
    code: String,
    name: Option<String>,
    level: Option<String>,
    parent: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    kind: String,
    households: Option<u32>,
    #[serde(default)]
    synthetic: bool,
}

/// Reads the features; their own text is kept as it stands.
pub(super) fn features(source: &Source, layer: &mut Layer, faults: &mut Faults) {
    let collection: Collection<'_> = match serde_json::from_str(&source.text) {
        Ok(collection) => collection,
        Err(error) => {
            return faults.add(&GEOJSON, &source.line(error.line()), &[("why", &error.to_string())]);
        }
    };
    for (raw, spot) in spots(source, &collection.features) {
        let feature: Feature<'_> = match serde_json::from_str(raw) {
            Ok(feature) => feature,
            Err(error) => {
                let line = usize::try_from(spot.line).unwrap_or(1) + error.line().saturating_sub(1);
                faults.add(&GEOJSON, &source.line(line), &[("why", &error.to_string())]);
                continue;
            }
        };
        let Properties { code, name, level, parent, aliases, kind, households, synthetic } = feature.properties;
        if let Some(geometry) = feature.geometry {
            let geometry = geometry.get().to_owned();
            layer.boundaries.push(At { value: Boundary { code: code.clone(), geometry }, spot: spot.clone() });
        }
        if let (Some(name), Some(level)) = (name, level) {
            let (valid_from, valid_to, boundary) = (None, None, None);
            let row = PlaceRow {
                code,
                name,
                level,
                parent,
                aliases,
                valid_from,
                valid_to,
                households,
                boundary,
                synthetic,
                kind,
            };
            layer.places.push(At { value: row, spot });
        }
    }
}

/// Each raw feature with its line. They borrow from the text, in order, so that lines are counted once.
fn spots<'a>(source: &'a Source, raws: &[&'a RawValue]) -> Vec<(&'a str, Spot)> {
    let start = source.text.as_ptr() as usize;
    let (mut line, mut counted) = (1, 0);
    let mut out = Vec::with_capacity(raws.len());
    for raw in raws {
        let raw = raw.get();
        let at = (raw.as_ptr() as usize).saturating_sub(start).min(source.text.len());
        line += source.text.as_bytes()[counted..at.max(counted)].iter().filter(|b| **b == b'\n').count();
        counted = at.max(counted);
        out.push((raw, source.line(line)));
    }
    out
}
