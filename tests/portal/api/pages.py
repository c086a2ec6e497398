"""What each page shows, and where a program reads the same; else the plain reason why nowhere."""

from collections.abc import Mapping

SAME: Mapping[str, str] = {
    # the register, people
    "units:index": "/units",
    "units:show": (
        "/units/{unit_id} /units/{unit_id}/contacts /units/{unit_id}/desks"
        " /units/{unit_id}/headcounts /units/{unit_id}/past /units/{unit_id}/below"
    ),
    "units:contacts_health": "/contacts/{problem}",
    "units:events": "/events",
    "units:event": "/events/{event_id}",
    "rights:unit": "/units/{unit_id}/people /units/{unit_id}/people/below",
    "rights:person": "/people/{user_id}",
    # campaigns
    "campaigns:index": "/campaigns",
    "campaigns:show": "/campaigns/{campaign_id} /campaigns/{campaign_id}/materials",
    "campaigns:correct": "/campaigns/{campaign_id}/corrections",
    "campaigns:phases": "/campaigns/{campaign_id}/deadlines",
    "campaigns:tree": "/campaigns/{campaign_id}/tree",
    "campaigns:contacts": "/campaigns/{campaign_id}/tree",
    "campaigns:release_file": "/campaigns/{campaign_id}/release",
    "campaigns:materials": "/campaigns/{campaign_id}/materials",
    "campaigns:material_file": "/campaigns/{campaign_id}/materials/{material_id}/file",
    "campaigns:pulls": "/campaigns/{campaign_id}/materials/{material_id}/pulls",
    "campaigns:dry_run": "/campaigns/{campaign_id}/dry-run",
    "campaigns:checks": "/campaigns/{campaign_id}/counter-checks",
    # letters
    "letters:index": "/letters",
    "letters:letter": "/letters/{letter_id}",
    "letters:file": "/letters/{letter_id}/files/{which}",
    "letters:dispatch": "/letters/{letter_id}/dispatch /letters/{letter_id}/mailing",
    "letters:row": "/letters/{letter_id}/dispatch",
    "letters:dry_run": "/letters/{letter_id}/mailing",
    "letters:register": "/nodes/{node_id}/register",
    "letters:cascade": "/nodes/{node_id}/cascade",
    # the follow-up
    "followup:ladder": "/nodes/{node_id}/ladder",
    "followup:completeness": "/nodes/{node_id}/completeness /nodes/{node_id}/rates",
    "followup:silent": "/campaigns/{campaign_id}/silences",
    "followup:mails": "/campaigns/{campaign_id}/mails",
    "followup:extensions": "/campaigns/{campaign_id}/extensions",
    "followup:node": (
        "/nodes/{node_id} /nodes/{node_id}/receipts /nodes/{node_id}/declarations"
        " /nodes/{node_id}/slots /nodes/{node_id}/papers /nodes/{node_id}/extensions"
    ),
    "followup:evidence": "/evidence/{evidence_id}/file",
    "followup:receipt_proof": "/receipts/{receipt_id}/proof",
    "followup:paper_proof": "/papers/{paper_id}/proof",
    # taking part
    "participation:figures": (
        "/nodes/{node_id}/participation /nodes/{node_id}/shares /nodes/{node_id}/codes"
    ),
    "participation:slips": "/nodes/{node_id}/slips",
    "handouts:index": "/nodes/{node_id}/handouts",
    "handouts:edition": "/handouts/{edition_id}/file",
    # evidence
    "intake:index": "/submissions",
    "intake:unit": "/nodes/{node_id}/evidence-days /submissions",
    "intake:imports": "/nodes/{node_id}/imports",
    "intake:submission": (
        "/submissions/{submission_id} /submissions/{submission_id}/contents"
        " /submissions/{submission_id}/lines"
    ),
    "intake:progress": "/submissions/{submission_id}",
    "intake:report": "/submissions/{submission_id}/report",
    "intake:release": "/nodes/{node_id}/release",
    "sensors:index": "/nodes/{node_id}/sensors",
    "prints:index": "/campaigns/{campaign_id}/fingerprints",
    "sensors:live": "/nodes/{node_id}/sensors",
    "sensors:hours": "/sensor-sources/{source_id}/hours",
    "intake:below": "/nodes/{node_id}/evidence-below",
    "lists:index": "/campaigns/{campaign_id}/list-versions /campaigns/{campaign_id}/feeds",
    "lists:show": (
        "/campaigns/{campaign_id}/list-versions/{n}"
        " /campaigns/{campaign_id}/list-versions/{n}/doubtful"
    ),
    "lists:file": "/nodes/{node_id}/release",
    "intake:tables": "/units/{unit_id}/tables",
    "intake:machines": "/nodes/{node_id}/machines",
    "intake:sources": "/units/{unit_id}/sources",
    "planted:unit": "/nodes/{node_id}/planted",
    "intake:keys": "/units/{unit_id}/keys",
    # cases and notices
    "cases:index": "/cases /handled-addresses",
    "cases:show": "/cases/{case_id} /cases/{case_id}/work",
    "cases:why": "/cases/{case_id}/findings/{finding_id}/samples",
    "cases:file": "/case-files/{file_id}",
    "cases:counts": "/nodes/{node_id}/cases",
    "cases:counts_of": "/nodes/{node_id}/cases",
    "cases:checks": "/checks",
    "cases:check": "/checks/{case_id}",
    "alerts:index": "/alerts",
    "alerts:channels": "/alert-channels",
    "ranges:index": "/ranges",
    "ranges:notices_index": "/allotted-notices",
    "ranges:notices": "/allotted-notices/{batch_id} /allotted-notices/{batch_id}/items",
    "ranges:notices_csv": "/allotted-notices/{batch_id}/items",
    "ranges:notices_json": "/allotted-notices/{batch_id}/items",
    "ranges:asked": "/asked-notices/{forwarding_id} /asked-notices",
    "cases:alarms": "/false-alarms",
    "cases:decide": "/false-alarms/{alarm_id}",
    "cases:notices": "/notices",
    "cases:batch": "/notices/{batch_id} /notices/{batch_id}/items",
    "cases:batch_csv": "/notices/{batch_id}/items",
    # reports
    "reports:index": "/nodes/{node_id}/slots",
    "reports:slot": ("/slots/{slot_id}/changes /slots/{slot_id}/remarks /nodes/{node_id}/reports"),
    "reports:below": "/slots/{slot_id}/below",
    "reports:version": (
        "/reports/{version_id} /reports/{version_id}/steps /reports/{version_id}/since-last"
    ),
    "reports:version_file": "/reports/{version_id}/since-last",
    "reports:compare": "/reports/{version_id}",
    "reports:notice": "/slots/{slot_id}/changes",
    "trace:figure": "/reports/{version_id} /reports/{version_id}/payload",
    "report_documents:page": "/reports/{version_id}/documents",
    "report_documents:file": "/documents/{document_id}/{which}",
    "report_documents:signed_copy": "/signed-copies/{signature_id}/file",
    # figures
    "dashboards:show": "/nodes/{node_id}/figures",
    "dashboards:coverage": "/nodes/{node_id}/coverage",
    "dashboards:ranking": "/nodes/{node_id}/ranking",
    "dashboards:map": "/nodes/{node_id}/ranking",
    "dashboards:trend": "/nodes/{node_id}/trend",
    "dashboards:week": "/nodes/{node_id}/figures /nodes/{node_id}/below",
    "dashboards:below": "/nodes/{node_id}/below",
    "rechecks:unit": "/nodes/{node_id}/rechecks",
    "rechecks:draw": "/rechecks/{draw_id} /rechecks/{draw_id}/items",
    "rechecks:frame": "/rechecks/{draw_id}",
    "public_figures:index": "/campaigns/{campaign_id}/public-figures",
    "publishing:index": "/campaigns/{campaign_id}/public-page",
    "publishing:list": "/public-lists/{list_id}",
    "publishing:tools": "/campaigns/{campaign_id}/tools",
    # the trail and the jobs
    "oversight:trail": "/audit",
    "oversight:export": "/audit",
    "oversight:jobs": "/jobs",
}
"""By the name of a page: the paths that tell what it shows, the one that stands for it first."""

