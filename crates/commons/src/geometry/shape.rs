//! Points, rings, polygons: what a boundary is made of. Built only through checks, so that what
//! exists is usable.

use super::{GeometryError, predicate::crosses};

/// Most vertices of one shape, all rings together. China's longest county outlines at survey
/// detail stay below a tenth of it.
pub const VERTICES_PER_SHAPE_MAX_COUNT: usize = 200_000;

/// Most rings of one shape: islands and holes.
pub const RINGS_PER_SHAPE_MAX_COUNT: usize = 5_000;

/// A place on the earth, WGS-84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Point {
    /// Longitude, degrees east, −180 to 180.
    pub lon: f64,
    /// Latitude, degrees north, −90 to 90.
    pub lat: f64,
}

impl Point {
    /// A point from longitude and latitude, unchecked.
    #[inline(always)]
    pub const fn new(lon: f64, lat: f64) -> Self {
        Self { lon, lat }
    }

    /// Whether both numbers are finite and on the earth.
    pub fn is_on_earth(self) -> bool {
        self.lon.abs() <= 180.0 && self.lat.abs() <= 90.0
    }
}

/// An upright box in degrees; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BBox {
    /// Westernmost and southernmost.
    pub min: Point,
    /// Easternmost and northernmost.
    pub max: Point,
}

impl BBox {
    /// A box from west, south, east, north in degrees.
    pub const fn new(west: f64, south: f64, east: f64, north: f64) -> Self {
        Self { min: Point::new(west, south), max: Point::new(east, north) }
    }

    /// The smallest box around points; `None` without a point.
    pub fn around<'a>(points: impl IntoIterator<Item = &'a Point>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(Self { min: *first, max: *first }, |all, p| all.union(Self { min: *p, max: *p })))
    }

    /// The smallest box around both.
    pub fn union(self, other: Self) -> Self {
        Self {
            min: Point::new(self.min.lon.min(other.min.lon), self.min.lat.min(other.min.lat)),
            max: Point::new(self.max.lon.max(other.max.lon), self.max.lat.max(other.max.lat)),
        }
    }

    /// Whether the point lies in the box, its rim included.
    #[inline(always)]
    pub fn contains(&self, p: Point) -> bool {
        p.lon >= self.min.lon && p.lon <= self.max.lon && p.lat >= self.min.lat && p.lat <= self.max.lat
    }

    /// Whether the other box lies in this one, rims included.
    pub fn covers(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Whether the boxes share a point.
    pub fn touches(&self, other: &Self) -> bool {
        self.min.lon <= other.max.lon
            && other.min.lon <= self.max.lon
            && self.min.lat <= other.max.lat
            && other.min.lat <= self.max.lat
    }
}

/// A closed ring: the last point repeats the first; at least three different points; encloses area.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring(Vec<Point>);

impl Ring {
    /// Checks and takes a ring.
    ///
    /// # Errors
    /// Not finite, off the earth, too short, not closed, without area, wider than 180° of
    /// longitude, or with more than [`VERTICES_PER_SHAPE_MAX_COUNT`] vertices.
    pub fn new(points: Vec<Point>) -> Result<Self, GeometryError> {
        if points.len() > VERTICES_PER_SHAPE_MAX_COUNT {
            let (found, most) = (points.len(), VERTICES_PER_SHAPE_MAX_COUNT);
            return Err(GeometryError::TooManyVertices { found, most });
        }
        for (at, p) in points.iter().enumerate() {
            if !p.lon.is_finite() || !p.lat.is_finite() {
                return Err(GeometryError::NotFinite { at });
            }
            if !p.is_on_earth() {
                return Err(GeometryError::OutOfRange { at, lon: p.lon, lat: p.lat });
            }
        }
        if points.len() < 4 {
            return Err(GeometryError::RingTooShort { positions: points.len() });
        }
        if points.first() != points.last() {
            return Err(GeometryError::RingNotClosed);
        }
        let ring = Self(points);
        let bbox = ring.bbox();
        let degrees = bbox.max.lon - bbox.min.lon;
        if degrees > 180.0 {
            return Err(GeometryError::TooWide { degrees });
        }
        if ring.twice_plane_area() == 0.0 {
            return Err(GeometryError::NoArea);
        }
        Ok(ring)
    }

