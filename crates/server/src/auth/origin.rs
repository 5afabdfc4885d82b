//! Requests that a browser was made to send from another site.

use axum::http::{HeaderMap, header};

use crate::{app::Config, call::host};

/// True when a state-changing request that browsers could be tricked into came from a page of
/// ours, by `Sec-Fetch-Site`, else `Origin`, else `Referer`. `signed_in`: it carries the cookie,
/// so that saying nothing is not enough; without it there is nothing to misuse, and old programs
/// send none of the three.
pub fn from_here(config: &Config, headers: &HeaderMap, signed_in: bool) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("null"));
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    if let Some(origin) = text(header::ORIGIN) {
        return ours(config, headers, origin);
    }
    match text(header::REFERER) {
        Some(referer) => ours(config, headers, referer),
        None => !signed_in,
    }
}

/// True when an absolute address has our scheme and authority, or the authority that was asked for.
fn ours(config: &Config, headers: &HeaderMap, url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let known = config.base_url.as_deref().and_then(|base| base.trim_end_matches('/').split_once("://"));
    let same_as_known = known.is_some_and(|(s, a)| s == scheme && a == authority);
    same_as_known || (!authority.is_empty() && authority == host(headers) && (scheme == "https" || !config.https()))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    use super::from_here;
    use crate::app::Config;

    fn said(pairs: &[(&'static str, &'static str)], signed_in: bool, base: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("door.example:8311"));
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        from_here(&Config { base_url: base.map(str::to_owned), ..Config::default() }, &headers, signed_in)
    }

    #[test]
    fn a_page_of_ours_is_known_by_any_of_the_three_headers() {
        for pair in [
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://door.example:8311"),
            ("referer", "http://door.example:8311/x?y"),
        ] {
            assert!(said(&[pair], true, None), "{pair:?}");
        }
        assert!(
            said(&[("origin", "https://city.example")], true, Some("https://city.example/")),
            "behind a proxy that changes the host"
        );
    }

    #[test]
    fn another_site_is_refused_by_any_of_the_three_headers() {
        for pair in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "http://door.example"),
            ("origin", "http://door.example:8311.evil.example"),
            ("origin", "null"),
            ("referer", "http://evil.example/?http://door.example:8311/"),
            ("referer", "door.example:8311"),
        ] {
            assert!(!said(&[pair], true, None), "{pair:?}");
            assert!(!said(&[pair], false, None), "{pair:?} without a cookie");
        }
        assert!(
            !said(&[("origin", "http://city.example")], true, Some("https://city.example")),
            "the same host without encryption"
        );
    }

    #[test]
    fn silence_is_enough_only_without_a_cookie() {
        assert!(said(&[], false, None));
        assert!(!said(&[], true, None));
    }
}
