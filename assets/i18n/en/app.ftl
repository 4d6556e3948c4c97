# The app's words. No-break spaces stand in the text.

app-name = Pupitre
back = Back
close = Close
try-again = Try again
search = Search
settings = Settings
my-notes = My notes
you = You

failure-closed = This page is no longer connected to the app. Nothing is lost: open it again from Pupitre.
failure-gone = The app no longer answers. What was saved is kept: close Pupitre and open it again.

## Dates and times

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
weekday-short-1 = Mon
weekday-short-2 = Tue
weekday-short-3 = Wed
weekday-short-4 = Thu
weekday-short-5 = Fri
weekday-short-6 = Sat
weekday-short-7 = Sun
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = June
month-short-7 = July
month-short-8 = Aug
month-short-9 = Sept
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec
date-day = { $day }
date-long = { $weekday } { $day } { $month }
date-year = { $weekday } { $day } { $month } { $year }
time = { $sharp ->
    [1] { $hour }:{ $minute }
   *[other] { $hour }:{ $minute }
 }
days-today = today
days-tomorrow = tomorrow
days-yesterday = yesterday
days-in = in { $n } days
weeks-in = in { $n } weeks
months-in = { $n ->
    [one] in { $n } month
   *[other] in { $n } months
 }
days-ago = { $n } days ago
kilobytes = { $n } kB
megabytes = { $tenth ->
    [0] { $whole } MB
   *[other] { $whole }.{ $tenth } MB
 }
bytes-of = { $here } of { $all }

## Numbers

n-items = { $n ->
    [0] no item
    [one] { $n } item
   *[other] { $n } items
 }
n-documents = { $n ->
    [0] no paper
    [one] { $n } paper
   *[other] { $n } papers
 }
n-pages = { $n ->
    [one] { $n } page
   *[other] { $n } pages
 }
n-pages-short = { $n } p.
n-notes = { $n ->
    [one] { $n } note
   *[other] { $n } notes
 }

## State of the exchange

sync-fresh = Up to date, { $time }
sync-online = Connected
sync-sending = { $n ->
    [one] { $n } note on its way
   *[other] { $n } notes on their way
 }
sync-arriving = { $n ->
    [one] { $n } paper arriving
   *[other] { $n } papers arriving
 }
sync-waiting = { $n ->
    [one] No network, { $n } note waiting
   *[other] No network, { $n } notes waiting
 }
sync-offline = No network
sync-offline-since = No network, up to date { $date } at { $time }
sync-open = Open the settings
server = Exchange with the server
server-lead = Everything you write is first kept on this tablet, and leaves as soon as there is a network.
calendar-feed = My sittings in my calendar
calendar-feed-lead = Your usual calendar reads the sittings you are convened to at this address, and follows postponements and cancellations. Keep it to yourself.
calendar-feed-show = Show the address
calendar-feed-renew = Change the address
exchange-now = Exchange now
exchange-busy = Exchanging…
exchange-done = Everything is exchanged.
notes-unreadable = { $n ->
    [one] { $n } note from elsewhere could not be read; it is kept aside.
   *[other] { $n } notes from elsewhere could not be read; they are kept aside.
 }

## First start

enrol-title = Join your council
enrol-lead = The clerk gave you an invitation. You may paste the whole message: address and code will find their places.
enrol-server = Address of the server
enrol-code = Invitation code
enrol-code-hint = Sixteen signs, in groups of four. It works once.
enrol-device = Name of this device
enrol-device-default = Tablet
enrol-join = Join
enrol-busy = One moment…
enrol-incomplete = The address, the code or the name of the device is missing. Fill them in, then try again.

## Home

home-title = Home, Pupitre
next-sitting = Next sitting, { $when }
sitting-when = { $time }, { $place }.
sitting-no-agenda = The agenda is not published yet.
open-sitting = Open the sitting
papers-here = { $n ->
    [one] { $n } paper on the tablet
   *[other] { $n } papers on the tablet
 }
papers-of = { $here } of { $all } papers on the tablet
papers-unread = { $n ->
    [one] { $n } unread paper
   *[other] { $n } unread papers
 }
state-coming = To come
state-read = Read
state-held = Held
coming = To come
past = Past sittings
latest-notes = Your latest notes
no-next = No sitting is planned for now. The next one will appear here as soon as the clerk has published it.
show-more = { $n ->
    [one] Show { $n } more sitting
   *[other] Show { $n } more sittings
 }
