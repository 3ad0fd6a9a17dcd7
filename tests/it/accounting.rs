//! The accounting rules by name, each with its worked examples in `fixtures/worked/`.
//!
//! Sections are those of the rules; E1 to E9 are the rules' own examples. E10, a real year, is in `real_data.rs`;
//! restatements are in `restate.rs`, the register in `certificates.rs`.

use crate::worked::run;

/// `rule: example, example;` is a test of that name.
macro_rules! rules {
    ($($rule:ident: $($example:literal),+;)+) => {$(
        #[test]
        fn $rule() {
            $(run($example);)+
        }
    )+};
}

mod examples {
    use super::run;

    rules! {
        e1_one_boundary: "e1";
        e2_two_boundaries: "e2";
        e3_months_and_days_of_local_time: "e3";
        e4_storage: "e4", "e4-with-states";
        e5_leftover_wh: "e5-equal", "e5-uneven", "e5-thirds";
        e6_legacy_volume: "e6", "e6-other-order";
        e7_three_inventories: "e7";
        e8_fewest_sites_first: "e8";
        e9_missing_load: "e9";
    }
}

mod section_1_numbers_that_never_mix {
    use super::run;

    rules! {
        two_ledgers: "two-ledgers", "two-ledgers-two-sites";
        the_inventory_takes_its_own_order: "inventory-order";
        inventories_weigh_what_was_purchased: "inventories-weigh-import", "channels", "storage-behind-the-meter";
        a_site_that_exports_more_than_it_imports_purchases_nothing: "net-export-is-no-purchase";
        an_older_version_computes_what_it_did: "claims-under-an-older-version";
        standard_supply_is_not_transferable: "two-ledgers-two-sites", "legacy-does-not-displace-sss";
        what_is_not_carbon_free_stays_in_the_inventory: "fossil-contract";
        the_ruleset_is_data: "ruleset-google-cfe", "ruleset-google-cfe-link", "ruleset-annual-2015";
    }
}

mod section_2_formulas {
    use super::run;

    rules! {
        grid_share_floors_per_boundary_and_interval: "grid-share-floors";
        grid_share_is_credited_where_a_site_lies: "grid-credit-of-a-moved-site";
        grid_share_from_fuels_is_an_exact_fraction: "grid-share-from-fuels";
        the_basis_of_the_grid_share_is_printed: "g-basis-is-printed";
        scores_are_sums_never_means: "e2", "annual-caps-per-boundary";
        own_generation_that_is_not_carbon_free_serves_load_first: "own-gas-serves-first", "own-gas-with-losses";
        scope_1_is_at_direct_factors_or_unknown: "own-gas-serves-first", "own-generation-factors";
        standard_supply_and_legacy_are_pro_rata_to_import: "sss-and-legacy-over-import";
        claimed_energy_counts_at_its_own_factor: "claims-on-direct-factors", "claims-on-life-cycle-factors";
        factors_are_cited_where_they_come_from: "factors-cited-where-they-come-from", "claims-on-life-cycle-factors";
        legacy_is_pro_rata_to_load: "legacy-annual-volume", "e6", "e6-other-order";
        legacy_is_delivered_in_its_term: "legacy-in-its-term", "legacy-annual-volume-in-its-term";
        legacy_is_spread_where_it_can_be_used: "legacy-of-a-moved-site";
        residual_mix_from_production_and_certificates: "residual-mix-computed";
        a_residual_mix_of_nothing_is_the_next_tier: "residual-mix-of-nothing", "residual-mix-computed";
        issuance_over_production_is_listed: "residual-mix-of-nothing", "residual-mix-computed";
        a_volume_not_known_is_zero_and_listed: "missing-issuance-is-listed";
        fossil_only_by_volume: "fossil-only-by-volume";
        a_factor_never_supplied_is_null: "never-supplied";
        a_missing_intensity_is_the_highest_of_the_period: "missing-intensity-takes-the-maximum";
        a_missing_fuel_voids_the_hour: "missing-fuel-voids-the-hour", "missing-fuel-voids-the-residual-mix";
        an_intensity_of_void_hours_alone_is_null: "a-mix-that-is-always-void", "a-void-mix-under-an-older-version";
        negative_generation_counts_as_zero: "negative-generation-is-zero", "negative-readings-of-plants";
        finer_factors_average_by_duration: "factors-average-by-duration";
        unmatched_load_by_why_it_is: "why-load-went-unmatched";
        annual_claims_are_capped_per_boundary: "annual-caps-per-boundary";
        annual_claims_follow_a_site_that_moves: "annual-claims-of-a-moved-site";
        the_annual_factor_is_load_weighted: "annual-factor-is-load-weighted";
        direct_factors_and_upstream: "direct-and-upstream", "upstream-of-a-voided-hour";
        upstream_without_a_factor_is_null: "upstream-without-a-factor";
        direct_and_life_cycle_are_never_summed: "bases-are-never-summed";
    }
}

