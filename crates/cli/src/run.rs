//! One command: words in, an answer out.

use std::path::Path;

use client::Client;
use client::ports::{Lock as _, Papers};
use client::proof::Trust;
use client::proof::revocations::Revocations;
use domain::SittingId;
use ipc::{
    ClerkCommand, ClerkReply, Command, Convening, ConvocationCommand, DocumentView, ErrorCode,
    NoteFilter, NotebookForm, PaperCheck, PaperOutcome, Problem, Published, Reason, Reply, Secret,
    SittingView, Words,
};
use store::Vault;

use crate::answers::{Answer, Enrolled, Status, Verified, tracks};
use crate::args::{Args, Deliberations, Members, Mode, Pdf, Pin, Verb};
use crate::failure::Failure;
use crate::tablet::{ask, open, reader, the, unexpected};
use crate::{deadline, deliberations, devices, language, marks, members, messages, page, tablet};

/// Runs the command.
pub(crate) async fn run(args: &Args) -> Result<Answer, Failure> {
    if let Verb::Pdf(Pdf::Check { files }) = &args.command {
        let reader = reader()?;
        let mut checks = Vec::with_capacity(files.len());
        for file in files {
            checks.push(check(&reader, file).await);
        }
        return Ok(Answer::Checked(checks));
    }
    if let Verb::Deadline(asked) = &args.command {
        return deadline::answer(asked).map(|found| Answer::Deadline(Box::new(found)));
    }
    if let Verb::Deliberations(Deliberations::Check { file }) = &args.command {
        return deliberations::check(file, &Words::new(language()));
    }
    if let Verb::Verify { file, stamp_ca, stamp_crl } = &args.command {
        let read = |file: &Path| {
            std::fs::read(file).map_err(|_| {
                Failure::Problem(Problem::about(
                    ErrorCode::FileUnreadable,
                    file.display().to_string(),
                ))
            })
        };
        let roots = stamp_ca.as_deref().map(|file| {
            let name = file.display().to_string();
            let wrong = |_| Failure::Problem(Reason::NotCertificates { file: name }.into());
            client::proof::stamp::roots(&read(file)?).map_err(wrong)
        });
        let roots = roots.transpose()?;
        let revocations = stamp_crl.as_deref().map(|file| {
            let name = file.display().to_string();
            let wrong = |_| Failure::Problem(Reason::NotRevocations { file: name }.into());
            Revocations::read(&read(file)?).map_err(wrong)
        });
        let revocations = revocations.transpose()?;
        let trust = Trust { roots: roots.as_deref(), revocations: revocations.as_ref() };
        let bytes = read(file)?;
        let found = if client::archive::is_archive(&bytes) {
            client::archive::verify(&bytes)
        } else {
            client::proof::verify_trusting(&bytes, &trust)
        };
        return Ok(Answer::Verified(Box::new(Verified::new(found, &Words::new(language())))));
    }
    let Some(profile) = &args.profile else {
        return Err(Failure::Usage("Name the device's folder with --profile DIR.".to_owned()));
    };
    if matches!(args.command, Verb::Pin(Pin::Status)) {
        let vault = Vault::open(profile).map_err(|error| Problem::from(&error))?;
        return tablet::lock(&vault);
    }
    if let Verb::Ark { out } = &args.command {
        return tablet::ark(profile, args.pin.as_deref(), out);
    }
    let (client, vault) = open(profile, args.pin.as_deref())?;
    let answer = if let Verb::Pin(asked) = &args.command {
        match asked {
            Pin::Status => tablet::lock(&vault),
            Pin::Set { new } => tablet::set_pin(&vault, Some(new)),
            Pin::Remove => tablet::set_pin(&vault, None),
        }
    } else {
        answer(&client, &args.command).await
    };
    let dismissal = client.dismissals().borrow().clone();
    client.shutdown().await;
    if let Some(dismissal) = dismissal {
        vault.empty(dismissal.notice()).map_err(|error| Problem::from(&error))?;
        dismissal.confirm().await;
    }
    answer
}

async fn check(reader: &impl Papers, file: &Path) -> PaperCheck {
    if file.is_file() {
        return reader.check(file).await;
    }
    PaperCheck {
        file: file.display().to_string(),
        outcome: PaperOutcome::Damaged,
        pages: 0,
        message: "There is no such file.".to_owned(),
    }
}

