# Le greffe : préparer, publier, convoquer. Les espaces insécables sont dans le texte.

desk = Greffe
desk-title = Greffe, Pupitre
desk-tab-sittings = Séances
desk-tab-people = Membres
desk-tab-devices = Appareils
desk-new = Nouvelle séance
desk-prepared = En préparation
desk-coming = À venir
desk-empty-title = Aucune séance pour l’instant
desk-empty = Créez la première : son ordre du jour, ses documents et sa convocation se préparent ici. Les élus ne voient rien avant la publication.
desk-without-report = { $n ->
    [one] { $n } point sans rapport
   *[other] { $n } points sans rapport
 }
desk-files-waiting = { $n ->
    [one] { $n } fichier à placer
   *[other] { $n } fichiers à placer
 }
desk-unpublished = { $n ->
    [one] { $n } changement à publier
   *[other] { $n } changements à publier
 }
desk-brought = Reçue de { $by }
desk-strangers = Absents de la liste des membres : { $names }.
desk-outside = Nommés par { $by }, mais ne siègent pas dans cette instance : { $names }.
desk-unnamed = Seront convoqués bien que { $by } ne les nomme pas : { $names }.
desk-take-up = { $n ->
    [one] Inscrire cette personne comme membre
   *[other] Inscrire ces { $n } personnes comme membres
 }
desk-take-up-body = Créer cette instance avec ses membres
desk-take-up-both = { $n ->
    [one] Créer cette instance et y inscrire cette personne
   *[other] Créer cette instance et y inscrire ces { $n } personnes
 }
desk-cancelled = Annulée
desk-state-draft = Brouillon
desk-state-published = Publiée, pas encore convoquée
desk-state-convened = Convoquée
desk-state-held = Tenue
desk-state-closed = Close
new-council = Assemblée
new-committee = Commission
new-bureau = Bureau
new-lead = La séance naît en brouillon : vous seul la voyez tant que vous ne l’avez pas publiée.
new-hint = Titre, lieu et heure de la dernière, ordre du jour vide
new-like = Sur le modèle de
new-like-hint = { $n ->
    [0] Sans point à reprendre
    [one] Reprend le titre d’un point, sans document
   *[other] Reprend les titres de { $n } points, sans document
 }

## Une séance

date-long-plain = { $day } { $month }
sitting-of = { $title } du { $date }
desk-details = La séance
desk-kept = Enregistré à { $time }.
desk-kept-draft = Brouillon enregistré à { $time }
desk-unpublished-long = { $n ->
    [one] { $n } changement n’est pas encore publié.
   *[other] { $n } changements ne sont pas encore publiés.
 }
desk-all-published = Tout est publié
desk-overtaken = Une autre personne du greffe a publié cette séance entre-temps. Vos changements sont gardés : notez-les, puis abandonnez le brouillon pour repartir de la version publiée.
desk-discard = Abandonner le brouillon
desk-discard-changes = Abandonner les changements
desk-discarded = Le brouillon est mis de côté.
desk-more = Plus d’actions
desk-see = Voir comme un élu
field-sitting-title = Titre de la séance
field-day = Jour
field-hour = Heure
field-sitting-place = Lieu
field-body = Instance
field-attendance = Participation
attendance-room = Dans la salle
attendance-hybrid = Dans la salle et à distance
attendance-remote = À distance

## L’ordre du jour

agenda-paste = Coller une liste
agenda-empty = L’ordre du jour est vide. Ajoutez un point, collez une liste, ou déposez les PDF : leurs numéros en feront des points.
item-new = Titre d’un nouveau point
item-add = Ajouter
item-untitled = Point sans titre
item-grip = Déplacer le point { $n }, { $title }
item-grip-hint = Faites glisser, ou utilisez les flèches du clavier
item-moved-said = { $title } : point { $n }
item-up = Monter
item-down = Descendre
item-remove = Retirer le point
item-removed = « { $title } » est retiré de l’ordre du jour.
item-ready = Prêt
item-lacks-title = Titre manquant
item-lacks-report = Rapport manquant
item-report = Rapport, { $pages }
item-report-annexes = Rapport, { $pages }, et { $annexes }
item-no-paper = Aucun document
item-voted = Soumis au vote
item-closed-doors = Huis clos proposé
n-annexes = { $n ->
    [one] { $n } annexe
   *[other] { $n } annexes
 }
