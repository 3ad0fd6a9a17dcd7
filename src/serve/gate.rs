//! Whether a request is for us: its Host is ours, so that no page can reach loopback by a name of its own, and its
//! Origin too, so that no page elsewhere asks in a user's name.

use super::problem::{Failure, status_text};
use crate::error::Fault;
use axum::http::{HeaderMap, Request, StatusCode, Version, header};
use std::net::{IpAddr, SocketAddr};

/// A host, and the port where one is stated.
type Authority = (String, Option<u16>);

/// Longest path and query, and longest header in all.
const ADDRESS: usize = 8 << 10;
const HEADER: usize = 32 << 10;

const HOSTS: &str = "ask by 127.0.0.1, [::1] or localhost, or name the host in `hosts` of [serve]";

#[derive(Debug, Clone)]
pub struct Gate {
    own: SocketAddr,
    hosts: Vec<Authority>,
}

impl Gate {
    /// Where it listens, and the names of `[serve] hosts`.
    pub fn new(own: SocketAddr, hosts: &[String]) -> Self {
        Self { own, hosts: hosts.iter().filter_map(|host| split(host)).collect() }
    }

    /// Refuses what is not for us, and what is too long.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), Failure> {
        let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
        if address > ADDRESS {
            let hint = format!("at most {ADDRESS} bytes; send long lists in a body");
            return Err(Failure::new(StatusCode::URI_TOO_LONG, status_text(StatusCode::URI_TOO_LONG), hint));
        }
        let header: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if header > HEADER {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            return Err(Failure::new(status, status_text(status), format!("at most {HEADER} bytes")));
        }
        let host = self.host(request)?;
        for origin in request.headers().get_all(header::ORIGIN) {
            if !origin.to_str().is_ok_and(|origin| self.is_own_origin(origin, host.as_ref())) {
                let what = "requests from pages of another origin are refused";
                return Err(Failure::new(StatusCode::FORBIDDEN, what, "name its host in `hosts` of [serve]"));
            }
        }
        Ok(())
    }

    /// The host asked for, which must be ours; requests of HTTP/1.0 may name none.
    fn host<B>(&self, request: &Request<B>) -> Result<Option<Authority>, Failure> {
        let misdirected =
            |host: &str| Failure::new(StatusCode::MISDIRECTED_REQUEST, format!("`{host}` is not served here"), HOSTS);
        // Of a request to a proxy the address names a host as well.
        if let Some(authority) = request.uri().authority()
            && !split(authority.as_str()).is_some_and(|authority| self.is_own(&authority))
        {
            return Err(misdirected(authority.as_str()));
        }
        let Some(text) = only_host(request.headers())? else {
            let may = request.version() == Version::HTTP_10 || request.uri().authority().is_some();
            Fault::refuse_if(!may, "the request names no host", "send a Host header")?;
            return Ok(None);
        };
        match split(text) {
            Some(host) if self.is_own(&host) => Ok(Some(host)),
            _ => Err(misdirected(text)),
        }
    }

    fn is_own(&self, (host, port): &Authority) -> bool {
        let loopback = match host.parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback() || ip == self.own.ip(),
            Err(_) => host == "localhost",
        };
        loopback || self.is_named(host, *port)
    }

    /// Whether it is one of `hosts`: by any port where that states none.
    fn is_named(&self, host: &str, port: Option<u16>) -> bool {
        self.hosts.iter().any(|(name, at)| name == host && (at.is_none() || *at == port))
    }

    /// The page's own origin is the host it asks, by the same port; or it is one of `hosts`.
    fn is_own_origin(&self, origin: &str, asked: Option<&Authority>) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let usual = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return false,
        };
        let Some((host, port)) = split(authority) else { return false };
        let port = port.unwrap_or(usual);
        if self.is_named(&host, Some(port)) {
            return true;
        }
        match asked {
            Some((own, at)) => *own == host && at.unwrap_or(usual) == port,
            None => self.is_own(&(host, None)) && port == self.own.port(),
        }
    }
}

