"""Which test covers each case of the list of faults, or why a case does not apply.

A case is a numbered row of the list: 1 to 165 are inputs and what must follow, F1 to F25 faults
of a server. `python -m tests.faults` prints the coverage.
"""

from __future__ import annotations

from collections.abc import Mapping

COVERED: Mapping[str, tuple[str, ...]] = {
    "1": ("formats/test_ics_writer.py::no_text_opens_or_closes_anything",),
    "2": ("formats/test_ics_writer.py::no_text_opens_or_closes_anything",),
    "3": ("formats/test_ics_writer.py::no_text_opens_or_closes_anything",),
    "4": (
        "cli/test_own_text.py::a_company_stays_one_line_of_text",
        "domain/test_sanitize.py::no_control_character_comes_through_but_tab_and_line_feed",
    ),
    "5": (
        "domain/test_sanitize.py::no_control_character_comes_through_but_tab_and_line_feed",
        "cli/test_event_texts_gate.py::no_character_that_breaks_a_calendar_passes_a_template",
    ),
    "6": ("cli/test_own_text.py::bytes_that_are_no_text_are_refused_by_place",),
    "8": ("domain/test_sanitize.py::what_is_cleaned",),
    "9": ("formats/test_application_reader.py::shapes_of_a_text_file",),
    "10": (
        "formats/test_ics_writer.py::a_typed_backslash_n_stays_what_was_typed",
        "formats/test_ics_writer.py::an_independent_reading_gives_the_texts_back",
    ),
    "11": ("importers/invitation/test_syntax.py::folds_and_quotes_anywhere_lose_nothing",),
    "12": ("importers/invitation/test_hostile.py::control_characters_do_not_lose_a_guest",),
    "13": (
        "formats/test_folding.py::no_line_is_longer_than_75_octets",
        "formats/test_folding.py::no_character_is_cut",
    ),
    "14": ("cli/test_output.py::no_control_character_is_printed",),
    "15": ("cli/test_own_text.py::a_text_beyond_all_bounds_is_refused",),
    "18": ("formats/test_ics_writer.py::a_link_that_no_calendar_should_open_is_refused",),
    "19": ("formats/test_ics_writer.py::a_single_object_names_no_calendar_and_invites_nobody",),
    "20": ("importers/invitation/test_hostile.py::bad_input_is_refused_in_a_sentence",),
    "21": (
        "importers/invitation/test_hostile.py::a_hostile_line_is_read_within_bounded_memory",
        "importers/invitation/test_hostile.py::bad_input_is_refused_in_a_sentence",
    ),
    "22": (
        "importers/invitation/test_hostile.py::a_hostile_line_is_read_within_bounded_memory",
        "importers/invitation/test_hostile.py::bad_input_is_refused_in_a_sentence",
    ),
    "23": (
        "importers/invitation/test_hostile.py::a_hostile_line_is_read_within_bounded_memory",
        "importers/invitation/test_hostile.py::bad_input_is_refused_in_a_sentence",
    ),
    "24": (
        "importers/invitation/test_hostile.py::a_hostile_line_is_read_within_bounded_memory",
        "importers/invitation/test_hostile.py::bad_input_is_refused_in_a_sentence",
    ),
    "25": ("importers/invitation/test_hostile.py::bad_input_is_refused_in_a_sentence",),
    "26": ("importers/invitation/test_invitation_reader.py::every_encoding_reads_the_same",),
    "27": ("importers/invitation/test_invitation_reader.py::every_calendar_of_a_file_is_read",),
    "28": ("faults/test_numbered.py::a_component_with_another_end_is_read_or_refused",),
    "29": ("importers/invitation/test_times.py::an_unknown_zone_is_asked_and_never_a_local_time",),
    "30": (
        "importers/invitation/test_times.py::a_zone_is_recognized_by_each_of_its_names",
        "importers/invitation/test_closed_world.py::nothing_is_fetched_or_opened",
    ),
    "31": (
        "importers/invitation/test_zone_names.py::a_definition_that_contradicts_its_name_is_pointed_out",
    ),
    "32": ("importers/invitation/test_hostile.py::a_zone_definition_that_never_ends_is_as_none",),
    "33": ("importers/invitation/test_hostile.py::an_impossible_start_is_asked",),
    "34": ("importers/invitation/test_times.py::from_midnight_to_midnight_is_all_day_and_asked",),
    "35": ("importers/invitation/test_times.py::an_end_that_cannot_be_is_asked",),
    "36": (
        "importers/invitation/test_revisions.py::a_recurring_meeting_is_read_once_with_a_warning",
    ),
    "37": ("importers/invitation/test_revisions.py::the_only_overridden_date_counts",),
    "38": (
        "importers/invitation/test_revisions.py::an_interview_is_off_by_method_status_or_title",
    ),
    "39": ("importers/invitation/test_hostile.py::braces_are_not_interpreted",),
    "40": ("importers/invitation/test_closed_world.py::nothing_is_fetched_or_opened",),
    "41": (
        "cli/test_output.py::no_control_character_is_printed",
        "importers/invitation/test_fixtures.py::nothing_that_is_read_can_move_a_terminal",
    ),
    "42": (
        "cli/test_output.py::no_control_character_is_printed",
        "importers/invitation/test_fixtures.py::nothing_that_is_read_can_move_a_terminal",
    ),
    "43": (
        "cli/test_output.py::no_control_character_is_printed",
        "importers/invitation/test_fixtures.py::nothing_that_is_read_can_move_a_terminal",
    ),
    "44": (
        "cli/test_output.py::no_control_character_is_printed",
        "importers/invitation/test_fixtures.py::nothing_that_is_read_can_move_a_terminal",
    ),
    "45": (
        "cli/test_output.py::no_control_character_is_printed",
        "importers/invitation/test_fixtures.py::nothing_that_is_read_can_move_a_terminal",
    ),
    "46": (
        "cli/test_output.py::no_control_character_is_printed",
        "importers/invitation/test_fixtures.py::nothing_that_is_read_can_move_a_terminal",
    ),
    "47": (
        "cli/test_main.py::nothing_of_a_foreign_text_but_its_letters_reaches_the_terminal",
        "cli/test_output.py::json_is_one_document_in_ascii",
    ),
    "48": (
        "cli/test_columns.py::what_is_cut_fits_and_keeps_its_beginning",
        "cli/test_columns.py::columns_line_up_over_wide_and_marked_letters",
    ),
    "49": ("messages/test_links.py::anything_but_a_single_address_gets_no_link",),
    "50": ("messages/test_links.py::anything_but_a_single_address_gets_no_link",),
    "51": ("messages/test_links.py::anything_but_a_single_address_gets_no_link",),
    "52": ("messages/test_links.py::an_unusual_address_stays_a_single_address",),
    "53": ("messages/test_links.py::a_subject_is_encoded",),
    "54": ("messages/test_links.py::a_subject_is_encoded",),
    "55": ("messages/test_links.py::line_ends_of_the_body_are_those_of_mail",),
    "56": ("messages/test_links.py::a_long_body_is_cut_at_a_sentence_with_a_note",),
    "57": ("cli/test_own_text.py::a_name_is_never_a_path",),
    "58": ("cli/test_own_text.py::a_name_is_never_a_path",),
    "59": ("formats/test_application_mistakes.py::names_that_are_no_ids",),
    "60": ("cli/test_own_text.py::a_name_is_never_a_path",),
    "61": ("cli/test_own_text.py::a_name_is_never_a_path",),
    "62": ("cli/test_own_text.py::a_name_is_never_a_path",),
    "63": ("cli/test_own_text.py::a_name_is_never_a_path",),
    "64": ("cli/test_own_text.py::a_name_is_never_a_path",),
    "65": ("cli/test_export.py::a_foreign_file_is_not_overwritten",),
    "66": ("storage/test_ics_output.py::nothing_is_written_through_a_link",),
    "67": ("storage/test_ics_output.py::a_link_to_a_directory_is_a_directory",),
    "68": ("cli/test_export.py::stdout_gets_the_bytes_and_nothing_else",),
    "69": ("cli/test_main.py::a_full_disk_is_told_and_no_success",),
    "70": ("cli/test_main.py::a_reader_that_has_gone_is_no_reason_to_talk",),
    "71": (
        "system/test_atomic_files.py::modes",
        "storage/state/test_database.py::loose_modes_are_tightened",
    ),
    "72": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "73": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "74": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "75": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "76": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "77": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "78": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "79": (
        "messages/test_template_store.py::a_mistake_names_its_line",
        "cli/test_draft.py::a_mistake_in_an_own_text_is_told_with_its_line",
    ),
    "80": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "81": ("messages/test_template_store.py::disallowed_template_syntax_is_reported",),
    "82": ("messages/test_template_store.py::a_value_is_never_read_as_a_template",),
    "83": (
        "messages/test_compose.py::every_draft_can_be_sent_without_edits",
        "messages/test_message_content.py::without_a_recipient_the_greeting_has_no_name",
    ),
    "84": (
        "cli/test_doctor_network.py::one_that_signs_itself_is_told",
        "cli/test_doctor_network.py::one_of_the_past_is_told",
        "cli/test_doctor_network.py::one_of_another_server_is_told",
        "cli/test_doctor_network.py::one_of_an_unknown_issuer_is_told",
    ),
    "86": ("cli/test_secrets.py::an_unencrypted_way_is_allowed_for_one_run_which_says_so",),
    "87": ("dav/test_url_policy.py::what_is_not_encrypted_can_be_allowed",),
    "88": (
        "dav/test_transport.py::no_redirect_is_followed",
        "sync/test_odd_servers.py::a_move_to_another_host_sends_nothing_there",
    ),
    "89": (
        "dav/test_discovery.py::a_redirect_on_the_same_host_is_followed_with_the_same_question",
    ),
    "90": ("dav/test_discovery.py::another_host_is_asked_about_once_and_sees_nothing_before",),
    "91": ("dav/test_discovery.py::redirects_have_an_end",),
    "92": ("dav/test_transport.py::netrc_has_no_say",),
    "93": ("dav/test_transport.py::what_other_tools_are_told_has_no_say",),
    "94": (
        "cli/test_doctor_network.py::elsewhere_it_is_pointed_out",
        "cli/test_doctor_network.py::no_proxy_is_asked_for_what_is_on_this_machine",
    ),
    "95": (
        "dav/test_url_policy.py::an_address_has_one_form",
        "dav/test_url_policy.py::what_is_no_address_is_told_without_a_password",
    ),
    "96": ("dav/test_url_policy.py::places_that_no_server_may_name",),
    "97": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "98": ("dav/test_transport.py::no_file_is_read_for_an_answer",),
    "99": ("dav/test_transport.py::nothing_is_fetched_for_an_answer",),
    "100": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "101": ("dav/test_transport.py::what_was_too_large_is_not_read_on",),
    "102": ("dav/test_transport.py::a_bomb_is_stopped_at_the_limit",),
    "103": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "104": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "105": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "106": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "107": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "108": ("dav/test_transport.py::it_ends_in_one_line_of_ours",),
    "109": ("dav/test_discovery.py::no_answer_of_a_calendar_server_is_told_as_one_error",),
    "110": ("dav/test_discovery.py::a_calendar_is_listed_as_it_is_described",),
    "111": (
        "sync/test_run.py::without_etags_what_was_written_is_looked_at",
        "sync/test_run.py::weak_etags_are_as_none",
        "sync/test_odd_servers.py::etags_that_change_by_themselves_cost_looks_and_no_writes",
    ),
    "112": (
        "sync/test_run.py::a_server_that_rewrites_what_it_gets",
        "sync/test_odd_servers.py::what_a_server_drops_is_not_sent_again_and_again",
    ),
    "113": (
        "sync/test_run.py::a_meeting_under_our_uid_is_left",
        "sync/test_run.py::a_stranger_under_our_name_is_left",
    ),
    "114": ("cli/test_secrets.py::no_command_line_takes_a_password",),
    "115": (
        "system/test_credentials.py::the_first_place_that_is_given_counts",
        "system/test_credentials.py::no_shell_sees_the_command",
        "system/test_credentials.py::a_command_of_somebody_else_is_not_run",
    ),
    "116": (
        "cli/test_secrets.py::no_output_and_no_file_has_it",
        "dav/test_transport.py::nothing_private_reaches_a_log",
    ),
    "117": ("cli/test_secrets.py::a_bug_shows_where_it_happened_and_no_password",),
    "118": ("cli/test_secrets.py::no_output_and_no_file_has_it",),
    "119": ("cli/test_doctor.py::who_else_may_read_or_write_the_settings",),
    "120": (
        "system/test_credentials.py::a_keyring_that_hangs_is_left_behind",
        "system/test_credentials.py::a_keyring_without_a_backend_is_told",
    ),
    "121": ("dav/test_transport.py::nothing_private_reaches_a_log",),
    "122": (
        "system/test_atomic_files.py::nth_failure_leaves_old_or_new",
        "storage/test_interruptions.py::nth_failure_leaves_old_or_new_and_the_next_run_goes_on",
        "cli/test_interrupted.py::sent_with_a_failing_disk_is_logged_or_not_and_goes_on",
        "faults/test_numbered.py::a_failing_disk_leaves_the_old_or_the_new",
    ),
    "123": (
        "system/test_atomic_files.py::file_size_limit_of_the_system",
        "faults/test_numbered.py::a_limit_on_the_size_of_files_loses_nothing",
    ),
    "124": (
        "storage/state/test_database.py::a_file_cut_short_is_set_aside_and_the_next_run_goes_on",
        "storage/state/test_database.py::flipped_bytes_never_end_in_anything_but_our_own_message",
        "storage/state/test_database.py::a_newer_schema_is_left_alone",
        "storage/state/test_database.py::a_pipe_in_its_place_does_not_hang",
        "storage/state/test_database.py::a_directory_in_its_place_is_named",
    ),
    "125": (
        "settings/test_paths.py::a_relative_xdg_variable_does_not_count",
        "cli/test_interrupted.py::read_only_directories_are_said",
        "faults/test_numbered.py::a_home_that_cannot_be_written_is_named",
    ),
    "126": (
        "storage/test_interruptions.py::two_processes_lose_nothing",
        "storage/test_interruptions.py::store_that_is_held_is_waited_for_and_then_said",
        "storage/state/test_database.py::a_second_process_is_told_who_holds_it_and_a_dead_one_holds_nothing",
    ),
    "127": ("storage/test_interruptions.py::holder_that_was_killed_holds_nothing",),
    "128": (
        "sync/test_kill.py::at_a_request",
        "sync/test_kill.py::at_a_commit",
        "cli/test_interrupted.py::sent_and_killed_is_logged_or_not_and_goes_on",
        "cli/test_interrupted.py::export_and_killed_is_the_old_or_the_new_and_goes_on",
        "faults/test_numbered.py::killed_at_any_operation_the_next_run_goes_on",
    ),
    "129": (
        "cli/test_main.py::an_interrupted_run_ends_with_130",
        "cli/test_sync.py::an_interrupt_is_heard_at_once",
        "cli/test_bounds.py::a_terminated_run_ends_with_143_and_a_line",
    ),
    "130": ("cli/test_calendars_dialogue.py::whoever_gives_up_has_changed_nothing",),
    "131": ("sync/test_run.py::an_old_copy_of_the_state_does_no_harm",),
    "132": (
        "sync/test_run.py::ours_are_found_again",
        "sync/test_servers.py::lost_state_is_found_again",
    ),
    "133": (
        "system/test_atomic_files.py::content_reaches_the_disk_before_its_name_and_then_the_name",
    ),
    "134": (
        "domain/test_rules.py::the_deadline_is_24_elapsed_hours",
        "domain/test_datemath.py::from_one_noon_to_the_next_more_or_less_than_a_day_passes",
    ),
    "135": (
        "domain/test_rules.py::the_deadline_is_24_elapsed_hours",
        "domain/test_datemath.py::from_one_noon_to_the_next_more_or_less_than_a_day_passes",
    ),
    "136": (
        "formats/dates/test_parse_datetime.py::a_time_that_the_clocks_skip_is_refused",
        "importers/invitation/test_times.py::a_time_that_clocks_skip_or_repeat_gives_a_warning",
    ),
    "137": (
        "importers/invitation/test_times.py::a_time_that_clocks_skip_or_repeat_gives_a_warning",
        "formats/test_ics_writer.py::a_timed_event_is_in_utc_whatever_its_zone",
    ),
    "138": (
        "domain/test_rules.py::the_deadline_is_24_elapsed_hours",
        "domain/test_datemath.py::from_one_noon_to_the_next_more_or_less_than_a_day_passes",
    ),
    "139": ("domain/test_rules.py::days_are_counted_on_the_calendar",),
    "140": ("domain/test_rules.py::days_are_counted_on_the_calendar",),
    "141": ("domain/test_properties.py::nothing_unmoved_is_recommended_on_a_day_off",),
    "142": ("cli/test_bounds.py::a_year_of_no_calendar_is_refused",),
    "143": (
        "storage/state/test_sequence_numbers.py::numbers_never_go_back_with_the_clock",
        "cli/test_doctor_network.py::one_of_the_future_is_told",
    ),
    "144": (
        "cli/test_doctor.py::the_clock_is_compared_with_the_server_s",
        "dav/test_transport.py::a_busy_server_says_for_how_long",
    ),
    "145": (
        "cli/test_run_context.py::a_machine_that_names_no_zone_is_not_taken_to_be_in_utc",
        "system/test_clock.py::a_zone_that_the_machine_does_not_name_is_not_taken_for_utc",
    ),
    "146": (
        "system/test_clock.py::the_newer_database_decides",
        "cli/test_doctor.py::old_rules_for_clocks_are_pointed_out",
        "faults/test_numbered.py::vancouver_no_longer_changes_its_clocks",
    ),
    "147": (
        "messages/test_event_texts.py::both_times_are_given_if_the_employer_is_in_another_zone",
    ),
    "148": (
        "domain/test_properties.py::windows_are_in_order",
        "faults/test_numbered.py::zones_of_odd_offsets_have_a_plan",
    ),
    "149": (
        "domain/test_properties.py::an_ordinary_deadline_is_24_elapsed_hours_after_the_end",
        "domain/test_properties.py::a_live_second_opens_a_week_after_a_first_that_was_sent",
        "domain/test_properties.py::windows_are_in_order",
    ),
    "150": (
        "domain/test_rules.py::told_late",
        "sync/test_run.py::nothing_is_created_in_the_past",
    ),
    "151": (
        "settings/test_settings.py::a_mistake_is_named_with_its_key",
        "formats/test_application_mistakes.py::files_that_are_no_toml",
        "formats/test_application_mistakes.py::mistake",
    ),
    "153": ("cli/test_bounds.py::settings_beyond_their_bounds_are_a_mistake_of_them",),
    "154": (
        "system/test_credentials.py::a_command_that_others_may_have_written_is_not_run",
        "cli/test_open_calendar.py::the_settings_command_is_refused_where_others_may_write_it",
    ),
    "155": (
        "cli/test_main.py::an_error_ends_with_the_code_of_its_class",
        "cli/test_main.py::each_exit_code_that_an_error_can_have_is_the_process_s",
    ),
    "156": (
        "cli/test_shown.py::json_is_one_document_and_nothing_else",
        "cli/test_bounds.py::a_failed_run_prints_one_json_document_all_the_same",
    ),
    "157": ("cli/test_output.py::colour_is_for_those_who_want_it",),
    "158": (
        "cli/test_bounds.py::a_closed_stdin_is_an_empty_one",
        "cli/test_due.py::no_terminal_is_asked_nothing",
    ),
    "159": (
        "sync/test_faults.py::a_dry_run_sends_no_write",
        "sync/test_faults.py::a_dry_run_of_the_command_sends_no_write",
    ),
    "160": (
        "cli/test_sync.py::the_plan_comes_to_the_calendar_and_stays",
        "sync/test_servers.py::each_sync_costs_what_it_must",
    ),
    "161": ("cli/test_help.py::each_command_begins_its_help_with_an_example",),
    "162": ("cli/test_help.py::a_shell_completes_the_names_of_commands",),
    "163": (
        "cli/test_output.py::an_encoding_without_a_character_is_no_failure",
        "cli/test_export.py::on_another_machine_the_same_bytes",
    ),
    "164": ("faults/test_numbered.py::nothing_warns_in_the_development_mode",),
    "165": ("cli/test_imports.py::help_and_version_import_click_and_nothing_heavy",),
    "F1": ("sync/test_faults.py::one_clean_run_repairs_it",),
    "F2": (
        "sync/test_faults.py::one_clean_run_repairs_it",
        "sync/test_run.py::no_answer_to_a_write_is_settled_in_the_same_run",
    ),
    "F3": ("sync/test_faults.py::one_clean_run_repairs_it",),
    "F4": (
        "sync/test_faults.py::one_clean_run_repairs_it",
        "sync/test_run.py::a_list_that_leaves_some_out_is_no_deletion",
    ),
    "F5": ("sync/test_run.py::a_change_between_look_and_write_is_seen",),
    "F6": ("sync/test_servers.py::an_edit_between_look_and_write_is_not_overwritten",),
    "F7": (
        "sync/test_run.py::one_of_ours_under_another_name_is_found",
        "sync/test_run.py::a_calendar_that_is_gone_is_no_deletion",
    ),
    "F8": (
        "sync/test_run.py::one_event_that_does_not_fit_holds_up_no_other",
        "sync/test_run.py::a_lock_is_waited_for_and_then_told",
    ),
    "F9": (
        "sync/test_run.py::patience_is_taken_once",
        "sync/test_run.py::too_much_patience_is_not_taken",
    ),
    "F10": (
        "sync/test_faults.py::one_clean_run_repairs_it",
        "sync/test_run.py::a_look_that_fails_is_tried_three_times",
    ),
    "F11": (
        "sync/test_run.py::a_login_that_is_refused_stops_everything",
        "cli/test_sync.py::a_wrong_password_is_tried_once_and_ends_with_5",
    ),
    "F12": ("sync/test_odd_servers.py::a_calendar_that_only_lets_itself_be_read",),
    "F13": ("sync/test_run.py::a_token_that_was_lost_costs_one_more",),
    "F14": ("sync/test_run.py::all_gone_is_asked_about",),
    "F15": (
        "dav/test_transport.py::a_write_is_never_taken_for_done",
        "dav/test_transport.py::no_redirect_is_followed",
    ),
    "F16": (
        "dav/test_transport.py::nobody_there_is_told_plainly",
        "cli/test_doctor_network.py::one_of_an_unknown_issuer_is_told",
    ),
    "F17": ("sync/test_run.py::a_time_that_cannot_be_is_the_time_of_the_sync",),
    "F18": ("sync/test_run.py::a_server_that_rewrites_what_it_gets",),
    "F19": (
        "sync/test_kill.py::at_a_request",
        "sync/test_kill.py::at_a_commit",
    ),
    "F20": ("sync/test_state_faults.py::one_clean_run_repairs_it",),
    "F21": (
        "sync/test_servers.py::several_writes_at_once_end_as_one_after_the_other",
        "storage/state/test_database.py::a_second_process_is_told_who_holds_it_and_a_dead_one_holds_nothing",
    ),
    "F22": (
        "domain/test_build_events.py::uids_stay_when_the_interview_moves",
        "storage/state/test_sequence_numbers.py::numbers_never_go_back_with_the_clock",
    ),
    "F23": ("sync/test_odd_servers.py::a_move_to_another_host_sends_nothing_there",),
    "F24": ("sync/test_run.py::a_deleted_event_stays_deleted",),
    "F25": (
        "sync/test_run.py::one_of_ours_under_another_name_is_found",
        "sync/test_run.py::a_dragged_act_is_moved_in_the_log",
    ),
}
"""The tests of a case: the file below tests/, and the name of the test without `test_`."""

NOT_APPLICABLE: Mapping[str, str] = {
    "7": "No command reads texts from JSON.",
    "16": "Users make no categories.",
    "17": "Users name no properties.",
    "85": "There is no option that skips the check of certificates.",
    "152": "Everything that people write is TOML, which has no tags.",
}
