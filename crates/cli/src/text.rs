//! The answers as lines for people.

use std::fmt::Write as _;

use ipc::{OutlineEntry, PaperOutcome, Words};

use domain::convocation::Verdict;

use crate::answers::{Answer, Convened, Document, Found, Note, Sitting, Status, Verified};
use crate::devices;
use crate::messages::Message;

/// The answer for people.
pub(crate) fn of(answer: &Answer, words: &Words) -> String {
    match answer {
        Answer::Enrolled(enrolled) => {
            format!("Joined {} ({}).", enrolled.council_name, enrolled.member)
        }
        Answer::Synced(done) => format!(
            "Sent {}, received {}, fetched {} papers, {} waiting.",
            done.pushed, done.pulled, done.documents_fetched, done.pending
        ),
        Answer::Status(status) => self::status(status),
        Answer::Lock { pin: false, .. } => "No PIN.".to_owned(),
        Answer::Lock { wrong: 0, .. } => "A PIN is set.".to_owned(),
        Answer::Lock { wrong, wait_ms, .. } => {
            format!("A PIN is set; {wrong} wrong tries, the next in {} s.", wait_ms.div_ceil(1_000))
        }
        Answer::Members(members) => lines(members, |member| {
            let groups = member.groups.join(", ");
            format!("{}  {} {}  {groups}", member.member, member.first_name, member.last_name)
        }),
        Answer::Member { member } => member.to_string(),
        Answer::Imported(taken) => taken.line(),
        Answer::Groups(groups) => lines(groups, |group| {
            format!("{}  {}  {}  {} members", group.group, group.colour, group.name, group.members)
        }),
        Answer::Bodies(bodies) => lines(bodies, |body| {
            format!("{}  {}  {} members", body.body, body.name, body.members.len())
        }),
        Answer::CalendarAddress { address } => address.clone(),
        Answer::Devices(devices) => devices::listed(devices),
        Answer::Sealing(view) => devices::text(view),
        Answer::RecoveryCode { code } => format!(
            "{code}\nWrite it down now: it is not shown again. Whoever has it reads your notes; whoever \
             loses it and all devices loses the sealed ones."
        ),
        Answer::Invitation { code, expires } => format!("{code}  (until {expires})"),
        Answer::Published(done) => {
            format!(
                "Published: {} items, {} papers ({}).",
                done.items, done.documents, done.sitting
            )
        }
        Answer::Replaced(done) => format!("{}: version {}.", done.document, done.version),
        Answer::Convened(done) => convened(done),
        Answer::Tracking(tracks) => lines(tracks, |track| {
            let (state, channel) = (word(&track.state), word(&track.channel));
            let answer = track.answer.as_deref().unwrap_or_default();
            format!("{:<30}  {channel:<5}  {state:<10}  {}  {answer}", track.name, track.at)
        }),
        Answer::Message(one) => message(one),
        Answer::Messages(all) => lines(all, message),
        Answer::Answered(answered) => {
            let said = answered.answer.as_deref().unwrap_or("no answer yet");
            let sent = if answered.sent { "" } else { " (leaves with the next exchange)" };
            format!("{said}{sent}")
        }
        Answer::Proved(done) => {
            let mut text = format!(
                "{} ({} signed entries), and for reading {}",
                done.file, done.entries, done.pdf
            );
            if let Some(stamp) = &done.stamp {
                text += &format!("\nTime-stamped {} by {}.", stamp.at, stamp.authority);
            }
            if let Some(why) = &done.unstamped {
                text += &format!(
                    "\nNOT time-stamped: {why}. The proof holds without; write it again later."
                );
            }
            text
        }
        Answer::Verified(found) => verified(found),
        Answer::Sittings(sittings) => lines(sittings, sitting),
        Answer::Documents(documents) => lines(documents, document),
        Answer::Opened { pages, .. } => format!("Opened: {pages} pages."),
        Answer::Outline(outline) => {
            let mut text = String::new();
            outline_into(&mut text, outline, 0);
            text
        }
        Answer::Annotation { annotation } => annotation.to_string(),
        Answer::TakenIn { annotations, known, left_out } => {
            format!(
                "{} notes taken in, {known} known already, {left_out} left out.",
                annotations.len()
            )
        }
        Answer::Foreign(notes) => lines(notes, |note| {
            let ipc::ForeignNote { page, subtype, author, text, .. } = note;
            format!("p. {page}  {subtype}  {author}  {text}")
        }),
        Answer::Notes(notes) => lines(notes, note),
        Answer::Found(found) => self::found(found),
        Answer::Written { file } => file.clone(),
        Answer::Kept { .. } => words.say("kept"),
        Answer::DeliberationsRead(read) => read.line(),
        Answer::DeliberationsAdded(added) => added.line(),
        Answer::Deadline(deadline) => deadline.lines(words).join("\n"),
        Answer::Checked(checks) => lines(checks, |check| {
            let outcome = match check.outcome {
                PaperOutcome::Ok => "ok",
                PaperOutcome::Password => "password",
                PaperOutcome::Damaged => "damaged",
                PaperOutcome::Unsupported => "unsupported",
            };
            format!("{outcome:<11}  {:>4} p.  {}  {}", check.pages, check.file, check.message)
        }),
    }
}

