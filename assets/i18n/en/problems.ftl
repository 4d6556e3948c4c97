# What happened, that nothing is lost, what to do.
problem-locked = This tablet is locked. Nothing is lost; enter your code to open it.
problem-wrong-pin = This code does not open the tablet. Nothing is lost; try again.
problem-pin-too-soon = Too many attempts: wait { $subject } more seconds, then enter your code. Nothing is lost.
problem-pin-too-short = This code is too short: it needs at least { $subject } signs. Nothing has changed.
problem-not-enrolled = This tablet has not joined a council yet. Enter the invitation that the clerk gave you.
problem-already-enrolled = This tablet has already joined a council. Nothing has changed.
problem-offline = The server does not answer for now. All that you wrote is kept on the tablet and leaves as soon as the network returns.
problem-untrusted = This server could not prove that it is your council’s. Nothing was sent to it and all is kept on the tablet; tell the clerk.
problem-bad-address = "{ $subject }" is not the address of a Pupitre server. Check it with the clerk.
problem-invitation-refused = This invitation is no longer valid or has already been used. Ask the clerk for a new one.
problem-revoked = The clerk has removed this device from the council. Your notes stay on the tablet; speak to the clerk.
problem-emptied = This tablet has just been emptied, as was asked. What had been sent is kept; to use it again, ask the clerk for an invitation.
problem-lease-over = This tablet has heard nothing of the council for thirty days: it is locked. Nothing is lost, and your waiting notes will be sent; connect it to the network to open it again.
problem-forbidden = Your role does not allow this. Nothing has changed.
problem-server = The server gave an unexpected answer. Nothing is lost; we keep trying.
problem-outdated = This version of Pupitre is too old for the server. Your notes are kept; update the app.
problem-not-found = { $named ->
    [0] This does not exist or is no longer there.
   *[other] "{ $subject }" does not exist or is no longer there.
 }
problem-not-here = "{ $subject }" has not arrived on this tablet yet. It is fetched as soon as the network returns.
problem-no-such-page = This paper has no page { $subject }.
problem-pdf-damaged = The file "{ $subject }" is damaged and cannot be read. Your notes are kept; ask the clerk to publish it again.
problem-pdf-password = The file "{ $subject }" is protected by a password. Open it in Pupitre: it is asked for once.
problem-wrong-password = This password does not open "{ $subject }". Check it, capitals included, or ask the clerk.
problem-publish-password = The file "{ $subject }" is protected by a password. Nothing was published: give the password with the publication, or save the file without protection.
problem-pdf-empty = The file "{ $subject }" is empty. Ask the clerk to publish it again.
problem-pdf-unsupported = The file "{ $subject }" uses a form of PDF that Pupitre cannot show. Ask the clerk for an ordinary PDF.
problem-paper-broken = The file "{ $subject }" has been damaged on this tablet; it is fetched again. Your notes are kept.
problem-pdf-quarantined = The file "{ $subject }" stopped the reader twice and is set aside. Your notes are kept; tell the clerk.
problem-pdf-reader = The PDF reader is missing on this device. Install Pupitre again; your notes are kept.
problem-quote-not-found = These words do not stand on the page: "{ $subject }".
problem-quote-ambiguous = These words stand on the page more than once: "{ $subject }". Give more of them.
problem-not-yours = This note is someone else's: you cannot change it.
problem-not-in-group = { $named ->
    [0] You are not a member of this group. Nothing has changed; choose one of your groups, or keep the note private.
   *[other] You are not a member of the group “{ $subject }”. Nothing has changed; choose one of your groups, or keep the note private.
 }
problem-nothing-to-undo = There is nothing to undo or redo.
problem-disk-full = The tablet has no room left. What was written is kept; free some space, then try again.
problem-store = The data of this tablet cannot be read or written. Nothing is erased; restart Pupitre, and tell the clerk if it goes on.
problem-store-too-new = The data of this tablet comes from a newer version of Pupitre. Nothing is erased; install that version.
problem-file-unreadable = The file "{ $subject }" cannot be read. Check that it exists and that you have access to it.
problem-file-unwritable = The file "{ $subject }" cannot be written. Choose another place.
problem-sitting-description = The description of the sitting has a mistake: { $subject }. Nothing was published.
problem-conflict = Someone else changed "{ $subject }" meanwhile. Nothing was overwritten; look at the new version, then try again.
problem-no-rule = No known rule sets this delay for this assembly. Nothing has changed; ask your lawyer.
problem-bad-input = This value does not fit: { $subject }. Nothing has changed.
problem-recovery-code-wrong = This recovery code is not yours. Nothing was changed; read it again from your paper, group by group.
problem-not-taken-in = This device still waits for the agreement of another of your devices. Your notes stay on it; agree on the other device, or enter your recovery code.
problem-internal = Something unexpected happened. Nothing is lost; try again, and tell us if it goes on.
problem-store-busy = This tablet is already open in another Pupitre. Nothing is lost; close the other one, then try again.

## What does not fit, within a problem's sentence
reason-in-file = { $line ->
    [0] { $file }: { $what }
   *[other] { $file }, line { $line }: { $what }
 }
