# Ce qui s'est passé, que rien n'est perdu, ce qu'il faut faire.
problem-locked = Cette tablette est verrouillée. Rien n’est perdu ; saisissez votre code pour l’ouvrir.
problem-wrong-pin = Ce code n’ouvre pas la tablette. Rien n’est perdu ; essayez encore.
problem-pin-too-soon = Trop d’essais : attendez encore { $subject } secondes, puis saisissez votre code. Rien n’est perdu.
problem-pin-too-short = Ce code est trop court : il en faut au moins { $subject } signes. Rien n’a changé.
problem-not-enrolled = Cette tablette n’est pas encore reliée à un conseil. Saisissez l’invitation que le greffe vous a remise.
problem-already-enrolled = Cette tablette est déjà reliée à un conseil. Rien n’a changé.
problem-offline = Le serveur ne répond pas pour l’instant. Tout ce que vous avez écrit est gardé sur la tablette et partira dès que le réseau revient.
problem-untrusted = Ce serveur n’a pas pu prouver qu’il est celui de votre conseil. Rien ne lui a été envoyé et tout est gardé sur la tablette ; prévenez le greffe.
problem-bad-address = L’adresse « { $subject } » n’est pas celle d’un serveur Pupitre. Vérifiez-la auprès du greffe.
problem-invitation-refused = Cette invitation n’est plus valable ou a déjà servi. Demandez-en une nouvelle au greffe.
problem-revoked = Le greffe a retiré cet appareil du conseil. Vos notes restent sur la tablette ; adressez-vous au greffe.
problem-emptied = Cette tablette vient d’être effacée, comme cela a été demandé. Ce qui avait été envoyé est conservé ; pour l’utiliser de nouveau, demandez une invitation au greffe.
problem-lease-over = Cette tablette n’a rien reçu de l’assemblée depuis trente jours : elle est verrouillée. Rien n’est perdu, et vos notes en attente partiront ; connectez-la au réseau pour la rouvrir.
problem-forbidden = Votre rôle ne permet pas cette action. Rien n’a changé.
problem-server = Le serveur a donné une réponse inattendue. Rien n’est perdu ; nous réessayons.
problem-outdated = Cette version de Pupitre est trop ancienne pour le serveur. Vos notes sont gardées ; mettez l’application à jour.
problem-not-found = { $named ->
    [0] Cet élément n’existe pas ou n’est plus là.
   *[other] « { $subject } » n’existe pas ou n’est plus là.
 }
problem-not-here = « { $subject } » n’est pas encore arrivé sur cette tablette. Il se chargera dès que le réseau revient.
problem-no-such-page = Ce document n’a pas de page { $subject }.
problem-pdf-damaged = Le fichier « { $subject } » est abîmé et ne peut pas être lu. Vos notes sont gardées ; demandez au greffe de le publier à nouveau.
problem-pdf-password = Le fichier « { $subject } » est protégé par un mot de passe. Ouvrez-le dans Pupitre : il vous sera demandé une fois.
problem-wrong-password = Ce mot de passe n’ouvre pas « { $subject } ». Vérifiez-le, majuscules comprises, ou demandez-le au greffe.
problem-publish-password = Le fichier « { $subject } » est protégé par un mot de passe. Rien n’a été publié : donnez ce mot de passe avec la publication, ou enregistrez le fichier sans protection.
problem-pdf-empty = Le fichier « { $subject } » est vide. Demandez au greffe de le publier à nouveau.
problem-pdf-unsupported = Le fichier « { $subject } » utilise une forme de PDF que Pupitre ne sait pas montrer. Demandez au greffe un PDF ordinaire.
problem-paper-broken = Le fichier « { $subject } » s’est abîmé sur cette tablette ; il est téléchargé à nouveau. Vos notes sont gardées.
problem-pdf-quarantined = Le fichier « { $subject } » a bloqué le lecteur deux fois ; il est mis de côté. Vos notes sont gardées ; prévenez le greffe.
problem-pdf-reader = Le lecteur de PDF manque sur cet appareil. Réinstallez Pupitre ; vos notes sont gardées.
problem-quote-not-found = Ces mots ne se trouvent pas sur la page : « { $subject } ».
problem-quote-ambiguous = Ces mots se trouvent plusieurs fois sur la page : « { $subject } ». Donnez-en davantage.
problem-not-yours = Cette note est celle de quelqu’un d’autre : vous ne pouvez pas la changer.
problem-not-in-group = { $named ->
    [0] Vous n’êtes pas membre de ce groupe. Rien n’a changé ; choisissez un de vos groupes, ou gardez la note privée.
   *[other] Vous n’êtes pas membre du groupe « { $subject } ». Rien n’a changé ; choisissez un de vos groupes, ou gardez la note privée.
 }
