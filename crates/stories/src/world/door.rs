//! The door of the house: requests over HTTP as anybody would send them, answers and refusals.

use reqwest::{RequestBuilder, StatusCode};
use serde::Serialize;
use serde_json::Value;

use super::{House, Told};

/// Quality of the generated photo.
const PHOTO_SIDE_PIXELS: u32 = 48;

/// Something that was refused, in the house's own words.
#[derive(Debug, Clone, Default)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Stable number such as `422.2`.
    pub code: String,
    /// Title, detail and action in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Asked by somebody without an account: 401 and 403 are one to a story.
    pub nobody: bool,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}（HTTP {}）{}", self.code, self.status, self.zh)
    }
}

impl Refusal {
    /// The refusal that a problem of the house stands for.
    pub fn of(problem: &kernel::Problem) -> Self {
        let words = |lang| [problem.title(lang), problem.detail(lang), problem.action(lang)].join(" ");
        Self {
            status: problem.kind.status,
            code: problem.kind.code.into(),
            zh: words(kernel::Lang::Zh),
            en: words(kernel::Lang::En),
            nobody: false,
        }
    }

    /// What can't be: the story asks the harness for something it does not have. Never expected by a story.
    pub fn broken(why: impl ToString) -> Self {
        Self { status: 599, code: String::new(), zh: why.to_string(), ..Self::default() }
    }
}

/// A report as it is sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReportForm {
    /// Item code or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// What is the matter.
    pub text: String,
    /// Longitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Code, id or name of a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Name and phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Value>,
    /// How it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How the asker wants to hear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub echo: Option<String>,
    /// Photos that were sent before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// A move as it is sent. What the story does not give goes as `null`: the house must not guess it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MoveForm {
    /// Name of the move.
    #[serde(rename = "move")]
    pub word: String,
    /// The version on which it is based.
    pub version: Option<i64>,
    /// Why.
    pub reason: Option<String>,
    /// Bodies by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Photos that were sent before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// What the asker is told.
    pub answer: Option<String>,
    /// Solved?
    pub solved: Option<bool>,
    /// Satisfied?
    pub satisfied: Option<String>,
    /// The duty, rule or check it rests on.
    pub basis: Option<String>,
    /// A day, a moment, or a limit from now.
    pub until: Option<String>,
    /// Number or id of the case to join.
    pub into: Option<String>,
    /// Another item.
    pub item: Option<String>,
    /// Another place.
    pub place: Option<String>,
    /// What a meeting is to talk about.
    pub topic: Option<String>,
}

impl House {
    /// Sends a request and reads its JSON answer.
    ///
    /// # Errors
    /// The refusal, in both languages as the house words it.
    pub async fn send(&self, request: RequestBuilder, token: Option<&str>) -> Result<Value, Refusal> {
        let broken = |e: reqwest::Error| Refusal::broken(format!("请求没有送到：{e}"));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let english = request.try_clone();
        let answer = request
            .header("accept", "application/json")
            .header("accept-language", "zh-CN")
            .send()
            .await
            .map_err(broken)?;
        let status = answer.status();
        let text = answer.text().await.map_err(broken)?;
        let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() || status.is_redirection() {
            return Ok(if value.is_null() { Value::String(text) } else { value });
        }
        let words = |value: &Value| {
            ["title", "detail", "action"].iter().filter_map(|key| value[key].as_str()).collect::<Vec<_>>().join(" ")
        };
        // Nothing was changed, so the same request is refused again, now in English.
        let en = match english {
            Some(again) => {
                match again.header("accept", "application/json").header("accept-language", "en").send().await {
                    Ok(answer) if answer.status() == status => words(&answer.json().await.unwrap_or(Value::Null)),
                    _ => String::new(),
                }
            }
            None => String::new(),
        };
        let zh = if value.is_null() { text.chars().take(300).collect() } else { words(&value) };
        Err(Refusal {
            status: status.as_u16(),
            code: value["code"].as_str().unwrap_or_default().to_owned(),
            zh,
            en,
            nobody: false,
        })
    }

    /// A GET of the API in a district.
    pub async fn get(
        &self,
        district: &str,
        path: &str,
        query: &[(&str, &str)],
        token: Option<&str>,
    ) -> Result<Value, Refusal> {
        let url = reqwest::Url::parse_with_params(&format!("{}/api/v1/{district}/{path}", self.server.base), query)
            .map_err(Refusal::broken)?;
        self.send(self.server.client.get(url), token).await
    }

    /// A POST of the API in a district, with a key of its own.
    pub async fn post(
        &self,
        district: &str,
        path: &str,
        body: &impl Serialize,
        token: Option<&str>,
    ) -> Result<Value, Refusal> {
        let request = self.server.post(&format!("/api/v1/{district}/{path}"));
        self.send(request.header("idempotency-key", self.server.app.fresh_id()).json(body), token).await
    }

    /// A page of the house as its reader gets it.
    pub async fn page(&self, path: &str) -> Result<String, Refusal> {
        let page = self.send(self.server.get(path), None).await?;
        Ok(page.as_str().unwrap_or_default().to_owned())
    }

    /// A form of a page, sent without JavaScript and without an account.
    pub async fn form(&self, path: &str, fields: &[(&str, String)]) -> Result<Value, Refusal> {
        self.send(self.server.post(path).form(fields), None).await
    }

    /// Sends a photo and gives its id.
    pub async fn photo(&self, district: &str, of: &str, token: Option<&str>) -> Result<String, Refusal> {
        let picture = picture(of).map_err(Refusal::broken)?;
        let part = reqwest::multipart::Part::bytes(picture)
            .file_name("photo.jpg")
            .mime_str("image/jpeg")
            .map_err(Refusal::broken)?;
        let request = self
            .server
            .post(&format!("/api/v1/{district}/evidence"))
            .multipart(reqwest::multipart::Form::new().part("photo", part));
        let kept = self.send(request, token).await?;
        kept["id"].as_str().map(str::to_owned).ok_or_else(|| Refusal::broken(format!("照片没有编号：{kept}")))
    }
}

/// A small photograph, the same for the same words: a plain field whose colour comes from them.
fn picture(of: &str) -> Told<Vec<u8>> {
    let sum = of.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let [_, r, g, b] = sum.to_be_bytes();
    let image = image::RgbImage::from_fn(PHOTO_SIDE_PIXELS, PHOTO_SIDE_PIXELS, |x, y| {
        let shade = ((x + y) % 64) as u8;
        image::Rgb([r / 2 + shade, g / 2 + shade, b / 2 + shade])
    });
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Jpeg).map_err(|e| e.to_string())?;
    Ok(out.into_inner())
}

/// The answer of a refusal to see: true when it says that there is nothing to see.
pub fn hidden(refusal: &Refusal) -> bool {
    [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN, StatusCode::UNAUTHORIZED]
        .iter()
        .any(|status| status.as_u16() == refusal.status)
}

/// Photos as a table writes them: each name is one photo.
pub fn photo_names(said: &str) -> Vec<String> {
    crate::text::names(said)
}
