//! Instruments, storage, bills and allocations.

use super::kinds::{count, flag, instant, integer, list, nullable, object, object_but, reference, score, text, words};
use serde_json::Value;

/// Each by its name in `$defs`.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("contract", contract()),
        ("claim", claim()),
        ("storage", storage()),
        ("efficiency_window", efficiency_window()),
        ("reconciliation", reconciliation()),
        ("allocation", allocation()),
    ]
}

fn contract() -> Value {
    object(
        "An instrument: a contract, onsite/<site>, sss/<boundary> or storage/<id>.",
        vec![
            ("id", text("Its id.")),
            (
                "kind",
                words(
                    "Step of the allocation order.",
                    &["sss", "legacy", "self_generation", "contracts", "storage", "unbundled"],
                ),
            ),
            ("boundary", text("The boundary it delivers in.")),
            ("technology", text("What generates.")),
            ("settlement", nullable(words("Of a contract.", &["physical", "financial"]))),
            ("delivered_wh", count("Delivered in the period.")),
            ("allocated_wh", count("Matching ledger: to load.")),
            ("stored_wh", count("Matching ledger: into storage.")),
            ("surplus_wh", count("Matching ledger: left over.")),
            ("inventory_allocated_wh", count("Inventory ledger: to load.")),
            ("inventory_stored_wh", count("Inventory ledger: into storage.")),
            ("inventory_surplus_wh", count("Inventory ledger: left over.")),
            ("ef_mg_per_kwh", integer("Its emission factor: its own, else its technology's on the factor basis.")),
            ("claim", reference("claim")),
        ],
    )
}

fn claim() -> Value {
    object_but(
        "On what a claim of the matched energy rests.",
        vec![
            ("basis", words("State of its certificates.", &["cancelled", "partly cancelled", "held", "none"])),
            ("statement", text("In words: claimable, or matched, not claimable, and why.")),
            ("registry", nullable(text("As stated."))),
            ("beneficiary", nullable(text("As stated."))),
            ("commissioned", nullable(text("Date the plant was commissioned."))),
            ("granular", flag("The certificates counted are of an hour or less.")),
            ("cancelled_wh", count("Cancelled for the beneficiary.")),
            ("held_wh", count("Issued, not cancelled.")),
            ("expired_wh", count("Expired.")),
            ("withdrawn_wh", count("Taken back by the issuer.")),
            ("backed_wh", count("Of what reached load, what cancelled certificates back, interval by interval.")),
        ],
        &["backed_wh"],
    )
}

fn storage() -> Value {
    object(
        "A storage.",
        vec![
            ("id", text("Its id.")),
            ("site", text("The site its discharge serves.")),
            ("charge_wh", count("Charged, at its terminals.")),
            ("clean_charge_wh", count("Of that, surplus of contracts.")),
            ("discharge_wh", count("Discharged, at its terminals.")),
            ("reissued_wh", count("Of that, re-issued as clean.")),
            ("opening_wh", count("Opening charge, never clean.")),
            ("opening_known", flag("From a state reading; otherwise the least the readings allow.")),
            ("windows", list("Windows efficiency was measured over.", "efficiency_window")),
        ],
    )
}

fn efficiency_window() -> Value {
    object(
        "out / (in + state at start - state at end), at most 1.",
        vec![
            ("start", instant("First instant.")),
            ("end", instant("First instant past the window.")),
            ("efficiency", score("Floored.")),
            (
                "basis",
                words("Measured, or declared where readings tell none or a better one.", &["measured", "declared"]),
            ),
        ],
    )
}

fn reconciliation() -> Value {
    object(
        "Hourly sums against a bill.",
        vec![
            ("invoice", text("Its number.")),
            ("site", text("The site billed.")),
            ("start", instant("First instant billed.")),
            ("end", instant("First instant past the bill.")),
            ("invoice_wh", integer("As billed.")),
            ("metered_wh", nullable(count("Import of its intervals; null where the bill reaches outside the period."))),
            ("difference_wh", nullable(integer("Metered less billed."))),
            ("outcome", words("Against the tolerance.", &["within", "outside", "not covered"])),
        ],
    )
}

fn allocation() -> Value {
    object(
        "Energy of an instrument given to a site in an interval.",
        vec![
            ("site", text("The site.")),
            ("contract", text("The instrument's id.")),
            ("start", instant("Start of the interval.")),
            ("wh", count("Energy.")),
            ("ledger", words("Which ledger it stands in.", &["matching", "inventory"])),
            (
                "rule",
                words(
                    "How the contract is shared; of other instruments the step of the allocation order.",
                    &[
                        "proportional",
                        "priority",
                        "equal_share",
                        "pro_rata_contract",
                        "sss",
                        "legacy",
                        "self_generation",
                        "storage",
                        "unbundled",
                    ],
                ),
            ),
        ],
    )
}