version-n = Version { $n }
field-item-title = Titre du point
field-rapporteur-name = Rapporteur
field-item-theme = Thème
field-theme-hint = Finances > Budget
field-paper-title = Titre du document
field-note = Pourquoi ce document est remplacé
field-note-hint = Montant corrigé page 4
paper-report = Rapport
paper-facts = { $file }, { $pages }, { $bytes }
paper-place = Place du document
paper-remove = Retirer le document { $title }
paper-scan = Document numérisé : les élus ne pourront pas y chercher de mots.
paper-scan-short = numérisé, sans texte
others-title = Convocation et autres documents

paste-lead = Collez la liste depuis un courrier ou un tableau. Les numéros, les rapporteurs, les thèmes, le huis clos et les points d’information sont reconnus.
paste-text = Liste des points
paste-placeholder = 1. Approbation du procès-verbal (Mme Claire Martin)
paste-file = Ouvrir un fichier CSV ou texte
paste-found = { $n ->
    [one] { $n } point reconnu
   *[other] { $n } points reconnus
 }
paste-add = { $n ->
    [0] Ajouter à l’ordre du jour
    [one] Ajouter { $n } point à l’ordre du jour
   *[other] Ajouter { $n } points à l’ordre du jour
 }

## Les fichiers

drop = Déposer des PDF
drop-title = Déposez les PDF ici
drop-lead = Le numéro dans le nom du fichier désigne le point : 03-budget.pdf, 03-annexe.pdf. Vous confirmez avant que rien ne soit placé.
file-choose = Choisir un fichier
drop-choose = Choisir des fichiers
import-progress = Fichier { $n } sur { $all } : { $name }
import-stop = Arrêter
import-done = { $n ->
    [0] Aucun fichier n’a pu être lu.
    [one] { $n } fichier est lu.
   *[other] { $n } fichiers sont lus.
 }
files-refused = Non retenus : { $names }.
waiting-title = { $n ->
    [0] Fichiers non retenus
    [one] { $n } fichier à placer
   *[other] { $n } fichiers à placer
 }
waiting-reading = lecture en cours
waiting-place = Place de { $name }
waiting-dismiss = Écarter { $name }
waiting-unplaced = { $n ->
    [one] { $n } fichier attend que vous lui donniez une place.
   *[other] { $n } fichiers attendent que vous leur donniez une place.
 }
waiting-confirm = { $n ->
    [0] Placer
    [one] Placer { $n } fichier
   *[other] Placer { $n } fichiers
 }
target-report = Rapport du point { $n }
target-new-report = Nouvelle version du rapport du point { $n }
target-annex = Annexe du point { $n }
target-convocation = Convocation
target-other = Autre document de la séance
target-version = Nouvelle version de « { $title } »
target-new-item = Nouveau point
target-nowhere = À choisir
foreign-heading = Fichiers reçus à part
foreign-lead = { $n ->
    [one] Ce fichier a été reçu et gardé, mais les tablettes ne montrent que des PDF : les élus ne le voient pas. Enregistrez-le pour en faire un PDF, puis déposez-le ici.
   *[other] Ces fichiers ont été reçus et gardés, mais les tablettes ne montrent que des PDF : les élus ne les voient pas. Enregistrez-les pour en faire des PDF, puis déposez-les ici.
 }
foreign-save = Enregistrer
foreign-save-named = Enregistrer { $name }
refused-title = { $n ->
    [one] Un fichier ne peut pas être publié ; les autres sont gardés.
   *[other] { $n } fichiers ne peuvent pas être publiés ; les autres sont gardés.
 }
refused-dismiss = C’est noté
refused-pdf-damaged = « { $name } » est abîmé ou n’est pas un PDF. Exportez-le de nouveau, puis déposez-le.
refused-pdf-empty = « { $name } » est vide. Exportez-le de nouveau, puis déposez-le.
refused-pdf-password = « { $name } » est protégé par un mot de passe. Retirez la protection, puis déposez-le.
refused-publish-password = « { $name } » est protégé par un mot de passe. Retirez la protection, puis déposez-le.
refused-pdf-unsupported = « { $name } » est un PDF d’une forme que Pupitre ne sait pas montrer. Imprimez-le en PDF, puis déposez-le.
refused-pdf-quarantined = « { $name } » bloque le lecteur de PDF. Imprimez-le en PDF, puis déposez-le.
refused-file-unreadable = « { $name } » n’a pas pu être lu. Vérifiez qu’il est bien là, puis déposez-le de nouveau.