problem-nothing-to-undo = Il n’y a rien à annuler ni à rétablir.
problem-disk-full = La tablette n’a plus de place. Ce qui était écrit est gardé ; libérez de l’espace, puis recommencez.
problem-store = Les données de la tablette ne peuvent pas être lues ou écrites. Rien n’est effacé ; redémarrez Pupitre, puis prévenez le greffe si cela continue.
problem-store-too-new = Les données de cette tablette viennent d’une version plus récente de Pupitre. Rien n’est effacé ; installez cette version.
problem-file-unreadable = Le fichier « { $subject } » ne peut pas être lu. Vérifiez qu’il existe et que vous y avez accès.
problem-file-unwritable = Le fichier « { $subject } » ne peut pas être écrit. Choisissez un autre endroit.
problem-sitting-description = La description de la séance contient une erreur : { $subject }. Rien n’a été publié.
problem-conflict = Quelqu’un d’autre a modifié « { $subject } » entre-temps. Rien n’a été écrasé ; regardez la nouvelle version, puis recommencez.
problem-no-rule = Aucune règle connue ne fixe ce délai pour cette assemblée. Rien n’a changé ; demandez à votre conseil juridique.
problem-bad-input = Cette valeur ne convient pas : { $subject }. Rien n’a changé.
problem-recovery-code-wrong = Ce code de secours n’est pas le vôtre. Rien n’a changé ; relisez-le sur votre papier, groupe par groupe.
problem-not-taken-in = Cet appareil attend encore l’accord d’un autre de vos appareils. Vos notes y restent ; donnez l’accord depuis l’autre appareil, ou entrez votre code de secours.
problem-internal = Une erreur imprévue s’est produite. Rien n’est perdu ; recommencez, et prévenez-nous si cela continue.
problem-store-busy = Cette tablette est déjà ouverte dans un autre Pupitre. Rien n’est perdu ; fermez l’autre, puis recommencez.

## Ce qui ne convient pas, dans la phrase d’un problème
reason-in-file = { $line ->
    [0] { $file } : { $what }
   *[other] { $file }, ligne { $line } : { $what }
 }
