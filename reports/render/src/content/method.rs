//! How the figures come about and how to check them, in words. What is typed stands between backticks.

use super::disclosure::own_contracts;
use super::view::View;
use crate::english::stated;

/// Headings and what stands below them.
pub fn method(view: &View<'_>) -> Vec<(&'static str, String)> {
    let report = view.report;
    let of_portfolio = [
        (
            "Matched share",
            "Per market boundary and interval, contracted and own carbon-free energy is allocated to load, never more \
             than either. The share is all matched energy over all load, declared losses included. It does not count \
             the grid's own carbon-free share, and it is neither an emission figure nor a claim of use."
                .to_string(),
        ),
        (
            "CFE score",
            "Matched energy plus the grid's carbon-free share of the unmatched rest, rounded down to a Wh per boundary \
             and interval, over all load. It does not measure procurement alone."
                .to_string(),
        ),
        (
            view.names.volumetric(),
            "All contracted energy over all load of the period, uncapped; capped, no boundary counts more than its \
             load. Re-issued storage discharge is left out, since its charge was contracted before. It ignores when \
             energy was generated, so 100 % here can hide hours without any supply."
                .to_string(),
        ),
        (
            "Market-based emissions",
            format!(
                "Contracts count at their own factor and the rest at the fallback factor: the residual mix, else a \
                 fossil-only factor, else the default fossil factor, never the grid average. The tier taken is printed \
                 per boundary. Over the whole period {}; hourly follows the draft revision, which is not in force. \
                 Location-based and market-based figures are never added or compared as one.",
                view.names.guidance()
            ),
        ),
        (
            "The grid's carbon-free share",
            format!(
                "Basis: {}, taken per interval, never an annual average. Contracts of this portfolio {}. Energy sold to \
                 others can be counted in it as well, so the CFE score may count some energy twice.",
                stated(Some(&report.g_basis)),
                own_contracts(report)
            ),
        ),
        (
            "Emission factors",
            format!(
                "Basis: {}. Direct and life-cycle factors are never summed across. A factor that was never supplied \
                 leaves its figure empty; it is not read as zero.",
                stated(Some(&report.factor_basis.to_string()))
            ),
        ),
    ];
    of_portfolio.into_iter().chain(OF_EVERY.map(|(title, text)| (title, text.to_string()))).collect()
}

/// The same of every report.
const OF_EVERY: [(&str, &str); 10] = [
    (
        "Intervals fully matched",
        "An interval counts only if every boundary's load is matched in full. Intervals without load are in neither \
         number.",
    ),
    (
        "Location-based emissions",
        "Grid energy of each interval, as metered, times the average intensity of its grid. Contracts change nothing \
         here; self-generated energy used on site is left out.",
    ),
    (
        "Upstream, and own generation",
        "Upstream is life-cycle less direct factors of the grid energy used: Scope 3. What sites generate for themselves \
         and is not carbon-free serves load before any contract does, at direct factors: Scope 1. Neither is part of \
         another figure.",
    ),
    (
        "Two ledgers",
        "The matching ledger holds what counts towards the matched share. The inventory ledger also holds standard \
         supply, legacy contracts and unbundled certificates, and takes load as metered. Each is complete by itself; \
         they overlap and are never added up.",
    ),
    (
        "Order of allocation",
        "Steps follow the ruleset's order. Within a step, contracts serving the fewest sites come first, then by id. \
         Each is shared by its own rule over load still unmatched; fractions of a Wh go by largest remainder. Surplus is \
         never carried to another interval but through storage, nor to another boundary but over a declared link in an \
         interval whose prices pass the test.",
    ),
    (
        "Claims",
        "A match is not yet a claim. What may be said of each contract stands beside it, and rests on certificates \
         cancelled for the beneficiary; without them the energy is matched, not claimable. A certificate backs what its \
         device, technology, hour and beneficiary allow, at most what the device's meter shows in the hour and what was \
         allocated in it; how much of each figure is backed stands beside it.",
    ),
    (
        "Rounding",
        "Energy is whole watt-hours throughout. Readings are rounded once: load up, generation down. Here load and \
         unmatched energy are cut upwards, matched and generated energy downwards, emissions upwards, percentages \
         downwards, so displayed figures may differ from their sums in the last digit. 100 % matched means nothing was \
         unmatched.",
    ),
    (
        "Time",
        "Intervals are half-open and in UTC. A local day owns the intervals that start in it and has 23, 24 or 25 hours, \
         at Lord Howe 23\u{bd} or 24\u{bd}. Shorter intervals are summed to the hour of the local clock for charts only. \
         A repeated hour counts as two.",
    ),
    ("Numbers and dates", "They are written as in English. Times are local unless they are marked UTC."),
    (
        "How to verify",
        "This is a view, not the evidence. Write the pack of the same period with `hourmatch pack --from T --to T -o DIR` \
         and check it offline with `hourmatch-verify DIR`, which recomputes every figure from the inputs and names the \
         first difference. Compare the portfolio hash here with the one in the pack.",
    ),
];