## Publier et corriger

publish = Publier
publish-update = Publier les changements
publish-lead = Les élus verront { $items } et { $documents } dès que tout sera envoyé. Jamais une moitié de séance.
publish-changes = Voici ce qui sera signalé à tous :
publish-lacking = { $n ->
    [one] { $n } point est incomplet
   *[other] { $n } points sont incomplets
 }
publish-confirm = Publier maintenant
publishing = Envoi en cours
publishing-file = Envoi de { $name }
published = La séance est publiée.
correction-question = La séance est déjà convoquée. De quoi s’agit-il ?
correction-minor = Une correction de forme
correction-minor-hint = Une faute de frappe, un document mal numérisé : l’objet des délibérations ne change pas. La convocation reste valable, les élus sont prévenus.
correction-minor-refused = Ce n’est pas possible ici : un point à voter ajouté, un autre jour ou une autre heure ne sont pas des corrections de forme (CAA Marseille, 24 février 1998 et 27 novembre 2008).
correction-convene = Un changement qui demande une nouvelle convocation
correction-convene-hint = La convocation actuelle ne vaut plus. La nouvelle doit elle-même respecter le délai, ou l’urgence.
correction-chip = Nouvelle convocation
mark-convened = Noter comme convoquée par ailleurs
mark-held = Noter comme tenue
mark-closed = Clore la séance
cancel-title = Annuler la séance
cancel-lead = Les élus verront qu’elle n’a pas lieu, et pourquoi, quand vous publierez. La séance et ses documents restent lisibles.
cancel-reason = Motif
cancel-sitting = Annuler la séance
cancel-undo = La séance a finalement lieu
postpone-hint = Pour reporter la séance, changez son jour ou son heure, puis publiez.

## Ce qui a changé

changes-title = Ce qui a changé
changes-new = { $n ->
    [one] { $n } changement depuis votre dernière visite
   *[other] { $n } changements depuis votre dernière visite
 }
change-at = { $date }, { $time }
sitting-cancelled = Cette séance est annulée.
sitting-cancelled-why = Cette séance est annulée : { $reason }
others-papers = Autres documents
change-title = Le titre de la séance a changé ; il était « { $was } ».
change-starts = Le jour ou l’heure a changé ; c’était { $was }.
change-starts-bare = Le jour ou l’heure a changé.
change-place = Le lieu a changé ; c’était « { $was } ».
change-place-bare = Le lieu a changé.
change-kind = L’instance qui siège a changé.
change-attendance = La participation a changé ; c’était : { $was }.
change-cancelled = La séance est annulée.
change-restored = La séance a finalement lieu.
change-item-added = Point { $number } ajouté : « { $subject } ».
change-item-informed = Point { $number } ajouté pour information : « { $subject } ».
change-item-withdrawn = Point retiré : « { $subject } ».
change-item-renamed = Point { $number } : le titre était « { $was } ».
change-item-moved = « { $subject } » passe du point { $was } au point { $number }.
change-doors-closed = Point { $number }, « { $subject } » : huis clos proposé.
change-doors-opened = Point { $number }, « { $subject } » : plus de huis clos.
change-now-voted = Point { $number }, « { $subject } » : désormais soumis au vote.
change-now-informed = Point { $number }, « { $subject } » : désormais pour information.
change-rapporteur = Point { $number }, « { $subject } » : le rapporteur a changé.
change-paper-added = Document ajouté : « { $subject } ».
change-paper-replaced = Document remplacé : « { $subject } ».
change-paper-withdrawn = Document retiré : « { $subject } ».
change-paper-renamed = Document « { $subject } » : son titre était « { $was } ».
change-note = Motif : { $note }

## L’échéance

deadline-ample = Dans les délais jusqu’à { $date }, { $time }
deadline-short = À envoyer sans attendre : dernier instant { $date }, { $time }
deadline-late = Trop tard depuis { $date }, { $time }
deadline-convened = La convocation est partie.
deadline-days = Décompte des jours
deadline-procedure = Comment convoquer
deadline-ordinary = Ordinaire
deadline-urgent = Urgence
deadline-budget = Budget primitif

## Membres, groupes, appareils

