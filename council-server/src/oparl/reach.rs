//! Which addresses an import may reach. A portal says where the server goes next, in `links.next`, in file addresses and
//! redirects; a portal on the internet must not send it to the operator's own machines.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use thiserror::Error;

/// Redirects of one request.
const MAX_REDIRECTS: usize = 5;
/// Where one of these is set, a proxy looks names up and decides itself what it reaches.
const PROXIES: [&str; 3] = ["http_proxy", "https_proxy", "all_proxy"];

/// What may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The source lies in an inner network itself, or the operator allows it.
    Everywhere,
    /// Addresses of the internet only.
    PublicOnly,
}

/// Why an address is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum Barred {
    #[error(
        "die Adresse liegt im inneren Netz; erlaubt mit --allow-private (private_addresses = true)"
    )]
    Inner,
    #[error("keine http- oder https-Adresse")]
    Scheme,
    #[error("zu viele Weiterleitungen")]
    Circle,
}

impl Reach {
    /// The reach of an import from `url`. Who writes down `localhost` or an inner IP address means it; a name proves
    /// nothing, because others decide what it stands for.
    pub(crate) fn of(url: &str, is_private_allowed: bool) -> Self {
        let host = Url::parse(url).ok();
        let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
        let is_inner = ip_of(host).is_some_and(is_inner) || host.eq_ignore_ascii_case("localhost");
        if is_private_allowed || is_inner {
            Self::Everywhere
        } else {
            Self::PublicOnly
        }
    }

    /// Whether an address may be asked, as far as it can be told without looking its name up.
    pub(crate) fn check(self, url: &Url) -> Result<(), Barred> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Barred::Scheme);
        }
        let ip = url.host_str().and_then(ip_of);
        if self == Self::PublicOnly && ip.is_some_and(is_inner) {
            return Err(Barred::Inner);
        }
        Ok(())
    }

    /// Follows redirects as far as the reach goes.
    pub(crate) fn redirects(self) -> Policy {
        Policy::custom(move |attempt| {
            match self.may_follow(attempt.url(), attempt.previous().len()) {
                Ok(()) => attempt.follow(),
                Err(barred) => attempt.error(barred),
            }
        })
    }

    fn may_follow(self, url: &Url, redirects: usize) -> Result<(), Barred> {
        if redirects > MAX_REDIRECTS {
            return Err(Barred::Circle);
        }
        self.check(url)
    }

    fn is_checked_by_name(self) -> bool {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let has_proxy = PROXIES
            .iter()
            .any(|name| is_set(name) || is_set(&name.to_uppercase()));
        self == Self::PublicOnly && !has_proxy
    }
}

/// Looks names up; of those that lead to an inner address only, none is reached.
pub(crate) struct Names {
    is_checked: bool,
}

impl Names {
    pub(crate) fn new(reach: Reach) -> Self {
        Self {
            is_checked: reach.is_checked_by_name(),
        }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let is_checked = self.is_checked;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            // The connection is made to what is checked here, so a name that changes its mind gains nothing.
            let reached: Vec<SocketAddr> = found
                .filter(|found| !is_checked || !is_inner(found.ip()))
                .collect();
            if reached.is_empty() && is_checked {
                return Err(Barred::Inner.into());
            }
            Ok(Box::new(reached.into_iter()) as Addrs)
        })
    }
}

/// Why a request was barred, if it was.
pub(crate) fn barred_in(error: &reqwest::Error) -> Option<Barred> {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(barred) = error.downcast_ref::<Barred>() {
            return Some(*barred);
        }
        cause = error.source();
    }
    None
}

fn ip_of(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

/// Whether an address is none of the internet's. Source: IANA special-purpose address registries.
fn is_inner(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_inner_v4(ip),
        IpAddr::V6(ip) => is_inner_v6(ip),
    }
}

fn is_inner_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || matches!(
            (a, b, c),
            (192, 0, 0) | (100, 64..=127, _) | (198, 18..=19, _)
        )
        || a == 0
        || a >= 224
}

fn is_inner_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match [a, b, c, d, e, f] {
        // Mapped, compatible and translated IPv4 addresses; this holds `::` and `::1` too.
        [0, 0, 0, 0, 0, 0 | 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => is_inner_v4(v4(g, h)),
        [0x2002, ..] => is_inner_v4(v4(b, c)),
        [0x64, 0xff9b, ..] | [0x2001, 0x0db8, ..] | [0x2001, 0, ..] | [0x100, 0, 0, 0, ..] => true,
        // Global unicast is 2000::/3; all else is for inner use.
        _ => a & 0xe000 != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn inner_addresses_are_known_however_they_are_written() {
        for inner in [
            "http://127.0.0.1:8080/x",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://10.1.2.3/",
            "http://172.31.0.1/",
            "http://192.168.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
        ] {
            assert_eq!(
                Reach::PublicOnly.check(&url(inner)),
                Err(Barred::Inner),
                "{inner}"
            );
            assert_eq!(Reach::Everywhere.check(&url(inner)), Ok(()), "{inner}");
        }
        for public in [
            "https://rat.example/",
            "http://8.8.8.8/",
            "http://172.32.0.1/",
            "http://[2a01:4f8::1]/",
            "http://[64:ff9b::808:808]/",
        ] {
            assert_eq!(Reach::PublicOnly.check(&url(public)), Ok(()), "{public}");
        }
    }

    #[test]
    fn only_an_operator_leads_into_the_inner_network() {
        for (source, is_allowed, reach) in [
            ("https://rat.example/system", false, Reach::PublicOnly),
            ("https://rat.example/system", true, Reach::Everywhere),
            ("http://127.0.0.1:5000/system", false, Reach::Everywhere),
            ("http://localhost/system", false, Reach::Everywhere),
            ("http://10.0.0.7/system", false, Reach::Everywhere),
            ("http://localhost.rat.example/", false, Reach::PublicOnly),
            ("nonsense", false, Reach::PublicOnly),
        ] {
            assert_eq!(Reach::of(source, is_allowed), reach, "{source}");
        }
    }

    #[test]
    fn redirects_go_no_further_than_requests() {
        let public = Reach::PublicOnly;
        let follow = |to: &str, before| public.may_follow(&url(to), before);
        assert_eq!(follow("https://rat.example/2", 1), Ok(()));
        assert_eq!(follow("http://127.0.0.1/", 1), Err(Barred::Inner));
        assert_eq!(follow("file:///etc/passwd", 1), Err(Barred::Scheme));
        assert_eq!(follow("https://rat.example/7", 6), Err(Barred::Circle));
    }
}