    /// Its points, the first repeated at the end.
    pub fn points(&self) -> &[Point] {
        &self.0
    }

    /// The smallest box around it.
    pub fn bbox(&self) -> BBox {
        BBox::around(&self.0).expect("a ring has points")
    }

    /// Whether the ray east of the point crosses it an odd number of times.
    pub fn is_around(&self, p: Point) -> bool {
        self.0.windows(2).filter(|edge| crosses(edge[0], edge[1], p)).count() % 2 == 1
    }

    /// Twice the signed area in square degrees, counter-clockwise positive.
    pub(super) fn twice_plane_area(&self) -> f64 {
        let o = self.0[0];
        let cross = |e: &[Point]| (e[0].lon - o.lon) * (e[1].lat - o.lat) - (e[1].lon - o.lon) * (e[0].lat - o.lat);
        self.0.windows(2).map(cross).sum()
    }
}

/// A ring with holes cut from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    shell: Ring,
    holes: Vec<Ring>,
}

impl Polygon {
    /// Checks and takes a polygon.
    ///
    /// # Errors
    /// A hole that reaches outside the box of the shell.
    pub fn new(shell: Ring, holes: Vec<Ring>) -> Result<Self, GeometryError> {
        let bbox = shell.bbox();
        match holes.iter().position(|hole| !bbox.covers(&hole.bbox())) {
            Some(at) => Err(GeometryError::HoleOutside { at }),
            None => Ok(Self { shell, holes }),
        }
    }

    /// The outer ring.
    pub fn shell(&self) -> &Ring {
        &self.shell
    }

    /// The holes.
    pub fn holes(&self) -> &[Ring] {
        &self.holes
    }

    /// Shell first, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        std::iter::once(&self.shell).chain(&self.holes)
    }

    /// Whether it owns the point: even-odd over all its rings.
    pub fn contains(&self, p: Point) -> bool {
        self.rings().filter(|ring| ring.is_around(p)).count() % 2 == 1
    }
}

/// One place's boundary: one polygon or several (islands, exclaves).
#[derive(Debug, Clone, PartialEq)]
pub struct MultiPolygon(Vec<Polygon>);

impl MultiPolygon {
    /// Checks and takes the polygons of one shape.
    ///
    /// # Errors
    /// Empty, or over the limits on rings and vertices of a shape.
    pub fn new(polygons: Vec<Polygon>) -> Result<Self, GeometryError> {
        if polygons.is_empty() {
            return Err(GeometryError::Empty);
        }
        let shape = Self(polygons);
        let (found, most) = (shape.rings().count(), RINGS_PER_SHAPE_MAX_COUNT);
        if found > most {
            return Err(GeometryError::TooManyRings { found, most });
        }
        let (found, most) = (shape.vertices(), VERTICES_PER_SHAPE_MAX_COUNT);
        if found > most {
            return Err(GeometryError::TooManyVertices { found, most });
        }
        Ok(shape)
    }

    /// A shape of one ring without holes.
    ///
    /// # Errors
    /// Those of [`Ring::new`].
    pub fn from_ring(points: Vec<Point>) -> Result<Self, GeometryError> {
        Self::new(vec![Polygon::new(Ring::new(points)?, Vec::new())?])
    }

    /// Its polygons, at least one.
    pub fn polygons(&self) -> &[Polygon] {
        &self.0
    }

    /// All its rings.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.0.iter().flat_map(Polygon::rings)
    }

    /// How many positions all its rings hold, closing ones included.
    pub fn vertices(&self) -> usize {
        self.rings().map(|ring| ring.points().len()).sum()
    }

    /// The smallest box around it.
    pub fn bbox(&self) -> BBox {
        self.0.iter().map(|p| p.shell.bbox()).reduce(BBox::union).expect("a shape has polygons")
    }

    /// Whether it owns the point: one of its polygons does. The plain way that the index must agree with.
    pub fn contains(&self, p: Point) -> bool {
        self.0.iter().any(|polygon| polygon.contains(p))
    }
}
