//! Codes of notes on series; plans and backtests list them among their reasons.

reports::codes! {
    /// Of notes.
    NOTES {
        ABOVE_LIMIT = "above_limit":
            "readings or forecasts above a capacity that the portfolio states: treated as unknown";
        FALLBACK_SOURCE = "fallback_source": "a source stood in for a better one that was stale";
        LEARNT_FORECAST = "learnt_forecast": "steps without a supplied value: forecast from the series' own past";
        HISTORY_FORECAST = "history_forecast": "steps without a supplied value: blended from the last 14 days";
        OTHER_SERIES = "other_series": "steps without a supplied value: another series stands in";
        CONFIGURED = "configured": "steps without a supplied value: the portfolio's figure";
        REPEATED_FORECAST = "repeated_forecast": "steps without a supplied value: the known part, repeated by time of day";
        NO_FORECAST = "no_forecast": "steps without a supplied value, in a series without data";
    }
}
