//! Heads of HTTP/1: what was requested of whom, and with which status it was answered.
//!
//! Source: RFC 9112; the host of a request and its address as Zeek's http.log has them.

use crate::event::{Address, Event, shown};

/// Methods of RFC 9110, RFC 5789 and RFC 4918.
pub const METHODS: [&str; 18] = [
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "CONNECT",
    "PATCH",
    "TRACE",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "REPORT",
    "SEARCH",
];

/// One request.
pub struct Request {
    pub us: i64,
    pub number: u64,
    pub method: String,
    pub target: Vec<u8>,
    host: Option<Vec<u8>>,
    agent: Option<Vec<u8>>,
    forwarded: Option<String>,
}

/// A request with its answer, if there was one.
pub struct Exchange {
    pub request: Request,
    pub status: Option<u16>,
}

/// How long the body behind a head is.
pub enum BodyLength {
    Empty,
    Known(u64),
    Chunked,
    UntilClose,
    Unreadable,
}

/// A head in lines.
pub struct Head<'a> {
    first: &'a [u8],
    fields: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Head<'a> {
    pub fn of(head: &'a [u8]) -> Self {
        let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines.next().unwrap_or(&[]);
        let fields = lines.filter_map(|line| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            Some((line[..colon].trim_ascii(), line[colon + 1..].trim_ascii()))
        });
        Self {
            first,
            fields: fields.collect(),
        }
    }

    fn field(&self, name: &str) -> Option<&'a [u8]> {
        let mut fields = self.fields.iter();
        let found = fields.find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()))?;
        Some(found.1).filter(|value| !value.is_empty())
    }

    /// Return the request, if this is one.
    pub fn request(&self, us: i64, number: u64) -> Option<Request> {
        let blank = self.first.iter().position(|&byte| byte == b' ')?;
        let method = String::from_utf8(self.first[..blank].to_vec()).ok()?;
        let target = self.first[blank..].trim_ascii();
        // An old client sends no version (RFC 1945); a blank inside the address stays in it.
        let version = target.windows(6).rposition(|six| six == b" HTTP/");
        let target = version.map_or(target, |place| target[..place].trim_ascii());
        if !METHODS.contains(&method.as_str()) || target.is_empty() {
            return None;
        }
        Some(Request {
            us,
            number,
            method,
            target: target.to_vec(),
            host: self.field("host").map(<[u8]>::to_vec),
            agent: self.field("user-agent").map(<[u8]>::to_vec),
            forwarded: self.forwarded(),
        })
    }

    /// Return the last inside address that proxies named as their client.
    fn forwarded(&self) -> Option<String> {
        let fields = self.fields.iter().filter(|(name, _)| {
            let names: [&[u8]; 2] = [b"x-forwarded-for", b"x-real-ip"];
            names.iter().any(|known| name.eq_ignore_ascii_case(known))
        });
        let text = fields
            .map(|(_, value)| String::from_utf8_lossy(value))
            .collect::<Vec<_>>();
        let text = text.join(",");
        let addresses = text
            .rsplit([',', ' '])
            .take(32)
            .filter_map(|word| word.parse().ok());
        addresses
            .into_iter()
            .find(is_inside)
            .map(|address| address.to_string())
    }

    /// Return the status of an answer, if this is one.
    pub fn status(&self) -> Option<u16> {
        if !self.first.starts_with(b"HTTP/") {
            return None;
        }
        let digits = self.first.split(|&byte| byte == b' ').nth(1)?;
        let status: u16 = std::str::from_utf8(digits).ok()?.parse().ok()?;
        (100..1000).contains(&status).then_some(status)
    }

    /// Return how long the body is that follows.
    pub fn body(&self, is_response: bool) -> BodyLength {
        if let Some(coding) = self.field("transfer-encoding")
            && coding.to_ascii_lowercase().ends_with(b"chunked")
        {
            return BodyLength::Chunked;
        }
        let length = self.field("content-length").map(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            digits
                .parse::<u64>()
                .ok()
                .filter(|&length| length < 1 << 40)
        });
        match length {
            Some(Some(0)) => BodyLength::Empty,
            Some(Some(length)) => BodyLength::Known(length),
            Some(None) => BodyLength::Unreadable,
            None if is_response => BodyLength::UntilClose,
            None => BodyLength::Empty,
        }
    }
}

/// Return whether an address is one of an organisation's own: private, shared or unique local.
fn is_inside(address: &std::net::IpAddr) -> bool {
    match address {
        std::net::IpAddr::V4(four) => {
            let [first, second, ..] = four.octets();
            four.is_private() || (first == 100 && second & 0xc0 == 64)
        }
        std::net::IpAddr::V6(six) => six.is_unique_local(),
    }
}

impl Exchange {
    /// Add what was requested and answered to an event.
    pub fn write(&self, event: &mut Event<'_>, server: &Address) {
        if self.status.is_some() {
            event.text("event.outcome", b"success");
        }
        let request = &self.request;
        event.text("http.request.method", request.method.as_bytes());
        let (full, domain) = request.page(server);
        event.text("url.full", &full);
        if let Some(domain) = domain {
            event.text("url.domain", &domain);
        }
        if let Some(agent) = &request.agent {
            event.text("user_agent.original", agent);
        }
        if let Some(forwarded) = &request.forwarded {
            event.text("network.forwarded_ip", forwarded.as_bytes());
        }
        if let Some(status) = self.status {
            event.number("http.response.status_code", i64::from(status));
        }
    }
}

impl Request {
    /// Return the whole address and the host that was named, if one was.
    fn page(&self, server: &Address) -> (Vec<u8>, Option<Vec<u8>>) {
        let scheme = self.target.windows(3).position(|three| three == b"://");
        let scheme = scheme.filter(|&place| {
            self.target[..place].iter().all(u8::is_ascii_alphanumeric) && place > 0
        });
        if let Some(place) = scheme {
            let rest = &self.target[place + 3..];
            let end = rest
                .iter()
                .position(|byte| b"/?#".contains(byte))
                .unwrap_or(rest.len());
            return (self.target.clone(), host_of(&rest[..end]));
        }
        if self.method == "CONNECT" {
            return (self.target.clone(), host_of(&self.target));
        }
        let host = self.host.clone();
        let domain = host.as_deref().and_then(host_of);
        let address = shown(server);
        let plain = if address.contains(':') {
            format!("[{address}]")
        } else {
            address
        };
        let mut full = b"http://".to_vec();
        full.extend_from_slice(host.as_deref().unwrap_or(plain.as_bytes()));
        if self.target != b"*" {
            if !self.target.starts_with(b"/") && !self.target.starts_with(b"?") {
                full.push(b'/');
            }
            full.extend_from_slice(&self.target);
        }
        (full, domain)
    }
}

/// Return the host of `host`, `host:port`, `user@host:port` or `[v6]:port`.
fn host_of(authority: &[u8]) -> Option<Vec<u8>> {
    let behind = authority.rsplit(|&byte| byte == b'@').next()?;
    let host = match behind.strip_prefix(b"[") {
        Some(rest) => rest.split(|&byte| byte == b']').next()?,
        None if behind.iter().filter(|&&byte| byte == b':').count() == 1 => {
            behind.split(|&byte| byte == b':').next()?
        }
        None => behind,
    };
    (!host.is_empty()).then(|| host.to_vec())
}
