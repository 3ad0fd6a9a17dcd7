//! Names that a command, a request or a list uses but the portfolio does not define: refused in the same words
//! everywhere, with the name that was probably meant, or all there are.

use super::checked::Portfolio;
use super::common::{ContractDef, Fault, did_you_mean};
use ids::{AccountId, BoundaryId, BoundaryIndex, ContractId, SiteId, SiteIndex};

/// That there is no such thing, as of `("site", "sites")`, among those that are known.
pub fn absent((one, many): (&str, &str), id: &str, known: &[&str]) -> Fault {
    let all = || if known.is_empty() { "there is none".to_string() } else { known.join(" ") };
    Fault::new(format!("{one} `{id}` is not in the portfolio"))
        .hint(did_you_mean(id, known, || format!("{many}: {}", all())))
}

pub const SITE: (&str, &str) = ("site", "sites");
pub const CONTRACT: (&str, &str) = ("contract", "contracts");
pub const POOL: (&str, &str) = ("pool", "pools");
pub const ACCOUNT: (&str, &str) = ("account", "accounts");
pub const CURVE: (&str, &str) = ("curve", "curves");
const BOUNDARY: (&str, &str) = ("boundary", "boundaries");

impl Portfolio {
    pub fn site_ids(&self) -> Vec<&str> {
        self.definitions.sites.iter().map(|site| site.id.as_str()).collect()
    }

    pub fn boundary_ids(&self) -> Vec<&str> {
        self.definitions.boundaries.iter().map(|boundary| boundary.id.as_str()).collect()
    }

    pub fn pool_ids(&self) -> Vec<&str> {
        self.planning.pools.iter().map(|pool| pool.id.as_str()).collect()
    }

    pub fn account_ids(&self) -> Vec<&str> {
        self.planning.accounts.iter().map(|account| account.id.as_str()).collect()
    }

    /// Place of a site, by id.
    ///
    /// # Errors
    /// Where there is none.
    pub fn find_site(&self, id: &SiteId) -> Result<SiteIndex, Fault> {
        self.site(id).ok_or_else(|| absent(SITE, id, &self.site_ids()))
    }

    /// Place of a boundary, by id.
    ///
    /// # Errors
    /// Where there is none.
    pub fn find_boundary(&self, id: &BoundaryId) -> Result<BoundaryIndex, Fault> {
        self.boundary(id).ok_or_else(|| absent(BOUNDARY, id, &self.boundary_ids()))
    }

    /// # Errors
    /// Where the area that values are of is no boundary.
    pub fn check_area(&self, area: &BoundaryId) -> Result<(), Fault> {
        let known = self.boundary_ids();
        if known.contains(&area.as_str()) {
            return Ok(());
        }
        let all = || format!("name one with --area: {}; or add [[boundary]] with id = \"{area}\"", known.join(" "));
        Err(Fault::new(format!("area `{area}` is not a boundary of the portfolio"))
            .hint(did_you_mean(area, &known, all)))
    }

    /// # Errors
    /// Where there is none.
    pub fn find_contract(&self, id: &ContractId) -> Result<&ContractDef, Fault> {
        let all = &self.definitions.contracts;
        let ids = || -> Vec<&str> { all.iter().map(|contract| contract.id.as_str()).collect() };
        all.iter().find(|contract| contract.id == *id).ok_or_else(|| absent(CONTRACT, id, &ids()))
    }

    /// # Errors
    /// Where there is no account of that id.
    pub fn check_account(&self, id: &AccountId) -> Result<(), Fault> {
        match self.account_ids() {
            ids if ids.contains(&id.as_str()) => Ok(()),
            ids => Err(absent(ACCOUNT, id, &ids)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nobody_knows_is_met_with_the_one_that_was_meant_or_with_all() {
        let told = |id: &str, known: &[&str]| {
            let problem = absent(SITE, id, known);
            (problem.what, problem.hint.unwrap_or_default())
        };
        let what = |id: &str| format!("site `{id}` is not in the portfolio");
        let known = ["ashburn", "luleaa"];
        assert_eq!(told("ashbrun", &known), (what("ashbrun"), "did you mean `ashburn`?".into()));
        assert_eq!(told("nowhere", &known), (what("nowhere"), "sites: ashburn luleaa".into()));
        assert_eq!(told("nowhere", &[]), (what("nowhere"), "sites: there is none".into()));
    }
}