reason-not-text = it is not a file of UTF-8 text
reason-form = this line cannot be read
reason-unknown-key = "{ $key }" is not a word of this file
reason-unknown-value = "{ $value }" is not one of the values
reason-missing-key = "{ $key }" is missing
reason-empty = the { $field } is empty
reason-length = the { $field } must have 1 to { $most } characters
reason-file-missing = the file "{ $file }" is missing
reason-file-twice = the file "{ $file }" is named twice
reason-not-pdf = “{ $file }” is not a PDF, and tablets show PDFs alone: it is kept on the server but will not be published. Make a PDF of it and drop it here
reason-file-too-large = the file "{ $file }" is larger than 1 GiB
reason-start-incomplete = the start needs a day and an hour
reason-folder-empty = there is no PDF in the folder "{ $folder }"
reason-item-untitled = item { $number } has no title
reason-item-twice = item { $number } stands twice
reason-paper-without-file = the paper "{ $title }" has no file
reason-ragged = { $number } columns instead of { $most }
reason-not-as-written = "{ $text }" is not how { $key } is written
reason-same-number = { $text } stands already on line { $number }
reason-too-many-votes = { $number } votes for { $most } members
reason-column-order = the columns are not in the order of the schema
reason-several-days = this file is about several days ({ $days }); say which
reason-quote-open = a quotation mark is never closed
reason-no-list = this file is not a list; save the sheet as CSV
reason-no-rows = nobody stands in the list
reason-day-to-come = { $text } is still to come
reason-same-person = { $name } stands already on line { $number }
reason-several-people = several people are called { $name }; tell the commune or the e-mail address
reason-stranger = { $name } is not in the list of members
reason-chair-outside = whoever chairs a body is one of its members
reason-twice-on-body = { $name } stands twice
reason-substitute-of-nobody = { $name } stands in for somebody who does not sit here
reason-oneself = you cannot end your own mandate
named-constituency = commune or canton
reason-not-an-address = "{ $text }" is not an e-mail address
reason-not-a-number = "{ $text }" is not a telephone number
reason-sitting-begun = the sitting has begun
reason-posting-in-future = the posting lies in the future
reason-urgency-without-reason = urgency needs its reason
reason-answer-after-start = answers are asked for before the sitting starts
reason-mark-nowhere = a mark needs a place on the page
reason-mark-too-large = the mark is too large
reason-mark-outside = the mark lies outside the page
reason-note-too-long = the text of a note has at most 64 KiB
reason-answer-empty = an answer cannot be empty
reason-quote-needs-markup = only highlighted, underlined or struck text and notes are placed by a quote
reason-strokes-without-form = these strokes are like no line, arrow, rectangle or ellipse
reason-strokes-form = "{ $file }" must hold strokes, [[[x, y, pressure], …], …]
reason-letterhead-too-large = the file "{ $file }" is larger than 64 KiB
reason-letter-template = the council's own template of the letter has a mistake ({ $detail })
reason-request = { $detail }
reason-sitting-closed = the sitting is closed; its papers stay as they are
named-letterhead-line = line of the letterhead
named-change-note = reason for the change
named-title = title
named-file-name = file name
named-device-name = name of the device
named-first-name = first name
named-last-name = last name
named-group-name = name of the group
named-function = function
reason-too-long = the { $field } must have at most { $most } characters
reason-agenda-too-long = an agenda has at most { $most } items
reason-version-published = this version is published already and no longer changes
reason-paper-placeless = a paper must have its place in the sitting
reason-file-unplaced = “{ $file }” has no place on the agenda yet
reason-not-a-day = there is no day or hour “{ $text }”
reason-not-a-colour = a colour is written #rrggbb
reason-group-exists = there is a group “{ $name }” already
reason-publication-under-way = a publication is under way already
reason-state-backward = a sitting is convened, then held, then closed, and never goes back
named-place = place
named-theme = theme
named-rapporteur = rapporteur
named-body-name = name of the body
named-cancel-reason = reason for the cancellation
problem-correction-undecided = “{ $subject }” has been convened. Say first whether this change is a minor correction or asks for a new convocation. Your draft is kept.
problem-nothing-to-publish = There is nothing to publish: everything is published already.
problem-stopped = The publication was stopped. Your draft is kept, and what was sent will not be sent again.
problem-not-convened = This sitting has not been convened yet. Nothing has changed.
problem-not-asked = You are not convened to this sitting: no answer is expected from you. Nothing has changed.
problem-too-late-to-answer = The sitting has begun or was called off: your answer is no longer expected. Call the clerk if need be.
problem-proxy-oneself = Nobody gives a proxy to themselves. Nothing has changed; choose another bearer.
problem-proxy-not-in-office = { $subject } is not convened to this sitting and cannot bear your proxy. Nothing has changed; choose another bearer.
problem-proxy-bearer-full = { $subject } already bears a proxy, and the law allows one. Nothing has changed; choose another bearer.
problem-proxy-bearer-away = { $subject } will not be there and could not vote for you. Nothing has changed; choose another bearer.
problem-proxy-giver-holds = You bear the proxy of { $subject }: it would fall with yours. Nothing has changed; refuse it first, or tell the clerk.
problem-proxy-too-many = A member cannot be represented at more than { $subject } sittings in a row, unless illness is duly certified. Nothing has changed; ask the clerk.
problem-agenda-sent = The agenda has been sent: { $subject }. Nothing has changed; convene again to change it.
problem-too-long = The convocation of “{ $subject }” is too long to be sent. Nothing has left; shorten the titles or the agenda.

## Lists of members

import-refused = { $n ->
    [one] One row does not fit: nothing of this list was taken. Correct it, or ask for it to be left aside (--skip-bad-rows).
   *[other] { $n } rows do not fit: nothing of this list was taken. Correct them, or ask for them to be left aside (--skip-bad-rows).
 }
named-message-subject = subject
named-message-text = text
reason-no-recipient = this message goes to nobody
reason-not-revocations = “{ $file }” holds no list of revoked certificates (PEM or DER)
reason-not-certificates = “{ $file }” holds no certificates of an authority (PEM)
