# The clerk's desk: prepare, publish, convene.

desk = Clerk’s desk
desk-title = Clerk’s desk, Pupitre
desk-tab-sittings = Sittings
desk-tab-people = Members
desk-tab-devices = Devices
desk-new = New sitting
desk-prepared = Being prepared
desk-coming = Coming
desk-empty-title = No sitting yet
desk-empty = Make the first one: its agenda, its papers and its convocation are prepared here. Officials see nothing before it is published.
desk-without-report = { $n ->
    [one] { $n } item without a report
   *[other] { $n } items without a report
 }
desk-files-waiting = { $n ->
    [one] { $n } file to place
   *[other] { $n } files to place
 }
desk-unpublished = { $n ->
    [one] { $n } change to publish
   *[other] { $n } changes to publish
 }
desk-brought = Brought by { $by }
desk-strangers = Not in the list of members: { $names }.
desk-outside = Named by { $by }, but not sitting on this body: { $names }.
desk-unnamed = Will be convened although { $by } does not name them: { $names }.
desk-take-up = { $n ->
    [one] Make this person a member
   *[other] Make these { $n } people members
 }
desk-take-up-body = Create this body with its members
desk-take-up-both = { $n ->
    [one] Create this body and make this person a member
   *[other] Create this body and make these { $n } people members
 }
desk-cancelled = Cancelled
desk-state-draft = Draft
desk-state-published = Published, not convened yet
desk-state-convened = Convened
desk-state-held = Held
desk-state-closed = Closed
new-council = Assembly
new-committee = Committee
new-bureau = Bureau
new-lead = The sitting begins as a draft: you alone see it until you publish it.
new-hint = Title, place and hour of the last one, an empty agenda
new-like = Modelled on
new-like-hint = { $n ->
    [0] No item to take over
    [one] Takes over the title of one item, no paper
   *[other] Takes over the titles of { $n } items, no paper
 }

## One sitting

date-long-plain = { $day } { $month }
sitting-of = { $title }, { $date }
desk-details = The sitting
desk-kept = Saved at { $time }.
desk-kept-draft = Draft saved at { $time }
desk-unpublished-long = { $n ->
    [one] { $n } change is not published yet.
   *[other] { $n } changes are not published yet.
 }
desk-all-published = Everything is published
desk-overtaken = Another clerk has published this sitting meanwhile. Your changes are kept: note them, then discard the draft to start again from the published version.
desk-discard = Discard the draft
desk-discard-changes = Discard the changes
desk-discarded = The draft is put away.
desk-more = More actions
desk-see = See as an official
field-sitting-title = Title of the sitting
field-day = Day
field-hour = Hour
field-sitting-place = Place
field-body = Body
field-attendance = Attendance
attendance-room = In the room
attendance-hybrid = In the room and by video
attendance-remote = By video

## The agenda

agenda-paste = Paste a list
agenda-empty = The agenda is empty. Add an item, paste a list, or drop the PDFs: their numbers will make items of them.
item-new = Title of a new item
item-add = Add
item-untitled = Item without a title
item-grip = Move item { $n }, { $title }
item-grip-hint = Drag, or use the arrow keys
item-moved-said = { $title }: item { $n }
item-up = Move up
item-down = Move down
item-remove = Take the item off
item-removed = “{ $title }” is taken off the agenda.
item-ready = Ready
item-lacks-title = Title missing
item-lacks-report = Report missing
item-report = Report, { $pages }
item-report-annexes = Report, { $pages }, and { $annexes }
item-no-paper = No paper
item-voted = To be voted
item-closed-doors = Closed doors proposed
n-annexes = { $n ->
    [one] { $n } annex
   *[other] { $n } annexes
 }
version-n = Version { $n }
field-item-title = Title of the item
field-rapporteur-name = Rapporteur
field-item-theme = Theme
field-theme-hint = Finance > Budget
field-paper-title = Title of the paper
field-note = Why this paper is replaced
field-note-hint = Amount corrected on page 4
paper-report = Report
paper-facts = { $file }, { $pages }, { $bytes }
paper-place = Place of the paper
paper-remove = Take the paper { $title } off
paper-scan = A scan: officials will not be able to search its words.
paper-scan-short = a scan, no text
others-title = Convocation and other papers

paste-lead = Paste the list from a letter or a spreadsheet. Numbers, rapporteurs, themes, closed doors and items for information are recognised.
paste-text = List of items
paste-placeholder = 1. Approval of the minutes (Mme Claire Martin)
paste-file = Open a CSV or text file
paste-found = { $n ->
    [one] { $n } item recognised
   *[other] { $n } items recognised
 }
