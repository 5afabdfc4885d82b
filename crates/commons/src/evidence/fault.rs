//! Why a photo is refused, said to the person who sends it.

/// What is wrong with a file that was sent as a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvidenceFault {
    /// No bytes at all.
    Empty,
    /// More than [`super::EVIDENCE_MAX_BYTES`].
    TooManyBytes {
        /// Its length.
        bytes: usize,
    },
    /// Something else than a JPEG, PNG or WebP picture.
    Foreign(Foreign),
    /// A side longer than [`super::SIDE_MAX_PIXELS`].
    SideTooLong {
        /// Width that it claims, pixels.
        width: u32,
        /// Height that it claims, pixels.
        height: u32,
    },
    /// More than [`super::PIXELS_MAX_COUNT`].
    TooManyPixels {
        /// Width that it claims, pixels.
        width: u32,
        /// Height that it claims, pixels.
        height: u32,
    },
    /// Decoding it would take more than [`super::DECODE_MEMORY_MAX_BYTES`].
    TooMuchMemory,
    /// It breaks off before its end.
    Truncated,
    /// Its content contradicts its format.
    Damaged {
        /// For operators: what the reader stumbled over.
        why: String,
    },
}

/// What a refused file is instead of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// HEIC or HEIF, as iPhones save by default.
    Heic,
    /// AVIF.
    Avif,
    /// GIF.
    Gif,
    /// A moving WebP.
    Animation,
    /// SVG: a drawing that can carry programs.
    Svg,
    /// TIFF or a camera's raw file.
    Tiff,
    /// BMP.
    Bmp,
    /// PDF.
    Pdf,
    /// MP4, MOV, AVI, Matroska.
    Video,
    /// Sound.
    Audio,
    /// ZIP, RAR, 7z, gzip; also office documents, which are ZIP files.
    Archive,
    /// A document of older office programs.
    Office,
    /// A web page.
    WebPage,
    /// A program.
    Program,
    /// Plain text.
    Text,
    /// Nothing that is known.
    Unknown,
}

impl Foreign {
    /// Its name in Chinese and English.
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Heic => ("HEIC 照片", "a HEIC photo"),
            Self::Avif => ("AVIF 图片", "an AVIF picture"),
            Self::Gif => ("GIF 图片", "a GIF"),
            Self::Animation => ("动图", "a moving picture"),
            Self::Svg => ("SVG 图形", "an SVG drawing"),
            Self::Tiff => ("TIFF 或相机原片", "a TIFF or raw camera file"),
            Self::Bmp => ("BMP 图片", "a BMP picture"),
            Self::Pdf => ("PDF 文件", "a PDF"),
            Self::Video => ("视频", "a video"),
            Self::Audio => ("录音", "a sound recording"),
            Self::Archive => ("压缩包或办公文档", "an archive or office document"),
            Self::Office => ("办公文档", "an office document"),
            Self::WebPage => ("网页", "a web page"),
            Self::Program => ("程序", "a program"),
            Self::Text => ("文字文件", "a text file"),
            Self::Unknown => ("认不出的文件", "a file of an unknown kind"),
        }
    }

    /// What to do about it, in Chinese and English.
    pub fn advice(self) -> (&'static str, &'static str) {
        match self {
            Self::Heic => (
                "请在手机的「设置 - 相机 - 格式」里选「兼容性最佳」后重拍，或截一张图再传。",
                "In the phone's settings choose Camera, Formats, Most Compatible and take it again, or send a screenshot.",
            ),
            Self::Video | Self::Animation | Self::Gif => {
                ("请从里面截一张图再传。", "Send a screenshot from it instead.")
            }
            Self::Avif | Self::Tiff | Self::Bmp | Self::Svg => {
                ("请另存为 JPEG 或 PNG 再传。", "Save it as JPEG or PNG and send that.")
            }
            Self::Pdf | Self::Office | Self::Archive | Self::WebPage | Self::Text => (
                "请把要紧的那一页拍照或截图再传。",
                "Take a photo or a screenshot of the page that matters and send that.",
            ),
            Self::Audio => ("请把要说的话写下来。", "Write down what it says."),
            Self::Program | Self::Unknown => ("请传 JPEG、PNG 或 WebP 照片。", "Send a JPEG, PNG or WebP photo."),
        }
    }
}

impl EvidenceFault {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::Foreign(_) => "not_a_photo",
            Self::SideTooLong { .. } => "side_too_long",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooMuchMemory => "too_much_memory",
            Self::Truncated => "truncated",
            Self::Damaged { .. } => "damaged",
        }
    }

    /// What is wrong and what to do, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "照片是空的。请重新选一张。".into(),
            Self::TooManyBytes { bytes } => format!(
                "照片有 {} MB，最多 {} MB。请截一张图，或选小一点的再传。",
                mib(*bytes),
                mib(super::EVIDENCE_MAX_BYTES)
            ),
            Self::Foreign(found) => format!("这是{}，不是能收的照片。{}", found.name().0, found.advice().0),
            Self::SideTooLong { width, height } => {
                format!("照片宽 {width}、高 {height} 像素，每边最多 {} 像素。请截一张图再传。", super::SIDE_MAX_PIXELS)
            }
            Self::TooManyPixels { width, height } => format!(
                "照片宽 {width}、高 {height} 像素，合计最多 {} 万像素。请截一张图再传。",
                super::PIXELS_MAX_COUNT / 10_000
            ),
            Self::TooMuchMemory => "照片太细，打不开。请截一张图再传。".into(),
            Self::Truncated => "照片没有传完整。请再传一次。".into(),
            Self::Damaged { .. } => "照片坏了，打不开。请重拍或另选一张。".into(),
        }
    }

    /// What is wrong and what to do, in English: the same as its `Display`.
    pub fn en(&self) -> String {
        self.to_string()
    }
}

impl std::fmt::Display for EvidenceFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("The photo is empty. Choose another one."),
            Self::TooManyBytes { bytes } => write!(
                f,
                "The photo has {} MB, at most {} MB can be sent. Send a screenshot or a smaller one.",
                mib(*bytes),
                mib(super::EVIDENCE_MAX_BYTES)
            ),
            Self::Foreign(found) => {
                write!(f, "This is {}, not a photo that can be taken. {}", found.name().1, found.advice().1)
            }
            Self::SideTooLong { width, height } => write!(
                f,
                "The photo is {width} by {height} pixels, at most {} a side. Send a screenshot of it.",
                super::SIDE_MAX_PIXELS
            ),
            Self::TooManyPixels { width, height } => write!(
                f,
                "The photo is {width} by {height} pixels, at most {} million in all. Send a screenshot of it.",
                super::PIXELS_MAX_COUNT / 1_000_000
            ),
            Self::TooMuchMemory => f.write_str("The photo is too detailed to open. Send a screenshot of it."),
            Self::Truncated => f.write_str("The photo did not arrive whole. Send it again."),
            Self::Damaged { .. } => {
                f.write_str("The photo is damaged and cannot be opened. Take it again or choose another one.")
            }
        }
    }
}

impl std::error::Error for EvidenceFault {}

/// Whole MiB, rounded up, so that what is too much never reads as what is allowed.
fn mib(bytes: usize) -> usize {
    bytes.div_ceil(1 << 20)
}
