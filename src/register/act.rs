//! What may happen to a bundle, and what it is afterwards.

use super::common::{Certificate, ContractId, Fault, Instant, Status};
use strum::IntoStaticStr;

/// The name of an import's event.
pub const ISSUE: &str = "issue";

/// As a word, the name of its event.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "lowercase", const_into_str)]
pub enum Act {
    /// Into two bundles, the first up to and with this Wh.
    Split { at_wh: i64 },
    /// To another owner.
    Transfer { to: String },
    /// Used, once and for good.
    Cancel { beneficiary: String, contract: Option<ContractId> },
    /// Past its last instant.
    Expire,
    /// Taken back by its issuer.
    Withdraw,
}

impl Act {
    fn past(&self) -> &'static str {
        match self {
            Self::Split { .. } => "split",
            Self::Transfer { .. } => "transferred",
            Self::Cancel { .. } => "cancelled",
            Self::Expire => "made expired",
            Self::Withdraw => "withdrawn",
        }
    }

    /// The bundles that stand in a bundle's place afterwards: two of a split, else one.
    pub fn on(&self, bundle: &Certificate, now: Instant) -> Result<Vec<Certificate>, Fault> {
        let fine =
            if *self == Self::Withdraw { bundle.status != Status::Withdrawn } else { bundle.status == Status::Issued };
        if !fine {
            return Err(self.too_late(bundle));
        }
        Ok(vec![match self {
            Self::Split { at_wh } => return split(bundle, *at_wh).map(Vec::from),
            Self::Transfer { to } => Certificate { owner: to.clone(), ..bundle.clone() },
            Self::Cancel { beneficiary, contract } => cancel(bundle, beneficiary, contract.as_ref(), now)?,
            Self::Expire => expire(bundle, now)?,
            Self::Withdraw => Certificate { status: Status::Withdrawn, since: now, ..bundle.clone() },
        }])
    }

    fn too_late(&self, bundle: &Certificate) -> Fault {
        let since = bundle.since;
        let (state, hint) = match bundle.status {
            Status::Cancelled => {
                let whom = bundle.beneficiary.as_deref().map(|name| format!(" for {name}")).unwrap_or_default();
                (format!("was cancelled{whom} at {since}"), "a certificate is used once; it can only be withdrawn")
            }
            Status::Expired => (format!("has expired, since {since}"), "it can only be withdrawn"),
            Status::Withdrawn => (format!("was withdrawn at {since}"), "that is final"),
            Status::Issued => ("is issued".to_string(), "it can be split, transferred, cancelled or withdrawn"),
        };
        let what = format!("certificate `{}` {state} and cannot be {}", bundle.id, self.past());
        Fault::conflict(what).hint(hint)
    }
}

/// `1..100` split at 25 is `1..25` and `26..100`.
fn split(bundle: &Certificate, at_wh: i64) -> Result<[Certificate; 2], Fault> {
    let Certificate { id, first_wh, last_wh, .. } = bundle;
    if at_wh < *first_wh || at_wh >= *last_wh {
        let problem = Fault::new(format!("certificate `{id}` is Wh {first_wh}..{last_wh}: no split at {at_wh}"));
        return Err(match last_wh - first_wh {
            0 => problem.hint("one Wh cannot be split"),
            _ => problem.hint(format!("--at is the last Wh of the first part: {first_wh} to {}", last_wh - 1)),
        });
    }
    let part =
        |no: u8, first_wh, last_wh| Certificate { id: format!("{id}.{no}"), first_wh, last_wh, ..bundle.clone() };
    Ok([part(1, *first_wh, at_wh), part(2, at_wh + 1, *last_wh)])
}

fn cancel(
    bundle: &Certificate,
    beneficiary: &str,
    contract: Option<&ContractId>,
    now: Instant,
) -> Result<Certificate, Fault> {
    if let Some(expires) = bundle.expires.filter(|expires| now > *expires) {
        return Err(Fault::conflict(format!(
            "certificate `{}` expired at {expires} and cannot be cancelled",
            bundle.id
        ))
        .hint("`hourmatch certificates expire --due` marks expired certificates"));
    }
    Ok(Certificate {
        status: Status::Cancelled,
        since: now,
        beneficiary: Some(beneficiary.to_string()),
        contract: contract.or(bundle.contract.as_ref()).cloned(),
        ..bundle.clone()
    })
}