empty-title = Your desk is ready
empty-fetching = Your council’s sittings are arriving.
empty-online = No sitting is published for now. It will appear here as soon as the clerk has published it.
empty-offline = The sittings will arrive as soon as there is a network. There is nothing you need to do.
note-place = { $item ->
    [0] { $title }, page { $page }
   *[other] Item { $item }, { $title }, page { $page }
 }
drawing = Drawn by hand
no-notes = You have no notes yet. Open a paper and take the highlighter, the pen or the note.
audience-private = { $who }, private
audience-group = { $who }, group { $group }
audience-council = { $who }, the whole council

## Sitting

agenda = Agenda
agenda-lead = { $items }, { $pages }.
agenda-resume = You were at item { $n }.
convocation = Convocation
closed-doors = Closed doors
information = For information
unread = Unread
first-page = Page of the chosen paper
preview-waiting = This paper is not on the tablet yet. It will arrive as soon as there is a network.
not-here-yet = not here yet
arriving-percent = arriving, { $n } %
page-of-paper = { $title }, page { $page }

## Search

search-placeholder = Words, a name, an amount…
search-hint = Search all papers and all your notes, even with no network.
search-within = Where to search
search-all = Everywhere
search-papers = Papers
search-notes = Notes
search-found = { $n ->
    [0] Nothing was found. Try other words, or fewer.
    [one] { $n } passage found
   *[other] { $n } passages found
 }
search-scans = Scanned papers, whose text cannot be searched: { $titles }.

## Settings

language = Language
language-system = The tablet’s
theme = Appearance
theme-system = The tablet’s
theme-light = Light
theme-dark = Dark
drawing-by-hand = Writing
finger-draws = The finger writes too
finger-draws-hint = Otherwise the finger scrolls the page, and only the pen writes.
barrel = The pen’s button
barrel-lasso = Draw a loop to choose
barrel-eraser = Erase
barrel-nothing = Nothing more

## Reader

back-home = Back to the first screen
pages = Pages
page-of = Page { $page } of { $pages }
page-where = { $labelled ->
    [1] page { $page } of { $pages } (“{ $label }”), page { $packet } of the papers
   *[other] page { $page } of { $pages }, page { $packet } of the packet
 }
page-n = page { $n }
percent = { $n } %
rail = Pages and outline
outline = Outline
paper-before = Previous paper
paper-after = Next paper
find = Find in this paper
find-placeholder = Words of this paper
find-busy = Searching…
find-nothing = Nothing in this paper
find-scan = Scanned paper: its text cannot be searched
find-some-scans = { $n ->
    [one] Nothing here. { $n } page is a scan: its text cannot be searched
   *[other] Nothing here. { $n } pages are scans: their text cannot be searched
 }
find-at = { $at } of { $n }
find-before = Previous passage
find-after = Next passage
notes-panel = Notes of the paper
notes-title = Notes
notes-none = No note on this paper yet. Highlight a passage or put a note: it will appear here.
zoom = Size of the page
zoom-in = Larger
zoom-out = Smaller
zoom-fit = Fit to the window
view = View
view-mode = The pages
view-continuous = One after another
view-single = One at a time
view-two = Two at a time
view-turn = Which way up
turn-left = Turn left
turn-right = Turn right
full-screen = Full screen
look = Light
look-paper = Paper
look-sepia = Cream
look-night = Night
look-hint = At night the page is dark and photographs keep their colours.
link-page = Link to page { $n }
link-address = Link to { $address }
link-outside = An address outside
link-outside-lead = This link leads out of the papers, to a site or a mail program. It will open in another program.
link-open = Open elsewhere
link-stay = Stay here
way = Back after a jump
way-back = Back to page { $n }
way-forward = Forward to page { $n }
way-back-paper = Back to the paper before, page { $n }
way-forward-paper = Forward to the paper after, page { $n }
packet = Papers of the sitting
packet-pages = { $n ->
    [one] p. { $from }
   *[other] p. { $from } to { $to }
 }
outline-below = Under “{ $title }”
go-to-own = or as the paper calls it, from { $first } to { $last }
locked-title = Protected paper
locked-lead = This paper opens with a password that the clerk gave you. It is asked for only once on this tablet.
locked-password = Password
locked-open = Open
spoken-highlight = Highlighted in { $colour }: “{ $quote }”. { $noted ->
    [1] Note: { $text }
   *[other] {""}
 }
spoken-underline = Underlined: “{ $quote }”. { $noted ->
    [1] Note: { $text }
   *[other] {""}
 }