async fn answer(client: &Client, verb: &Verb) -> Result<Answer, Failure> {
    match verb {
        Verb::Enrol { url, code, device, ca } => {
            enrol(client, url, code, device, ca.as_deref()).await
        }
        Verb::Sync => Ok(Answer::Synced(ask(client, Command::Sync, the!(Reply::Synced)).await?)),
        Verb::Status => {
            let status = ask(client, Command::Status, the!(Reply::Status)).await?;
            let online = status.session.is_some() && client.server_answers().await;
            Ok(Answer::Status(Status::new(&status, online)))
        }
        Verb::Members(Members::List) => {
            Ok(Answer::Members(ask(client, Command::Members, the!(Reply::Members)).await?))
        }
        Verb::Members(Members::Import { file, emails, skip_bad_rows, dry_run }) => {
            let words = Words::new(crate::language());
            let emails = emails.as_deref();
            members::import(client, file, emails, *skip_bad_rows, *dry_run, &words).await
        }
        Verb::Members(Members::Edit(asked)) => members::edit(client, asked).await,
        Verb::Members(Members::Leave { member, on }) => {
            let command = ClerkCommand::Leave { member: *member, on: *on };
            members::mandate(client, *member, command).await
        }
        Verb::Members(Members::TakeUp { sitting }) => {
            let asked = Command::Clerk(ClerkCommand::TakeUpPeople(*sitting));
            ask(client, asked, the!(Reply::Clerk)).await?;
            let all = ask(client, Command::Members, the!(Reply::Members)).await?;
            Ok(Answer::Members(all))
        }
        Verb::Members(Members::Return { member }) => {
            members::mandate(client, *member, ClerkCommand::ComeBack(*member)).await
        }
        Verb::Messages(asked) => messages::answer(client, asked).await,
        Verb::Devices(asked) => devices::answer(client, asked).await,
        Verb::Groups(asked) => members::groups(client, asked).await,
        Verb::Bodies(asked) => members::bodies(client, asked).await,
        Verb::Members(Members::Add {
            first,
            last,
            email,
            group,
            function,
            role,
            phone,
            on_paper,
        }) => {
            let command = Command::AddMember {
                first_name: first.clone(),
                last_name: last.clone(),
                email: email.clone(),
                group: group.clone(),
                role: (*role).into(),
                function: function.clone(),
                phone: phone.clone(),
                on_paper: *on_paper,
            };
            let member = ask(client, command, the!(Reply::Member)).await?;
            Ok(Answer::Member { member })
        }
        Verb::Invite { member } => {
            let reply = client.handle(Command::Invite { member: *member }).await?;
            let Reply::Invitation { code, expires } = reply else { return Err(unexpected()) };
            Ok(Answer::Invitation { code, expires })
        }
        Verb::Publish { path, password } => {
            // A draft has an identifier; a folder of that name comes first.
            let draft = path.to_str().and_then(|text| text.parse().ok());
            if let Some(sitting) = draft.filter(|_| !path.exists()) {
                return publish_draft(client, sitting).await;
            }
            let password = password.as_ref().map(Secret::new);
            let command = Command::Publish { path: path.clone(), password };
            Ok(Answer::Published(ask(client, command, the!(Reply::Published)).await?))
        }
        Verb::Replace { document, file, note } => {
            let path = std::path::absolute(file).unwrap_or(file.clone());
            let command = Command::Replace { document: *document, path, note: note.clone() };
            Ok(Answer::Replaced(ask(client, command, the!(Reply::Replaced)).await?))
        }
        Verb::Convene { sitting, reason, correct, answer_by, check, procedure, after, .. } => {
            let convening = Convening {
                sitting: *sitting,
                urgency: reason.clone(),
                correction: correct.clone(),
                answer_by: *answer_by,
                procedure: (*procedure).into(),
                after: *after,
            };
            let command = if *check {
                ConvocationCommand::Judge(convening)
            } else {
                ConvocationCommand::Convene(convening)
            };
            convened(client, command).await
        }
        Verb::Postpone { sitting, to, place, note, urgent } => {
            let convening = Convening {
                urgency: urgent.clone(),
                correction: Some(note.clone()),
                ..Convening::of(*sitting)
            };
            let (starts, place) = (*to, place.clone());
            convened(client, ConvocationCommand::Postpone { convening, starts, place }).await
        }
        Verb::CallOff { sitting, reason } => {
            let command = ConvocationCommand::CallOff { sitting: *sitting, reason: reason.clone() };
            tracking(client, command).await
        }
        Verb::Tracking { sitting, csv } => {
            // What came meanwhile, when there is a network.
            client.handle(Command::Sync).await.ok();
            if let Some(out) = csv {
                let out = std::path::absolute(out).unwrap_or(out.clone());
                let (sitting, file) = (*sitting, Some(out.clone()));
                let command = ConvocationCommand::Export { sitting, out: file };
                return written(client, command, &out).await;
            }
            tracking(client, ConvocationCommand::Tracking { sitting: *sitting }).await
        }
        Verb::Remind { sitting } => {
            tracking(client, ConvocationCommand::Remind { sitting: *sitting }).await
        }
        Verb::CalendarAddress { renew } => {
            let reply = client.handle(Command::Calendar { renew: *renew }).await?;
            let Reply::Calendar { address } = reply else { return Err(unexpected()) };
            Ok(Answer::CalendarAddress { address })
        }
        Verb::Calendar { sitting, out } => {
            let (sitting, out) = (*sitting, std::path::absolute(out).unwrap_or(out.clone()));
            written(client, ConvocationCommand::Calendar { sitting, out: out.clone() }, &out).await
        }
        Verb::Letters { sitting, member, out } => {
            let (sitting, member) = (*sitting, *member);
            let out = std::path::absolute(out).unwrap_or(out.clone());
            let command = ConvocationCommand::Letters { sitting, member, out: Some(out.clone()) };
            written(client, command, &out).await
        }
        Verb::Proof { sitting, out } => {
            let out = std::path::absolute(out).unwrap_or(out.clone());
            let command = ConvocationCommand::Prove { sitting: *sitting, out: Some(out) };
            let command = Command::Convocation(command);
            Ok(Answer::Proved(ask(client, command, the!(Reply::Proved)).await?))
        }
        Verb::Letterhead { file } => {
            let path = std::path::absolute(file).unwrap_or_else(|_| file.clone());
            let command = Command::Clerk(ipc::ClerkCommand::SaveLetterhead(path));
            client.handle(command).await?;
            Ok(Answer::Kept { kept: true })
        }
        Verb::Law { house_days, strict } => {
            let (house_days, strict) = (*house_days, *strict);
            let command = ClerkCommand::SaveLawChoices { house_days, strict };
            client.handle(Command::Clerk(command)).await?;
            Ok(Answer::Kept { kept: true })
        }
        Verb::StampAuthority { url, ca, none: _ } => {
            let named = url.clone().zip(ca.as_ref());
            let named = named
                .map(|(url, ca)| (url, std::path::absolute(ca).unwrap_or_else(|_| ca.clone())));
            client.handle(Command::Clerk(ClerkCommand::SaveStampAuthority(named))).await?;
            Ok(Answer::Kept { kept: true })
        }
        Verb::Posted { sitting, member, at, proof } => {
            let (sitting, member, at, proof) = (*sitting, *member, *at, proof.clone());
            let at = Some(at);
            tracking(client, ConvocationCommand::Posted { sitting, member, at, proof }).await
        }
        Verb::Answer { sitting, answer, member } => {
            let (sitting, answer, member) = (*sitting, *answer, *member);
            let command = ConvocationCommand::Answer { sitting, answer, member };
            let said = answered(client, command).await?;
            // Only the server knows what others gave this bearer.
            if let (domain::Answer::Proxy(bearer), Answer::Answered(answered)) = (answer, &said)
                && member.is_none()
                && answered.answer.as_deref() != Some(&format!("proxy:{bearer}"))
            {
                let problem = Problem::about(ErrorCode::ProxyBearerFull, bearer.to_string());
                return Err(Failure::Problem(problem));
            }
            Ok(said)
        }
        Verb::Bear { sitting, giver, refuse } => {
            let (sitting, giver, accepts) = (*sitting, *giver, !*refuse);
            answered(client, ConvocationCommand::Bear { sitting, giver, accepts }).await
        }
        Verb::Sittings => {
            let cards = ask(client, Command::Sittings, the!(Reply::Sittings)).await?;
            Ok(Answer::Sittings(cards.into_iter().map(Into::into).collect()))
        }
        Verb::Documents { sitting } => {
            let command = Command::Sitting { sitting: *sitting };
            let view: SittingView = *ask(client, command, the!(Reply::Sitting)).await?;
            let papers = view.items.into_iter().flat_map(|item| item.documents);
            let papers: Vec<DocumentView> = view.convocation.into_iter().chain(papers).collect();
            Ok(Answer::Documents(papers.into_iter().map(Into::into).collect()))
        }
        Verb::Unlock { document, password } => {
            let command = Command::Unlock { document: *document, password: Secret::new(password) };
            let paper = ask(client, command, the!(Reply::Document)).await?;
            Ok(Answer::Opened { document: paper.document, pages: paper.pages })
        }
        Verb::Outline { document } => {
            let command = Command::Outline { document: *document };
            Ok(Answer::Outline(ask(client, command, the!(Reply::Outline)).await?))
        }
        Verb::Page { document, page, width, out } => {
            page::draw(client, *document, *page, *width, out).await
        }
        Verb::Annotate(wanted) => marks::annotate(client, wanted).await,
        Verb::Notes { archive: Some(out), .. } => {
            let out = Some(std::path::absolute(out).unwrap_or(out.clone()));
            let command = Command::Archive { language: crate::language(), out };
            let reply = client.handle(command).await?;
            let Reply::Written { file } = reply else { return Err(unexpected()) };
            Ok(Answer::Written { file: file.display().to_string() })
        }
        Verb::Notes { document, audience, out: Some(out), archive: None } => {
            let extension = out.extension().and_then(|extension| extension.to_str());
            let form = extension.and_then(NotebookForm::of_extension).ok_or_else(|| {
                Failure::Usage("Name a file that ends with .md, .odt or .pdf.".to_owned())
            })?;
            let filter = NoteFilter {
                document: *document,
                audience: audience.clone(),
                ..Default::default()
            };
            let out = Some(std::path::absolute(out).unwrap_or(out.clone()));
            let language = crate::language();
            let command = Command::ExportNotes { filter, form, language, out };
            let reply = client.handle(command).await?;
            let Reply::Written { file } = reply else { return Err(unexpected()) };
            Ok(Answer::Written { file: file.display().to_string() })
        }
        Verb::Notes { document, audience, out: None, archive: None } => {
            let command = Command::Notes { document: *document, audience: audience.clone() };
            let cards = ask(client, command, the!(Reply::Notes)).await?;
            Ok(Answer::Notes(cards.into_iter().map(Into::into).collect()))
        }
        Verb::Reply { annotation, text } => {
            let (document, annotation, text) = (None, *annotation, text.clone());
            let command = Command::Reply { document, annotation, text, id: None };
            let made = ask(client, command, the!(Reply::Marked)).await?;
            Ok(Answer::Annotation { annotation: made.mark.id })
        }
        Verb::Share { annotation, audience } => {
            let (document, annotation, audience) = (None, *annotation, audience.clone());
            let command = Command::ChangeAudience { document, annotation, audience };
            let shared = ask(client, command, the!(Reply::Marked)).await?;
            Ok(Answer::Annotation { annotation: shared.mark.id })
        }
        Verb::Erase { annotation } => {
            let command = Command::Erase { document: None, annotations: vec![*annotation] };
            ask(client, command, the!(Reply::Marks)).await?;
            Ok(Answer::Annotation { annotation: *annotation })
        }
        Verb::Search { text, within } => {
            let within = (*within).into();
            let command = Command::Search { text: text.clone(), within, places: true };
            Ok(Answer::Found(ask(client, command, the!(Reply::Found)).await?.into()))
        }
        Verb::Export { document, out, mode } => {
            let xfdf = out.extension().is_some_and(|end| end.eq_ignore_ascii_case("xfdf"));
            let usual = if xfdf { Mode::Xfdf } else { Mode::Editable };
            let mode = mode.unwrap_or(usual).into();
            let out = Some(std::path::absolute(out).unwrap_or(out.clone()));
            let reply = client.handle(Command::Export { document: *document, mode, out }).await?;
            let Reply::Written { file } = reply else { return Err(unexpected()) };
            Ok(Answer::Written { file: file.display().to_string() })
        }
        Verb::Import { document, file, audience } => {
            let file = std::path::absolute(file).unwrap_or(file.clone());
            let audience = audience.clone();
            let command = Command::Import { document: *document, file, audience };
            let reply = client.handle(command).await?;
            let Reply::Imported { made, known, left_out } = reply else { return Err(unexpected()) };
            Ok(Answer::TakenIn { annotations: made, known, left_out })
        }
        Verb::Foreign { document } => {
            let command = Command::Foreign { document: *document };
            Ok(Answer::Foreign(ask(client, command, the!(Reply::Foreign)).await?))
        }
        Verb::Deliberations(Deliberations::Add { sitting, file, on, skip_bad_rows }) => {
            let words = Words::new(language());
            deliberations::add(client, *sitting, (file, *on), *skip_bad_rows, &words).await
        }
        // These are answered before the tablet is asked.
        Verb::Pin(_)
        | Verb::Ark { .. }
        | Verb::Verify { .. }
        | Verb::Pdf(_)
        | Verb::Deliberations(Deliberations::Check { .. })
        | Verb::Deadline(_) => Err(Failure::Usage("This command takes no profile.".to_owned())),
    }
}