mod section_3_units_time_rounding {
    use super::run;

    rules! {
        readings_round_once_at_ingest: "rounds-once-at-ingest", "rounding-of-channels";
        decimals_parse_exactly: "exact-decimals";
        energy_reaches_63_bits_and_sums_128: "sums-past-63-bits";
        overflow_is_an_error: "an-interval-past-63-bits", "a-supply-past-63-bits";
        long_load_is_spread_flat_and_flagged: "long-load-spreads";
        load_may_lie_across_the_grid: "load-off-the-grid";
        hours_off_utc_are_usable_where_they_divide: "hours-off-utc";
        shorter_readings_add_up_where_some_are_missing: "partial-generation-adds-up";
        negative_readings_count_each_for_itself: "negative-readings-of-plants";
        a_missing_channel_makes_load_missing: "a-missing-channel-blocks", "missing-channels-are-estimated",
            "missing-export-is-not-zero";
        what_was_purchased_is_known_by_import: "purchases-of-a-part-without-import", "missing-channels-are-estimated";
        long_generation_is_refused: "long-generation-is-refused";
        a_profile_shapes_long_generation: "profile-shapes-long-generation";
        local_time_needs_an_offset: "local-time-needs-an-offset";
        local_days_have_23_24_or_25_hours: "e3", "local-days";
        lord_howe_has_half_hours: "lord-howe", "lord-howe-hourly";
        a_local_day_owns_the_intervals_that_start_in_it: "lord-howe-hourly", "kolkata-hourly";
        labels_have_no_default: "labels-have-no-default";
        finer_resolution_never_raises_a_score: "hourly-resolution", "quarter-hour-resolution";
        one_hundred_percent_only_when_nothing_is_unmatched: "nearly-full", "199-of-200";
        no_load_in_total_is_not_applicable: "zero-load";
        intervals_without_load_count_in_neither_number: "fully-matched-intervals";
    }
}

mod section_4_allocation {
    use super::run;

    rules! {
        sharing_is_proportional: "e5-equal", "e5-uneven", "split-load";
        sharing_by_priority: "priority";
        sharing_in_equal_portions: "equal-share";
        sharing_in_fixed_parts: "pro-rata-contract", "fixed-parts-of-the-supply";
        fewest_sites_first: "e8", "nested-lists";
        overlapping_lists_are_refused: "overlapping-lists-are-refused";
        ids_compare_bytewise: "ids-compare-bytewise";
        splitting_a_load_leaves_the_sum: "split-load";
        shares_of_a_plant_floor_and_add_up_to_one: "e5-thirds", "plant-shares", "plant-oversold-is-refused";
        shares_change_by_date: "effective-dated-share", "share-oversold-later-is-refused";
        boundaries_change_by_date: "effective-dated-boundary", "report-after-a-move";
        a_plant_from_a_profile: "profile";
        a_shaped_contract_counts_what_backs_it: "shaped-contract";
        what_was_sold_on_is_not_delivered: "resold";
        load_from_channels: "channels", "load-then-channels";
        fossil_on_site_is_scope_1: "fossil-on-site";
        negative_load_is_refused: "negative-load-is-refused";
        load_and_channels_together_are_refused: "load-and-channels-are-refused";
        charge_takes_only_surplus: "charge-takes-only-surplus", "storage-behind-the-meter";
        first_in_first_out: "storage-fifo", "storage-floors";
        the_opening_charge_is_not_clean: "opening-charge-is-not-clean";
        discharge_beyond_charge_is_an_exception: "discharge-beyond-charge";
        efficiency_by_window: "efficiency-windows", "efficiency-window-too-long";
        efficiency_without_states_is_the_lower: "efficiency-lower-of-declared", "e4";
        losses_are_for_matching_only: "loss-factor";
        unbundled_energy_is_its_certificates: "unbundled-without-certificates", "unbundled-partly-certified";
        certificates_scale_down: "certificates-scale-down";
        certificates_never_scale_up: "certificates-never-scale-up";
        certificates_are_laid_over_the_device: "certificates-over-the-device";
        certificates_back_their_hour_at_their_meter: "certificates-back-their-hour", "certificates-without-a-meter";
        certificates_back_what_is_allocated: "certificates-back-what-is-allocated";
        certificates_of_another_device_back_nothing: "certificates-of-another-device";
        production_is_backed_once: "certificates-issued-twice", "certificates-never-scale-up";
        required_certificates_have_a_beneficiary:
            "required-without-a-beneficiary", "required-for-the-reporting-entity";
        the_version_before_backs_any_volume: "certificates-by-volume";
        legacy_that_requires_certificates_counts_what_they_back: "legacy-requires-certificates",
            "legacy-annual-volume-requires-certificates", "legacy-under-volume-is-not-limited";
        only_cancelled_certificates_count: "certificates-count-once";
        a_certificate_is_cancelled_once: "certificate-used-once";
        an_expired_certificate_is_not_cancelled: "expired-is-not-cancelled";
        a_withdrawn_certificate_no_longer_counts: "withdrawn-is-taken-back";
        a_bundle_splits_without_loss: "split-certificate";
        claims_in_words: "claim-words", "known-but-not-claimable";
        nothing_crosses_a_boundary_without_a_link: "no-crossing-without-a-link";
        standard_supply_and_legacy_cross_no_link: "sss-and-legacy-cross-no-link";
        the_price_test_is_strict: "price-test";
        what_charges_over_a_link_is_stored_where_it_goes: "storage-over-a-link";
        nonpositive_prices_pass_by_policy_only: "price-test-policy";
    }
}