spoken-strikeout = Struck out: “{ $quote }”. { $noted ->
    [1] Note: { $text }
   *[other] {""}
 }
spoken-ink = Drawn by hand. { $noted ->
    [1] Note: { $text }
   *[other] {""}
 }
beside = Open side by side
beside-close = Close the paper at the side
chosen-start = Beginning of the chosen text, arrow keys move it
chosen-end = End of the chosen text, arrow keys move it
go-to = Go to a page
go-to-page = Page of this paper, from 1 to { $n }
go-to-packet = Page of the packet, from 1 to { $n }
go-to-n = Go to page { $n }
go-to-wrong = There is no page with this number.
go = Go
tools = Tools
tool-hand = Hand
tool-lasso = Lasso
tool-underline = Underline
tool-strikeout = Strike out
tool-free = Highlight freely
tool-highlighter = Highlight
tool-pen = Pen
tool-line = Straight line
tool-arrow = Arrow
tool-rectangle = Rectangle
tool-ellipse = Ellipse
tool-note = Note
tool-question = Question
tool-agree = Agreed
tool-disagree = Not agreed
tool-raise = To raise
tool-text = Text
tool-eraser = Eraser
tool-eraser-parts = Fine eraser
tool-kinds = Ways to use the tool
tool-colour = Colour: { $colour }
colours = Colours
colour-yellow = yellow
colour-green = green
colour-blue = blue
colour-pink = pink
colour-black = black
colour-red = red
width-thin = Thin line
width-medium = Medium line
width-broad = Broad line
width-widest = Very broad line
private-to-me = Seen by you and nobody else
private-means = Your notes are private: nobody but you can read them.
sign-question = Question
sign-agree = Agreed
sign-disagree = Not agreed
sign-raise = To raise
undo = Undo
redo = Redo
chosen-text = Chosen text
highlight = Highlight
write-note = Write a note
copy = Copy
paste = Paste
caught = { $n ->
    [one] { $n } item chosen
   *[other] { $n } items chosen
 }
caught-hint = Drag to move.
copied = The text is copied.
note-title = Note
text-title = Text
note-text = Text of the note
note-placeholder = Write here
note-said = Note: { $text }
stamp-said = Stamp { $word }. { $text }
text-said = Text: { $text }
drawn-on = { $n ->
    [one] One drawing by hand, page { $page }
   *[other] { $n } drawings by hand, page { $page }
 }
edit = Edit
remove = Delete
done = Done
mark-waits = What you drew stays here; it is not saved yet.
marks-wait = { $n ->
    [one] One note waits to be saved.
   *[other] { $n } notes wait to be saved.
 }
drafts-found = Notes that were still waiting have been found again.
said-highlighted = Passage highlighted.
said-underlined = Passage underlined.
said-struck-out = Passage struck out.
said-moved = Moved. You can undo it.
said-recoloured = The colour is changed.
said-copied = Copied. Take the lasso and “Paste” to put it elsewhere.
said-pasted = Pasted on this page.
said-nothing-caught = Nothing of yours is in this loop. Draw it around your strokes or notes.
said-erased = Erased. You can undo it.
said-undone = Undone.
said-redone = Done again.

## Clerk's desk

kept = Kept.
title-convocation = Convocation
title-council = Council
title-committee = Committee
title-bureau = Bureau
## Who sees a note

audience-pick = Who will see this note
audience-only-me = Only you
audience-of-group = Group { $group }
audience-all = The whole council
seen-by = Seen by: { $who }
readers-none = nobody else
readers-more = { $n ->
    [one] { $names } and { $n } other
   *[other] { $names } and { $n } others
 }
shared-first = { $who }. Your notes will be seen by { $readers }.
not-shared-left = Not shared with: { $who }. You are no longer a member. The note is kept, seen only by you.
not-shared-role = Not shared with: { $who }. Your role no longer allows it. The note is kept, seen only by you.
not-shared-refused = Not shared with: { $who }. The server did not take it. The note is kept, seen only by you; you can share it again.
not-shared-said = { $n ->
    [one] One note could not be shared. It is kept, seen only by you.
   *[other] { $n } notes could not be shared. They are kept, seen only by you.
 }
store-mended = { $n ->
    [0] What this tablet kept was damaged. It is set aside, and everything comes again from the server.
    [one] What this tablet kept was damaged. It is set aside, one change that had not been sent was found again, and the rest comes from the server.
   *[other] What this tablet kept was damaged. It is set aside, { $n } changes that had not been sent were found again, and the rest comes from the server.
 }
