//! What every store promises, run on the database and on a second one in memory; and long random
//! histories run on both, which must answer alike.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod audiences;
mod catalogue;
mod clerk;
mod evidence;
mod exchange;
mod files;
mod history;
mod memory;
mod notes;
mod sealed;
mod search;
mod settings;
mod world;

/// Runs every promise on a new shelf of its own.
macro_rules! store_contract {
    ($name:ident, $shelf:expr; $($part:ident { $($promise:ident),* $(,)? })*) => {
        mod $name {
            $(mod $part {
                $(#[test]
                fn $promise() {
                    crate::$part::$promise(&$shelf);
                })*
            })*
        }
    };
}

/// The promises, once for each implementation.
macro_rules! promises {
    ($($name:ident: $shelf:expr;)*) => {$(
        store_contract! { $name, $shelf;
            settings {
                a_new_store_knows_nothing,
                what_is_kept_survives_closing,
                the_place_last_read_replaces_the_one_before,
            }
            catalogue {
                a_record_replaces_its_older_version_and_never_a_newer_one,
                a_record_of_its_own_number_space_is_not_mixed_up_with_another,
                people_groups_and_sittings_come_in_their_order,
                a_paper_is_found_in_its_sitting_until_the_agenda_drops_it,
                a_paper_that_moves_to_another_sitting_is_found_there,
                papers_of_the_next_sitting_are_fetched_first_in_agenda_order,
                only_the_current_version_is_wanted_and_the_same_file_only_once,
                an_arrived_paper_is_here_and_waits_for_its_index,
                a_paper_that_was_lost_is_wanted_again,
                what_a_paper_is_is_kept_once_it_is_here,
                an_entry_that_cannot_be_read_stops_nothing_and_is_told,
            }
            evidence {
                what_was_signed_is_kept_whole_in_the_order_of_the_log,
                an_own_receipt_is_known_at_once_and_gets_its_place_once,
                a_refused_receipt_did_not_happen,
                a_log_put_back_gives_its_numbers_to_others,
                what_is_said_of_messages_is_kept_apart_from_sittings_and_cards,
            }
            exchange {
                the_same_page_twice_changes_nothing,
                the_log_again_from_the_beginning_changes_nothing,
                drafts_are_gathered_by_document_oldest_first,
                a_document_with_more_drafts_than_an_operation_holds_is_cut,
                numbers_count_from_one_without_gaps_through_closing,
                records_enter_the_outbox_all_or_none,
                an_operation_out_of_turn_is_refused_and_changes_nothing,
                an_operation_with_drafts_that_are_gone_changes_nothing,
                the_outbox_goes_out_in_order_and_in_pieces,
                an_accepted_operation_is_part_of_the_log,
                an_own_operation_that_comes_back_before_its_answer_is_known,
                a_refused_note_stays_on_the_page_and_is_told,
                a_conflict_names_the_record_and_the_version_that_stands,
                the_same_answer_twice_does_no_harm,
                an_answer_to_nothing_does_no_harm,
                an_outbox_that_the_servers_line_has_overtaken_gets_the_numbers_after_it,
                an_outbox_that_the_server_knows_keeps_its_numbers,
            }
            notes {
                a_mark_is_in_pieces_and_index_at_once,
                an_erased_mark_leaves_the_index,
                pieces_keep_the_order_in_which_they_were_made,
                half_sealed_drafts_keep_their_order,
                a_pulled_change_waits_for_the_index_through_closing,
                a_draft_on_notes_that_wait_for_the_index_does_not_hide_that,
                a_snapshot_stands_for_what_it_covers,
                an_older_snapshot_never_replaces_a_newer_one,
                notes_are_found_by_paper_by_name_and_by_owner,
                where_a_note_stands_is_kept_with_its_draft_and_told_by_the_index,
                every_kind_of_mark_survives_the_index,
                what_could_not_be_read_is_counted,
            }
            audiences {
                an_edit_of_two_documents_is_kept_wholly_and_in_its_order,
                a_note_of_two_audiences_is_counted_once,
                what_can_be_undone_outlives_the_app,
                the_oldest_edits_can_no_longer_be_undone,
                what_was_refused_stands_apart_once_it_is_kept_otherwise,
                what_may_no_longer_be_seen_is_erased_and_own_notes_stay,
                drafts_of_sittings_leave_who_is_no_longer_a_clerk,
                a_note_arrives_when_it_changed_not_when_it_is_read_anew,
                notes_put_forward_in_anothers_name_are_set_aside,
            }
            sealed {
                a_sealed_note_waits_and_is_let_in_when_it_is_open,
                a_note_that_no_key_opens_is_kept_and_told,
                an_own_sealed_note_stays_open_here,
                of_keys_is_told_where_they_are,
                sealed_notes_and_keys_of_a_group_left_are_erased,
                a_change_about_keys_is_counted_and_nothing_else,
                what_comes_after_the_last_look_is_erased_too,
                in_which_era_one_writes_for_a_group_is_remembered,
                whose_key_a_person_agreed_to_is_remembered,
            }
            clerk {
                a_draft_goes_back_and_forth_through_closing,
                a_further_change_forgets_what_could_be_done_again,
                the_oldest_states_make_room,
                a_draft_that_is_put_away_can_be_taken_back,
                files_keep_their_order_and_belong_to_their_sitting,
                the_changes_seen_last_replace_those_before,
            }
            search {
                accents_case_and_ligatures_do_not_matter,
                words_cut_at_a_lines_end_are_whole,
                all_words_must_stand_on_the_page_the_last_one_may_be_unfinished,
                whatever_is_typed_is_words,
                the_words_found_are_marked_in_the_snippet,
                the_page_that_says_it_more_comes_first,
                every_page_of_one_paper_is_found_in_order,
                only_the_current_versions_are_searched,
                indexing_again_replaces_the_pages,
                notes_are_found_by_quote_and_comment_until_they_go,
            }
        }
    )*};
}

promises! {
    on_disk: crate::world::Disk::new();
    in_memory: crate::memory::Memory::default();
}