paste-add = { $n ->
    [0] Add to the agenda
    [one] Add { $n } item to the agenda
   *[other] Add { $n } items to the agenda
 }

## The files

drop = Drop PDFs
drop-title = Drop the PDFs here
drop-lead = The number in the file’s name says which item: 03-budget.pdf, 03-annex.pdf. You confirm before anything is placed.
file-choose = Choose a file
drop-choose = Choose files
import-progress = File { $n } of { $all }: { $name }
import-stop = Stop
import-done = { $n ->
    [0] No file could be read.
    [one] { $n } file is read.
   *[other] { $n } files are read.
 }
files-refused = Not taken: { $names }.
waiting-title = { $n ->
    [0] Files not taken
    [one] { $n } file to place
   *[other] { $n } files to place
 }
waiting-reading = being read
waiting-place = Place of { $name }
waiting-dismiss = Put { $name } away
waiting-unplaced = { $n ->
    [one] { $n } file waits for you to give it a place.
   *[other] { $n } files wait for you to give them a place.
 }
waiting-confirm = { $n ->
    [0] Place
    [one] Place { $n } file
   *[other] Place { $n } files
 }
target-report = Report of item { $n }
target-new-report = New version of the report of item { $n }
target-annex = Annex of item { $n }
target-convocation = Convocation
target-other = Other paper of the sitting
target-version = New version of “{ $title }”
target-new-item = New item
target-nowhere = To be chosen
foreign-heading = Files received apart
foreign-lead = { $n ->
    [one] This file was received and is kept, but tablets show PDFs alone: officials do not see it. Save it, make a PDF of it, and drop that here.
   *[other] These files were received and are kept, but tablets show PDFs alone: officials do not see them. Save them, make PDFs of them, and drop those here.
 }
foreign-save = Save
foreign-save-named = Save { $name }
refused-title = { $n ->
    [one] One file cannot be published; the others are kept.
   *[other] { $n } files cannot be published; the others are kept.
 }
refused-dismiss = Understood
refused-pdf-damaged = “{ $name }” is damaged or no PDF. Export it again, then drop it.
refused-pdf-empty = “{ $name }” is empty. Export it again, then drop it.
refused-pdf-password = “{ $name }” is protected by a password. Take the protection off, then drop it.
refused-publish-password = “{ $name }” is protected by a password. Take the protection off, then drop it.
refused-pdf-unsupported = “{ $name }” is a kind of PDF that Pupitre cannot show. Print it to a PDF, then drop it.
refused-pdf-quarantined = “{ $name }” blocks the PDF reader. Print it to a PDF, then drop it.
refused-file-unreadable = “{ $name }” could not be read. See that it is still there, then drop it again.

## Publishing and correcting

publish = Publish
publish-update = Publish the changes
publish-lead = Officials will see { $items } and { $documents } once everything is sent. Never half a sitting.
publish-changes = This is what everyone will be told:
publish-lacking = { $n ->
    [one] { $n } item is incomplete
   *[other] { $n } items are incomplete
 }
publish-confirm = Publish now
publishing = Sending
publishing-file = Sending { $name }
published = The sitting is published.
correction-question = The sitting has been convened. What is this change?
correction-minor = A minor correction
correction-minor-hint = A typing error, a badly scanned paper: what is decided does not change. The convocation stands, officials are told.
correction-minor-refused = Not possible here: an added item to be voted, another day or another hour are no minor corrections (CAA Marseille, 24 February 1998 and 27 November 2008).
correction-convene = A change that asks for a new convocation
correction-convene-hint = The present convocation no longer stands. The new one must itself meet the deadline, or the urgency.
correction-chip = New convocation
mark-convened = Note as convened elsewhere
mark-held = Note as held
mark-closed = Close the sitting
cancel-title = Cancel the sitting
cancel-lead = Officials will see that it does not take place, and why, when you publish. The sitting and its papers stay readable.
cancel-reason = Reason
cancel-sitting = Cancel the sitting
cancel-undo = The sitting takes place after all
postpone-hint = To postpone the sitting, change its day or hour, then publish.

## What has changed

changes-title = What has changed
changes-new = { $n ->
    [one] { $n } change since your last visit
   *[other] { $n } changes since your last visit
 }