people-title = Membres, Pupitre
people-members = Membres
n-members = { $n ->
    [0] aucun membre
    [one] { $n } membre
   *[other] { $n } membres
 }
people-search = Chercher un nom, un groupe, une fonction
people-add = Ajouter un membre
people-edit = Modifier un membre
people-edit-named = Modifier { $name }
people-invite = Inviter
people-invite-named = Inviter un appareil de { $name }
people-no-email = sans adresse électronique
people-groups = Groupes
people-group = Groupe
people-add-group = Ajouter un groupe
people-bodies = Commissions et bureau
people-body = Commission ou bureau
people-add-body = Ajouter une commission ou un bureau
field-first = Prénom
field-last = Nom
field-email = Adresse électronique
field-office = Fonction
field-role = Rôle
field-name = Nom
field-colour = Couleur des notes du groupe
field-body-kind = Nature
field-phone = Téléphone, pour les SMS
field-on-paper = A demandé par écrit ses convocations sur papier
field-copies = Reçoit seulement copie, ne siège pas
people-copies = en copie
people-on-paper = sur papier
people-left = A quitté le conseil le { $day }
people-come-back = Revient au conseil
people-mandate = Fin de mandat
people-leave-lead = La personne quitte ses commissions, et aucun de ses appareils n’échange plus rien. Ses notes restent sur son appareil. On peut revenir en arrière.
people-leaves-on = Dernier jour, aujourd’hui si vide
people-leave = Mettre fin au mandat
body-add-substitute = Ajouter un suppléant
body-add = Ajouter
body-choose = à choisir
body-chaired = présidence : { $name }
n-substitutes = { $n ->
    [one] { $n } suppléant
   *[other] { $n } suppléants
 }
picks-find = Chercher un nom
picks-chosen = { $n ->
    [0] Personne n’est choisi
    [one] { $n } personne choisie
   *[other] { $n } personnes choisies
 }
body-chair = Présidence
body-no-chair = personne
body-substitutes = Suppléants
body-no-substitute = ne supplée pas
body-for-anybody = supplée tout membre
roster-title = Importer une liste
roster-lead = Le fichier du répertoire national des élus ou votre propre tableau (CSV) avec les noms. Rien n’est enregistré avant votre accord.
roster-file = Liste des membres
roster-emails = Liste des adresses électroniques, facultative
roster-would = { $added } à ajouter, { $updated } à mettre à jour, { $known } déjà connus.
roster-taken = { $added } ajoutés, { $updated } mis à jour, { $known } déjà connus.
roster-skip = Laisser ces lignes de côté et prendre les autres
roster-take = Importer
letterhead = Papier à en-tête
letterhead-lead = Vos convocations commencent et finissent ainsi, quand vous ne fournissez pas votre propre lettre.
letterhead-lines = Service, adresse, téléphone : une ligne chacun
letterhead-town = Fait à
letterhead-signatory = Signataire
letterhead-capacity = En qualité de
letterhead-emblem = Blason ou logo (SVG)
letterhead-has-emblem = Un blason est en place.
letterhead-no-emblem = L’enlever
role-clerk = Greffe
role-official = Élu
role-guest = Invité
save = Enregistrer
invitation-title = Invitation
invitation-for = Pour { $name }. Remettez ce code en main propre ou par un moyen sûr : il fait entrer un appareil en son nom.
invitation-qr = Code QR de l’invitation
invitation-once = Le code sert une seule fois, jusqu’au { $date }.
print = Imprimer
devices-title = Appareils, Pupitre
devices-lead = Chaque tablette ou ordinateur qui est entré avec une invitation. Retirez sans attendre celui qui est perdu : il n’échange plus rien.
device-joined = entré { $date }
device-seen = vu { $date } à { $time }
device-never = pas encore revu
device-revoke = Retirer l’appareil
device-revoke-named = Retirer l’appareil { $name } de { $member }
device-revoke-ask = « { $name } », de { $member }, ne pourra plus rien recevoir ni envoyer. Cela ne s’annule pas : pour le remettre, il faudra une nouvelle invitation.
device-revoked = Retiré
device-revoked-said = L’appareil « { $name } » est retiré.
device-quarantined = À réinviter
device-own = Cet appareil
audit = Journal
audit-lead = Qui est entré, qui a été invité ou retiré, ce qui a été publié et convoqué. Personne ne peut y changer une ligne. Ce qu’un appareil exporte n’y est pas : le serveur ne le voit pas.
audit-earlier = Voir ce qui précède
audit-by = { $date } à { $time }, { $by }
audit-operator = le serveur
audit-founded = Assemblée créée
audit-invited = Invitation pour { $subject }
audit-enrolled = Appareil entré : { $detail }
audit-logged-in = Connexion d’un appareil
audit-device-revoked = Appareil retiré : { $detail }
audit-wipe-ordered = Effacement demandé : { $detail }
audit-emptied = Appareil effacé : { $detail }
audit-member-revoked = Accès retiré à { $subject }
audit-quarantined = Appareil copié ou remis à un état ancien : il n’écrit plus
audit-joined = Nouveau membre : { $subject } ({ $detail })
audit-role-changed = Nouveau rôle de { $subject } : { $detail }
audit-left = Fin de mandat : { $subject }
audit-council-changed = Réglages de l’assemblée changés
audit-published = Séance publiée : { $subject }
audit-convened = Convocation envoyée : { $subject }
audit-called-off = Séance annulée : { $subject }
audit-backed-up = Sauvegarde du serveur
audit-account-opened = Logiciel de rédaction autorisé : { $detail }
audit-account-changed = Accès du logiciel de rédaction changé : { $detail }
audit-account-closed = Logiciel de rédaction retiré : { $detail }

