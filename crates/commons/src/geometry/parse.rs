//! GeoJSON in and out (RFC 7946).

use geojson::{Feature, GeoJson, Geometry, GeometryValue, Position};

use super::{GeometryError, MultiPolygon, Point, Polygon, RINGS_PER_SHAPE_MAX_COUNT, Ring};

impl MultiPolygon {
    /// Reads the text of a geometry, or of a feature with one. Altitudes are dropped.
    ///
    /// # Errors
    /// Not GeoJSON, another type than Polygon or MultiPolygon, or any fault of the rings.
    pub fn parse(text: &str) -> Result<Self, GeometryError> {
        match text.parse::<GeoJson>() {
            Ok(GeoJson::Geometry(geometry)) => Self::from_geometry(&geometry),
            Ok(GeoJson::Feature(feature)) => Self::from_feature(&feature),
            Ok(GeoJson::FeatureCollection(_)) => Err(GeometryError::WrongType { found: "FeatureCollection" }),
            Err(why) => Err(GeometryError::NotGeoJson { why: why.to_string() }),
        }
    }

    /// Takes the geometry of a feature.
    ///
    /// # Errors
    /// [`GeometryError::Empty`] when it has none; else as [`MultiPolygon::from_geometry`].
    pub fn from_feature(feature: &Feature) -> Result<Self, GeometryError> {
        Self::from_geometry(feature.geometry.as_ref().ok_or(GeometryError::Empty)?)
    }

    /// Takes a geometry that is already parsed.
    ///
    /// # Errors
    /// Another type than Polygon or MultiPolygon, or any fault of the rings.
    pub fn from_geometry(geometry: &Geometry) -> Result<Self, GeometryError> {
        match &geometry.value {
            GeometryValue::Polygon { coordinates } => Self::new(vec![polygon(coordinates)?]),
            GeometryValue::MultiPolygon { coordinates } => {
                Self::new(coordinates.iter().map(|rings| polygon(rings)).collect::<Result<_, _>>()?)
            }
            other => Err(GeometryError::WrongType { found: other.type_name() }),
        }
    }

    /// As a GeoJSON geometry: a Polygon when it has one part, else a MultiPolygon.
    pub fn to_geometry(&self) -> Geometry {
        let rings = |polygon: &Polygon| -> Vec<Vec<[f64; 2]>> {
            let ring = |ring: &Ring| ring.points().iter().map(|p| [p.lon, p.lat]).collect();
            polygon.rings().map(ring).collect()
        };
        Geometry::new(match self.polygons() {
            [only] => GeometryValue::new_polygon(rings(only)),
            several => GeometryValue::new_multi_polygon(several.iter().map(rings)),
        })
    }
}

fn polygon(rings: &[Vec<Position>]) -> Result<Polygon, GeometryError> {
    if rings.len() > RINGS_PER_SHAPE_MAX_COUNT {
        return Err(GeometryError::TooManyRings { found: rings.len(), most: RINGS_PER_SHAPE_MAX_COUNT });
    }
    let mut rings = rings.iter().map(|positions| ring(positions));
    let shell = rings.next().ok_or(GeometryError::Empty)??;
    Polygon::new(shell, rings.collect::<Result<_, _>>()?)
}

fn ring(positions: &[Position]) -> Result<Ring, GeometryError> {
    let point = |(at, position): (usize, &Position)| match position.as_slice() {
        [lon, lat, ..] => Ok(Point::new(*lon, *lat)),
        _ => Err(GeometryError::ShortPosition { at }),
    };
    Ring::new(positions.iter().enumerate().map(point).collect::<Result<_, _>>()?)
}
