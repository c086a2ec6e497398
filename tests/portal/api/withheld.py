"""Fields of rows that the interface keeps back, by schema: what `of_row` does not allow."""

WITHHELD: dict[str, str] = {
    "PressedHourOut": "confirmed",
    "SlipFiguresOut": "",
    "SlipLotOut": "node",
    "AlarmOut": "",
    "AlertChannelOut": "added_by removed_at secret",
    "AlertOut": "remark event key page",
    "AllottedFileOut": "node source runs only accounts missing evidence unread traced_at",
    "AssignmentOut": "last_day is_to_come can_end",
    "BreakOut": "event units",
    "CameOut": "",
    "CampaignDetail": (
        "id title lead_unit tasks letter form_code form_version form_definition letter_file "
        "release_file release_path release_sha256 release_facts starts_at ends_at state lines "
        "frozen_on tree_rev silent_days start_asked_by start_asked_at started_by archive_asked_by "
        "closed_at archived_at changed_at created_by created_at paused_until tree_choice"
    ),
    "CampaignOut": (
        "lead_unit legal_basis goal tasks letter page_url form_definition letter_file "
        "release_file release_path release_facts lines frozen_on tree_rev silent_days "
        "start_asked_by start_asked_at started_by archive_asked_by closed_at archived_at "
        "changed_at created_by created_at paused_until tree_choice"
    ),
    "CaseEventOut": "id case",
    "CaseFileOut": "case token",
    "CaseOut": (
        "said since_day covered_days alive_days recheck judged_on review_on technician "
        "isolated_at owner_said_at verifier_said_at held version"
    ),
    "ChangeNoticeOut": "parent_slot resolved_by",
    "ChangeOut": "",
    "CheckOut": "steps version",
    "CodeOut": "node short made_at ended_at",
    "ComparedOut": "is_leaf page unit_id",
    "CompletenessOut": "own has_below",
    "ContactOut": "unit valid_to",
    "CountsOut": "tally own_look",
    "DayOut": "",
    "DeclarationOut": "checked_by checked_at withdrawn_by",
    "DeskOut": "id unit",
    "DeviceOut": "node engine_key rivals place merged_into split_from made_at",
    "DispatchOut": "letter contact person language",
    "DoubtfulRowOut": "version",
    "DocumentOut": (
        "version place capacity capacity_of on_behalf_of urgency contact entry unprintable "
        "asked_by asked_at released_by"
    ),
    "DrawnOut": "draw case answered_by",
    "EditionOut": "campaign source content",
    "EventOfTreeOut": "plan undo path",
    "EventOut": "actor_id acting_for ip previous",
    "EvidenceBelowOut": "",
    "CorrectionOut": ("campaign state proposal facts digest asked_by asked_at decided_by"),
    "EvidenceDaysOut": "months is_cut",
    "EvidenceOut": "declaration",
    "ExtensionOut": "decided_by decided_at old_due_at",
    "FamilyOut": "",
    "FaultOut": "run",
    "FigureOut": "id version sketch",
    "FileOut": (
        "id purpose kind state scan refusal remarks owner_path uploaded_by created_at checked_at"
    ),
    "ForwardingOut": "climbed part secret",
    "ListVersionDetail": (
        "approved_by by campaign candidate ended_at end_reason ended_by facts feed fresh id "
        "in_force_at in_use n problem proposed_at proposed_by received_at release sha256 "
        "shrink_reason state title"
    ),
    "ListVersionOut": "campaign candidate changes checked facts feed fresh in_use release trial",
    "FeedOut": "campaign digest etag",
    "FindingOut": "id origin device key listed_in row set_aside withdrawn",
    "HandlingOut": "case token",
    "HeadcountOut": "id unit",
    "ImportedLogOut": "",
    "ImportedPartOut": "",
    "InputOut": "id parent_version",
    "InvitationOut": (
        "unit valid_to user nonce digest invited_by created_at accepted_at accepted_by withdrawn_at"
    ),
    "JobOut": "key payload max_attempts run_after leased_until leased_by asked_by_id unit_path",
    "LogSourceOut": "unit",
    "LookLineOut": "seen",
    "LadderOut": "rungs",
    "LetterOut": (
        "is_outside based_on template_code template_version values place addressees also_told "
        "to_all revision with_clerk_at returned_why signer_name signer_post capacity capacity_of "
        "on_behalf_of urgency contact arrived_on arrival_number sha256 docx pdf paper original "
        "sheets made_by made_at numbered_by released_by passed_on_days withdrawn_at withdrawn_why "
        "signature way"
    ),
    "LevelOut": "",
    "MachineOfUnitOut": "look other",
    "LookedAtOut": "",
    "MailOut": "key subject body attempts done_at",
    "MailingOut": "label dry_running printing",
    "MaterialOut": "campaign sha256 withdrawn_at created_at",
    "NameOut": "id unit doc_code",
    "NodeOut": "path from_event",
    "NoticeBatchOut": "stored runs missing evidence unread handed_in_by traced_at only",
    "NoticeItemOut": "id batch place file missing rivals row",
    "OwnTableOut": "unit",
    "PlantedPlaceOut": "unit added_by ended_by",
    "PaperOut": "by recorded_at",
    "ParentOut": "id child",
    "PassedOnOut": "",
    "PastEventOut": "id unit group",
    "PayloadOut": (
        "id slot n kind reason_code reason form tree_rev prev_sha256 is_late key author "
        "created_at state signed_by signed_at"
    ),
    "PeopleOut": "unit can_invite",
    "PersonOut": "",
    "PhaseOut": "id campaign locks_at level_lead_days working_days counted_until carry_percent",
    "PointOut": "opens",
    "SubnetSeenOut": "id node",
    "PublicFiguresOut": "campaign kept",
    "PublicListOut": "campaign stored left_out doubts examples",
    "PullOut": "material",
    "QuestionOut": "forwarding",
    "RangeOut": "withdrawn_by withdrawn_at",
    "RatesOut": "id node nil",
    "ReachOut": "",
    "ReachedByOut": "campaign parent path staff state from_event told_at received_at deployed_at",
    "ReachedOut": "",
    "ReceiptOut": "",
    "RecheckOut": "",
    "RemarkOut": "resolved_by",
    "SaidPageOut": "id campaign changed_by",
    "SeatOut": "id user line valid_from valid_to given_by created_at",
    "ShareOut": "",
    "SightingOut": "id finding way steps",
    "SignedOut": "is_pades holder",
    "SilenceOut": "",
    "SlotOut": "node excuse_reason is_nil",
    "StepOut": "id version",
    "SubmissionOut": (
        "token job runs findings manifest_digest release_sha256 is_campaigns_list summary days "
        "created_by raw_destroyed_at declared streams_kept looks_kept prints "
        "withdrawn_at withdrawn_by withdrawn_reason withdrawal_asked_by withdrawal_asked_at"
    ),
    "TakenOut": "",
    "TallyCheckOut": "campaign",
    "TallyOut": "node",
    "ToolOut": "campaign",
    "UnitKeyOut": "unit pem",
    "UnitOut": (
        "short_name search doc_code path opened_on closed_on has_old_name no_contact has_bounced "
        "shares_address contact_since is_reached reach_asked"
    ),
    "VersionDetail": (
        "id slot n kind reason_code reason payload sha256 prev_sha256 is_late key author "
        "created_at state signed_by signed_at"
    ),
    "VersionOut": "form tree_rev payload key author signed_by",
    "WrittenOut": "",
    "SensorHourOut": "source",
    "SensorOut": (
        "first_heard_at list_read_at node outbox_oldest_at planted sender_at severity "
        "sources_left_out"
    ),
    "SensorSourceOut": (
        "dataset_before dataset_changed_at dropped_kernel dropped_length dropped_spool "
        "first_heard_at sensor skewed_since"
    ),
    "SensorTroubleOut": "ended_at id node seen_at sensor severity",
}