mod section_5_quality_and_corrections {
    use super::run;

    rules! {
        quality_tiers_and_the_metered_share: "quality-tiers";
        reissued_energy_has_the_quality_of_its_discharge:
            "quality-of-reissued-discharge", "quality-of-reissued-under-an-older-version";
        missing_generation_is_zero: "missing-generation-is-zero";
        missing_load_blocks: "missing-load-blocks", "a-missing-channel-blocks";
        a_missing_part_of_load_is_a_part: "a-part-of-load-blocks", "a-part-of-load-is-estimated";
        an_old_version_keeps_its_rules: "rules-before-parts";
        estimates_are_the_highest_of_28_days_and_never_matched: "e9", "estimate";
        no_estimate_is_above_what_a_connection_carries:
            "estimate-above-the-limit", "estimate-above-the-limit-under-an-older-version";
        an_estimate_without_a_reading_says_why: "estimate-without-a-reading";
        estimated_load_is_a_share_of_a_site: "quality-tiers", "estimate";
        quarters_correct_an_hour: "correction-by-quarters";
        as_of_asks_by_record_time: "correction-by-quarters", "retracted-generation";
        partial_overlap_is_refused: "partial-overlap-is-refused";
        quality_missing_retracts: "retracted-generation", "retracted-load";
        hourly_sums_reconcile_with_invoices: "invoices", "invoice-tolerance", "invoices-are-of-import";
        equity_shares_multiply_inventories: "equity-share", "operational-control";
    }
}

mod section_8_what_other_tools_get_wrong {
    use super::run;

    rules! {
        matching_is_not_shuffled: "e8", "nested-lists", "ids-compare-bytewise";
        corrected_readings_are_not_dropped_as_duplicates: "corrected-value", "correction-by-quarters";
        wh_are_not_rounded_to_even: "rounds-once-at-ingest";
        missing_load_is_not_read_as_zero: "missing-load-blocks", "e9", "retracted-load";
        zero_load_is_not_100_percent: "zero-load";
        ninety_nine_point_five_is_not_100_percent: "199-of-200", "nearly-full";
        a_split_id_range_is_not_off_by_one: "split-certificate";
        decimals_are_not_cut_by_binary_fractions: "exact-decimals";
        days_do_not_all_have_24_rows: "e3", "local-days", "lord-howe";
        batteries_do_not_start_full_for_free: "batteries-do-not-start-full", "opening-charge-is-not-clean";
        settlement_periods_49_and_50_are_not_of_the_next_day: "settlement-periods-49-and-50";
        wh_do_not_overflow_32_bits: "past-32-bits";
    }
}
