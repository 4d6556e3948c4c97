# The law in words: rules, delays counted day by day, warnings.

## Rules

law-rule-r1 = Clear days: neither the day of dispatch nor the day of the sitting counts
law-rule-r2 = Commune below 3,500 inhabitants
law-rule-r3 = Commune of 3,500 inhabitants or more
law-rule-r4 = Urgency
law-rule-r5 = Intercommunal council, whatever its size
law-rule-r6 = Departmental council: reports on each matter
law-rule-r7 = Regional council: reports on each matter
law-rule-r8 = Draft primitive budget and its reports
law-rule-r9 = Installation after the general renewal
law-rule-r10 = Alsace-Moselle, commune below 3,500 inhabitants
law-rule-r11 = Second convocation for lack of quorum
law-rule-r12 = Alsace-Moselle, second convocation for lack of quorum
law-rule-r13 = Sitting held by law three days later
law-rule-r14 = Agenda frozen by the convocation
law-rule-r15 = Committee or bureau: no legal delay
law-rule-r16 = Form of the convocation
law-rule-r17 = Effect of an irregular convocation
law-rule-r18 = Date from which days are counted
law-rule-r19 = Convocation asked for by the prefect or by councillors
law-rule-r20 = Note and reports go with the convocation
law-rule-r21 = Quorum
law-rule-r22 = Members interested in the matter
law-rule-r23 = Proxies (commune, EPCI)
law-rule-r24 = Delegations of vote (département, région)
law-rule-r25 = Majority of the votes expressed
law-rule-r26 = Ballot by names, secret ballot
law-rule-r27 = Appointments
law-rule-r28 = What the minutes keep of votes
law-rule-r29 = Closed doors
law-rule-r30 = Remote sitting
law-rule-r31 = Copies to municipal councillors outside the intercommunal council
law-procedure-ordinary = ordinary sitting
law-procedure-urgent = urgency
law-procedure-second-call = second convocation
law-procedure-budget = primitive budget
law-procedure-installation = installation

## Delay

law-days-clear = { $n ->
    [0] no delay
    [one] { $n } clear day
   *[other] { $n } clear days
 }
law-days-at-least = { $n ->
    [0] no delay
    [one] at least { $n } day
   *[other] at least { $n } days
 }
law-by-rule = { $rule } ({ $article }): { $days }
law-latest = To be sent on { $date } at 23:59 at the latest.
law-safe = To be safe, send it on { $date } at the latest: nobody can dispute that date.
law-two-readings = Counted as “at least”: { $least }. Counted in clear days: { $clear }.
law-certain = The rule was read in its text.
law-check = To be checked by your lawyer.
law-house = Delay set by your rules of procedure.
law-house-none = The law sets no delay; your rules of procedure may set one.
law-beside = The convocation itself: { $rule } ({ $article }), on { $date } at 23:59 at the latest.
law-standing-ample = You are in time.
law-standing-short = Last moment: send it now.
law-standing-late = The deadline has passed.
law-verdict-regular = Sent on { $date }: regular.
law-verdict-late = { $n ->
    [one] Sent on { $date }: one day late. The sitting can be held from { $earliest }.
   *[other] Sent on { $date }: { $n } days late. The sitting can be held from { $earliest }.
 }
law-no-rule = No known rule sets this delay.

## Days counted

law-day = { $date }: { $why }
law-why-dispatch-day = day of dispatch, does not count
law-why-not-sent-yet = not sent yet, does not count
law-why-whole = { $nth ->
    [1] day 1
   *[other] day { $nth }
 }
law-why-sitting-day = day of the sitting, does not count
law-why-sitting-day-counts = day of the sitting, day { $nth }
law-even-weekend = { $why } (weekends count)
law-even-holiday = { $why } ({ $holiday } counts like any other day)
law-holiday-new-year = New Year’s Day
law-holiday-good-friday = Good Friday
law-holiday-easter-monday = Easter Monday
law-holiday-labour-day = Labour Day
law-holiday-victory-1945 = Victory Day
law-holiday-ascension = Ascension
law-holiday-whit-monday = Whit Monday
law-holiday-national-day = Bastille Day
law-holiday-assumption = Assumption
law-holiday-all-saints = All Saints’ Day
law-holiday-armistice = Armistice Day
law-holiday-christmas = Christmas
law-holiday-saint-stephen = Saint Stephen’s Day
law-holiday-abolition-of-slavery = Abolition of Slavery Day

