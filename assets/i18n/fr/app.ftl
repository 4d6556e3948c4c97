# Les mots de l'application. Les espaces insécables sont dans le texte.

app-name = Pupitre
back = Retour
close = Fermer
try-again = Réessayer
search = Rechercher
settings = Réglages
my-notes = Mes notes
you = Vous

failure-closed = Cette page n’est plus reliée à l’application. Rien n’est perdu : ouvrez-la de nouveau depuis Pupitre.
failure-gone = L’application ne répond plus. Ce qui était enregistré est gardé : fermez Pupitre et rouvrez-le.

## Dates et heures

weekday-1 = lundi
weekday-2 = mardi
weekday-3 = mercredi
weekday-4 = jeudi
weekday-5 = vendredi
weekday-6 = samedi
weekday-7 = dimanche
weekday-short-1 = lun.
weekday-short-2 = mar.
weekday-short-3 = mer.
weekday-short-4 = jeu.
weekday-short-5 = ven.
weekday-short-6 = sam.
weekday-short-7 = dim.
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
month-short-1 = janv.
month-short-2 = févr.
month-short-3 = mars
month-short-4 = avril
month-short-5 = mai
month-short-6 = juin
month-short-7 = juil.
month-short-8 = août
month-short-9 = sept.
month-short-10 = oct.
month-short-11 = nov.
month-short-12 = déc.
date-day = { $day ->
    [1] 1er
   *[other] { $day }
 }
date-long = { $weekday } { $day } { $month }
date-year = { $weekday } { $day } { $month } { $year }
time = { $sharp ->
    [1] { $hour } h
   *[other] { $hour } h { $minute }
 }
days-today = aujourd’hui
days-tomorrow = demain
days-yesterday = hier
days-in = dans { $n } jours
weeks-in = dans { $n } semaines
months-in = dans { $n } mois
days-ago = il y a { $n } jours
kilobytes = { $n } ko
megabytes = { $tenth ->
    [0] { $whole } Mo
   *[other] { $whole },{ $tenth } Mo
 }
bytes-of = { $here } sur { $all }

## Nombres

n-items = { $n ->
    [0] aucun point
    [one] { $n } point
   *[other] { $n } points
 }