async fn convened(client: &Client, command: ConvocationCommand) -> Result<Answer, Failure> {
    let done = ask(client, Command::Convocation(command), the!(Reply::Convened)).await?;
    Ok(Answer::Convened(Box::new((*done).into())))
}

async fn written(
    client: &Client,
    command: ConvocationCommand,
    out: &Path,
) -> Result<Answer, Failure> {
    client.handle(Command::Convocation(command)).await?;
    Ok(Answer::Written { file: out.display().to_string() })
}

async fn tracking(client: &Client, command: ConvocationCommand) -> Result<Answer, Failure> {
    let view = ask(client, Command::Convocation(command), the!(Reply::Tracking)).await?;
    Ok(Answer::Tracking(tracks(*view)))
}

async fn answered(client: &Client, command: ConvocationCommand) -> Result<Answer, Failure> {
    let view = ask(client, Command::Convocation(command), the!(Reply::Sitting)).await?;
    let sitting = view.card.sitting;
    // A script has no background exchange: with a network the answer leaves at once.
    client.handle(Command::Sync).await.ok();
    let view = ask(client, Command::Sitting { sitting }, the!(Reply::Sitting)).await?;
    Ok(Answer::Answered((*view).into()))
}

async fn enrol(
    client: &Client,
    url: &str,
    code: &str,
    device: &str,
    ca: Option<&Path>,
) -> Result<Answer, Failure> {
    let authority = ca
        .map(|file| {
            std::fs::read_to_string(file)
                .map_err(|_| Problem::about(ErrorCode::FileUnreadable, file.display().to_string()))
        })
        .transpose()?;
    let command = Command::Enrol {
        server: url.to_owned(),
        code: code.to_owned(),
        device: device.to_owned(),
        authority,
    };
    let status = ask(client, command, the!(Reply::Status)).await?;
    let session = status.session.ok_or_else(unexpected)?;
    Ok(Answer::Enrolled(Enrolled {
        council: session.council,
        member: session.member,
        role: session.role,
        device: session.device,
        council_name: session.council_name,
    }))
}

/// Publishes a draft of the desk as it stands.
async fn publish_draft(client: &Client, sitting: SittingId) -> Result<Answer, Failure> {
    let command = ClerkCommand::Publish { sitting, correction: None, reason: None };
    let reply = ask(client, Command::Clerk(command), the!(Reply::Clerk)).await?;
    let ClerkReply::Draft(view) = reply else { return Err(unexpected()) };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Answer::Published(Published {
        sitting,
        items: count(view.sitting.items.len()),
        documents: count(view.sitting.packet().count()),
    }))
}
