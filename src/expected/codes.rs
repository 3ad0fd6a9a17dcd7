//! Codes of what is said of series: plans and backtests give it among their reasons.

reports::codes! {
    /// Of notes.
    NOTES {
        ABOVE_LIMIT = "above_limit":
            "readings or forecasts above a capacity that the portfolio states: not known, as if nobody had supplied them";
        FALLBACK_SOURCE = "fallback_source": "a source stood in for a better one that was stale";
        LEARNT_FORECAST = "learnt_forecast": "steps nobody supplied: forecast from the series' own past";
        HISTORY_FORECAST = "history_forecast": "steps nobody supplied: blended from the last 14 days";
        OTHER_SERIES = "other_series": "steps nobody supplied: another series stands in";
        CONFIGURED = "configured": "steps nobody supplied: the portfolio's figure";
        REPEATED_FORECAST = "repeated_forecast": "steps nobody supplied: the known part, repeated by time of day";
        NO_FORECAST = "no_forecast": "steps nobody supplied, and nothing is known of the series";
    }
}