n-documents = { $n ->
    [0] aucun document
    [one] { $n } document
   *[other] { $n } documents
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

## État des échanges

sync-fresh = À jour, { $time }
sync-online = Relié au serveur
sync-sending = { $n ->
    [one] { $n } note en route
   *[other] { $n } notes en route
 }
sync-arriving = { $n ->
    [one] { $n } document arrive
   *[other] { $n } documents arrivent
 }
sync-waiting = { $n ->
    [one] Sans réseau, { $n } note en attente
   *[other] Sans réseau, { $n } notes en attente
 }
sync-offline = Sans réseau
sync-offline-since = Sans réseau, à jour { $date } à { $time }
sync-open = Ouvrir les réglages
server = Échanges avec le serveur
server-lead = Tout ce que vous écrivez est d’abord gardé sur cette tablette, et part dès qu’il y a du réseau.
calendar-feed = Mes séances dans mon agenda
calendar-feed-lead = Votre agenda habituel lit à cette adresse les séances auxquelles vous êtes convoqué, et suit les reports et les annulations. Gardez-la pour vous.
calendar-feed-show = Afficher l’adresse
calendar-feed-renew = Changer d’adresse
exchange-now = Échanger maintenant
exchange-busy = Échange en cours…
exchange-done = Tout est échangé.
notes-unreadable = { $n ->
    [one] { $n } note venue d’ailleurs n’a pas pu être lue ; elle est mise de côté.
   *[other] { $n } notes venues d’ailleurs n’ont pas pu être lues ; elles sont mises de côté.
 }

## Première ouverture

enrol-title = Rejoindre votre conseil
enrol-lead = Le greffe vous a remis une invitation. Vous pouvez coller le message entier : l’adresse et le code trouveront leur place.
enrol-server = Adresse du serveur
enrol-code = Code d’invitation
enrol-code-hint = Seize signes, par groupes de quatre. Il ne sert qu’une fois.
enrol-device = Nom de cet appareil
enrol-device-default = Tablette
enrol-join = Rejoindre
enrol-busy = Un instant…
enrol-incomplete = Il manque l’adresse, le code ou le nom de l’appareil. Complétez-les, puis recommencez.

## Accueil

home-title = Accueil, Pupitre
next-sitting = Prochaine séance, { $when }
sitting-when = { $time }, { $place }.
sitting-no-agenda = L’ordre du jour n’est pas encore publié.
open-sitting = Ouvrir la séance
papers-here = { $n ->
    [one] { $n } document sur la tablette
   *[other] { $n } documents sur la tablette
 }
papers-of = { $here } sur { $all } documents sur la tablette
papers-unread = { $n ->
    [one] { $n } document non lu
   *[other] { $n } documents non lus
 }
state-coming = À venir
state-read = Lu
state-held = Tenue
coming = À venir
past = Séances passées
latest-notes = Vos dernières notes
no-next = Aucune séance n’est prévue pour l’instant. La prochaine apparaîtra ici dès que le greffe l’aura publiée.
show-more = { $n ->
    [one] Montrer { $n } autre séance
   *[other] Montrer les { $n } autres séances
 }
empty-title = Votre pupitre est prêt
empty-fetching = Les séances de votre conseil arrivent.
empty-online = Aucune séance n’est publiée pour l’instant. Elle apparaîtra ici dès que le greffe l’aura publiée.
empty-offline = Les séances arriveront dès qu’il y aura du réseau. Vous n’avez rien à faire.
note-place = { $item ->
    [0] { $title }, page { $page }
   *[other] Point { $item }, { $title }, page { $page }
 }
drawing = Tracé à la main
no-notes = Vous n’avez pas encore de notes. Ouvrez un document, prenez le surligneur, le stylo ou la note.
audience-private = { $who }, privée
audience-group = { $who }, groupe { $group }
audience-council = { $who }, tout le conseil

## Séance

agenda = Ordre du jour
agenda-lead = { $items }, { $pages }.
agenda-resume = Vous en étiez au point { $n }.
convocation = Convocation
closed-doors = Huis clos
information = Pour information
unread = Non lu
first-page = Page du document choisi
preview-waiting = Ce document n’est pas encore sur la tablette. Il arrivera dès qu’il y aura du réseau.
not-here-yet = pas encore là
arriving-percent = arrive, { $n } %
page-of-paper = { $title }, page { $page }

## Recherche

search-placeholder = Mots, nom, montant…
search-hint = Cherchez dans tous les documents et dans toutes vos notes, même sans réseau.
search-within = Où chercher
search-all = Partout
search-papers = Documents
search-notes = Notes
search-found = { $n ->
    [0] Rien n’a été trouvé. Essayez d’autres mots, ou moins de mots.
    [one] { $n } passage trouvé
   *[other] { $n } passages trouvés
 }
search-scans = Documents numérisés, dont le texte ne peut pas être cherché : { $titles }.

## Réglages

language = Langue
language-system = Celle de la tablette
theme = Apparence
theme-system = Celle de la tablette
theme-light = Claire
theme-dark = Sombre
drawing-by-hand = Écrire
finger-draws = Le doigt écrit aussi
finger-draws-hint = Sinon le doigt fait défiler la page, et seul le stylet écrit.
barrel = Bouton du stylet
barrel-lasso = Entourer pour choisir
barrel-eraser = Gommer
barrel-nothing = Rien de plus

## Lecteur

back-home = Retour à l’accueil
pages = Pages
page-of = Page { $page } sur { $pages }
page-where = { $labelled ->
    [1] page { $page } sur { $pages } (« { $label } »), page { $packet } du dossier
   *[other] page { $page } sur { $pages }, page { $packet } du dossier
 }
page-n = page { $n }
percent = { $n } %
rail = Pages et sommaire
outline = Sommaire
paper-before = Document précédent
paper-after = Document suivant
find = Chercher dans ce document
find-placeholder = Mots de ce document
find-busy = Recherche…
find-nothing = Rien dans ce document
find-scan = Document numérisé : son texte ne peut pas être cherché
find-some-scans = { $n ->
    [one] Rien ici. { $n } page est numérisée : son texte ne peut pas être cherché
   *[other] Rien ici. { $n } pages sont numérisées : leur texte ne peut pas être cherché
 }
find-at = { $at } sur { $n }
find-before = Passage précédent
find-after = Passage suivant
notes-panel = Notes du document
notes-title = Notes
notes-none = Pas encore de note sur ce document. Surlignez un passage ou posez une note : elle apparaîtra ici.
zoom = Taille de la page
zoom-in = Agrandir
zoom-out = Réduire
zoom-fit = Ajuster à la fenêtre
view = Affichage
view-mode = Les pages
view-continuous = À la suite
view-single = Une par une
view-two = Deux par deux
view-turn = Sens de lecture
turn-left = Tourner à gauche
turn-right = Tourner à droite
full-screen = Plein écran
look = Lumière
look-paper = Papier
look-sepia = Crème
look-night = Nuit
look-hint = La nuit, le fond est sombre et les photographies gardent leurs couleurs.
link-page = Lien vers la page { $n }
link-address = Lien vers { $address }
link-outside = Adresse extérieure
link-outside-lead = Ce lien mène hors du dossier, sur un site ou une messagerie. Il s’ouvrira dans un autre programme.
link-open = Ouvrir ailleurs
link-stay = Rester ici
way = Retour après un saut
way-back = Revenir page { $n }
way-forward = Repartir page { $n }
way-back-paper = Revenir au document précédent, page { $n }
way-forward-paper = Repartir au document suivant, page { $n }
packet = Dossier de séance
packet-pages = { $n ->
    [one] p. { $from }
   *[other] p. { $from } à { $to }
 }
outline-below = Sous « { $title } »
go-to-own = ou comme le document la nomme, de { $first } à { $last }
locked-title = Document protégé
locked-lead = Ce document s’ouvre avec un mot de passe, que le greffe vous a remis. Il est demandé une seule fois sur cette tablette.
locked-password = Mot de passe
locked-open = Ouvrir
spoken-highlight = Surligné en { $colour } : « { $quote } ». { $noted ->
    [1] Note : { $text }
   *[other] {""}
 }
spoken-underline = Souligné : « { $quote } ». { $noted ->
    [1] Note : { $text }
   *[other] {""}
 }
spoken-strikeout = Barré : « { $quote } ». { $noted ->
    [1] Note : { $text }
   *[other] {""}
 }
spoken-ink = Tracé à la main. { $noted ->
    [1] Note : { $text }
   *[other] {""}
 }
beside = Ouvrir à côté
beside-close = Fermer le document à côté
chosen-start = Début du texte choisi, flèches pour le déplacer
chosen-end = Fin du texte choisi, flèches pour la déplacer
go-to = Aller à une page
go-to-page = Page de ce document, de 1 à { $n }
go-to-packet = Page du dossier, de 1 à { $n }
go-to-n = Aller à la page { $n }
go-to-wrong = Il n’y a pas de page de ce numéro.
go = Aller
tools = Outils
tool-hand = Main
tool-lasso = Lasso
tool-underline = Souligner
tool-strikeout = Barrer
tool-free = Surligner à main levée
tool-highlighter = Surligner
tool-pen = Stylo
tool-line = Trait droit
tool-arrow = Flèche
tool-rectangle = Rectangle
tool-ellipse = Ellipse
tool-note = Note
tool-question = Question
tool-agree = D’accord
tool-disagree = Pas d’accord
tool-raise = À soulever
tool-text = Texte
tool-eraser = Gomme
tool-eraser-parts = Gomme fine
tool-kinds = Façons de se servir de l’outil
tool-colour = Couleur : { $colour }
colours = Couleurs
colour-yellow = jaune
colour-green = vert
colour-blue = bleu
colour-pink = rose
colour-black = noir
colour-red = rouge
width-thin = Trait fin
width-medium = Trait moyen
width-broad = Trait large
width-widest = Trait très large
private-to-me = Visible par vous, et par personne d’autre
private-means = Vos notes sont privées : personne d’autre que vous ne peut les lire.
sign-question = Question
sign-agree = D’accord
sign-disagree = Pas d’accord
sign-raise = À soulever
undo = Annuler
redo = Rétablir
chosen-text = Texte choisi
highlight = Surligner
write-note = Noter
copy = Copier
copied = Le texte est copié.
paste = Coller
caught = { $n ->
    [one] { $n } élément choisi
   *[other] { $n } éléments choisis
 }
caught-hint = Glissez pour déplacer.
note-title = Note
text-title = Texte
note-text = Texte de la note
note-placeholder = Écrivez ici
note-said = Note : { $text }
stamp-said = Tampon { $word }. { $text }
text-said = Texte : { $text }
drawn-on = { $n ->
    [one] Un tracé à la main, page { $page }
   *[other] { $n } tracés à la main, page { $page }
 }
edit = Modifier
remove = Supprimer
done = Terminé
mark-waits = Votre marque reste affichée ; elle n’est pas encore enregistrée.
marks-wait = { $n ->
    [one] Une note attend d’être enregistrée.
   *[other] { $n } notes attendent d’être enregistrées.
 }
drafts-found = Des notes restées en attente ont été retrouvées.
said-highlighted = Passage surligné.
said-underlined = Passage souligné.
said-struck-out = Passage barré.
said-moved = Déplacé. Vous pouvez annuler.
said-recoloured = La couleur est changée.
said-copied = Copié. Prenez le lasso et « Coller » pour le poser ailleurs.
said-pasted = Collé sur cette page.
said-nothing-caught = Rien de vous dans cette boucle. Entourez vos traits ou vos notes.
said-erased = Effacé. Vous pouvez annuler.
said-undone = Annulé.
said-redone = Rétabli.

## Greffe

kept = Enregistré.
title-convocation = Convocation
title-council = Conseil municipal
title-committee = Commission
title-bureau = Bureau
## Qui voit une note

audience-pick = Qui verra cette note
audience-only-me = Vous seul
audience-of-group = Groupe { $group }
audience-all = Tout le conseil
seen-by = Visible par : { $who }
readers-none = personne d’autre
readers-more = { $n ->
    [one] { $names } et { $n } autre
   *[other] { $names } et { $n } autres
 }
shared-first = { $who }. Verront vos notes : { $readers }.
not-shared-left = Pas partagée avec : { $who }. Vous n’en êtes plus membre. La note est gardée, visible par vous seul.
not-shared-role = Pas partagée avec : { $who }. Votre rôle ne le permet plus. La note est gardée, visible par vous seul.
not-shared-refused = Pas partagée avec : { $who }. Le serveur ne l’a pas prise. La note est gardée, visible par vous seul ; vous pouvez la partager à nouveau.
not-shared-said = { $n ->
    [one] Une note n’a pas pu être partagée. Elle est gardée, visible par vous seul.
   *[other] { $n } notes n’ont pas pu être partagées. Elles sont gardées, visibles par vous seul.
 }
store-mended = { $n ->
    [0] Ce que cette tablette gardait était abîmé. C’est mis de côté, et tout revient du serveur.
    [one] Ce que cette tablette gardait était abîmé. C’est mis de côté, une modification pas encore envoyée a été retrouvée, et le reste revient du serveur.
   *[other] Ce que cette tablette gardait était abîmé. C’est mis de côté, { $n } modifications pas encore envoyées ont été retrouvées, et le reste revient du serveur.
 }
store-mended-unknown = Ce que cette tablette gardait était abîmé. Rien n’est effacé ; demandez une nouvelle invitation au greffe, et tout revient du serveur.
keep-private = La garder privée
answers = Réponses
answer = Répondre
answer-text = Votre réponse
answer-placeholder = Répondre à ceux qui voient cette note
answer-remove = Supprimer cette réponse
fresh = Nouveau
shown-notes = Notes des autres à montrer
notebook-title = Mes notes, { $name }
notebook-written = Écrit dans { $file }

## Mes notes

sift = Choisir les notes
sift-all = Tout
sift-audience = Visibles par
sift-author = De
sift-kind = Sorte
sift-colour = Couleur
sift-fresh = Depuis votre dernière lecture ({ $n })
sift-nothing = Aucune note ne correspond à ce choix.
kind-marked = Passages surlignés
kind-written = Notes écrites
kind-drawn = Tracés à la main
speak = Prendre la parole
speak-by-item = Un point à la fois
speak-before = Note précédente
speak-next = Suivante
export-pdf = En PDF
export-odt = Pour traitement de texte
archive = Tout emporter, signé
archive-hint = Toutes vos notes dans un seul fichier, avec une signature qui se vérifie : pour la fin du mandat.
export-markdown = En Markdown
## Nouvelle version

vs-title = Nouvelle version
vs-title-of = { $title }, nouvelle version
vs-open = Comparer avec la version précédente
vs-about = Version { $n } du { $day }
vs-about-why = Version { $n } du { $day } :
vs-version = Version { $n }
vs-version-page = Version { $n }, page { $page } sur { $pages }
vs-choose = Version à comparer
vs-page-before = Page précédente
vs-page-after = Page suivante
vs-side = Notes et changements
vs-tab-notes = Notes ({ $n })
vs-tab-changes = Changements ({ $n })
vs-n-found = { $n ->
    [one] { $n } note retrouvée
   *[other] { $n } notes retrouvées
 }
vs-n-check = { $n } à vérifier
vs-n-lost = { $n ->
    [one] { $n } passage supprimé
   *[other] { $n } passages supprimés
 }
vs-check = À vérifier
vs-lost = Passage supprimé
vs-moved = Retrouvées ailleurs
vs-same = À la même place
vs-kept = Gardées de côté
vs-no-notes = Vous n’avez pas de note sur cette version.
vs-no-changes = Le texte est le même dans les deux versions.
vs-text-changed = Le texte est maintenant : « { $now } ».
vs-on-page = Page { $old } de la version { $version }, sans doute page { $new } maintenant.
vs-old-place = Page { $old } de la version { $version }. La note est gardée.
vs-went = Page { $old }, maintenant page { $new }
vs-added = Ajouté, page { $new }
vs-removed = Supprimé, page { $old } de l’ancienne version
vs-changed = Modifié, page { $new }
vs-cancel = Annuler
vs-accept = C’est bien là
vs-move = Déplacer
vs-keep = Garder de côté
vs-where = Touchez le nouvel endroit, ou glissez sur les mots. Au clavier : les flèches, puis Entrée.
vs-said-placed = La note est en place.
vs-said-kept = La note est gardée de côté.
vs-carrying = Vos notes sont reportées sur la nouvelle version de « { $title } » : { $done } sur { $total }.
vs-new = Nouveau
vs-changed-since = { $title }, version { $n } : ce qui a changé depuis votre lecture
vs-earlier = Version { $n }, remplacée
vs-present = Lire la version actuelle
vs-read = Lire cette version
vs-undo = Annuler le dernier choix
vs-undone = Le choix est annulé.
vs-picture = L’ancien endroit, page { $page } de la version { $n }
copy-title = Emporter une copie
copy-editable = Avec notes modifiables
copy-flattened = Notes dans les pages
copy-notes = Notes seules
copy-xfdf = Notes seules, XFDF
copy-hint = La copie contient les notes que vous voyez, y compris celles partagées avec vous. L’original ne change pas.
grip = Coin ou bout : faites glisser, ou les flèches
said-resized = La taille est changée.
remark-title = Dans le document
remark-fixed = Ce commentaire fait partie du document et ne change pas.
remark-comment = { $named ->
    [0] Commentaire : { $text }
   *[other] Commentaire de { $name } : { $text }
 }
remark-field = { $named ->
    [0] Champ : { $text }
   *[other] Champ { $name } : { $text }
 }
remark-tick = { $on ->
    [0] Case { $name }, non cochée
   *[other] Case { $name }, cochée
 }
take-in = Reprendre les notes d’un fichier
taken-in = Notes reprises : { $n }. Déjà là : { $known }. Laissées de côté, d’un genre inconnu : { $left }.

lock-title = Tablette verrouillée
lock-lead = Saisissez le code que vous avez choisi. Tout ce que vous avez écrit est gardé.
lock-pin = Code
lock-open = Ouvrir
lock-letters = Saisir des lettres
lock-digits = Saisir des chiffres
lock-wait = { $n ->
    [one] Encore une seconde avant le prochain essai.
   *[other] Encore { $n } secondes avant le prochain essai.
 }
pin-settings = Code de verrouillage
pin-none = Sans code, qui tient la tablette lit tout. Choisissez-en un d’au moins six signes ; plus il est long, mieux il protège. Il n’y a aucun moyen de le retrouver.
pin-there = Le code est demandé à chaque ouverture de Pupitre.
pin-old = Code actuel
pin-new = Nouveau code
pin-again = Le même, encore une fois
pin-set = Poser ce code
pin-change = Changer de code
pin-remove = Retirer le code
pin-differs = Les deux codes ne sont pas les mêmes. Rien n’a changé.
pin-is-set = Le code est posé.
pin-is-gone = Le code est retiré.
pin-after = Verrouiller quand personne n’y touche
pin-minutes = { $n ->
    [one] après une minute
   *[other] après { $n } minutes
 }
pin-never = jamais
pin-now = Verrouiller maintenant
page-unshown = Cette page ne peut pas être affichée : le fichier est abîmé à cet endroit. Vos notes sont gardées ; demandez au greffe de le publier à nouveau.

sealing = Notes scellées
sealing-off = Vos notes voyagent sans être scellées : qui tient le serveur peut les lire. Scellées, vos notes personnelles et celles de votre groupe ne se lisent que sur les appareils de leurs destinataires. Les notes pour tout le conseil restent lisibles par tous.
sealing-loss = Personne d’autre n’en garde la clé, ni le greffe ni l’hébergeur. Si vous perdez tous vos appareils et votre code de secours, vos notes scellées sont perdues. Faites ce code aussitôt après.
sealing-begin = Sceller mes notes
sealing-waits = Cet appareil attend votre accord. Sur un autre de vos appareils, ouvrez Réglages : si les six mots y sont les mêmes, donnez l’accord. D’ici là, vous lisez les documents, et vos notes scellées attendent.
sealing-code-field = Ou votre code de secours
sealing-recover = Ouvrir avec le code
sealing-anew-lead = Vous avez perdu tous vos autres appareils et le code ? Vous pouvez repartir de rien : ce qui a été scellé avant ne pourra plus jamais être ouvert, et les membres de votre groupe devront vous reconnaître.
sealing-anew = Repartir de rien
sealing-on = { $n ->
    [one] Vos notes sont scellées. Un seul appareil les lit.
   *[other] Vos notes sont scellées. { $n } de vos appareils les lisent.
 }
sealing-request = Un de vos appareils demande à lire vos notes. Affiche-t-il ces six mots, dans cet ordre ? Sinon, ne donnez pas votre accord et prévenez le greffe.
sealing-approve = Les mots sont les mêmes : donner l’accord
sealing-decline = Je ne connais pas cet appareil
sealing-newcomer = Le greffe a ajouté { $name } à { $group }. Cette personne ne lit rien de ce que le groupe scelle tant que l’un de vous n’a pas donné son accord. Choisissez ce qu’elle lira : les notes à venir seulement, ou aussi toutes celles déjà écrites. Ce qu’elle aura lu ne se reprend pas.
sealing-welcome-now = { $name } lit à partir de maintenant
sealing-welcome-all = { $name } lit aussi les notes d’avant
sealing-from-now = Dans { $group }, vous lisez les notes scellées depuis que le groupe vous a donné son accord, pas celles d’avant.
sealing-missing = Les notes pour { $group } ne sont pas encore scellées. Tous ses membres doivent sceller les leurs ; il manque { $members }.
sealing-code-none = Vous n’avez pas de code de secours. Sans lui, perdre tous vos appareils, c’est perdre vos notes scellées.
sealing-code-is = Vous avez un code de secours. En faire un nouveau rend l’ancien inutile.
sealing-code = Faire un code de secours
sealing-code-shown = Recopiez ce code maintenant, sur du papier : il ne sera plus affiché. Qui l’a peut lire vos notes.
code-reminder = Vos notes scellées ne tiennent qu’à cet appareil. Un code de secours sur papier les garde si vous le perdez.
code-reminder-open = Faire le code
code-reminder-later = Ne plus le rappeler
sealing-waiting = { $n ->
    [one] Une note attend sa clé.
   *[other] { $n } notes attendent leur clé.
 }
sealing-forged = Une liste des appareils de { $name } a été inventée ou changée en route. Elle n’a pas été crue ; rien n’est perdu. Prévenez le greffe.
sealing-other-key = Les appareils de { $name } se présentent sous une autre clé qu’avant. C’est normal si cette personne a tout perdu et est repartie de rien : demandez-lui de vive voix. Sinon, n’acceptez pas.
sealing-agree = J’ai demandé à { $name } : accepter

## Appareils et durée sans connexion
device-wipe = Retirer et effacer
device-wipe-named = Retirer et effacer { $name }
device-wipe-ask = À sa prochaine connexion, « { $name } » enverra ses dernières notes, puis effacera ses clés et tous ses fichiers. Hors connexion, il se verrouille de lui-même après trente jours.
device-wipe-said = L’appareil « { $name } » est retiré ; il s’effacera à sa prochaine connexion.
device-wipe-waits = À effacer
device-emptied = Effacé
emptied-office = Cette tablette a été effacée à la demande du greffe. Ce qui avait été envoyé est conservé sur le serveur.
emptied-own = Cette tablette a été effacée à votre demande. Ce qui avait été envoyé est conservé sur le serveur.
emptied-unsent = { $n ->
    [one] Une modification n’avait pas pu être envoyée et a été effacée avec elle.
   *[other] { $n } modifications n’avaient pas pu être envoyées et ont été effacées avec elle.
 }
lease-ends = { $n ->
    [one] Cette tablette n’a pas joint le serveur depuis longtemps : elle se verrouillera demain. Connectez-la au réseau.
   *[other] Cette tablette n’a pas joint le serveur depuis longtemps : elle se verrouillera dans { $n } jours. Connectez-la au réseau.
 }
own-devices = Mes appareils
own-devices-hint = Ceux avec lesquels vous lisez et écrivez. Un appareil perdu se retire d’ici.
own-devices-show = Voir mes appareils