## Convoquer

convene = Convoquer les membres
convene-title = Convoquer
convene-publish-first = Publiez d’abord la séance : on convoque sur ce que tous peuvent lire.
convene-recipients = { $n ->
    [one] { $n } membre convoqué
   *[other] { $n } membres convoqués
 }
convene-confirm = { $n ->
    [one] Convoquer { $n } membre
   *[other] Convoquer { $n } membres
 }
convene-on-paper = Sur papier, à leur demande : { $names }.
convene-unreachable = Rien ne les atteint, ni tablette, ni adresse : { $names }.
convene-urgency = Motif d’urgence
convene-urgency-hint = À remplir seulement si le délai est abrégé ; le conseil se prononcera à l’ouverture.
convene-regular = Envoyée maintenant, la convocation est dans les délais.
convene-late = Envoyée maintenant, la convocation est hors délai : les délibérations pourraient être annulées.
convene-late-knowingly = Envoyer quand même, en connaissance de cause
convene-refused = La convocation ne peut pas partir.
convene-begun = La séance a commencé : elle ne se convoque plus.
convene-urgency-too-late = Même en urgence, il est trop tard.
convene-nobody = Personne n’est membre de cette instance.
convene-no-agenda = L’ordre du jour est vide.
convened = { $n ->
    [one] La convocation part à { $n } membre.
   *[other] La convocation part à { $n } membres.
 }
convene-remind = Relancer ceux qui n’ont pas répondu
convene-reminded = La relance est demandée.
track-dispatched = Envoyées
track-opened = Ouvertes
track-answered = Réponses
track-present = Présents annoncés
track-proxies = Pouvoirs
track-members = Membre par membre
reached-nothing = rien encore
track-letters = Imprimer les lettres (PDF)
track-posted = Postée aujourd’hui
track-prove = Écrire la preuve
track-prove-hint = Un fichier que chacun peut vérifier sans Pupitre ni réseau, et un PDF à lire : qui a reçu quoi, quand, par quelle voie, et la règle jour par jour.
track-proved = La preuve est écrite : { $file }, avec le fichier à vérifier à côté.
track-unstamped = Sans horodatage : { $why }.
track-export = Exporter le suivi (CSV)
message = Message
message-to = À
message-chosen = Des membres choisis
message-subject = Objet
message-text = Texte
message-sms = Aussi par SMS, tout de suite
message-send = Envoyer
message-sent = { $n ->
    [one] Le message part à { $n } personne.
   *[other] Le message part à { $n } personnes.
 }
message-before = Messages envoyés
message-counts = { $dispatched } sur { $n } atteints, { $opened } ouverts
deadline-second-call = Seconde convocation
deadline-installation = Installation
deadline-after-quorum = Séance restée sans quorum, le
deadline-after-round = Tour décisif, le
deadline-house-days = Jours francs que demande votre règlement intérieur (la loi n’en fixe pas)
deadline-strict = La loi se lit de deux façons : compter en jours francs
correction-reason = Motif, que tous liront