/// The one Host header there may be.
fn only_host(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let text = hosts.next().map(|host| host.to_str()).transpose();
    match (text, hosts.next()) {
        (Ok(text), None) => Ok(text),
        _ => Err(Fault::new("the request does not name one host").hint("send one Host header").into()),
    }
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`, in lower case and without the root's dot.
fn split(authority: &str) -> Option<Authority> {
    let (host, rest) = match authority.strip_prefix('[') {
        Some(inside) => {
            let (host, rest) = inside.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, rest)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port = match rest {
        "" | ":" => None,
        _ => Some(rest.strip_prefix(':').filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?),
    };
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    (!host.is_empty() && host.bytes().all(known)).then_some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    fn gate() -> Gate {
        let hosts = ["plans.example.org", "lab.example.org:8443"].map(String::from);
        Gate::new("127.0.0.1:8080".parse().expect("an address"), &hosts)
    }

    fn status(address: &str, headers: &[(&str, &str)], version: Version) -> u16 {
        let mut request = Request::builder().uri(address).version(version);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a request");
        gate().check(&request).map_or_else(|failure| failure.into_response().status().as_u16(), |()| 200)
    }

    fn asked(headers: &[(&str, &str)]) -> u16 {
        status("/v1/work", headers, Version::HTTP_11)
    }

    #[test]
    fn hosts_that_are_ours() {
        for host in [
            "127.0.0.1:8080",
            "127.0.0.1",
            "127.9.9.9",
            "localhost",
            "LOCALHOST:9000",
            "localhost.",
            "[::1]:8080",
            "[::1]",
            "plans.example.org",
            "Plans.Example.Org:443",
            "lab.example.org:8443",
        ] {
            assert_eq!(asked(&[("host", host)]), 200, "{host}");
        }
        for host in [
            "evil.example.com",
            "127.0.0.1.nip.io",
            "localhost.evil.example.com",
            "0.0.0.0",
            "192.168.0.1:8080",
            "x",
            "lab.example.org",
            "lab.example.org:8080",
            "me@127.0.0.1",
            "127.0.0.1:80:80",
            "127.0.0.1:x",
            "::1",
            "[::1",
            "[localhost]",
            "127.0.0.1/",
            "",
            "plans.example.org:99999",
        ] {
            assert_eq!(asked(&[("host", host)]), 421, "{host}");
        }
        assert_eq!(asked(&[]), 400, "HTTP/1.1 names a host");
        assert_eq!(asked(&[("host", "localhost"), ("host", "localhost")]), 400, "and one");
        assert_eq!(status("/", &[], Version::HTTP_10), 200);
        assert_eq!(status("/", &[("host", "x")], Version::HTTP_10), 421);
        assert_eq!(status("http://evil.example.com/", &[("host", "localhost")], Version::HTTP_11), 421);
        assert_eq!(status("http://localhost/", &[("host", "localhost")], Version::HTTP_11), 200);
    }

    #[test]
    fn origins_that_are_ours() {
        let from = |host: &str, origin: &str| asked(&[("host", host), ("origin", origin)]);
        for (host, origin) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("localhost", "http://localhost"),
            ("localhost", "http://localhost:80"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("127.0.0.1:8080", "https://plans.example.org"),
            ("lab.example.org:8443", "https://lab.example.org:8443"),
        ] {
            assert_eq!(from(host, origin), 200, "{origin} of {host}");
        }
        for (host, origin) in [
            ("127.0.0.1:8080", "http://127.0.0.1:3000"),
            ("127.0.0.1:8080", "http://localhost:8080"),
            ("127.0.0.1:8080", "http://evil.example.com"),
            ("127.0.0.1:8080", "https://lab.example.org"),
            ("127.0.0.1:8080", "null"),
            ("127.0.0.1:8080", "file://"),
            ("127.0.0.1:8080", ""),
        ] {
            assert_eq!(from(host, origin), 403, "{origin} of {host}");
        }
        let two = [("host", "localhost"), ("origin", "http://localhost"), ("origin", "http://evil.example.com")];
        assert_eq!(asked(&two), 403);
    }

    #[test]
    fn addresses_and_headers_have_an_end() {
        let long = format!("/v1/work?site={}", "a".repeat(ADDRESS));
        assert_eq!(status(&long, &[("host", "localhost")], Version::HTTP_11), 414);
        let value = "a".repeat(HEADER);
        assert_eq!(asked(&[("host", "localhost"), ("cookie", &value)]), 431);
    }
}