store-mended-unknown = What this tablet kept was damaged. Nothing is deleted; ask the clerk for a new invitation, and everything comes from the server.
keep-private = Keep it private
answers = Answers
answer = Answer
answer-text = Your answer
answer-placeholder = Answer those who see this note
answer-remove = Delete this answer
fresh = New
shown-notes = Notes of others to show
notebook-title = Notes of { $name }
notebook-written = Written to { $file }

## My notes

sift = Choose notes
sift-all = All
sift-audience = Seen by
sift-author = By
sift-kind = Kind
sift-colour = Colour
sift-fresh = Since you last read ({ $n })
sift-nothing = No note fits this choice.
kind-marked = Marked passages
kind-written = Written notes
kind-drawn = Drawn by hand
speak = Speak
speak-by-item = One item at a time
speak-before = Previous note
speak-next = Next
export-pdf = As PDF
export-odt = For a word processor
archive = Take everything, signed
archive-hint = All your notes in one file, with a signature that can be checked: for the end of a mandate.
export-markdown = As Markdown
## New version

vs-title = New version
vs-title-of = { $title }, new version
vs-open = Compare with the version before
vs-about = Version { $n } of { $day }
vs-about-why = Version { $n } of { $day }:
vs-version = Version { $n }
vs-version-page = Version { $n }, page { $page } of { $pages }
vs-choose = Version to compare
vs-page-before = Page before
vs-page-after = Next page
vs-side = Notes and changes
vs-tab-notes = Notes ({ $n })
vs-tab-changes = Changes ({ $n })
vs-n-found = { $n ->
    [one] { $n } note found again
   *[other] { $n } notes found again
 }
vs-n-check = { $n } to check
vs-n-lost = { $n ->
    [one] { $n } passage removed
   *[other] { $n } passages removed
 }
vs-check = To check
vs-lost = Passage removed
vs-moved = Found elsewhere
vs-same = In the same place
vs-kept = Kept aside
vs-no-notes = You have no notes on this version.
vs-no-changes = The text is the same in both versions.
vs-text-changed = The text is now: “{ $now }”.
vs-on-page = Page { $old } of version { $version }, probably page { $new } now.
vs-old-place = Page { $old } of version { $version }. The note is kept.
vs-went = Page { $old }, now page { $new }
vs-added = Added, page { $new }
vs-removed = Removed, page { $old } of the earlier version
vs-changed = Changed, page { $new }
vs-cancel = Cancel
vs-accept = It is there
vs-move = Move
vs-keep = Keep aside
vs-where = Touch the new place, or drag over the words. With the keyboard: the arrows, then Enter.
vs-said-placed = The note is in its place.
vs-said-kept = The note is kept aside.
vs-carrying = Your notes are being carried into the new version of “{ $title }”: { $done } of { $total }.
vs-new = New
vs-changed-since = { $title }, version { $n }: what changed since you read it
vs-earlier = Version { $n }, replaced
vs-present = Read the present version
vs-read = Read this version
vs-undo = Undo the last choice
vs-undone = The choice is undone.
vs-picture = The old place, page { $page } of version { $n }
copy-title = Take a copy along
copy-editable = With editable notes
copy-flattened = Notes drawn in
copy-notes = Notes alone
copy-xfdf = Notes alone, XFDF
copy-hint = The copy holds the notes you see, those shared with you too. The original does not change.
grip = Corner or end: drag it, or use the arrow keys
said-resized = The size is changed.
remark-title = In the document
remark-fixed = This comment is part of the document and does not change.
remark-comment = { $named ->
    [0] Comment: { $text }
   *[other] Comment by { $name }: { $text }
 }
remark-field = { $named ->
    [0] Field: { $text }
   *[other] Field { $name }: { $text }
 }
remark-tick = { $on ->
    [0] Box { $name }, not ticked
   *[other] Box { $name }, ticked
 }
take-in = Take in the notes of a file
taken-in = Notes taken in: { $n }. Known already: { $known }. Left out, of an unknown kind: { $left }.

lock-title = Tablet locked
lock-lead = Enter the code that you chose. Everything you wrote is kept.
lock-pin = Code
lock-open = Open
lock-letters = Type letters
lock-digits = Type digits
lock-wait = { $n ->
    [one] One more second until the next attempt.
   *[other] { $n } more seconds until the next attempt.
 }
