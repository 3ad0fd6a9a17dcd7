//! What is known of a pack from elsewhere.

use crate::named::named;
use crate::seal::sign::PublicKey;
use serde::Serialize;

/// What the verifier is told from elsewhere, to prove where a pack comes from.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The root its maker published.
    pub root: Option<String>,
    /// The key its maker signs with.
    pub key: Option<PublicKey>,
    /// The root its maker published for the pack that this one replaces.
    pub replaces: Option<String>,
    /// Certificates of time-stamping authorities, PEM or DER.
    pub authorities: Option<Vec<u8>>,
}

impl Trust {
    /// What of it proves an origin where it holds.
    pub(super) fn named(&self) -> Vec<Origin> {
        let proved = [self.root.as_ref().map(|_| Origin::Root), self.key.as_ref().map(|_| Origin::Key)];
        proved.into_iter().flatten().collect()
    }
}

named! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Origin with meaning {
        Root = "root" => "its root is the one given with `--root`, as its maker published it",
        Key = "key" => "it is signed with the key given with `--key`",
    }
}