## What must come with it

law-requires-agenda-on-convocation = The agenda stands on the convocation; nothing else can be decided.
law-requires-explanatory-note = An explanatory note on each matter goes with the convocation.
law-requires-contract-drafts-open = Drafts of contracts can be read at the town hall.
law-requires-urgency-reason = The reason for the urgency is written down.
law-requires-urgency-vote = The president reports on the urgency at the opening; the council votes on it and may defer all or part to a later sitting.
law-requires-outside-copies = Municipal councillors who do not sit receive a copy of the convocation and of the note.
law-requires-report-each-matter = A report on each matter is sent or made available.
law-requires-notice-of-availability = Each member is told that the reports can be read.
law-requires-ceser-drafts = Drafts submitted to the CESER go out at the same time.
law-requires-primitive-budget-only = This delay is for the primitive budget alone; the convocation keeps its own.
law-requires-budget-debate = The debate on the budget’s orientations was held within the ten weeks before.
law-requires-first-friday-to-sunday = The first sitting is held on the Friday, Saturday or Sunday after the decisive round.
law-requires-same-agenda-only = Only matters of the first agenda can be decided.
law-requires-no-quorum-needed = No quorum is needed.
law-requires-states-whatever-attendance = The convocation says expressly that the council will decide whatever the attendance.
law-requires-held-by-law = The sitting is held by law, without a new convocation.
law-requires-first-meeting-of-committee = The first meeting is held within eight days of the committee’s creation.
law-requires-by-the-president = The convocation is made by the mayor or the president.
law-requires-entered-in-register = It is entered in the register.
law-requires-posted-or-published = It is posted or published.
law-requires-paper-on-request = It goes on paper, to the home, to whoever asked for that in writing.

## Warnings

law-caution-not-friday-to-sunday = The first sitting of a new council is held from Friday to Sunday.
law-caution-not-after-the-round = This sitting does not follow the decisive round directly.
law-caution-sent-before-first-sitting = A second convocation can only leave after the sitting without quorum.
law-caution-no-lawful-day = No day is left for a regular dispatch: choose a later date.
law-caution-sent-after-sitting = The dispatch comes after the sitting.
law-caution-two-readings = The text can be read in two ways: take the safer date.

## Reception

law-reception-regular = regular
law-reception-cured = irregularity cured: the convocation was received in time
law-reception-defective = irregular

## Frozen agenda

law-change-added = Item added: “{ $title }”
law-change-now-decided = Item that is now to be decided: “{ $title }”
law-change-retitled = Subject changed: “{ $before }” becomes “{ $title }”
law-change-corrected = Correction: “{ $title }”
law-change-information = Item for information added: “{ $title }”
law-change-withdrawn = Item withdrawn: “{ $title }”
law-freeze-free = No new convocation is needed.
law-freeze-new-convocation = A new convocation is needed; it can still leave in time.
law-freeze-urgency-only = It is too late for a new convocation: put the item off, or use the urgency procedure.

## Quorum

law-quorum-needed = { $n ->
    [one] { $n } member present is needed.
   *[other] { $n } members present are needed.
 }
law-prospect-secured = The quorum is secured by the replies.
law-prospect-after-arrivals = The quorum will only be reached when those who come late have arrived.
law-prospect-open = The quorum depends on those who have not replied.
law-prospect-failing = By the replies the quorum cannot be reached.

## Proxies

law-proxy-oneself = Nobody can give a proxy to themselves.
law-proxy-giver-not-in-office = Only a member in office can give a proxy.
law-proxy-bearer-not-in-office = A proxy is given to a member in office.
law-proxy-bearer-holds-one = { $bearer } already holds the proxy of { $name }; a member can bear only one.
law-proxy-bearer-absent = { $bearer } has replied that they will be absent; whoever bears a proxy must be present.
law-proxy-bearer-represented = { $bearer } has given a proxy to { $name } and will not be present.
law-proxy-giver-holds-one = The proxy of { $name } would fall with this one; let them choose somebody else first.
law-proxy-already-given = A proxy has already been given to { $name }; revoke it first.
law-proxy-too-many-sittings = A proxy is good for { $allowed } sittings in a row, unless illness is duly certified; there have been { $n } already.
law-strict = Your council has chosen to count this delay in clear days.