change-at = { $date }, { $time }
sitting-cancelled = This sitting is cancelled.
sitting-cancelled-why = This sitting is cancelled: { $reason }
others-papers = Other papers
change-title = The sitting’s title has changed; it was “{ $was }”.
change-starts = The day or hour has changed; it was { $was }.
change-starts-bare = The day or hour has changed.
change-place = The place has changed; it was “{ $was }”.
change-place-bare = The place has changed.
change-kind = Another body sits.
change-attendance = Attendance has changed; it was: { $was }.
change-cancelled = The sitting is cancelled.
change-restored = The sitting takes place after all.
change-item-added = Item { $number } added: “{ $subject }”.
change-item-informed = Item { $number } added for information: “{ $subject }”.
change-item-withdrawn = Item withdrawn: “{ $subject }”.
change-item-renamed = Item { $number }: its title was “{ $was }”.
change-item-moved = “{ $subject }” moves from item { $was } to item { $number }.
change-doors-closed = Item { $number }, “{ $subject }”: closed doors proposed.
change-doors-opened = Item { $number }, “{ $subject }”: closed doors no longer.
change-now-voted = Item { $number }, “{ $subject }”: now to be voted.
change-now-informed = Item { $number }, “{ $subject }”: now for information.
change-rapporteur = Item { $number }, “{ $subject }”: someone else presents it.
change-paper-added = Paper added: “{ $subject }”.
change-paper-replaced = Paper replaced: “{ $subject }”.
change-paper-withdrawn = Paper withdrawn: “{ $subject }”.
change-paper-renamed = Paper “{ $subject }”: its title was “{ $was }”.
change-note = Reason: { $note }

## The deadline

deadline-ample = In time until { $date }, { $time }
deadline-short = Send it without waiting: last moment { $date }, { $time }
deadline-late = Too late since { $date }, { $time }
deadline-convened = The convocation has left.
deadline-days = Count of the days
deadline-procedure = How to convene
deadline-ordinary = Ordinary
deadline-urgent = Urgent
deadline-budget = Primitive budget

## Members, groups, devices

people-title = Members, Pupitre
people-members = Members
n-members = { $n ->
    [0] no member
    [one] { $n } member
   *[other] { $n } members
 }
people-search = Find a name, a group, a function
people-add = Add a member
people-edit = Change a member
people-edit-named = Change { $name }
people-invite = Invite
people-invite-named = Invite a device of { $name }
people-no-email = no e-mail address
people-groups = Groups
people-group = Group
people-add-group = Add a group
people-bodies = Committees and bureau
people-body = Committee or bureau
people-add-body = Add a committee or a bureau
field-first = First name
field-last = Last name
field-email = E-mail address
field-office = Function
field-role = Role
field-name = Name
field-colour = Colour of the group’s notes
field-body-kind = Kind
field-phone = Telephone, for text messages
field-on-paper = Has asked in writing for convocations on paper
field-copies = Only receives copies, does not sit
people-copies = copies only
people-on-paper = on paper
people-left = Left the council on { $day }
people-come-back = Is back in the council
people-mandate = End of the mandate
people-leave-lead = The person leaves their committees, and none of their devices exchanges anything more. Their notes stay on their device. This can be taken back.
people-leaves-on = Last day, today when empty
people-leave = End the mandate
body-add-substitute = Add a substitute
body-add = Add
body-choose = choose
body-chaired = chaired by { $name }
n-substitutes = { $n ->
    [one] { $n } substitute
   *[other] { $n } substitutes
 }
picks-find = Look for a name
picks-chosen = { $n ->
    [0] Nobody is chosen
    [one] { $n } person chosen
   *[other] { $n } people chosen
 }
