# La loi, en mots : règles, délais comptés jour par jour, avertissements. Les espaces insécables sont dans le texte.

## Règles

law-rule-r1 = Jours francs : ni le jour de l’envoi ni celui de la séance ne comptent
law-rule-r2 = Commune de moins de 3 500 habitants
law-rule-r3 = Commune de 3 500 habitants et plus
law-rule-r4 = Urgence
law-rule-r5 = Conseil communautaire, quelle que soit sa taille
law-rule-r6 = Conseil départemental : rapports sur chaque affaire
law-rule-r7 = Conseil régional : rapports sur chaque affaire
law-rule-r8 = Projet de budget primitif et ses rapports
law-rule-r9 = Installation après le renouvellement général
law-rule-r10 = Alsace-Moselle, commune de moins de 3 500 habitants
law-rule-r11 = Seconde convocation faute de quorum
law-rule-r12 = Alsace-Moselle, seconde convocation faute de quorum
law-rule-r13 = Séance tenue de plein droit trois jours plus tard
law-rule-r14 = Ordre du jour arrêté par la convocation
law-rule-r15 = Commission ou bureau : pas de délai légal
law-rule-r16 = Forme de la convocation
law-rule-r17 = Effet d’une convocation irrégulière
law-rule-r18 = Date qui fait partir le délai
law-rule-r19 = Convocation demandée par le préfet ou des conseillers
law-rule-r20 = Note et rapports joints à la convocation
law-rule-r21 = Quorum
law-rule-r22 = Conseillers intéressés à l’affaire
law-rule-r23 = Pouvoirs (commune, EPCI)
law-rule-r24 = Délégations de vote (département, région)
law-rule-r25 = Majorité des suffrages exprimés
law-rule-r26 = Scrutin public, scrutin secret
law-rule-r27 = Nominations
law-rule-r28 = Ce que le procès-verbal retient des votes
law-rule-r29 = Huis clos
law-rule-r30 = Séance à distance
law-rule-r31 = Copies aux conseillers municipaux non communautaires
law-procedure-ordinary = séance ordinaire
law-procedure-urgent = urgence
law-procedure-second-call = seconde convocation
law-procedure-budget = budget primitif
law-procedure-installation = installation

## Délai

law-days-clear = { $n ->
    [0] sans délai
    [one] { $n } jour franc
   *[other] { $n } jours francs
 }
law-days-at-least = { $n ->
    [0] sans délai
    [one] { $n } jour au moins
   *[other] { $n } jours au moins
 }
law-by-rule = { $rule } ({ $article }) : { $days }
law-latest = Envoi au plus tard le { $date }, à 23 h 59.
law-safe = Par prudence, envoi le { $date } au plus tard : cette date ne prête à aucune discussion.
law-two-readings = Compté « au moins » : { $least }. Compté en jours francs : { $clear }.
law-certain = Règle lue dans son texte.
law-check = À faire vérifier par votre conseil juridique.
law-house = Délai fixé par votre règlement intérieur.
law-house-none = La loi ne fixe pas de délai ; votre règlement intérieur peut en fixer un.
law-beside = La convocation elle-même : { $rule } ({ $article }), au plus tard le { $date }, à 23 h 59.
law-standing-ample = Vous êtes dans les délais.
law-standing-short = Dernier moment : envoyez sans attendre.
law-standing-late = Le délai est dépassé.
law-verdict-regular = Envoi du { $date } : régulier.
law-verdict-late = { $n ->
    [one] Envoi du { $date } : tardif d’un jour. Séance possible à partir du { $earliest }.
   *[other] Envoi du { $date } : tardif de { $n } jours. Séance possible à partir du { $earliest }.
 }
law-no-rule = Aucune règle connue ne fixe ce délai.

## Jours comptés

law-day = { $date } : { $why }
law-why-dispatch-day = jour de l’envoi, ne compte pas
law-why-not-sent-yet = pas encore envoyée, ne compte pas
law-why-whole = { $nth ->
    [1] 1er jour
   *[other] { $nth }e jour
 }
law-why-sitting-day = jour de la séance, ne compte pas
law-why-sitting-day-counts = jour de la séance, { $nth }e jour
law-even-weekend = { $why } (compte même le week-end)
law-even-holiday = { $why } ({ $holiday } compte comme un autre jour)
law-holiday-new-year = le jour de l’An
law-holiday-good-friday = le Vendredi saint
law-holiday-easter-monday = le lundi de Pâques
law-holiday-labour-day = le 1er Mai
law-holiday-victory-1945 = le 8 Mai
law-holiday-ascension = l’Ascension
law-holiday-whit-monday = le lundi de Pentecôte
law-holiday-national-day = le 14 Juillet
law-holiday-assumption = l’Assomption
law-holiday-all-saints = la Toussaint
law-holiday-armistice = le 11 Novembre
law-holiday-christmas = Noël
law-holiday-saint-stephen = la Saint-Étienne
law-holiday-abolition-of-slavery = l’Abolition de l’esclavage

## Ce qui doit accompagner l’envoi

