//! What can be wrong with a shape, said to the person who supplies it.

/// Why a shape or a set of shapes is refused. Positions count from 0.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GeometryError {
    /// Not JSON, or not a GeoJSON geometry, feature or geometry member.
    #[error("not a GeoJSON geometry: {why}; save the boundary as GeoJSON (RFC 7946)")]
    NotGeoJson {
        /// What the reader stumbled over.
        why: String,
    },
    /// A GeoJSON type that bounds no area.
    #[error("a {found} has no area; a boundary is a Polygon or a MultiPolygon")]
    WrongType {
        /// The type that was found.
        found: &'static str,
    },
    /// A position with fewer than two numbers.
    #[error("position {at} has no longitude and latitude; write [lon, lat]")]
    ShortPosition {
        /// Index in its ring.
        at: usize,
    },
    /// NaN or infinite.
    #[error("position {at} is not a number; export the boundary again")]
    NotFinite {
        /// Index in its ring.
        at: usize,
    },
    /// Beyond ±180 or ±90.
    #[error("position {at} ({lon}, {lat}) is not on the earth; write longitude first, in WGS-84 degrees")]
    OutOfRange {
        /// Index in its ring.
        at: usize,
        /// Longitude as given.
        lon: f64,
        /// Latitude as given.
        lat: f64,
    },
    /// Fewer than four positions, or fewer than three different ones.
    #[error("a ring has {positions} positions; a closed ring needs at least 4, three of them different")]
    RingTooShort {
        /// How many were given.
        positions: usize,
    },
    /// First and last position differ.
    #[error("a ring is not closed; repeat its first position at its end")]
    RingNotClosed,
    /// All positions on one line, or back and forth.
    #[error("a ring encloses no area; draw it around the place")]
    NoArea,
    /// Wider than half the earth: crosses the antimeridian or is nonsense.
    #[error("a ring spans {degrees:.1} degrees of longitude; shapes across the 180th meridian are not supported")]
    TooWide {
        /// Its extent.
        degrees: f64,
    },
    /// A hole that reaches beyond the ring that it is cut from.
    #[error("hole {at} reaches outside its polygon; make it a polygon of its own or mend it")]
    HoleOutside {
        /// Index among the holes.
        at: usize,
    },
    /// No polygon at all, or a polygon without a ring.
    #[error("the shape is empty; leave the boundary out until it is known")]
    Empty,
    /// One shape is too detailed.
    #[error("the shape has {found} vertices, more than {most}; simplify it")]
    TooManyVertices {
        /// How many were given.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// One shape has too many rings.
    #[error("the shape has {found} rings, more than {most}; simplify it")]
    TooManyRings {
        /// How many were given.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// The whole set is too large for one index.
    #[error("the boundaries have {found} {what} together, more than {most}; simplify them or split the district")]
    SetTooLarge {
        /// What was counted: `polygons` or `vertices`.
        what: &'static str,
        /// How many were given.
        found: usize,
        /// The limit.
        most: usize,
    },
}

impl GeometryError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotGeoJson { .. } => "not_geojson",
            Self::WrongType { .. } => "wrong_type",
            Self::ShortPosition { .. } => "short_position",
            Self::NotFinite { .. } => "not_finite",
            Self::OutOfRange { .. } => "out_of_range",
            Self::RingTooShort { .. } => "ring_too_short",
            Self::RingNotClosed => "ring_not_closed",
            Self::NoArea => "no_area",
            Self::TooWide { .. } => "too_wide",
            Self::HoleOutside { .. } => "hole_outside",
            Self::Empty => "empty",
            Self::TooManyVertices { .. } => "too_many_vertices",
            Self::TooManyRings { .. } => "too_many_rings",
            Self::SetTooLarge { .. } => "set_too_large",
        }
    }

    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NotGeoJson { why } => {
                format!("这不是 GeoJSON 边界({why})。请另存为 GeoJSON 再传。")
            }
            Self::WrongType { found } => {
                format!("{found} 围不出地方。边界要用 Polygon 或 MultiPolygon。")
            }
            Self::ShortPosition { at } => {
                format!("第 {} 个点缺经度或纬度。请写成 [经度, 纬度]。", at + 1)
            }
            Self::NotFinite { at } => format!("第 {} 个点不是数字。请重新导出边界。", at + 1),
            Self::OutOfRange { at, lon, lat } => {
                format!("第 {} 个点({lon}, {lat})不在地球上。先写经度，后写纬度，用 WGS-84 度数。", at + 1)
            }
            Self::RingTooShort { positions } => {
                format!("有一圈只有 {positions} 个点。一圈至少 4 个点，其中 3 个不同。")
            }
            Self::RingNotClosed => "有一圈没有合拢。请在末尾重复第一个点。".into(),
            Self::NoArea => "有一圈围不出面积。请沿着地方的边画一圈。".into(),
            Self::TooWide { degrees } => {
                format!("有一圈东西跨 {degrees:.1} 度。不支持跨越 180 度经线的边界。")
            }
            Self::HoleOutside { at } => {
                format!("第 {} 个洞伸到了外圈之外。请改正，或另画成一块。", at + 1)
            }
            Self::Empty => "边界是空的。还不知道边界时，请先不填。".into(),
            Self::TooManyVertices { found, most } => {
                format!("边界有 {found} 个点，最多 {most} 个。请先简化。")
            }
            Self::TooManyRings { found, most } => {
                format!("边界有 {found} 圈，最多 {most} 圈。请先简化。")
            }
            Self::SetTooLarge { what, found, most } => {
                let what = if *what == "polygons" { "块" } else { "个点" };
                format!("全部边界共 {found} {what}，最多 {most} {what}。请简化，或把区县分开。")
            }
        }
    }

    /// What is wrong and what to do, in English: the same as its `Display`.
    pub fn en(&self) -> String {
        self.to_string()
    }
}