fn verified(found: &Verified) -> String {
    let Verified { convocations, receipts, council, title, .. } = found;
    let what = match found.sitting {
        Some(_) => format!("{council}, {title}: {convocations} convocations, {receipts} receipts"),
        // An archive has a person in the place of a sitting.
        None => format!("{council}, notes of {title}"),
    };
    if found.valid {
        let office = found.office.map(|key| key.to_string()).unwrap_or_default();
        let mut text = format!("Valid. {what}. Signed under the office key {office}.");
        if let Some(stamp) = &found.stamp {
            let whose = if stamp.trusted { "a root you trust" } else { "the file's own root" };
            text += &format!(
                "\nTime-stamped {} by {}, under {whose}, {}.",
                stamp.at, stamp.authority, stamp.root
            );
        }
        return text;
    }
    format!("NOT VALID. {what}.\n{}", found.problems.join("\n"))
}

fn message(one: &Message) -> String {
    let mark = if one.read { " " } else { "•" };
    let mut text = format!(
        "{mark} {}  {}  {} ({}: {} of {} reached, {} opened)\n  {}",
        one.message,
        one.made,
        one.subject,
        one.to,
        one.dispatched,
        one.recipients,
        one.opened,
        one.text.replace('\n', "\n  ")
    );
    if !one.unreachable.is_empty() {
        text += &format!("\n  Nothing reaches: {}.", one.unreachable.join(", "));
    }
    text
}

fn convened(done: &Convened) -> String {
    let Convened { recipients, number, article, days, latest_day, .. } = done;
    let rule = format!("{days} days, {article}: by {latest_day}");
    let mut text = match (done.verdict, done.already) {
        (Verdict::Refused, _) => {
            let why = done.refusal.as_ref().map(word).unwrap_or_default();
            format!("Refused ({why}): nothing was sent. {rule}.")
        }
        (verdict, true) => format!(
            "Sent before as convocation {number} to {recipients} members ({}); nothing was sent \
             again. {rule}.",
            word(&verdict)
        ),
        (Verdict::Regular, false) => {
            format!("Convocation {number} to {recipients} members, in time. {rule}.")
        }
        (Verdict::Late, false) => format!(
            "LATE: convocation {number} to {recipients} members is after the last lawful day. What \
             the council decides can be annulled. {rule}."
        ),
    };
    for (names, what) in
        [(&done.unreachable, "Nothing reaches"), (&done.on_paper, "To be sent on paper")]
    {
        if !names.is_empty() {
            write!(text, "\n{what}: {}.", names.join(", ")).ok();
        }
    }
    text
}

/// A value's word in JSON.
fn word(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

fn lines<T>(all: &[T], line: impl Fn(&T) -> String) -> String {
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn status(status: &Status) -> String {
    let who = status.name.as_deref().filter(|name| !name.is_empty()).unwrap_or("-");
    let council = status.council_name.as_deref().unwrap_or("no council yet");
    let last = status.last_sync.map_or_else(|| "never".to_owned(), |last| last.to_string());
    let online = if status.online { "online" } else { "offline" };
    format!("{council}: {who}. {online}, {} waiting, up to date {last}.", status.pending)
}

fn sitting(sitting: &Sitting) -> String {
    let Sitting { sitting, title, starts, place, documents, available, .. } = sitting;
    format!("{sitting}  {starts}  {title}, {place}  {available}/{documents} papers")
}

fn document(document: &Document) -> String {
    let Document { document: id, item, title, pages, version, available, .. } = document;
    let here = if *available { "" } else { "  (not here yet)" };
    format!("{id}  {item:>3}  {title}  {pages} p., version {version}{here}")
}

fn note(note: &Note) -> String {
    let quoted = note.quote.as_deref().map(|quote| format!("  “{quote}”")).unwrap_or_default();
    let Note { annotation, document_title, page, kind, text, audience, .. } = note;
    format!("{annotation}  {document_title}, p. {page}  {kind} ({audience}){quoted}  {text}")
}

fn found(found: &Found) -> String {
    let mut text = lines(&found.hits, |hit| {
        format!("{}  {}, p. {}  {}", hit.document, hit.title, hit.page, hit.snippet)
    });
    if !found.without_text.is_empty() {
        // A String takes everything.
        write!(text, "\nWithout text: {}", found.without_text.join("; ")).ok();
    }
    text
}

fn outline_into(text: &mut String, entries: &[OutlineEntry], depth: usize) {
    for entry in entries {
        let page = entry.page.map(|page| format!("  {page}")).unwrap_or_default();
        writeln!(text, "{}{}{page}", "  ".repeat(depth), entry.title).ok();
        outline_into(text, &entry.children, depth + 1);
    }
}