reason-not-text = ce n’est pas un fichier de texte UTF-8
reason-form = cette ligne ne se lit pas
reason-unknown-key = « { $key } » n’est pas un mot de ce fichier
reason-unknown-value = « { $value } » n’est pas une des valeurs possibles
reason-missing-key = « { $key } » manque
reason-empty = { $field } : il n’y a rien
reason-length = { $field } : il faut de 1 à { $most } caractères
reason-file-missing = le fichier « { $file } » manque
reason-file-twice = le fichier « { $file } » est cité deux fois
reason-not-pdf = « { $file } » n’est pas un PDF, et les tablettes ne montrent que des PDF : il est gardé sur le serveur, mais ne sera pas publié. Faites-en un PDF et déposez-le
reason-file-too-large = le fichier « { $file } » dépasse 1 Gio
reason-start-incomplete = il faut un jour et une heure de début
reason-folder-empty = le dossier « { $folder } » ne contient aucun PDF
reason-item-untitled = le point { $number } n’a pas de titre
reason-item-twice = le point { $number } figure deux fois
reason-paper-without-file = le document « { $title } » n’a pas de fichier
reason-ragged = { $number } colonnes au lieu de { $most }
reason-not-as-written = « { $text } » ne s’écrit pas ainsi dans { $key }
reason-same-number = { $text } figure déjà ligne { $number }
reason-too-many-votes = { $number } votes pour { $most } membres
reason-column-order = les colonnes ne sont pas dans l’ordre du schéma
reason-several-days = ce fichier concerne plusieurs jours ({ $days }) ; dites lequel
reason-quote-open = un guillemet n’est jamais refermé
reason-no-list = ce fichier n’est pas une liste ; enregistrez la feuille au format CSV
reason-no-rows = la liste ne contient personne
reason-day-to-come = le { $text } n’est pas encore passé
reason-same-person = { $name } figure déjà à la ligne { $number }
reason-several-people = plusieurs personnes s’appellent { $name } ; précisez la commune ou l’adresse électronique
reason-stranger = { $name } ne figure pas dans la liste des membres
reason-chair-outside = qui préside une instance en est membre
reason-twice-on-body = { $name } figure deux fois
reason-substitute-of-nobody = { $name } supplée quelqu’un qui ne siège pas ici
reason-oneself = vous ne pouvez pas mettre fin à votre propre mandat
named-constituency = commune ou canton
reason-not-an-address = « { $text } » n’est pas une adresse électronique
reason-not-a-number = « { $text } » n’est pas un numéro de téléphone
reason-sitting-begun = la séance a commencé
reason-posting-in-future = l’envoi postal est daté de l’avenir
reason-urgency-without-reason = l’urgence demande un motif
reason-answer-after-start = les réponses sont attendues avant le début de la séance
reason-mark-nowhere = une annotation doit avoir une place sur la page
reason-mark-too-large = l’annotation est trop grande
reason-mark-outside = l’annotation est en dehors de la page
reason-note-too-long = le texte d’une note a au plus 64 Kio
reason-answer-empty = une réponse ne peut pas être vide
reason-quote-needs-markup = seuls un texte surligné, souligné ou barré et une note se placent par une citation
reason-strokes-without-form = ces tracés ne ressemblent ni à un trait, ni à une flèche, ni à un rectangle, ni à une ellipse
reason-strokes-form = « { $file } » doit contenir des traits, [[[x, y, pression], …], …]
reason-letterhead-too-large = le fichier « { $file } » dépasse 64 Kio
reason-letter-template = le modèle de lettre du conseil contient une erreur ({ $detail })
reason-request = { $detail }
reason-sitting-closed = la séance est close, ses documents ne changent plus
named-letterhead-line = ligne de l’en-tête
named-change-note = motif du remplacement
named-title = titre
named-file-name = nom du fichier
named-device-name = nom de l’appareil
named-first-name = prénom
named-last-name = nom
named-group-name = nom du groupe
named-function = fonction
reason-too-long = { $field } : il faut au plus { $most } caractères
reason-agenda-too-long = un ordre du jour a au plus { $most } points
reason-version-published = cette version est déjà publiée, elle ne change plus
reason-paper-placeless = un document doit avoir sa place dans la séance
reason-file-unplaced = « { $file } » n’a pas encore de place dans l’ordre du jour
reason-not-a-day = il n’y a pas de jour ou d’heure « { $text } »
reason-not-a-colour = une couleur s’écrit #rrvvbb
reason-group-exists = il y a déjà un groupe « { $name } »
reason-publication-under-way = une publication est déjà en cours
reason-state-backward = une séance est convoquée, puis tenue, puis close, et ne revient pas en arrière
named-place = lieu
named-theme = thème
named-rapporteur = rapporteur
named-body-name = nom de l’instance
named-cancel-reason = motif de l’annulation
problem-correction-undecided = « { $subject } » est déjà convoquée. Dites d’abord si ce changement est une correction de forme ou s’il demande une nouvelle convocation. Votre brouillon est gardé.
problem-nothing-to-publish = Il n’y a rien à publier : tout est déjà publié.
problem-stopped = La publication est arrêtée. Votre brouillon est gardé, et ce qui était envoyé ne le sera pas de nouveau.
problem-not-convened = Cette séance n’a pas encore été convoquée. Rien n’a changé.
problem-not-asked = Vous n’êtes pas convoqué à cette séance : aucune réponse n’est attendue de vous. Rien n’a changé.
problem-too-late-to-answer = La séance a commencé ou a été annulée : votre réponse n’est plus attendue. Prévenez le greffe par téléphone si besoin.
problem-proxy-oneself = On ne se donne pas pouvoir à soi-même. Rien n’a changé ; choisissez un autre mandataire.
problem-proxy-not-in-office = { $subject } n’est pas convoqué à cette séance et ne peut pas porter votre pouvoir. Rien n’a changé ; choisissez un autre mandataire.
problem-proxy-bearer-full = { $subject } porte déjà un pouvoir, et la loi n’en permet qu’un. Rien n’a changé ; choisissez un autre mandataire.
problem-proxy-bearer-away = { $subject } ne sera pas là et ne pourrait pas voter pour vous. Rien n’a changé ; choisissez un autre mandataire.
problem-proxy-giver-holds = Vous portez le pouvoir de { $subject } : il tomberait avec le vôtre. Rien n’a changé ; refusez-le d’abord, ou prévenez le greffe.
problem-proxy-too-many = Un même élu ne peut pas être représenté à plus de { $subject } séances de suite, sauf maladie dûment constatée. Rien n’a changé ; adressez-vous au greffe.
problem-agenda-sent = L’ordre du jour a été envoyé : { $subject }. Rien n’a changé ; convoquez à nouveau pour le modifier.
problem-too-long = La convocation de « { $subject } » est trop longue pour être envoyée. Rien n’est parti ; raccourcissez les titres ou l’ordre du jour.

## Listes de membres

import-refused = { $n ->
    [one] Une ligne ne convient pas : rien n’a été pris de cette liste. Corrigez-la, ou demandez de la laisser de côté (--skip-bad-rows).
   *[other] { $n } lignes ne conviennent pas : rien n’a été pris de cette liste. Corrigez-les, ou demandez de les laisser de côté (--skip-bad-rows).
 }
named-message-subject = objet
named-message-text = texte
reason-no-recipient = ce message n’a pas de destinataire
reason-not-revocations = « { $file } » ne contient pas de liste de révocation (PEM ou DER)
reason-not-certificates = « { $file } » ne contient pas de certificats d’autorité (PEM)