pin-settings = Lock code
pin-none = Without a code, whoever holds the tablet reads everything. Choose one of at least six signs; the longer, the better it protects. There is no way to get it back.
pin-there = The code is asked for whenever Pupitre is opened.
pin-old = Present code
pin-new = New code
pin-again = The same once more
pin-set = Set this code
pin-change = Change the code
pin-remove = Remove the code
pin-differs = The two codes are not the same. Nothing has changed.
pin-is-set = The code is set.
pin-is-gone = The code is removed.
pin-after = Lock when nobody touches it
pin-minutes = { $n ->
    [one] after one minute
   *[other] after { $n } minutes
 }
pin-never = never
pin-now = Lock now
page-unshown = This page cannot be shown: the file is damaged here. Your notes are kept; ask the clerk to publish it again.

sealing = Sealed notes
sealing-off = Your notes travel unsealed: whoever runs the server can read them. Sealed, your own notes and those for your group can be read on the devices of those they are for, and nowhere else. Notes for the whole council stay readable by all.
sealing-loss = Nobody else keeps the key, neither the clerk nor the host. Whoever loses all devices and the recovery code loses the sealed notes. Make the code right after.
sealing-begin = Seal my notes
sealing-waits = This device waits for your agreement. On another device of yours, open Settings: if the six words are the same there, agree. Until then you read the papers, and your sealed notes wait.
sealing-code-field = Or your recovery code
sealing-recover = Open with the code
sealing-anew-lead = Have you lost all your other devices and the code? You can begin anew: what was sealed before can never be opened again, and the members of your group will have to recognise you.
sealing-anew = Begin anew
sealing-on = { $n ->
    [one] Your notes are sealed. One device reads them.
   *[other] Your notes are sealed. { $n } of your devices read them.
 }
sealing-request = A device of yours asks to read your notes. Does it show these six words, in this order? If not, do not agree, and tell the clerk.
sealing-approve = The words are the same: agree
sealing-decline = I do not know this device
sealing-newcomer = The clerk has put { $name } into { $group }. This person reads nothing that the group seals before one of you agrees. Choose what they will read: the notes to come alone, or all those already written too. What they have read cannot be taken back.
sealing-welcome-now = { $name } reads from now on
sealing-welcome-all = { $name } reads the notes of before too
sealing-from-now = In { $group }, you read the notes sealed since the group agreed, not those of before.
sealing-missing = Notes for { $group } are not sealed yet. All its members must seal theirs; missing: { $members }.
sealing-code-none = You have no recovery code. Without it, losing all your devices is losing your sealed notes.
sealing-code-is = You have a recovery code. Making a new one makes the former useless.
sealing-code = Make a recovery code
sealing-code-shown = Copy this code now, on paper: it will not be shown again. Whoever has it can read your notes.
code-reminder = Your sealed notes hang on this device alone. A recovery code on paper keeps them should you lose it.
code-reminder-open = Make the code
code-reminder-later = Do not remind me again
sealing-waiting = { $n ->
    [one] One note waits for its key.
   *[other] { $n } notes wait for their key.
 }
sealing-forged = A list of the devices of { $name } was made up or changed on its way. It was not believed; nothing is lost. Tell the clerk.
sealing-other-key = The devices of { $name } present themselves under another key than before. That is as it should be if this person lost everything and began anew: ask in person. If not, do not accept.
sealing-agree = I asked { $name }: accept

## Devices, and time without a connection
device-wipe = Revoke and empty
device-wipe-named = Revoke and empty { $name }
device-wipe-ask = When “{ $name }” next connects, it will send its last notes, then destroy its keys and all its files. If it never connects, it locks itself after thirty days.
device-wipe-said = The device “{ $name }” is revoked; it will empty itself when it next connects.
device-wipe-waits = To be emptied
device-emptied = Emptied
emptied-office = This tablet was emptied at the clerk’s request. What had been sent is kept on the server.
emptied-own = This tablet was emptied at your request. What had been sent is kept on the server.
emptied-unsent = { $n ->
    [one] One change could not be sent and was erased with it.
   *[other] { $n } changes could not be sent and were erased with it.
 }
lease-ends = { $n ->
    [one] This tablet has not reached the server for a long time: it will lock tomorrow. Connect it to the network.
   *[other] This tablet has not reached the server for a long time: it will lock in { $n } days. Connect it to the network.
 }
own-devices = My devices
own-devices-hint = Those you read and write with. A lost device is revoked here.
own-devices-show = Show my devices