/// Expired since its last instant; since now where it has none.
fn expire(bundle: &Certificate, now: Instant) -> Result<Certificate, Fault> {
    match bundle.expires {
        Some(expires) if now <= expires => {
            let what = format!("certificate `{}` can be cancelled until {expires} and has not expired", bundle.id);
            let hint = "`hourmatch certificates withdraw` is for what its issuer takes back";
            Err(Fault::conflict(what).hint(hint))
        }
        expires => Ok(Certificate { status: Status::Expired, since: expires.unwrap_or(now), ..bundle.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Instant = Instant::FIRST;

    fn bundle(status: Status) -> Certificate {
        Certificate {
            id: "gc".into(),
            issuance: "i".into(),
            device: "w".into(),
            registry: "r".into(),
            technology: "wind".into(),
            start: FIRST,
            end: FIRST + 3_600,
            first_wh: 1,
            last_wh: 100,
            status,
            owner: String::new(),
            beneficiary: None,
            contract: None,
            since: FIRST,
            expires: Some(FIRST + 1_000),
        }
    }

    fn cancel_for(name: &str) -> Act {
        Act::Cancel { beneficiary: name.into(), contract: None }
    }

    #[test]
    fn a_split_keeps_every_wh() {
        let parts = Act::Split { at_wh: 25 }.on(&bundle(Status::Issued), FIRST).expect("split");
        let ranges: Vec<(&str, i64, i64)> = parts.iter().map(|c| (c.id.as_str(), c.first_wh, c.last_wh)).collect();
        assert_eq!(ranges, [("gc.1", 1, 25), ("gc.2", 26, 100)]);
        assert_eq!(parts.iter().map(Certificate::wh).sum::<i64>(), 100);
        let again = Act::Split { at_wh: 26 }.on(&parts[1], FIRST).expect("split");
        assert_eq!((again[0].wh(), again[1].first_wh), (1, 27));
        for at_wh in [0, 100, 101, -1, i64::MAX, i64::MIN] {
            assert!(Act::Split { at_wh }.on(&bundle(Status::Issued), FIRST).is_err(), "{at_wh}");
        }
    }

    #[test]
    fn what_was_used_can_only_be_withdrawn() {
        let acts = [Act::Split { at_wh: 5 }, Act::Transfer { to: "x".into() }, cancel_for("b"), Act::Expire];
        for status in [Status::Cancelled, Status::Expired, Status::Withdrawn] {
            for act in &acts {
                assert!(act.on(&bundle(status), FIRST + 2_000).is_err(), "{act:?} on {status:?}");
            }
        }
        for status in [Status::Issued, Status::Cancelled, Status::Expired] {
            let after = Act::Withdraw.on(&bundle(status), FIRST + 7).expect("withdrawn");
            assert_eq!((after[0].status, after[0].since), (Status::Withdrawn, FIRST + 7));
        }
        assert!(Act::Withdraw.on(&bundle(Status::Withdrawn), FIRST + 7).is_err());
    }

    #[test]
    fn a_certificate_is_cancelled_up_to_its_last_instant() {
        let after = cancel_for("b").on(&bundle(Status::Issued), FIRST + 1_000).expect("cancelled");
        assert_eq!((after[0].status, after[0].beneficiary.as_deref()), (Status::Cancelled, Some("b")));
        assert!(cancel_for("b").on(&bundle(Status::Issued), FIRST + 1_001).is_err());
        assert!(Act::Expire.on(&bundle(Status::Issued), FIRST + 1_000).is_err());
        let gone = Act::Expire.on(&bundle(Status::Issued), FIRST + 5_000).expect("expired");
        assert_eq!((gone[0].status, gone[0].since), (Status::Expired, FIRST + 1_000));
    }
}
