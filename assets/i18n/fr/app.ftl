# Les mots de l'application.
