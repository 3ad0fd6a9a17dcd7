//! Allocation of contracted energy to load, interval by interval, in whole Wh.
//!
//! Within a boundary and interval, contracts serving the fewest sites go first, then by id; each is
//! shared over the load still unmatched by its own rule. What is left of it is surplus and is never
//! carried to another interval or boundary.

pub mod equal_share;
pub mod invariants;
pub mod priority;
pub mod pro_rata_contract;
pub mod proportional;
pub mod score;
pub mod shares;

use crate::books::{Books, ContractBook, Share};
use crate::definitions::SharingRule;
use thiserror::Error;

#[derive(Debug, Error, PartialEq, Eq)]
pub enum MatchingError {
    #[error(
        "contracts {a} and {b}: their site lists overlap without one holding the other; nest them or keep them apart"
    )]
    SitesCross { a: String, b: String },
    #[error("contract {contract} serves site {site} of another boundary")]
    CrossesBoundary { contract: String, site: String },
    #[error("matching broke its own rule: {0}. This is a defect: no report is made")]
    Invariant(String),
    #[error("energy sums past 2^63-1 Wh in boundary {0}")]
    Overflow(String),
}

/// Which books an allocation stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ledger {
    /// Counts towards the matched share.
    Matching,
    /// Enters the market-based inventory only.
    Inventory,
}

impl Ledger {
    pub fn name(self) -> &'static str {
        match self {
            Self::Matching => "matching",
            Self::Inventory => "inventory",
        }
    }
}

/// `wh` of a contract given to a site in an interval; indices into the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allocation {
    pub interval: usize,
    pub site: usize,
    pub contract: usize,
    pub ledger: Ledger,
    pub wh: i64,
}

/// Every allocation, and what follows from them per site, contract and boundary.
#[derive(Debug, Clone)]
pub struct Matched {
    /// Sorted by interval, site, contract.
    pub allocations: Vec<Allocation>,
    /// `[site][interval]`, matching ledger.
    pub site_matched_wh: Vec<Vec<i64>>,
    /// `[contract][interval]`, either ledger.
    pub contract_allocated_wh: Vec<Vec<i64>>,
    /// `[site][interval]`: grid carbon-free energy credited to what was left.
    pub site_grid_cfe_wh: Vec<Vec<i64>>,
}

/// Allocates every contract of every boundary and checks the result against its invariants.
pub fn run(books: &Books) -> Result<Matched, MatchingError> {
    let orders = (0..books.boundaries.len()).map(|b| order(books, b)).collect::<Result<Vec<_>, _>>()?;
    let mut matched = Matched {
        allocations: Vec::new(),
        site_matched_wh: vec![vec![0; books.grid.len]; books.sites.len()],
        contract_allocated_wh: vec![vec![0; books.grid.len]; books.contracts.len()],
        site_grid_cfe_wh: vec![vec![0; books.grid.len]; books.sites.len()],
    };
    let mut unmatched: Vec<i64> = vec![0; books.sites.len()];
    for interval in 0..books.grid.len {
        for (site, left) in books.sites.iter().zip(&mut unmatched) {
            *left = site.load_wh[interval];
        }
        let first = matched.allocations.len();
        for ledger in [Ledger::Matching, Ledger::Inventory] {
            for contract in orders.iter().flatten() {
                if (books.contracts[*contract].carbon_free) == (ledger == Ledger::Matching) {
                    allocate(books, *contract, interval, ledger, &mut unmatched, &mut matched);
                }
            }
        }
        matched.allocations[first..].sort_unstable();
        credit_grid(books, interval, &mut matched)?;
    }
    invariants::check(books, &matched)?;
    Ok(matched)
}

