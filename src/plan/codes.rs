//! Codes of what a plan and an explanation say, each with what it means: the one list of them, beside the solver's and that
//! of notes on series (`expected`).

use crate::work::gone::Gone;

reports::codes! {
    /// Of `reasons` and `missed`.
    REASONS {
        MISSED = "missed": "work that is missed for no reason of its own";
        DEADLINE_PAST = "deadline_past": "its deadline has passed";
        EXPIRED = "expired": "pieces of work that are long over and were never reported done";
        AFTER_HORIZON = "after_horizon": "it is left for a later plan";
        NO_POOL = "no_pool": "its pool is not in the portfolio";
        NO_SITE = "no_site": "its sites are not in the portfolio, or a contract serves none";
        NO_ACCOUNT = "no_account": "its account is not in the portfolio";
        NO_CURVE = "no_curve": "its curve is not in the portfolio";
        NO_CLASS = "no_class": "there is no such service class";
        NO_AFTER = "no_after": "it waits for work that is not known";
        AFTER_CANCELLED = "after_cancelled": "it waits for work that was cancelled";
        WAITS = "waits": "it waits for work that this plan does not complete";
        CIRCLE = "circle": "it waits for itself, by way of other work";
        TAKEN_AS_DONE = "taken_as_done": "it was reported running and has had all the time it needs";
        WORK_UNREADABLE = "work_unreadable": "a stored piece of work cannot be read; planning goes on without it";
        REPORT_UNREADABLE = "report_unreadable":
            "the last report of a piece of work cannot be read; it is planned by what is stored beside it";
        PLAN_SET_ASIDE = "plan_set_aside": "a stored plan cannot be read; planning goes on without it";
        RESERVATION_NO_SITE = "reservation_no_site": "a reservation's site is not in the portfolio: it takes no room";
        RESERVATION_NO_POOL = "reservation_no_pool":
            "a reservation's pool is not in the portfolio: only its power counts";
        RESERVATION_NO_ACCOUNT = "reservation_no_account":
            "a reservation's account is not in the portfolio: its accelerators count against no account";
        TARGET_LOST = "target_lost": "a target cannot be reached any more in its whole period";
        WORK_EXPECTED = "work_expected": "the plan allows for work that is not released yet";
        SELL_CAPPED = "sell_capped": "surplus is sold for no more than price and carbon come to";
        CURVE_REPAIRED = "curve_repaired": "points of a curve were lowered to make it concave";
        STORAGE_IDLE = "storage_idle": "a storage states no ratings and is not used";
        STORAGE_UNKNOWN = "storage_unknown": "a storage's state of charge is unknown and taken as empty";
        PROFILE_INCOMPLETE = "profile_incomplete": "a profile's base period lacks readings";
        BREAK_EVEN = "break_even": "the price from which on throttling a run pays";
        WHOLE_NUMBERS = "whole_numbers": "what proves the bound where training and jobs are integers";
        VALUES_LEFT_OUT = "values_left_out": "the limits were too short to find what one more would be worth";
        KEPT_FOUND = "kept_found": "of the candidates, this plan is what the search had found";
        KEPT_PREVIOUS = "kept_previous": "of the candidates, this plan is the one before, carried on";
        KEPT_AS_SUBMITTED = "kept_as_submitted": "of the candidates, this plan is the work as submitted";
    }
}

/// Of work that names what has left the portfolio.
pub fn of_gone(gone: Gone) -> &'static str {
    match gone {
        Gone::Pool => NO_POOL,
        Gone::Site => NO_SITE,
        Gone::Account => NO_ACCOUNT,
        Gone::Curve => NO_CURVE,
        Gone::Class => NO_CLASS,
    }
}

reports::codes! {
    /// Of the limits that `explain` names.
    BINDINGS {
        SITE_CAPACITY = "site_capacity": "the site's IT capacity is full";
        SITE_POWER = "site_power": "a connection, an event, a ramp, a limit or the billing peak holds the site's power";
        POOL = "pool": "the pool's accelerators are all taken";
        MAX_MW = "max_mw": "the work's own maximum power is reached";
        RELEASE = "release": "cheaper hours lie before its release";
        DEADLINE = "deadline": "cheaper hours lie after its deadline";
    }
}

reports::codes! {
    /// Of what `explain` compares with.
    ALTERNATIVES {
        EARLIEST = "earliest": "as early as it can";
        ELSEWHERE = "elsewhere": "in any other hours, or at any other start";
        AT = "at": "from the instant of `--at` on";
        NEVER_PAUSED = "never_paused": "training without its pauses";
        FULL_POWER = "full_power": "training at full power whenever it runs";
    }
}

/// Of a plan's events, which tell schedulers what to do with training.
pub mod events {
    reports::codes! {
        /// In order of a run.
        ALL {
            START = "start": "it starts";
            CAP = "cap": "a new power: the `power_fraction` of the stretch that starts there";
            CHECKPOINT = "checkpoint": "a checkpoint is complete at this instant";
            PAUSE = "pause": "it stops, after a checkpoint";
            RESUME = "resume": "it goes on from its last checkpoint";
            DONE = "done": "it is done";
            ENDED = "deadline": "its time ends, done or not";
        }
    }
}
