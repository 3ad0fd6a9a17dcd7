//! Codes of what an outcome says and is charged for, each with what it means, and the order in which costs are listed: the one
//! list of them.

/// A constant for each code, and the table of all with what they mean.
macro_rules! codes {
    ($(#[$doc:meta])* $table:ident { $($name:ident = $code:literal: $meaning:literal;)+ }) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)+

        $(#[$doc])*
        pub const $table: &[(&str, &str)] = &[$(($name, $meaning),)+];
    };
}

codes! {
    /// Of reasons.
    REASONS {
        FIRM_OVERLOAD = "firm_overload": "firm load alone exceeds what a site can carry; no work is placed there then";
        WINDOW_TOO_SHORT = "window_too_short": "the time between release and deadline is too short for the work";
        NO_CAPACITY = "no_capacity": "its sites have no room beside firm load";
        SITE_FULL = "site_full": "its sites are full with other work";
        CHEAPER_TO_MISS = "cheaper_to_miss": "running costs more than missing";
        GREEDY_LEFT_OUT = "greedy_left_out": "the greedy plan left it out although there is room";
        TARGET_UNREACHABLE = "target_unreachable": "a target is missed within this horizon";
        TIME_LIMIT = "time_limit": "the time limit ended the search";
        ITERATION_LIMIT = "iteration_limit": "the iteration limit ended the search";
        BACKEND_REFUSED = "backend_refused": "the solver gave no answer";
        WITHOUT_SOLVER = "without_solver": "no solver was asked, as with `--strategy clean-first`";
        PLAIN_MODEL = "plain_model": "the faster method does not carry something in a large problem: it is solved as one plain model";
        HEURISTIC_PRICES = "heuristic_prices": "prices are marginal costs of this plan, not duals of an optimum";
        REPAIRED = "repaired": "the plan was repaired to fit reservations made meanwhile";
    }
}

codes! {
    /// Of costs; those of violations are over, below and end.
    COSTS {
        ENERGY = "energy": "energy bought";
        SURPLUS_SOLD = "surplus_sold": "surplus of contracts sold";
        CARBON = "carbon": "the price on the carbon of unmatched energy";
        DEMAND_CHARGE = "demand_charge": "a window's highest draw above the peak so far";
        STORAGE_WEAR = "storage_wear": "wear of storage";
        TOKENS_LOST = "tokens_lost": "progress that training does not make, against full speed";
        PAUSES = "pauses": "pauses of training";
        LEFT_FOR_LATER = "left_for_later": "work left for after the horizon";
        MISSED = "missed": "work not done by its deadline";
        LATE = "late": "training that will not keep its deadline";
        TARGET_SHORT = "target_short": "energy by which a target is missed";
        CHANGES = "changes": "leaving what an earlier plan placed";
        DELAY = "delay": "starting later than possible";
        OVER_CAPACITY = "over_capacity": "more IT power than a site has";
        OVER_CONNECTION = "over_connection": "more power than a connection carries";
        OVER_EVENT = "over_event": "more power than an event allows";
        OVER_LIMIT = "over_limit": "more power than a limit over several sites allows";
        OVER_RAMP = "over_ramp": "power that changes faster than a site allows";
        OVER_POOL = "over_pool": "more accelerators than a pool has";
        OVER_ACCOUNT = "over_account": "more than an account's quota";
        BELOW_CLASS = "below_class": "training below what its class promises";
        BELOW_UTILISATION = "below_utilisation": "training below `min_utilisation`";
        STORAGE_END = "storage_end": "storage below what it is to hold at the end";
    }
}

/// What an outcome is charged for, in the order in which it lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    Energy,
    SurplusSold,
    Carbon,
    DemandCharge,
    StorageWear,
    Training,
    Missed,
    LeftForLater,
    TargetShort,
    Delay,
    Changes,
    OverCapacity,
    OverConnection,
    OverEvent,
    OverLimit,
    OverRamp,
    OverPool,
    OverAccount,
    BelowClass,
    StorageEnd,
    BelowUtilisation,
}