/// Contracts of a boundary, fewest sites first, then by id; their site lists must nest or be disjoint.
fn order(books: &Books, boundary: usize) -> Result<Vec<usize>, MatchingError> {
    let mut order: Vec<usize> =
        (0..books.contracts.len()).filter(|c| books.contracts[*c].boundary == boundary).collect();
    for &c in &order {
        let contract = &books.contracts[c];
        if let Some(site) = contract.sites.iter().find(|s| books.sites[**s].boundary != boundary) {
            let site = books.sites[*site].id.clone();
            return Err(MatchingError::CrossesBoundary { contract: contract.id.clone(), site });
        }
    }
    let crossing = order.iter().enumerate().find_map(|(i, a)| {
        order[i + 1..].iter().map(|b| (&books.contracts[*a], &books.contracts[*b])).find(|(a, b)| crosses(a, b))
    });
    if let Some((a, b)) = crossing {
        return Err(MatchingError::SitesCross { a: a.id.clone(), b: b.id.clone() });
    }
    order.sort_by(|a, b| {
        let (a, b) = (&books.contracts[*a], &books.contracts[*b]);
        (a.sites.len(), &a.id).cmp(&(b.sites.len(), &b.id))
    });
    Ok(order)
}

fn crosses(a: &ContractBook, b: &ContractBook) -> bool {
    let shared = a.sites.iter().filter(|site| b.sites.contains(site)).count();
    shared > 0 && shared < a.sites.len() && shared < b.sites.len()
}

fn allocate(
    books: &Books,
    index: usize,
    interval: usize,
    ledger: Ledger,
    unmatched: &mut [i64],
    matched: &mut Matched,
) {
    let contract = &books.contracts[index];
    let supply = contract.delivered_wh[interval];
    if supply <= 0 {
        return;
    }
    let needs: Vec<i64> = contract.sites.iter().map(|site| unmatched[*site]).collect();
    // Ties go by site id whatever the order of the contract's list.
    let ids: Vec<&str> = contract.sites.iter().map(|site| books.sites[*site].id.as_str()).collect();
    let parts = match contract.rule {
        SharingRule::Proportional => proportional::split(supply, &needs, &ids),
        SharingRule::Priority => priority::split(supply, &needs),
        SharingRule::EqualShare => equal_share::split(supply, &needs, &ids),
        SharingRule::ProRataContract => pro_rata_contract::split(supply, &needs, &contract.split, &ids),
    };
    for (site, wh) in contract.sites.iter().zip(parts) {
        if wh == 0 {
            continue;
        }
        unmatched[*site] -= wh;
        matched.contract_allocated_wh[index][interval] += wh;
        if ledger == Ledger::Matching {
            matched.site_matched_wh[*site][interval] += wh;
        }
        matched.allocations.push(Allocation { interval, site: *site, contract: index, ledger, wh });
    }
}

/// `G = floor(g * R)` per boundary, then to sites by largest remainder on what each left unmatched.
fn credit_grid(books: &Books, interval: usize, matched: &mut Matched) -> Result<(), MatchingError> {
    for (index, boundary) in books.boundaries.iter().enumerate() {
        let Some(shares) = &boundary.grid_cfe else { continue };
        let share: Share = shares[interval];
        let sites: Vec<usize> = (0..books.sites.len()).filter(|s| books.sites[*s].boundary == index).collect();
        let left: Vec<i64> =
            sites.iter().map(|s| books.sites[*s].load_wh[interval] - matched.site_matched_wh[*s][interval]).collect();
        let overflow = || MatchingError::Overflow(boundary.id.clone());
        let residual = left.iter().try_fold(0_i64, |sum, wh| sum.checked_add(*wh)).ok_or_else(overflow)?;
        let credit = share.floor_of(residual).ok_or_else(overflow)?;
        let ids: Vec<&str> = sites.iter().map(|s| books.sites[*s].id.as_str()).collect();
        for (site, wh) in sites.iter().zip(shares::largest_remainder(credit, &left, &ids)) {
            matched.site_grid_cfe_wh[*site][interval] = wh;
        }
    }
    Ok(())
}