law-requires-agenda-on-convocation = L’ordre du jour figure dans la convocation ; rien d’autre ne peut être décidé.
law-requires-explanatory-note = Une note explicative de synthèse sur chaque affaire part avec la convocation.
law-requires-contract-drafts-open = Les projets de contrat sont consultables à la mairie.
law-requires-urgency-reason = Le motif de l’urgence est écrit.
law-requires-urgency-vote = Le président rend compte de l’urgence à l’ouverture ; le conseil se prononce et peut renvoyer tout ou partie à une séance ultérieure.
law-requires-outside-copies = Les conseillers municipaux qui ne siègent pas reçoivent copie de la convocation et de la note.
law-requires-report-each-matter = Un rapport sur chaque affaire est transmis ou mis à disposition.
law-requires-notice-of-availability = Chaque membre est averti que les rapports sont consultables.
law-requires-ceser-drafts = Les projets soumis au CESER partent en même temps.
law-requires-primitive-budget-only = Ce délai vaut pour le budget primitif seul ; la convocation garde le sien.
law-requires-budget-debate = Le débat d’orientation budgétaire a eu lieu dans les dix semaines qui précèdent.
law-requires-first-friday-to-sunday = La première séance se tient le vendredi, le samedi ou le dimanche qui suit le tour décisif.
law-requires-same-agenda-only = Seules les affaires du premier ordre du jour peuvent être décidées.
law-requires-no-quorum-needed = Aucun quorum n’est exigé.
law-requires-states-whatever-attendance = La convocation dit expressément que le conseil décidera quel que soit le nombre des présents.
law-requires-held-by-law = La séance se tient de plein droit, sans nouvelle convocation.
law-requires-first-meeting-of-committee = La première réunion se tient dans les huit jours de la création de la commission.
law-requires-by-the-president = La convocation est faite par le maire ou le président.
law-requires-entered-in-register = Elle est mentionnée au registre.
law-requires-posted-or-published = Elle est affichée ou publiée.
law-requires-paper-on-request = Elle part sur papier, au domicile, pour qui l’a demandé par écrit.

## Avertissements

law-caution-not-friday-to-sunday = La première séance d’un nouveau conseil se tient du vendredi au dimanche.
law-caution-not-after-the-round = Cette séance ne suit pas immédiatement le tour décisif.
law-caution-sent-before-first-sitting = La seconde convocation ne peut partir qu’après la séance sans quorum.
law-caution-no-lawful-day = Aucun jour ne reste pour un envoi régulier : choisissez une date plus tardive.
law-caution-sent-after-sitting = L’envoi suit la séance.
law-caution-two-readings = Le texte peut se lire de deux façons : prenez la date la plus prudente.

## Réception

law-reception-regular = régulière
law-reception-cured = irrégularité couverte : la convocation a été reçue à temps
law-reception-defective = irrégulière

## Ordre du jour arrêté

law-change-added = Affaire ajoutée : « { $title } »
law-change-now-decided = Affaire qui devient délibérative : « { $title } »
law-change-retitled = Objet modifié : « { $before } » devient « { $title } »
law-change-corrected = Correction : « { $title } »
law-change-information = Point d’information ajouté : « { $title } »
law-change-withdrawn = Affaire retirée : « { $title } »
law-freeze-free = Aucune nouvelle convocation n’est nécessaire.
law-freeze-new-convocation = Une nouvelle convocation est nécessaire ; elle peut encore partir dans les délais.
law-freeze-urgency-only = Il est trop tard pour une nouvelle convocation : reportez l’affaire, ou recourez à l’urgence.

## Quorum

law-quorum-needed = { $n ->
    [one] { $n } présent est nécessaire.
   *[other] { $n } présents sont nécessaires.
 }
law-prospect-secured = Le quorum est acquis d’après les réponses.
law-prospect-after-arrivals = Le quorum ne sera atteint qu’à l’arrivée des retardataires.
law-prospect-open = Le quorum dépend de ceux qui n’ont pas répondu.
law-prospect-failing = Le quorum ne peut pas être atteint d’après les réponses.

## Pouvoirs

law-proxy-oneself = On ne peut pas se donner pouvoir à soi-même.
law-proxy-giver-not-in-office = Seul un membre en exercice peut donner pouvoir.
law-proxy-bearer-not-in-office = Un pouvoir se donne à un membre en exercice.
law-proxy-bearer-holds-one = { $bearer } détient déjà le pouvoir de { $name } ; un membre ne peut en porter qu’un.
law-proxy-bearer-absent = { $bearer } a répondu qu’il ou elle sera absent ; le porteur d’un pouvoir doit être présent.
law-proxy-bearer-represented = { $bearer } a donné pouvoir à { $name } et ne sera donc pas présent.
law-proxy-giver-holds-one = Le pouvoir de { $name } tomberait avec celui-ci ; qu’il ou elle en choisisse d’abord un autre.
law-proxy-already-given = Pouvoir est déjà donné à { $name } ; révoquez-le d’abord.
law-proxy-too-many-sittings = Un pouvoir ne vaut que pour { $allowed } séances de suite, sauf maladie dûment constatée ; { $n } l’ont déjà été.
law-strict = Votre conseil a choisi de compter ce délai en jours francs.