NOWHERE: Mapping[str, str] = {
    "a form, or the step before one: what it asks about stands at the address of the page that it"
    " comes from": (
        "alerts:reply alerts:add_channel ranges:add ranges:add_file ranges:prefixes ranges:end"
        " ranges:hand_in"
        " api:make api:end calendars:unit campaigns:appendix campaigns:basics"
        " campaigns:deadlines campaigns:launch_letter campaigns:launch_signing followup:calendar"
        " campaigns:by_hand campaigns:change campaigns:outside campaigns:rehearsal"
        " intake:add_machine intake:collector"
        " intake:describe_machine intake:end_machine intake:join_machine"
        " campaigns:end campaigns:end_check campaigns:freeze campaigns:from_letter"
        " campaigns:new_material"
        " campaigns:new_phase campaigns:phase campaigns:release campaigns:review campaigns:start"
        " campaigns:tasks phase_forms:choose phase_forms:confirm cases:handle cases:hand_in"
        " cases:hand_in_request"
        " cases:join cases:propose cases:rule cases:split cases:work certificates:confirm"
        " certificates:end certificates:register followup:ask_time followup:decide"
        " followup:deploy followup:give_time followup:on_paper followup:receive"
        " followup:receive_for followup:remind followup:remove_paper followup:withdraw"
        " intake:add_file intake:add_source intake:add_table intake:at_home intake:begin"
        " intake:by_hand intake:change_source intake:end_source intake:hand_in intake:rules"
        " intake:withdraw"
        " letters:back letters:bounced letters:edit letters:find_recipient letters:handed"
        " lists:step"
        " letters:new letters:number letters:original letters:outside letters:release"
        " planted:add planted:end"
        " letters:signed letters:signer"
        " letters:start letters:withdraw participation:replace_code public_figures:prepare"
        " public_figures:withdraw publishing:close publishing:draft_tool publishing:hand_in"
        " publishing:page publishing:publish_tool publishing:withdraw_tool rechecks:answer"
        " publishing:review publishing:record"
        " rechecks:give_up rechecks:new report_documents:number report_documents:release"
        " report_documents:scan report_documents:signed report_documents:sign"
        " report_documents:sign_remotely letters:sign letters:sign_remotely"
        " reports:accept_together reports:all_read reports:ask_correction reports:check"
        " reports:correct"
        " reports:leave_out reports:nil reports:numbers reports:one_person reports:review"
        " reports:sign reports:texts reports:total reports:withdraw report_bulk:give"
        " report_workbooks:give"
        " rights:drop_factors rights:end rights:hand_over rights:invite rights:new_link"
        " rights:switch_off rights:switch_on units:add_contact units:change_contact units:choose"
        " units:decide units:desks units:find_desk units:find_to_propose units:headcount"
        " units:load units:load_areas units:load_shapes units:preview units:propose units:reverse"
    ),
    "a portal of its own, with made-up people": "inside_rehearsal",
    "signing in and one's own account: a token is a program's, and is not a person": (
        "account_change_password account_email account_inactive account_login account_logout"
        " directory_sign_in"
        " account_reauthenticate account_reset_password account_reset_password_done"
        " account_reset_password_from_key account_reset_password_from_key_done account_set_password"
        " account_signup invitation kept_form mfa_activate_totp mfa_add_webauthn"
        " mfa_authenticate"
        " mfa_deactivate_totp mfa_download_recovery_codes mfa_edit_webauthn"
        " mfa_generate_recovery_codes mfa_index mfa_list_webauthn mfa_reauthenticate"
        " mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes"
        " openid_connect_callback openid_connect_login profile second_factor my_data my_data_html"
        " my_data_json erasure"
        " socialaccount_login_cancelled socialaccount_login_error usersessions_list"
    ),
    "open to everybody, without a token": (
        "alert notice mail_off"
        " health ready metrics join joined slip proof:answer proof:ask public:all public:campaign"
        " public:json"
        " calendar_feed"
    ),
    "what one person is to do today, or may choose from: the things themselves have addresses": (
        "home find today_next news:index mail_choices"
        " rights:index campaigns:setup certificates:index"
    ),
    "words of the help, of no campaign": ("guide:index guide:role guide:subjects guide:words"),
    "of a browser without network: it shows no thing of its own": (
        "offline offline_state offline_worker"
    ),
    "about tokens; a token tells of itself at /me": "api:index",
    "a list for a device, which the description of the interface names itself": "device_list",
    "a sheet or a file made of what other addresses tell": (
        "cases:sheet cases:sheet_file dashboards:file dashboards:files dashboards:subtree"
        " dashboards:effect dashboards:week_paper letters:preview letters:picture letters:sheet"
        " report_documents:picture"
        " ranges:notices_letter"
        " participation:sheet planted:kit report_documents:bundle report_documents:entry"
        " report_bulk:download report_workbooks:download reports:total_file"
        " units:template"
    ),
    "a public key, which the catalogue on the public page shows to everybody": (
        "publishing:tools_key"
    ),
    "texts of the public page, which that page shows or lets people hear: who signed is for the"
    " desk alone": "publishing:texts publishing:recording",
    "a past result laid on the tree of another campaign: the figures of each stand at its own"
    " nodes": "dashboards:years",
    "a part of an upload under way": "files:part",
    "who used an address is told to the focal point and the technician of the unit on its page, and"
    " by letter to whom the law says; no token hands it on": "cases:request cases:requests",
}
"""By the reason: the names of pages that no address of the interface repeats."""