body-chair = Chair
body-no-chair = nobody
body-substitutes = Substitutes
body-no-substitute = does not stand in
body-for-anybody = stands in for any member
roster-title = Import a list
roster-lead = The file of the national register of elected officials or your own table (CSV) with the names. Nothing is kept before you agree.
roster-file = List of members
roster-emails = List of e-mail addresses, optional
roster-would = { $added } to add, { $updated } to update, { $known } known already.
roster-taken = { $added } added, { $updated } updated, { $known } known already.
roster-skip = Leave these lines aside and take the others
roster-take = Import
letterhead = Letterhead
letterhead-lead = Your convocations begin and end like this, when you do not bring your own letter.
letterhead-lines = Service, address, telephone: a line each
letterhead-town = Made at
letterhead-signatory = Signed by
letterhead-capacity = In the capacity of
letterhead-emblem = Arms or logo (SVG)
letterhead-has-emblem = An emblem is in place.
letterhead-no-emblem = Take it away
role-clerk = Clerk
role-official = Official
role-guest = Guest
save = Save
invitation-title = Invitation
invitation-for = For { $name }. Hand this code over in person or by a safe way: it lets a device in under this name.
invitation-qr = The invitation’s QR code
invitation-once = The code serves once, until { $date }.
print = Print
devices-title = Devices, Pupitre
devices-lead = Every tablet or computer that came in with an invitation. Revoke a lost one without waiting: it exchanges nothing more.
device-joined = joined { $date }
device-seen = seen { $date } at { $time }
device-never = not seen since
device-revoke = Revoke the device
device-revoke-named = Revoke the device { $name } of { $member }
device-revoke-ask = “{ $name }”, of { $member }, will receive and send nothing more. This cannot be undone: to bring it back takes a new invitation.
device-revoked = Revoked
device-revoked-said = The device “{ $name }” is revoked.
device-quarantined = To be invited again
device-own = This device
audit = Journal
audit-lead = Who came in, who was invited or revoked, what was published and convened. Nobody can change a line of it. What a device exports is not here: the server does not see it.
audit-earlier = See what came before
audit-by = { $date } at { $time }, { $by }
audit-operator = the server
audit-founded = Council created
audit-invited = Invitation for { $subject }
audit-enrolled = Device came in: { $detail }
audit-logged-in = A device logged in
audit-device-revoked = Device revoked: { $detail }
audit-wipe-ordered = Emptying ordered: { $detail }
audit-emptied = Device emptied: { $detail }
audit-member-revoked = Access revoked: { $subject }
audit-quarantined = Device copied or put back to an older state: it writes no more
audit-joined = New member: { $subject } ({ $detail })
audit-role-changed = New role of { $subject }: { $detail }
audit-left = End of mandate: { $subject }
audit-council-changed = Settings of the council changed
audit-published = Sitting published: { $subject }
audit-convened = Convocation sent: { $subject }
audit-called-off = Sitting called off: { $subject }
audit-backed-up = Backup of the server
audit-account-opened = Drafting software let in: { $detail }
audit-account-changed = Access of drafting software changed: { $detail }
audit-account-closed = Drafting software shut out: { $detail }

## Convening

convene = Convene the members
convene-title = Convene
convene-publish-first = Publish the sitting first: members are convened to what everyone can read.
convene-recipients = { $n ->
    [one] { $n } member convened
   *[other] { $n } members convened
 }
convene-confirm = { $n ->
    [one] Convene { $n } member
   *[other] Convene { $n } members
 }
convene-on-paper = On paper, at their request: { $names }.
convene-unreachable = Nothing reaches them, neither tablet nor address: { $names }.
convene-urgency = Reason for urgency
convene-urgency-hint = Only if the delay is shortened; the council decides on it at the opening.
convene-regular = Sent now, the convocation is in time.
convene-late = Sent now, the convocation is late: what is decided could be annulled.
convene-late-knowingly = Send it all the same, knowingly
convene-refused = The convocation cannot leave.
convene-begun = The sitting has begun: it is convened no more.
convene-urgency-too-late = Even by urgency it is too late.
convene-nobody = Nobody is on this body.
convene-no-agenda = The agenda is empty.
convened = { $n ->
    [one] The convocation leaves for { $n } member.
   *[other] The convocation leaves for { $n } members.
 }
convene-remind = Remind those who have not answered
convene-reminded = The reminder is asked for.
track-dispatched = Sent
track-opened = Opened
track-answered = Answers
track-present = Announced present
track-proxies = Proxies
track-members = Member by member
reached-nothing = nothing yet
track-letters = Print the letters (PDF)
track-posted = Posted today
track-prove = Write the proof
track-prove-hint = A file that anybody can verify without Pupitre or a network, and a PDF to read: who was sent what, when, by which way, and the rule day by day.
track-proved = The proof is written: { $file }, with the file to verify beside it.
track-unstamped = Without a time-stamp: { $why }.
track-export = Export the tracking (CSV)
message = Message
message-to = To
message-chosen = Chosen members
message-subject = Subject
message-text = Text
message-sms = As a text message too, at once
message-send = Send
message-sent = { $n ->
    [one] The message goes to { $n } person.
   *[other] The message goes to { $n } people.
 }
message-before = Messages sent
message-counts = { $dispatched } of { $n } reached, { $opened } opened
deadline-second-call = Second call
deadline-installation = Installation
deadline-after-quorum = Sitting that lacked its quorum, on
deadline-after-round = Decisive round, on
deadline-house-days = Clear days that your house rules ask for (the law sets none)
deadline-strict = The law can be read in two ways: count clear days
correction-reason = Reason, which everyone will read
