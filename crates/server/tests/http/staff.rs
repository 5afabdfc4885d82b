//! What the tests of the staff's pages share: people, reports, and forms read from pages as a browser would.

use std::collections::BTreeMap;

use reqwest::Response;
use serde_json::{Value, json};
use server::testing::TestApp;

use crate::{header, sent};

/// The grid of 悦贤里.
pub const GRID: &str = "330113007007001";
/// Its full-time officer.
pub const OFFICER: &str = "周网格员";
/// The secretary of its community.
pub const SECRETARY: &str = "钱书记";
/// The property company's handler.
pub const HANDLER: &str = "王物业管家";

/// Takes a report about a broken door in; gives the answer of the API.
pub async fn reported(app: &TestApp, text: &str) -> Value {
    let body = json!({ "text": text, "place": GRID, "item": "单元门损坏", "contact": { "name": "孙秀英", "phone": "13800001234" } });
    let response = sent(app.post("/api/v1/linping/cases").json(&body)).await;
    assert_eq!(response.status(), 201);
    response.json().await.expect("JSON")
}

/// The address of a case in the work list.
pub fn item(case: &Value) -> String {
    format!("/linping/work/{}", case["id"].as_str().expect("an id"))
}

/// A page that must be there.
pub async fn page(app: &TestApp, path: &str, token: &str) -> String {
    let response = sent(app.get(path).header("accept", "text/html").bearer_auth(token)).await;
    assert_eq!(response.status(), 200, "{path}");
    // The renderer writes slashes of values as references; a browser reads them back.
    response.text().await.expect("text")
}

/// Posts fields as a browser without photos does.
pub async fn post(app: &TestApp, path: &str, token: &str, fields: &BTreeMap<String, String>) -> Response {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent(app.post(path).header("accept", "text/html").bearer_auth(token).form(&pairs)).await
}

/// A form of a page: where it posts and what its fields hold.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub fields: BTreeMap<String, String>,
}

impl Form {
    /// The same with a field filled in.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Sends it.
    pub async fn send(&self, app: &TestApp, token: &str) -> Response {
        post(app, &self.action, token, &self.fields).await
    }

    /// Sends it and follows to the page that it must lead to.
    pub async fn done(&self, app: &TestApp, token: &str) -> String {
        let response = self.send(app, token).await;
        let status = response.status();
        let to = header(&response, "location").to_owned();
        assert_eq!(status, 303, "{}", response.text().await.unwrap());
        page(app, &to, token).await
    }
}

fn attr(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    let value = rest.split_once('"')?.0;
    Some(value.replace("&amp;", "&").replace("&quot;", "\"").replace("&#39;", "'"))
}

/// Every form of a page, with the values that it would send untouched.
pub fn forms(html: &str) -> Vec<Form> {
    html.split("<form").skip(1).map(|rest| form_of(rest.split("</form>").next().unwrap())).collect()
}

fn form_of(text: &str) -> Form {
    let head = text.split('>').next().unwrap();
    let mut fields = BTreeMap::new();
    for tag in text.split("<input").skip(1).map(|rest| format!(" {}", rest.split('>').next().unwrap())) {
        let kind = attr(&tag, "type").unwrap_or_default();
        let off = matches!(kind.as_str(), "radio" | "checkbox") && !tag.contains(" checked");
        if let Some(name) = attr(&tag, "name").filter(|_| !off && kind != "file") {
            fields.insert(name, attr(&tag, "value").unwrap_or_default());
        }
    }
    for rest in text.split("<select").skip(1) {
        let select = rest.split("</select>").next().unwrap();
        let name = attr(select.split('>').next().unwrap(), "name").unwrap();
        let options: Vec<&str> = select.split("<option").skip(1).map(|o| o.split('>').next().unwrap()).collect();
        let chosen = options.iter().find(|o| o.contains(" selected")).or(options.first());
        fields.insert(name, chosen.and_then(|o| attr(o, "value")).unwrap_or_default());
    }
    for rest in text.split("<textarea").skip(1) {
        let (head, rest) = rest.split_once('>').unwrap();
        fields.insert(attr(head, "name").unwrap(), rest.split("</textarea>").next().unwrap().to_owned());
    }
    Form { action: attr(&format!(" {head}"), "action").unwrap_or_default(), fields }
}

/// The form of one move.
pub fn move_form(html: &str, word: &str) -> Form {
    let found = forms(html).into_iter().find(|form| form.fields.get("move").is_some_and(|value| value == word));
    found.unwrap_or_else(|| panic!("no form for {word} among {:?}", moves(html)))
}

/// The moves that a page offers.
pub fn moves(html: &str) -> Vec<String> {
    forms(html).iter().filter_map(|form| form.fields.get("move").cloned()).collect()
}

/// The first form that posts to an address.
pub fn form_to(html: &str, action: &str) -> Form {
    forms(html).into_iter().find(|form| form.action == action).unwrap_or_else(|| panic!("no form to {action}"))
}

/// The value of an option by its words.
pub fn option(html: &str, words: &str) -> String {
    let at = html.find(&format!(">{words}</option>")).unwrap_or_else(|| panic!("no option {words}"));
    let tag = &html[html[..at].rfind("<option").unwrap()..at];
    attr(tag, "value").unwrap()
}
