//! Addresses as text: making them absolute, and the path that identifies an object. Pure; nothing is ever re-encoded,
//! because some vendors take `%7C` and `|` for different objects.

/// Splits an address into scheme, authority and the rest (`/path?query`); `None` for a relative one.
fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    if scheme.contains(['/', '?', '#']) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    Some((scheme, authority, path))
}

/// Host and port of an address, in lower case; empty for a relative one.
pub(crate) fn authority(url: &str) -> String {
    parts(url).map_or_else(String::new, |(_, authority, _)| authority.to_lowercase())
}

/// `reference` as it is meant where it stands in the document at `base`.
pub(crate) fn absolute(reference: &str, base: &str) -> String {
    let reference = reference.trim();
    let Some((scheme, authority, path)) = parts(base) else {
        return reference.to_owned();
    };
    if parts(reference).is_some() {
        return reference.to_owned();
    }
    if let Some(rest) = reference.strip_prefix("//") {
        return format!("{scheme}://{rest}");
    }
    if reference.starts_with('/') {
        return format!("{scheme}://{authority}{reference}");
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if reference.starts_with('?') {
        return format!("{scheme}://{authority}{path}{reference}");
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = folder.split('/').collect();
    let mut rest = reference;
    loop {
        if let Some(after) = rest.strip_prefix("./") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("../") {
            if steps.len() > 1 {
                steps.pop();
            }
            rest = after;
        } else {
            break;
        }
    }
    format!("{scheme}://{authority}{}/{rest}", steps.join("/"))
}

/// What identifies an object within a source: path and query; with the host before it where that is another than
/// `home`. `http` and `https` are the same.
pub(crate) fn path_of(url: &str, home: &str) -> String {
    let url = url.trim();
    let url = url.split_once('#').map_or(url, |(before, _)| before);
    match parts(url) {
        Some((_, authority, path)) if authority.eq_ignore_ascii_case(home) => path.to_owned(),
        Some((_, authority, path)) => format!("//{}{path}", authority.to_lowercase()),
        None => url.to_owned(),
    }
}

/// Adds `name=value` unless the address has a parameter of that name. `value` is encoded already.
pub(crate) fn with_parameter(url: &str, name: &str, value: &str) -> String {
    if has_parameter(url, name) {
        return url.to_owned();
    }
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}{name}={value}")
}

/// The address without the parameter `name`.
pub(crate) fn without_parameter(url: &str, name: &str) -> String {
    let Some((path, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let kept: Vec<&str> = query.split('&').filter(|p| !is_named(p, name)).collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

pub(crate) fn has_parameter(url: &str, name: &str) -> bool {
    url.split_once('?')
        .is_some_and(|(_, query)| query.split('&').any(|p| is_named(p, name)))
}

fn is_named(parameter: &str, name: &str) -> bool {
    parameter.split('=').next() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_are_meant_where_they_stand() {
        let base = "https://rat.example/oparl/v1/meetings?page=2";
        for (reference, meant) in [
            ("http://other.example/x", "http://other.example/x"),
            ("//other.example/x", "https://other.example/x"),
            ("/files/1", "https://rat.example/files/1"),
            ("meeting/1", "https://rat.example/oparl/v1/meeting/1"),
            ("./meeting/1", "https://rat.example/oparl/v1/meeting/1"),
            ("../meeting/1", "https://rat.example/oparl/meeting/1"),
            ("?page=3", "https://rat.example/oparl/v1/meetings?page=3"),
            ("/a?u=http://x/y", "https://rat.example/a?u=http://x/y"),
        ] {
            assert_eq!(absolute(reference, base), meant, "{reference}");
        }
    }

    #[test]
    fn the_path_identifies_whatever_the_scheme_and_is_never_encoded_anew() {
        let home = "rat.example";
        assert_eq!(
            path_of("http://Rat.Example/m?id=1%7C2", home),
            "/m?id=1%7C2"
        );
        assert_eq!(
            path_of("https://rat.example/m?id=1%7C2", home),
            "/m?id=1%7C2"
        );
        assert_ne!(path_of("https://rat.example/m?id=1|2", home), "/m?id=1%7C2");
        assert_eq!(path_of("https://cdn.example/f", home), "//cdn.example/f");
    }

    #[test]
    fn parameters_come_and_go() {
        let url = "https://r/x?page=2&limit=100";
        assert_eq!(without_parameter(url, "limit"), "https://r/x?page=2");
        assert_eq!(
            without_parameter("https://r/x?limit=1", "limit"),
            "https://r/x"
        );
        assert_eq!(with_parameter(url, "limit", "5"), url);
        assert_eq!(with_parameter("https://r/x", "a", "b"), "https://r/x?a=b");
    }
}
